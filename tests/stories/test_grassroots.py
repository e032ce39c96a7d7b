"""Form 3 of supervision over HTTP: from the election of an inspection board to the answer of its commune."""

import pytest

from tests.client import created, ok

pytestmark = pytest.mark.thorough

FRONT, OFFICER = "partner", "member_a"


async def test_a_board_is_confirmed_supervises_and_is_answered(api, world):
    board = await _confirmed_board(api, world)
    campaign = await _started(api, world, board)
    await _reported(api, board, campaign)
    recommendation = await _recommended(api, world, campaign)
    await _settled(api, world, campaign, recommendation)
    ended = await api.move(f"/v1/boards/{board['id']}", "dissolve", as_=FRONT, reason="Hết nhiệm kỳ")
    assert ended["state"] == "dissolved"


async def _paper(api, kind, symbol, issued_on, part=OFFICER, **fields):
    said = {
        "kind": kind,
        "symbol": symbol,
        "issuer": {"name": "Mặt trận xã"},
        "issued_on": issued_on,
        "abstract": symbol,
    }
    return created(await api.post("/v1/documents", {**said, **fields}, as_=part))["id"]


async def _confirmed_board(api, world):
    body = {
        "kind": "ptib",
        "level": "commune",
        "parent_id": str(world.body[FRONT]),
        "place_code": "19885",
        "valid_from": "2024-01-01",
        "name": "Ban Thanh tra nhân dân xã Đan Điền",
        "short_name": "BTTND Đan Điền",
    }
    body_id = created(await api.post("/v1/bodies", body, as_="registrar"))["id"]
    members = [
        {"name": f"Đại diện thôn {i}", "stands_for": "village", "residence": f"Thôn {i}", "from": "2024-01-15"}
        for i in range(1, 6)
    ]
    members[0]["duty"], members[1]["duty"] = "head", "deputy_head"
    founding = {"on": "2024-01-15", "document_id": await _paper(api, "BB", "01/BB-MTTQ", "2024-01-15")}
    said = {"body_id": body_id, "founding": founding, "term": {"from": "2024-01-15"}, "members": members}
    board = created(await api.post("/v1/boards", said, as_=OFFICER))
    path = f"/v1/boards/{board['id']}"
    await api.move(path, "submit", as_=OFFICER, on="2024-01-16")
    decision = await _paper(api, "QĐ", "05/QĐ-MTTQ-BTT", "2024-01-20")
    board = await api.move(path, "confirm", as_=FRONT, on="2024-01-20", document_id=decision)
    plan = {
        "kind": "plan",
        "covers": "quarter",
        "period": {"from": "2024-01-01", "to": "2024-03-31"},
        "document_id": await _paper(api, "KH", "01/KH-BTTND", "2024-01-25"),
        "on": "2024-01-25",
    }
    created(await api.post(f"{path}/papers", plan, as_=OFFICER))
    deadlines = ok(await api.get(f"{path}/deadlines", as_=OFFICER))["items"]
    assert [(it["rule_code"], it["state"]) for it in deadlines][:1] == [("D10", "met")]
    return board


async def _started(api, world, board):
    said = {
        "kind": "supervision",
        "regime": "grassroots",
        "form": "grassroots_board",
        "ground": "complaints",
        "title": "Giám sát việc cho thuê đất công ích của xã",
        "topic": "Đất công ích",
        "window": {"starts_on": "2024-05-06", "ends_on": "2024-06-30"},
        "lead_body_id": str(world.body[FRONT]),
        "supervised_body_ids": [str(world.body["paper_addressee"])],
    }
    campaign = created(await api.post("/v1/campaigns", said, as_=OFFICER))
    path = f"/v1/campaigns/{campaign['id']}"
    await api.move(path, "consult", as_=OFFICER, on="2024-04-01", counterpart_body_ids=[], due_on="2024-04-10")
    planned = await api.move(path, "plan", as_=OFFICER, on="2024-04-11", overlap_acknowledged=True)
    plan = {
        "document_id": await _paper(api, "KH", "02/KH-BTTND", "2024-04-20"),
        "sent_on": "2024-04-22",
        "to_body_ids": [str(world.body["paper_addressee"])],
    }
    named = await api.put(
        f"{path}/board", {"board_id": board["id"], "plan": plan}, as_=OFFICER, if_match=planned["version"]
    )
    assert (ok(named)["plan_due"]["due_on"], ok(named)["procedure_breach"]) == ("2024-04-25", False)
    return await api.move(path, "start", as_=OFFICER, on="2024-05-06")


