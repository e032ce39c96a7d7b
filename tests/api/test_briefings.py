"""Briefings: who calls and sees them, how proposals are answered and carried over, what becomes of conclusions."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from app.domain.briefing import BriefingState
from app.domain.proposal import ProposalState
from app.domain.recommendation import Origin, RecommendationState
from app.models.base import Listing
from app.models.briefing import BriefingSeen
from tests import makers
from tests import makers_briefings as of
from tests.client import created, ok

pytestmark = pytest.mark.thorough

PATH = "/v1/briefings"
NEXT = date(2024, 6, 20)
TERMS = {
    "owner": {"name": "Lý Văn Thuận", "title": "Phó Chủ tịch"},
    "expected_result": "Kinh phí được cấp trước đại hội",
    "due_on": "2024-05-31",
    "due_basis": {"text": "Kết luận giao ban quý I"},
}


@pytest.fixture
async def briefing(session, world):
    return await of.a_briefing(session, world)


@pytest.fixture
async def proposal(session, world, briefing):
    return await of.a_proposal(session, world, briefing)


def called(world, **fields):
    return {
        "kind": "working_session",
        "title": "Làm việc với Ban Thường trực MTTQ tỉnh",
        "period": {"from": "2024-01-01", "to": "2024-03-20"},
        "scheduled_on": "2024-03-20",
        "agenda": ["Tình hình quý I"],
        "participants": [
            str(world.body["partner"]),
            {"body_id": str(world.body["partner_b"]), "name": "Hồ Thị Lệ", "title": "Chủ tịch"},
        ],
        **fields,
    }


@pytest.mark.parametrize(
    ("part", "status"), [("lead_officer", 201), ("lead_leader", 201), ("lead_clerk", 403), ("partner", 403)]
)
async def test_officers_and_leaders_of_the_chair_call_a_briefing(api, world, part, status):
    payload = called(world, chair_body_id=str(world.body["lead"]))
    assert (await api.post(PATH, payload, as_=part)).status_code == status


async def test_a_briefing_shows_what_it_was_called_with(api, world):
    asks = {"text": "Bố trí kinh phí", "proposer_body_id": str(world.body["partner_b"])}
    made = created(await api.post(PATH, called(world, proposals=[asks]), as_="lead_officer"))
    assert made["state"] == "scheduled"
    assert made["chair_body"]["id"] == str(world.body["lead"])
    assert [it["name"] for it in made["participants"]] == [None, "Hồ Thị Lệ"]
    assert [(it["text"], it["to_body_id"]) for it in made["proposals"]] == [
        ("Bố trí kinh phí", str(world.body["lead"]))
    ]
    assert made["actions"] == ["hold", "call_off"]


async def test_a_retry_calls_it_once(api, world):
    first = await api.post(PATH, called(world), as_="lead_officer", key="giao-ban-1")
    again = await api.post(PATH, called(world), as_="lead_officer", key="giao-ban-1")
    assert created(again)["id"] == created(first)["id"]
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"participants": ["00000000-0000-7000-8000-000000000000"]}, "/participants/0/body_id", "not_visible"),
        ({"period": {"from": "2024-03-20", "to": "2024-01-01"}}, "/period/to", "period_reversed"),
        ({"proposals": [{"text": "x", "proposer_body_id": "@stranger"}]}, "/proposer_body_id", "not_participant"),
    ],
)
async def test_what_contradicts_itself_is_refused_with_its_place(api, world, change, pointer, code):
    for proposal in change.get("proposals", []):
        proposal["proposer_body_id"] = str(world.body["stranger"])
    answer = await api.post(PATH, called(world, **change), as_="lead_officer")
    assert answer.status_code == 422
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("part", "view"),
    [("lead_clerk", "full"), ("partner", "full"), ("member_b", "full"), ("counterpart", "party"), ("stranger", None)],
)
async def test_the_chair_and_participants_see_all_an_addressee_what_is_put_to_it(
    api, session, world, briefing, proposal, part, view
):
    await of.a_proposal(session, world, briefing, to_body_id=world.body["partner"])
    answer = await api.get(f"{PATH}/{briefing.id}", as_=part)
    if view is None:
        assert answer.status_code == 404
        return
    seen = ok(answer)
    assert seen["view"] == view
    assert ("agenda" in seen, len(seen["proposals"])) == ((True, 2) if view == "full" else (False, 1))


async def test_an_addressee_reads_its_proposal_and_no_other(api, session, world, briefing, proposal):
    other = await of.a_proposal(session, world, briefing, to_body_id=world.body["partner"])
    assert ok(await api.get(f"/v1/proposals/{proposal.id}", as_="counterpart"))["text"] == proposal.text
    assert (await api.get(f"/v1/proposals/{other.id}", as_="counterpart")).status_code == 404
    listed = ok(await api.get("/v1/proposals", as_="counterpart", params={"briefing_id": str(briefing.id)}))
    assert [it["id"] for it in listed["items"]] == [str(proposal.id)]


async def test_from_its_calling_to_its_end(api, session, world):
    made = created(await api.post(PATH, called(world), as_="lead_officer"))
    path = f"{PATH}/{made['id']}"
    held = await api.move(path, "hold", as_="lead_officer", on="2024-03-20")
    assert (held["state"], held["held_on"]) == ("held", "2024-03-20")
    assert (await api.move(path, "conclude", as_="lead_leader", on="2024-03-20"))["state"] == "concluded"
    assert (await api.move(path, "close", as_="lead_officer"))["state"] == "closed"
    history = ok(await api.get(f"{path}/transitions", as_="partner"))["items"]
    assert [it["action"] for it in history] == ["close", "conclude", "hold", "create"]


async def test_without_participants_it_is_not_held(api, session, world):
    alone = created(await api.post(PATH, called(world, participants=[]), as_="lead_officer"))
    refused = await api.move(f"{PATH}/{alone['id']}", "hold", as_="lead_officer", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["has_participants"]
    reason = {"reason": "Hoãn sang tháng sau"}
    assert (await api.move(f"{PATH}/{alone['id']}", "call_off", as_="lead_officer", **reason))["state"] == "closed"


@pytest.mark.parametrize("part", ["partner", "partner_b"])
async def test_only_the_chair_moves_and_changes_it(api, briefing, part):
    assert (await api.move(f"{PATH}/{briefing.id}", "conclude", as_=part, expect=403))["code"] == "forbidden"
    assert (await api.patch(f"{PATH}/{briefing.id}", {"place": "Huế"}, as_=part, if_match=1)).status_code == 403


async def test_a_change_needs_the_version_seen_and_an_open_briefing(api, session, world, briefing):
    path = f"{PATH}/{briefing.id}"
    assert (await api.patch(path, {"place": "Huế"}, as_="lead_officer")).status_code == 428
    assert (await api.patch(path, {"place": "Huế"}, as_="lead_officer", if_match=9)).status_code == 412
    changed = ok(await api.patch(path, {"place": "Huế", "period": None}, as_="lead_officer", if_match=1))
    assert (changed["place"], changed["period"], len(changed["participants"])) == ("Huế", None, 2)
    over = await of.a_briefing(session, world, state=BriefingState.CONCLUDED)
    answer = await api.patch(f"{PATH}/{over.id}", {"place": "Huế"}, as_="lead_officer", if_match=1)
    assert answer.json()["code"] == "not_editable"


async def test_it_is_not_concluded_while_a_proposal_waits(api, briefing, proposal):
    refused = await api.move(f"{PATH}/{briefing.id}", "conclude", as_="lead_officer", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["proposals_answered"]
    await api.move(f"/v1/proposals/{proposal.id}", "note", as_="lead_officer", reason="Trao đổi trong Thường trực")
    assert (await api.move(f"{PATH}/{briefing.id}", "conclude", as_="lead_officer"))["state"] == "concluded"


@pytest.mark.parametrize(
    ("part", "proposer", "status"),
    [
        ("partner", None, 201),
        ("member_b", None, 201),
        ("partner", "partner_b", 403),
        ("lead_clerk", "partner_b", 201),
        ("lead_officer", "stranger", 422),
        ("counterpart", None, 404),
    ],
)
async def test_participants_propose_for_themselves_and_the_chair_records_for_all(
    api, world, briefing, part, proposer, status
):
    payload = {"text": "Kiện toàn chức danh chủ tịch hội"}
    if proposer is not None:
        payload["proposer_body_id"] = str(world.body[proposer])
    assert (await api.post(f"{PATH}/{briefing.id}/proposals", payload, as_=part)).status_code == status


async def test_nothing_is_proposed_after_the_conclusion(api, session, world):
    over = await of.a_briefing(session, world, state=BriefingState.CONCLUDED)
    answer = await api.post(f"{PATH}/{over.id}/proposals", {"text": "Thêm"}, as_="partner")
    assert (answer.status_code, answer.json()["code"]) == (409, "briefing_not_at_work")


async def test_a_proposal_is_answered_once_it_was_heard(api, session, world):
    coming = await of.a_briefing(session, world, state=BriefingState.SCHEDULED, held_on=None)
    early = await of.a_proposal(session, world, coming)
    refused = await api.move(f"/v1/proposals/{early.id}", "note", as_="lead_officer", reason="Ghi nhận", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["briefing_held"]


async def test_an_answer_has_a_reason_and_comes_from_the_chair(api, proposal):
    path = f"/v1/proposals/{proposal.id}/transitions"
    assert (await api.post(path, {"action": "decline"}, as_="lead_officer", if_match=1)).status_code == 422
    declined = {"action": "decline", "reason": "Không thuộc thẩm quyền"}
    assert (await api.post(path, declined, as_="partner_b", if_match=1)).status_code == 403
    answered = ok(await api.post(path, declined, as_="lead_officer", if_match=1))
    assert (answered["state"], answered["reason"], answered["actions"]) == ("declined", "Không thuộc thẩm quyền", [])


async def test_taken_up_it_becomes_the_chair_s_recommendation_with_its_proposer(api, world, briefing, proposal):
    taken = await api.move(
        f"/v1/proposals/{proposal.id}", "take_up", as_="lead_officer", reason="Chính đáng", on="2024-03-20", **TERMS
    )
    path = f"/v1/recommendations/{taken['recommendation_id']}"
    made = ok(await api.get(path, as_="lead_officer"))
    assert (made["origin"], made["origin_id"], made["state"]) == ("briefing", str(briefing.id), "draft")
    assert made["action"] == proposal.text
    sides = [made[name] for name in ("issuer_body_id", "proposer_body_id", "addressee_id")]
    assert sides == [str(world.body[it]) for it in ("lead", "partner_b", "counterpart")]
    assert (await api.get(path, as_="partner_b")).status_code == 404
    await api.move(path, "issue", as_="lead_leader", issued_on="2024-03-25")
    assert ok(await api.get(path, as_="partner_b"))["view"] == "party"
    assert ok(await api.get(path, as_="counterpart"))["view"] == "full"


async def test_what_a_chair_asks_of_itself_is_verified_by_the_proposer(api, session, world, briefing):
    asked = await of.a_proposal(session, world, briefing, to_body_id=world.body["lead"])
    taken = await api.move(f"/v1/proposals/{asked.id}", "take_up", as_="lead_officer", reason="Đúng")
    made = ok(await api.get(f"/v1/recommendations/{taken['recommendation_id']}", as_="lead_officer"))
    assert made["verifier_body_id"] == str(world.body["partner_b"])


async def test_noted_it_stands_on_every_next_agenda_until_it_is_closed(api, session, world, briefing, proposal):
    await api.move(f"/v1/proposals/{proposal.id}", "note", as_="lead_officer", reason="Ghi nhận", on="2024-03-20")
    later = await of.a_briefing(session, world, "partner", scheduled_on=NEXT, held_on=NEXT)
    seen = ok(await api.get(f"{PATH}/{later.id}", as_="partner"))
    assert [it["id"] for it in seen["carried_over"]] == [str(proposal.id)]
    assert seen["proposals"] == []
    await api.move(f"/v1/proposals/{proposal.id}", "take_up", as_="lead_officer", reason="Đã rõ", on="2024-06-20")
    assert [it["state"] for it in ok(await api.get(f"{PATH}/{later.id}", as_="partner"))["carried_over"]] == [
        "taken_up"
    ]
    third = await of.a_briefing(session, world, scheduled_on=date(2024, 9, 20), held_on=date(2024, 9, 20))
    assert ok(await api.get(f"{PATH}/{third.id}", as_="partner"))["carried_over"] == []


async def test_who_comes_to_the_next_briefing_sees_what_is_carried_to_it(api, session, world, briefing):
    noted = {"state": ProposalState.NOTED, "noted_on": of.HELD_ON}
    carried = await of.a_proposal(session, world, briefing, **noted)
    assert (await api.get(f"/v1/proposals/{carried.id}", as_="verifier")).status_code == 404
    await of.a_briefing(session, world, "verifier", scheduled_on=NEXT, state=BriefingState.SCHEDULED)
    assert ok(await api.get(f"/v1/proposals/{carried.id}", as_="verifier"))["state"] == "noted"
    assert (await api.get(f"{PATH}/{briefing.id}", as_="verifier")).status_code == 404


async def test_a_conclusion_is_followed_up_once(api, world, briefing):
    charged = {"text": "Xây dựng quy chế làm việc", "to_body_id": str(world.body["partner"]), "due_on": "2024-06-30"}
    conclusion = created(await api.post(f"{PATH}/{briefing.id}/conclusions", charged, as_="lead_officer"))
    where = f"{PATH}/{briefing.id}/conclusions/{conclusion['id']}/recommendation"
    made = created(await api.post(where, {"expected_result": "Quy chế được ban hành"}, as_="lead_officer"))
    assert (made["origin"], made["addressee_id"], made["due_on"]) == ("briefing", charged["to_body_id"], "2024-06-30")
    again = await api.post(where, {}, as_="lead_officer")
    assert (again.status_code, again.json()["code"]) == (409, "already_followed_up")
    listed = ok(await api.get(f"{PATH}/{briefing.id}/conclusions", as_="partner"))["items"]
    assert [it["recommendation_id"] for it in listed] == [made["id"]]


@pytest.mark.parametrize(("part", "status"), [("partner", 403), ("counterpart", 404), ("lead_clerk", 403)])
async def test_only_the_chair_concludes(api, world, briefing, part, status):
    charged = {"text": "Rà soát", "to_body_id": str(world.body["partner"])}
    assert (await api.post(f"{PATH}/{briefing.id}/conclusions", charged, as_=part)).status_code == status


async def test_it_is_not_closed_while_something_is_followed_up(api, session, world):
    over = await of.a_briefing(session, world, state=BriefingState.CONCLUDED)
    running = {"origin": Origin.BRIEFING, "origin_id": over.id, "campaign_id": None}
    campaign = await makers.a_campaign(session, world)
    asked = await makers.a_recommendation(session, world, campaign, **running)
    refused = await api.move(f"{PATH}/{over.id}", "close", as_="lead_officer", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["follow_up_ended"]
    asked.state = RecommendationState.RESOLVED
    await makers.keep(session, asked)
    assert (await api.move(f"{PATH}/{over.id}", "close", as_="lead_officer"))["state"] == "closed"


async def test_a_recommendation_may_name_the_briefing_it_came_from(api, world, briefing):
    draft = {"origin": "briefing", "origin_id": str(briefing.id), "action": "Rà soát", "addressee_id": None}
    assert created(await api.post("/v1/recommendations", draft, as_="lead_officer"))["origin_id"] == str(briefing.id)
    assert (await api.post("/v1/recommendations", draft, as_="stranger")).status_code == 404


async def test_a_report_that_the_caller_does_not_see_cannot_be_named(api, session, world):
    foreign = await makers.a_document(session, world, owner="stranger")
    payload = called(world, report_document_id=str(foreign.id))
    assert (await api.post(PATH, payload, as_="lead_officer")).status_code == 404


async def test_participants_open_the_report_an_addressee_of_a_proposal_does_not(api, session, world):
    paper = await makers.a_document(session, world)
    made = created(await api.post(PATH, called(world, report_document_id=str(paper.id)), as_="lead_officer"))
    await api.post(
        f"{PATH}/{made['id']}/proposals",
        {"text": "Bố trí kinh phí", "to_body_id": str(world.body["counterpart"])},
        as_="partner",
    )
    assert (await api.get(f"/v1/documents/{paper.id}", as_="partner")).status_code == 200
    assert (await api.get(f"/v1/documents/{paper.id}", as_="counterpart")).status_code == 404


async def test_the_chair_is_asked_to_hold_and_to_answer(api, session, world, briefing, proposal):
    await of.a_briefing(session, world, state=BriefingState.SCHEDULED, held_on=None)
    asked = ok(await api.get("/v1/me/tasks", as_="lead_officer", params={"limit": 200}))["items"]
    ours = [(it["action"], it["record"]["type"]) for it in asked if it["record"]["type"] in ("briefing", "proposal")]
    assert sorted(ours) == [("answer", "proposal"), ("hold", "briefing")]
    others = ok(await api.get("/v1/me/tasks", as_="partner", params={"limit": 200}))["items"]
    assert [it for it in others if it["record"]["type"] in ("briefing", "proposal")] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "periodic_briefing"}, 2),
        ({"kind": "working_session"}, 0),
        ({"state": "scheduled"}, 1),
        ({"scheduled_from": "2024-04-01"}, 1),
        ({"scheduled_to": "2024-04-01"}, 1),
        ({"q": "giao ban quy"}, 2),
        ({"chair_body_id": "@lead"}, 2),
        ({"participant_body_id": "@partner_b"}, 1),
    ],
)
async def test_filters(api, session, world, briefing, asked, found):
    await of.a_briefing(session, world, "partner", scheduled_on=NEXT, held_on=None, state=BriefingState.SCHEDULED)
    params = {name: str(world.body[it[1:]]) if it.startswith("@") else it for name, it in asked.items()}
    assert len(ok(await api.get(PATH, as_="lead_officer", params=params))["items"]) == found


async def test_a_page_is_one_statement_and_as_its_model_says(api, session, world, queries):
    for _ in range(3):
        briefing = await of.a_briefing(session, world)
        await of.a_proposal(session, world, briefing)
        await of.a_conclusion(session, world, briefing)
    queries.reset()
    answer = await api.get(PATH, as_="lead_officer")
    assert queries.count <= 2
    TypeAdapter(Listing[BriefingSeen]).validate_json(answer.content)
