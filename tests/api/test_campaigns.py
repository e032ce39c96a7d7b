"""A campaign from proposal to planning, by the caller's part: who sees it, who moves it, what is refused and why."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.core import clock
from app.models.campaign import CampaignSupervised
from tests.client import created, ok
from tests.makers import a_campaign, a_delegation, a_document, a_report, an_engagement, keep
from tests.queries import Queries

PATH = "/v1/campaigns"


def proposal(world, **fields):
    return {
        "kind": "supervision",
        "regime": "party",
        "form": "delegation",
        "ground": "programme",
        "title": "Giám sát việc thực hiện Kết luận 62-KL/TW",
        "topic": "Đổi mới nội dung, phương thức hoạt động của Mặt trận; xử lý nợ đọng",
        "review_period": {"from": "2021-01-01", "to": "2023-12-31"},
        "window": {"starts_on": "2024-03-01", "ends_on": "2024-06-30"},
        "outline": {"items": [{"key": "I", "title": "Kết quả thực hiện"}]},
        "supervised_body_ids": [str(world.body["supervised"])],
        **fields,
    }


@pytest.fixture
async def proposed(api, world):
    clock.set_today(date(2024, 1, 10))
    return created(await api.post(PATH, proposal(world), as_="lead_officer"))


async def test_a_proposal_is_the_leads_and_shows_names_without_a_second_request(api, world, proposed):
    assert proposed["state"] == "proposed"
    assert proposed["view"] == "full"
    assert proposed["lead_body"] == {
        "id": str(world.body["lead"]),
        "name": "Ban Dân vận Tỉnh ủy Thừa Thiên Huế",
        "short_name": "BDV Tỉnh ủy",
    }
    assert proposed["actions"] == ["consult"]
    assert proposed["supervised_bodies"][0]["short_name"] == "BTV Huyện ủy"
    answer = await api.get(f"{PATH}/{proposed['id']}", as_="lead_clerk")
    assert answer.headers["ETag"] == '"1"'
    assert answer.json()["actions"] == []


async def test_the_sides_of_one_campaign_are_not_those_of_another(api, session, world, proposed):
    """Also not of campaigns of which the reader knows nothing."""
    other = await a_campaign(session, world, lead_body_id=world.body["stranger"])
    await keep(session, CampaignSupervised(campaign_id=other.id, body_id=world.body["counterpart"]))
    report = {"kind": "conclusion", "state": "issued", "issued_on": date(2024, 6, 1)}
    theirs = await a_report(session, world, other, **report)
    for shown in (
        ok(await api.get(f"{PATH}/{proposed['id']}", as_="lead_officer")),
        *ok(await api.get(PATH, as_="lead_officer"))["items"],
    ):
        assert shown["supervised_body_ids"] == [str(world.body["supervised"])]
        assert (len(shown["supervised_bodies"]), shown["partner_bodies"]) == (1, [])
        assert str(theirs.id) not in str(shown)


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("lead_leader", 200),
        ("partner", 404),
        ("supervised", 404),
        ("superior", 404),
        ("stranger", 404),
        ("auditor", 404),
    ],
)
async def test_a_proposal_is_known_only_to_its_lead(api, proposed, part, status):
    assert (await api.get(f"{PATH}/{proposed['id']}", as_=part)).status_code == status


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"title": "ab"}, "/title", "string_too_short"),
        ({"form": "written"}, "/form", "contradiction"),
        ({"ground": "media"}, "/ground", "contradiction"),
        ({"window": {"starts_on": "2024-06-30", "ends_on": "2024-03-01"}}, "/window", "period_reversed"),
        ({"supervised_body_ids": [str(uuid4())]}, "/supervised_body_ids/0", "not_visible"),
        ({"nonsense": 1}, "/nonsense", "extra_forbidden"),
    ],
)
async def test_bad_input_names_the_field(api, world, fields, pointer, code):
    answer = await api.post(PATH, proposal(world, **fields), as_="lead_officer")
    assert answer.status_code == 422
    assert {(it["pointer"], it["code"]) for it in answer.json()["errors"]} == {(pointer, code)}


async def test_the_front_does_not_supervise_a_party_body(api, world):
    fields = {"regime": "front", "ground": "media"}
    answer = await api.post(PATH, proposal(world, **fields), as_="partner")
    assert answer.status_code == 422
    assert answer.json()["code"] == "regime_mismatch"


async def test_nobody_proposes_for_another_body(api, world):
    answer = await api.post(PATH, proposal(world, lead_body_id=str(world.body["lead"])), as_="partner")
    assert answer.status_code == 403
    assert (await api.post(PATH, proposal(world), as_="lead_clerk")).status_code == 403


async def test_a_retry_makes_no_second_campaign(api, world):
    first = await api.post(PATH, proposal(world), as_="lead_officer", key="retry-1")
    again = await api.post(PATH, proposal(world), as_="lead_officer", key="retry-1")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await api.post(PATH, proposal(world, title="Một cuộc giám sát khác"), as_="lead_officer", key="retry-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_changes_need_the_version_seen(api, proposed):
    path = f"{PATH}/{proposed['id']}"
    assert (await api.patch(path, {"title": "Tên mới của cuộc"}, as_="lead_officer")).status_code == 428
    assert (await api.patch(path, {"title": "Tên mới của cuộc"}, as_="lead_officer", if_match=9)).status_code == 412
    changed = await api.patch(path, {"title": "Tên mới của cuộc"}, as_="lead_officer", if_match=1)
    assert ok(changed)["title"] == "Tên mới của cuộc"
    assert changed.headers["ETag"] == '"2"'


async def test_consultation_plan_and_the_counterparts_view(api, world, session, proposed):
    path = f"{PATH}/{proposed['id']}"
    counterpart = str(world.body["counterpart"])
    await api.move(path, "consult", as_="lead_officer", counterpart_body_ids=[counterpart], due_on="2024-01-31")
    seen = ok(await api.get(path, as_="counterpart"))
    assert (seen["view"], seen["ground"]) == ("party", "programme")
    assert "partner_bodies" not in seen
    refused = await api.post(
        f"{path}/transitions", {"action": "plan", "overlap_acknowledged": False}, as_="lead_officer", if_match=2
    )
    assert refused.status_code == 409
    assert {it["code"] for it in refused.json()["unmet"]} == {"counterparts_answered", "overlap_acknowledged"}
    paper = await a_document(session, world, owner="counterpart")
    concurrence = {"outcome": "concurred", "document_id": str(paper.id)}
    where = f"{path}/counterparts/{counterpart}/concurrence"
    assert (await api.post(where, concurrence, as_="lead_leader")).status_code == 403
    assert created(await api.post(where, concurrence, as_="counterpart"))["outcome"] == "concurred"
    assert (await api.post(where, concurrence, as_="counterpart")).json()["code"] == "already_answered"
    planned = await api.move(path, "plan", as_="lead_officer", overlap_acknowledged=True)
    assert planned["state"] == "planned"
    assert ok(await api.get(path, as_="superior"))["view"] == "party"


async def test_a_refusal_needs_a_reason_and_then_a_written_answer(api, world, session, proposed):
    path = f"{PATH}/{proposed['id']}"
    counterpart = str(world.body["counterpart"])
    await api.move(path, "consult", as_="lead_officer", counterpart_body_ids=[counterpart], due_on="2024-01-31")
    paper = await a_document(session, world, owner="counterpart")
    where = f"{path}/counterparts/{counterpart}/concurrence"
    silent = await api.post(where, {"outcome": "refused", "document_id": str(paper.id)}, as_="counterpart")
    assert (silent.status_code, silent.json()["unmet"][0]["code"]) == (409, "has_reason")
    refusal = {"outcome": "refused", "document_id": str(paper.id), "reason": "Trùng thời gian"}
    created(await api.post(where, refusal, as_="counterpart"))
    ours = await a_document(session, world)
    answer = {"text": "Đã lùi thời gian", "document_id": str(ours.id)}
    assert (
        created(await api.post(f"{where}/answers", answer, as_="lead_officer"))["answer"]["text"] == "Đã lùi thời gian"
    )
    assert (await api.move(path, "plan", as_="lead_officer", overlap_acknowledged=True))["state"] == "planned"


async def test_another_bodys_paper_cannot_be_used(api, world, session, proposed):
    path = f"{PATH}/{proposed['id']}"
    counterpart = str(world.body["counterpart"])
    await api.move(path, "consult", as_="lead_officer", counterpart_body_ids=[counterpart], due_on="2024-01-31")
    foreign = await a_document(session, world, owner="stranger")
    concurrence = {"outcome": "concurred", "document_id": str(foreign.id)}
    answer = await api.post(f"{path}/counterparts/{counterpart}/concurrence", concurrence, as_="counterpart")
    assert answer.status_code == 404


async def test_an_organisation_attached_to_the_front_needs_its_concurrence(api, world, session):
    clock.set_today(date(2026, 1, 10))
    fields = {"regime": "front", "ground": "member_proposal", "supervised_body_ids": [str(world.body["counterpart"])]}
    campaign = created(await api.post(PATH, proposal(world, **fields), as_="partner_b"))
    path = f"{PATH}/{campaign['id']}"
    await api.move(path, "consult", as_="partner_b", counterpart_body_ids=[], due_on="2026-01-31")
    refused = await api.move(path, "plan", as_="partner_b", expect=409, overlap_acknowledged=True)
    assert [it["code"] for it in refused["unmet"]] == ["front_concurred"]


async def test_wrong_moves_name_the_allowed_ones(api, proposed):
    answer = await api.post(f"{PATH}/{proposed['id']}/transitions", {"action": "start"}, as_="lead_officer", if_match=1)
    assert answer.status_code == 409
    assert answer.json()["code"] == "move_not_allowed"
    assert answer.json()["allowed"] == ["consult", "cancel"]


async def test_events_do_not_lie_in_the_future_nor_before_the_last(api, world, proposed):
    tomorrow = (date(2024, 1, 10) + timedelta(days=1)).isoformat()
    consult = {"action": "consult", "counterpart_body_ids": [], "due_on": "2024-02-01"}
    path = f"{PATH}/{proposed['id']}/transitions"
    late = await api.post(path, {**consult, "on": tomorrow}, as_="lead_officer", if_match=1)
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "in_the_future")
    ok(await api.post(path, {**consult, "on": "2024-01-08"}, as_="lead_officer", if_match=1))
    back = {"action": "return", "reason": "Xem lại nội dung", "on": "2024-01-07"}
    early = await api.post(path, back, as_="lead_officer", if_match=2)
    assert (early.status_code, early.json()["not_before"]) == (422, "2024-01-08")


@pytest.mark.parametrize("query", ["no dong", "NỢ ĐỌNG", "nợ đọng", "nợ đo\u0323ng"])
async def test_search_the_way_people_type(api, proposed, query):
    found = ok(await api.get(PATH, params={"q": query}, as_="lead_officer"))
    assert [it["id"] for it in found["items"]] == [proposed["id"]]


async def test_pages_are_whole_and_cost_one_statement(api, world, session, queries: Queries):
    made = [str((await a_campaign(session, world)).id) for _ in range(5)]
    seen, cursor = [], None
    while True:
        queries.reset()
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = ok(await api.get(PATH, params=params, as_="lead_officer"))
        assert queries.count == 2, "the caller and the page"
        seen += [it["id"] for it in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(made, reverse=True)
    assert (await api.get(PATH, params={"cursor": "xx"}, as_="lead_officer")).json()["code"] == "bad_cursor"


async def test_suspension_remembers_where_it_came_from(api, world, session):
    campaign = await a_campaign(session, world)
    paper = await a_document(session, world)
    path = f"{PATH}/{campaign.id}"
    suspended = await api.move(path, "suspend", as_="lead_officer", reason="Bão lũ", document_id=str(paper.id))
    assert suspended["state"] == "suspended"
    assert (await api.move(path, "resume", as_="lead_officer", reason="Đã ổn định"))["state"] == "underway"


async def test_cancelling_ends_what_is_open_in_the_campaign(api, world, session):
    campaign = await a_campaign(session, world)
    engagement = await an_engagement(session, world, await a_delegation(session, world, campaign))
    paper = await a_document(session, world)
    path = f"{PATH}/{campaign.id}"
    await api.move(path, "cancel", as_="lead_officer", expect=403, reason="Sáp nhập", document_id=str(paper.id))
    await api.move(path, "cancel", as_="lead_leader", reason="Sáp nhập", document_id=str(paper.id))
    await session.refresh(engagement)
    assert engagement.state == "discontinued"


async def test_overlaps_are_symmetric_and_hide_what_is_hidden(api, world, session):
    from app.models.campaign import CampaignSupervised

    ours = await a_campaign(session, world)
    theirs = await a_campaign(session, world, lead_body_id=world.body["stranger"], title="Kiểm tra thu chi ngân sách")
    for it in (ours, theirs):
        session.add(CampaignSupervised(campaign_id=it.id, body_id=world.body["supervised"]))
    await session.commit()
    report = ok(await api.get(f"{PATH}/{ours.id}/overlaps", as_="lead_officer"))
    assert [it["view"] for it in report["items"]] == ["hidden"]
    assert report["items"][0]["quarters"] == ["2024Q1", "2024Q2"]
    assert "Kiểm tra" not in str(report)
    back = ok(await api.get(f"{PATH}/{theirs.id}/overlaps", as_="stranger"))
    assert back["items"][0]["contact"]["body_id"] == str(world.body["lead"])
    asked = {"supervised_body_id": str(world.body["supervised"]), "from": "2024-06-01", "to": "2024-07-01"}
    found = ok(await api.get("/v1/overlaps", params=asked, as_="lead_officer"))
    assert {it["view"] for it in found["items"]} == {"full", "hidden"}
    assert ok(await api.get("/v1/overlaps", params=asked, as_="supervised"))["items"] == []


async def test_the_timeline_tells_each_side_its_part(api, world, proposed):
    path = f"{PATH}/{proposed['id']}"
    await api.move(
        path, "consult", as_="lead_officer", counterpart_body_ids=[str(world.body["counterpart"])], due_on="2024-02-01"
    )
    await api.move(path, "return", as_="lead_officer", reason="Xem lại nội dung")
    ours = ok(await api.get(f"{path}/timeline", as_="lead_officer"))
    assert [it["action"] for it in ours["items"]] == ["consult", "return"]
    theirs = ok(await api.get(f"{path}/timeline", as_="counterpart"))
    assert [it["action"] for it in theirs["items"]] == ["consult", "return"]
    assert (await api.get(f"{path}/timeline", as_="stranger")).status_code == 404


async def test_subject_documents_are_parsed_and_normalised(api, proposed):
    path = f"{PATH}/{proposed['id']}/subject-documents"
    document = {"symbol": "Số 62 - KL/TW", "issued_on": "2009-12-08", "issuer": "Bộ Chính trị"}
    made = created(await api.post(path, document, as_="lead_officer", if_match=1))
    assert made["parsed"] == {"number": 62, "type": "KL", "organ": "TW"}
    assert made["normalised"] == "62-KL/TW"
    assert ok(await api.get(path, as_="lead_officer"))["items"] == [made]
    assert (await api.delete(f"{path}/{made['id']}", as_="lead_officer", if_match=2)).status_code == 204


async def test_partners_see_the_campaign_from_the_moment_they_are_added(api, world, proposed):
    path = f"{PATH}/{proposed['id']}"
    unknown = await api.post(f"{path}/partners", {"body_id": str(uuid4())}, as_="lead_officer", if_match=1)
    assert [it["pointer"] for it in unknown.json()["errors"]] == ["/body_id"]
    payload = {"body_id": str(world.body["partner"])}
    created(await api.post(f"{path}/partners", payload, as_="lead_officer", if_match=1))
    assert ok(await api.get(path, as_="partner"))["view"] == "full"
    again = await api.post(f"{path}/partners", payload, as_="lead_officer", if_match=2)
    assert again.json()["code"] == "already_participant"
    assert (
        await api.delete(f"{path}/partners/{payload['body_id']}", as_="lead_officer", if_match=2)
    ).status_code == 204
    assert (await api.get(path, as_="partner")).status_code == 404