async def _reported(api, board, campaign):
    path = f"/v1/campaigns/{campaign['id']}"
    minutes = {
        "kind": "minutes",
        "held_on": "2024-05-08",
        "place": "Thôn 1",
        "author": {"name": "Đại diện thôn 1", "title": "Trưởng ban", "body_id": board["body_id"]},
        "text": "Ba thửa đất công ích cho thuê không qua đấu giá.",
    }
    record = created(await api.post(f"{path}/records", minutes, as_=OFFICER))
    said = {"record_id": record["id"], "on": "2024-05-10"}
    created(await api.post(f"/v1/boards/{board['id']}/confirmations", said, as_=FRONT))
    draft = created(await api.post(f"{path}/draft-report", {}, as_=OFFICER))
    report = f"/v1/reports/{draft['id']}"
    await api.move(report, "circulate", as_=FRONT, on="2024-05-20")
    await api.move(report, "adopt", as_=FRONT, on="2024-06-03")
    assert (await api.move(path, "report", as_=OFFICER, on="2024-06-04"))["state"] == "reported"


async def _recommended(api, world, campaign):
    said = {
        "origin": "report",
        "campaign_id": campaign["id"],
        "addressee_id": str(world.body["paper_addressee"]),
        "owner": {"name": "Hồ Văn Nam", "title": "Chủ tịch UBND xã"},
        "action": "Thu hồi và đấu giá lại quyền thuê ba thửa đất công ích",
        "expected_result": "Ba thửa đất được đấu giá công khai",
        "due_on": "2024-12-31",
        "due_basis": {"text": "Biên bản giám sát ngày 08/05/2024"},
    }
    made = created(await api.post("/v1/recommendations", said, as_=OFFICER))
    path = f"/v1/recommendations/{made['id']}"
    issued = await api.move(path, "issue", as_=FRONT, on="2024-06-06")
    assert (issued["reply_due_on"], issued["reply_due_basis"]["code"]) == ("2024-06-28", "D12")
    return path


async def _settled(api, world, campaign, path):
    letter = await _paper(api, "CV", "88/UBND", "2024-06-20", part="partner")
    on_behalf = {"document_id": letter, "received_on": "2024-06-21"}
    reply = {"kind": "accepted", "document_id": letter, "on": "2024-06-21", "on_behalf": on_behalf}
    assert (await api.move(path, "reply", as_=OFFICER, **reply))["reply_status"] == "accepted"
    evidence = [{"kind": "document", "document_id": letter}]
    await api.move(path, "claim_done", as_=OFFICER, on="2024-11-20", evidence=evidence, on_behalf=on_behalf)
    done = await api.move(path, "verify", as_=FRONT, on="2024-11-25", implementation="done", note="Đã xem hồ sơ")
    assert done["state"] == "resolved"
    whole = f"/v1/campaigns/{campaign['id']}"
    conclusion = created(
        await api.post("/v1/reports", {"kind": "notice", "campaign_id": campaign["id"], "sections": []}, as_=OFFICER)
    )
    notice = f"/v1/reports/{conclusion['id']}"
    await api.move(notice, "adopt", as_=FRONT, on="2024-11-26")
    number = await _paper(api, "TB", "12/TB-MTTQ-BTT", "2024-11-26")
    await api.move(notice, "issue", as_=FRONT, on="2024-11-26", document_id=number)
    await api.move(whole, "conclude", as_=FRONT, on="2024-11-27", report_id=conclusion["id"])
    assert (await api.move(whole, "close", as_=OFFICER, on="2024-11-28"))["state"] == "closed"
