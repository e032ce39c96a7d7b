"""Form 4 of supervision over HTTP: the Front joins a host, asks it in vain, and reports to its own leaders."""

import pytest

from tests.client import created, ok

pytestmark = pytest.mark.thorough

FRONT, OFFICER = "partner", "member_a"


async def test_the_front_joins_a_host_and_reports_to_its_own_leaders(api, world):
    path, paper = await _started(api, world)
    (nomination,) = ok(await api.get(f"{path}/nominations", as_=FRONT))["items"]
    opinion = {
        "kind": "opinion",
        "held_on": "2024-05-10",
        "nomination_id": nomination["id"],
        "text": "Ba dự án chậm đưa đất vào sử dụng.",
        "asks": "Kiến nghị thu hồi đất của ba dự án",
    }
    said = created(await api.post(f"{path}/records", opinion, as_=OFFICER))
    assert said["author"]["name"] == nomination["person"]["name"]
    draft = created(await api.post(f"{path}/draft-report", {}, as_=OFFICER))
    await api.move(f"/v1/reports/{draft['id']}", "circulate", as_=FRONT, on="2024-06-10")
    await api.move(f"/v1/reports/{draft['id']}", "adopt", as_=FRONT, on="2024-06-11")
    await api.move(path, "report", as_=OFFICER, on="2024-06-12", document_id=paper)
    await _concluded_without_a_conclusion(api, path)


async def _started(api, world):
    letter = {
        "kind": "GM",
        "symbol": "45/GM-HĐND",
        "issuer": {"name": "Thường trực HĐND tỉnh"},
        "issued_on": "2024-02-20",
        "abstract": "Mời tham gia đoàn giám sát về đất đai",
    }
    paper = created(await api.post("/v1/documents", letter, as_=OFFICER))["id"]
    said = {
        "kind": "supervision",
        "regime": "state",
        "form": "state_participation",
        "ground": "supervision_programme",
        "title": "Tham gia giám sát việc quản lý đất đai",
        "topic": "Đất đai",
        "window": {"starts_on": "2024-03-01", "ends_on": "2024-06-30"},
        "lead_body_id": str(world.body[FRONT]),
    }
    campaign = created(await api.post("/v1/campaigns", said, as_=OFFICER))
    path = f"/v1/campaigns/{campaign['id']}"
    await api.move(path, "consult", as_=OFFICER, on="2024-02-21", counterpart_body_ids=[], due_on="2024-02-28")
    planned = await api.move(path, "plan", as_=OFFICER, on="2024-02-26", overlap_acknowledged=True)
    host = {"host_body_id": str(world.body["counterpart"]), "invitation_document_id": paper}
    ok(await api.put(f"{path}/participation", host, as_=OFFICER, if_match=planned["version"]))
    person = {"name": "Lê Thị Hạnh", "title": "Phó Chủ tịch", "body_id": str(world.body[FRONT])}
    nominated = {"person": person, "document_id": paper, "on": "2024-02-27"}
    created(await api.post(f"{path}/nominations", nominated, as_=OFFICER))
    await api.move(path, "start", as_=OFFICER, on="2024-03-01")
    return path, paper


async def _concluded_without_a_conclusion(api, path):
    said = {
        "kind": "minority_report",
        "campaign_id": path.split("/")[-1],
        "sections": [{"key": "I", "title": "Ý kiến không được tiếp nhận", "content": "Ba dự án vẫn giữ đất."}],
    }
    report = created(await api.post("/v1/reports", said, as_=OFFICER))
    await api.move(f"/v1/reports/{report['id']}", "circulate", as_=OFFICER, on="2024-06-20")
    concluded = await api.move(path, "conclude", as_=FRONT, on="2024-06-25", report_id=report["id"])
    assert concluded["state"] == "concluded"
    assert (await api.move(path, "close", as_=OFFICER, on="2024-06-26"))["state"] == "closed"
