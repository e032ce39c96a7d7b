"""A recommendation from its draft to its end: who moves it, what each move asks for and does."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from app.core.clock import set_today
from app.domain.recommendation import RECOMMENDATION, RecommendationState
from app.models.account import Membership
from app.models.body import Body, LineageEvent, LineageLink
from app.models.deadline import Rule
from app.models.recommendation import Recommendation, RecommendationMove, RecommendationRead
from tests.client import created, ok
from tests.makers import a_campaign, a_delegation, a_document, a_finding, a_recommendation, an_engagement, keep

PATH = "/v1/recommendations"
EVERY_PART = ["lead_leader", "lead_officer", "lead_clerk", "partner", "addressee", "verifier", "superior", "stranger"]


def a_draft(world, campaign, **fields: Any) -> dict[str, Any]:
    return {
        "campaign_id": str(campaign.id),
        "addressee_id": str(world.body["addressee"]),
        "owner": {"name": "Trương Duy Hải", "title": "Trưởng phòng"},
        "action": "Cụ thể hóa các văn bản về công tác Mặt trận",
        "expected_result": "Có kế hoạch hằng năm được ban hành",
        "due_on": "2024-09-30",
        "due_basis": {"text": "Kết luận giám sát của Đoàn giám sát 133"},
        **fields,
    }


async def test_a_draft_is_issued_by_a_leader_of_the_lead(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    draft = created(await api.post(PATH, a_draft(world, campaign), as_="lead_officer"))
    assert (draft["state"], draft["number"], draft["verifier_body_id"]) == ("draft", None, str(world.body["lead"]))

    path = f"{PATH}/{draft['id']}"
    assert (await api.move(path, "issue", as_="lead_officer", expect=403))["code"] == "forbidden"
    issued = await api.move(path, "issue", as_="lead_leader", issued_on="2024-05-20")

    assert (issued["state"], issued["number"], issued["issued_on"]) == ("issued", 1, "2024-05-20")
    assert (issued["received_on"], issued["received_assumed"]) == ("2024-05-27", True), "fifth working day (P01)"
    assert (issued["reply_status"], issued["implementation"]) == ("awaiting", "not_started")
    assert issued["version"] == draft["version"] + 1
    RecommendationRead.model_validate(issued)


async def test_copies_are_named_in_their_order(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    copies = [str(world.body[it]) for it in ("superior", "partner")]
    draft = created(await api.post(PATH, a_draft(world, campaign, copy_to=copies), as_="lead_officer"))
    assert [it["id"] for it in draft["copy_to_bodies"]] == draft["copy_to"] == copies
    assert draft["copy_to_bodies"][1]["short_name"] == "MTTQ tỉnh"


async def test_numbers_run_per_issuer_and_year(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    numbers = []
    for on in ("2023-12-20", "2024-01-05", "2024-01-08"):
        draft = created(await api.post(PATH, a_draft(world, campaign), as_="lead_leader"))
        numbers.append((await api.move(f"{PATH}/{draft['id']}", "issue", as_="lead_leader", on=on))["number"])
    assert numbers == [1, 1, 2]


async def test_a_local_rule_of_the_issuer_dates_the_reply(api, world, session):
    rule = Rule(
        code="D06",
        regime="front",
        trigger="recommendation_received",
        unit="day",
        direction="after",
        n={"any": 20},
        responsible="addressee",
        what_vi="Trả lời",
        what_en="Reply",
        legal_basis="Quy chế nội bộ",
        valid_from=date(2020, 1, 1),
        body_id=world.body["lead"],
    )
    await keep(session, rule)
    campaign = await a_campaign(session, world, state="reported")
    draft = created(await api.post(PATH, a_draft(world, campaign), as_="lead_leader"))
    issued = await api.move(f"{PATH}/{draft['id']}", "issue", as_="lead_leader", on="2024-05-20")
    assert issued["reply_due_on"] == "2024-06-17", "20 days after 27/05 is Sunday 16/06"
    assert issued["reply_due_basis"] == {"code": "D06", "rule_version": 1, "legal_basis": "Quy chế nội bộ"}


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("addressee_id", "has_addressee"),
        ("owner", "has_owner"),
        ("expected_result", "has_expected_result"),
        ("due_on", "has_due_date"),
        ("due_basis", "has_due_basis"),
    ],
)
async def test_an_incomplete_draft_is_not_issued(api, world, session, missing, code):
    campaign = await a_campaign(session, world, state="reported")
    sent = a_draft(world, campaign)
    del sent[missing]
    draft = created(await api.post(PATH, sent, as_="lead_officer"))
    refused = await api.move(f"{PATH}/{draft['id']}", "issue", as_="lead_leader", expect=409)
    assert code in {it["code"] for it in refused["unmet"]}


async def test_a_draft_waits_for_its_campaign_to_be_reported(api, world, session):
    campaign = await a_campaign(session, world)
    draft = created(await api.post(PATH, a_draft(world, campaign), as_="lead_officer"))
    refused = await api.move(f"{PATH}/{draft['id']}", "issue", as_="lead_leader", expect=409, on="2024-05-20")
    assert [it["code"] for it in refused["unmet"]] == ["campaign_far_enough"]


async def test_a_past_due_date_needs_a_past_issue(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    draft = created(await api.post(PATH, a_draft(world, campaign), as_="lead_officer"))
    path = f"{PATH}/{draft['id']}"
    refused = await api.move(path, "issue", as_="lead_leader", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["due_after_issue"]
    assert (await api.move(path, "issue", as_="lead_leader", on="2024-05-20"))["overdue"] == "completion"


async def test_nothing_is_drafted_before_the_campaign_is_underway(api, world, session):
    campaign = await a_campaign(session, world, state="planned")
    refused = await api.post(PATH, a_draft(world, campaign), as_="lead_officer")
    assert refused.status_code == 409
    assert refused.json()["unmet"][0]["code"] == "campaign_begun"


@pytest.mark.parametrize(
    ("part", "status"), [("partner", 403), ("lead_clerk", 403), ("addressee", 404), ("stranger", 404)]
)
async def test_only_the_lead_drafts(api, world, session, part, status):
    campaign = await a_campaign(session, world)
    assert (await api.post(PATH, a_draft(world, campaign), as_=part)).status_code == status


@pytest.mark.parametrize(
    "field", ["addressee_id", "verifier_body_id", "proposer_body_id", "engagement_id", "origin_id"]
)
async def test_what_a_draft_names_must_exist_for_its_author(api, world, session, field):
    campaign = await a_campaign(session, world)
    answer = await api.post(PATH, a_draft(world, campaign, **{field: str(uuid4())}), as_="lead_officer")
    assert answer.status_code == 404, answer.text


async def test_findings_and_series_of_another_body_are_absent(api, world, session):
    campaign = await a_campaign(session, world)
    foreign = await a_campaign(session, world, lead_body_id=world.body["stranger"])
    engagement = await an_engagement(session, world, await a_delegation(session, world, foreign))
    finding = await a_finding(session, world, engagement)
    series = uuid4()
    await a_recommendation(session, world, foreign, issuer_body_id=world.body["stranger"], series_id=series)
    for field, value in {"finding_ids": [str(finding.id)], "series_id": str(series)}.items():
        answer = await api.post(PATH, a_draft(world, campaign, **{field: value}), as_="lead_officer")
        assert answer.status_code == 404, field


async def test_neither_the_addressee_nor_its_kin_verifies(api, world, session):
    event = LineageEvent(kind="merge", effective_on=date(2025, 7, 1))
    await keep(session, event)
    await keep(
        session,
        LineageLink(event_id=event.id, body_id=world.body["addressee"], successor=False),
        LineageLink(event_id=event.id, body_id=world.body["paper_addressee"], successor=True),
    )
    campaign = await a_campaign(session, world)
    for body in ("addressee", "paper_addressee"):
        sent = a_draft(world, campaign, verifier_body_id=str(world.body[body]))
        answer = await api.post(PATH, sent, as_="lead_leader")
        assert answer.status_code == 422, body
        assert answer.json()["errors"][0]["pointer"] == "/verifier_body_id"


async def test_only_a_draft_is_edited(api, world, session):
    campaign = await a_campaign(session, world)
    draft = created(await api.post(PATH, a_draft(world, campaign), as_="lead_officer"))
    path = f"{PATH}/{draft['id']}"
    changed = ok(await api.patch(path, {"due_on": "2024-12-31", "owner": None}, as_="lead_officer", if_match=1))
    assert (changed["due_on"], changed["owner"], changed["version"]) == ("2024-12-31", None, 2)
    assert (await api.patch(path, {"action": None}, as_="lead_officer", if_match=2)).status_code == 422
    assert (await api.patch(path, {"measure": "x"}, as_="lead_officer", if_match=1)).status_code == 412
    assert (await api.patch(path, {"measure": "x"}, as_="lead_officer")).status_code == 428
    assert (await api.patch(path, {"measure": "x"}, as_="partner", if_match=2)).status_code == 403

    issued = await a_recommendation(session, world, campaign)
    answer = await api.patch(f"{PATH}/{issued.id}", {"measure": "x"}, as_="lead_officer", if_match=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "immutable")


async def test_a_retried_draft_is_made_once(api, world, session):
    campaign = await a_campaign(session, world)
    first = await api.post(PATH, a_draft(world, campaign), as_="lead_officer", key="k1")
    again = await api.post(PATH, a_draft(world, campaign), as_="lead_officer", key="k1")
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["Idempotency-Replayed"] == "true"


class Story:
    """A recommendation in a given state, and the payloads that its moves need."""

    def __init__(self, api, world, session):
        self.api, self.world, self.session = api, world, session

    async def at(self, state: str = "issued", **fields: Any) -> str:
        campaign = await a_campaign(self.session, self.world, state="reported")
        if state == "draft":
            fields = {"issued_on": None, "number": None, "reply_status": None, "implementation": None, **fields}
        it = await a_recommendation(self.session, self.world, campaign, state=state, **fields)
        return f"{PATH}/{it.id}"

    async def payload(self, action: str) -> dict[str, Any]:
        if action == "reply":
            document = await a_document(self.session, self.world, "addressee")
            return {"kind": "accepted", "document_id": str(document.id)}
        return {
            "issue": {},
            "return": {"reason": "Chưa rõ", "reply_due_on": "2099-01-31"},
            "amend": {"reason": "Có căn cứ", "changes": {"due_on": "2099-06-30"}},
            "claim_done": {"evidence": [{"kind": "note", "text": "Kế hoạch 05-KH/HU đã ban hành"}]},
            "verify": {"implementation": "done", "note": "Đã kiểm tra hồ sơ"},
            "settle_unresolved": {"implementation": "not_done", "reason": "Không thực hiện"},
            "reopen": {"reason": "Tái diễn", "due_on": "2099-06-30"},
        }.get(action, {"reason": "Có lý do"})


@pytest.fixture
def story(api, world, session):
    return Story(api, world, session)


ACTORS = {"lead_leader": "lead_leader", "lead": "lead_officer", "addressee": "addressee", "verifier": "verifier"}
LAWFUL = [(it.source, it.action, it.target, ACTORS[sorted(it.by - {"clock"})[0]]) for it in RECOMMENDATION.steps]


@pytest.mark.parametrize(("source", "action", "target", "part"), LAWFUL)
async def test_every_row_of_the_table_can_be_taken_by_its_side(
    api, world, session, story, source, action, target, part
):
    path = await story.at(source, verifier_body_id=world.body["verifier"], escalation_level=1, **due(date(2099, 1, 1)))
    if action == "settle_unresolved":
        letter = await a_document(session, world)
        created(await api.post(f"{path}/reminders", {"document_id": str(letter.id)}, as_="lead_officer"))
    moved = await api.move(path, action, as_=part, **await story.payload(action))
    assert moved["state"] == target


@pytest.mark.parametrize("action", RECOMMENDATION.actions)
async def test_a_wrong_move_names_the_moves_that_are_allowed(api, story, action):
    known = [it for it in RecommendationState if it != RecommendationState.DRAFT]
    wrong = next(str(it) for it in known if RECOMMENDATION.find(it, action) is None)
    part = next(part for _, taken, _, part in LAWFUL if taken == action)
    path = await story.at(wrong, verifier_body_id=story.world.body["verifier"])
    refused = await api.move(path, action, as_=part, expect=409, **await story.payload(action))
    assert (refused["code"], refused["state"]) == ("move_not_allowed", wrong)
    assert refused["allowed"] == RECOMMENDATION.allowed(wrong)


@pytest.mark.parametrize(("source", "action"), [("issued", "reply"), ("issued", "object"), ("issued", "claim_done")])
@pytest.mark.parametrize("part", ["lead_leader", "lead_clerk", "partner"])
async def test_nobody_else_acts_for_the_addressee(api, story, source, action, part):
    path = await story.at(source)
    document = await a_document(story.session, story.world, "lead" if part != "partner" else "partner")
    payload = {**await story.payload(action), "document_id": str(document.id)}
    assert (await api.move(path, action, as_=part, expect=403, **payload))["code"] == "forbidden"


@pytest.mark.parametrize(
    ("action", "payload", "pointer"),
    [
        ("reply", {"kind": "accepted"}, "/document_id"),
        ("reply", {"document_id": str(uuid4())}, "/kind"),
        ("return", {"reason": "x"}, "/reply_due_on"),
        ("return", {"reply_due_on": "2099-01-01"}, "/reason"),
        ("object", {}, "/reason"),
        ("claim_done", {}, "/evidence"),
        ("claim_done", {"evidence": []}, "/evidence"),
        ("verify", {"implementation": "done"}, "/note"),
        ("verify", {"implementation": "not_done", "note": "x"}, "/implementation"),
        ("verify", {"implementation": "done", "note": "x", "on_behalf": {}}, "/on_behalf"),
        ("amend", {"reason": "x"}, "/changes"),
        ("settle_unresolved", {"reason": "x"}, "/implementation"),
        ("reopen", {"reason": "x"}, "/due_on"),
        ("withdraw", {}, "/reason"),
    ],
)
async def test_what_a_move_must_say(api, story, action, payload, pointer):
    answer = await api.post(f"{PATH}/{uuid4()}/transitions", {"action": action, **payload}, as_="lead_leader")
    assert answer.status_code == 422
    assert pointer in {it["pointer"] for it in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("kind", "implementation"),
    [("accepted", "in_progress"), ("partly_accepted", "in_progress"), ("explained", "not_started")],
)
async def test_a_reply_is_not_the_work_itself(api, story, kind, implementation):
    path = await story.at("issued")
    payload = {**await story.payload("reply"), "kind": kind, "explanation": "Vì vướng quy định"}
    replied = await api.move(path, "reply", as_="addressee", on="2024-06-10", **payload)
    assert (replied["reply_status"], replied["implementation"]) == (kind, implementation)
    assert replied["first_replied_on"] == "2024-06-10"
    assert replied["reply"]["explanation"] == "Vì vướng quy định"
    assert replied["resolved_on"] is None


async def test_an_explanation_is_needed_unless_all_is_accepted(api, story):
    path = await story.at("issued")
    payload = {**await story.payload("reply"), "kind": "explained"}
    refused = await api.move(path, "reply", as_="addressee", expect=409, **payload)
    assert refused["unmet"][0]["code"] == "has_explanation"


async def test_a_returned_reply_is_awaited_again_by_the_new_date(api, story):
    path = await story.at("replied", reply_status="explained", first_replied_on=date(2024, 6, 10))
    back = await api.move(
        path, "return", as_="lead_officer", on="2024-06-20", reason="Chưa rõ", reply_due_on="2024-07-01"
    )
    assert (back["state"], back["reply_status"], back["reply_due_on"]) == ("issued", "awaiting", "2024-07-01")
    assert back["reply_due_basis"] == {"text": "Chưa rõ"}
    early = await api.move(
        await story.at("replied"), "return", as_="lead_officer", expect=422, reason="x", reply_due_on="2024-01-01"
    )
    assert early["errors"][0]["pointer"] == "/reply_due_on"


async def test_an_upheld_recommendation_keeps_the_reply_and_restarts_its_date(api, story):
    path = await story.at("disputed", reply_status="explained", reply_from=date(2024, 5, 27))
    upheld = await api.move(path, "uphold", as_="lead_officer", on="2024-07-01", reason="Giữ nguyên")
    assert (upheld["state"], upheld["reply_status"]) == ("issued", "explained")
    assert (upheld["reply_from"], upheld["reply_due_on"]) == ("2024-07-01", "2024-07-25"), "24 days, as before"


async def test_an_amendment_changes_what_is_asked_and_awaits_a_new_reply(api, story):
    path = await story.at("disputed", reply_status="explained")
    changes = {
        "action": "Rà soát lại quy chế phối hợp",
        "due_on": "2099-12-31",
        "due_basis": {"text": "Theo giải trình"},
    }
    amended = await api.move(path, "amend", as_="lead_officer", reason="Giải trình có căn cứ", changes=changes)
    assert (amended["state"], amended["reply_status"], amended["due_on"]) == ("issued", "awaiting", "2099-12-31")
    assert (amended["action"], amended["due_basis"]) == (changes["action"], {"text": "Theo giải trình"})


async def test_a_claim_accepts_what_was_never_answered(api, story):
    path = await story.at("issued")
    claimed = await api.move(path, "claim_done", as_="addressee", on="2024-08-01", **await story.payload("claim_done"))
    assert (claimed["state"], claimed["reply_status"], claimed["claimed_on"]) == ("verifying", "accepted", "2024-08-01")
    assert claimed["claim_evidence"] == [{"kind": "note", "text": "Kế hoạch 05-KH/HU đã ban hành"}]


async def test_verified_work_is_resolved_and_a_rejected_claim_goes_back(api, story):
    path = await story.at("verifying")
    rejected = await api.move(path, "reject", as_="lead_officer", reason="Chưa có phụ lục")
    assert (rejected["state"], rejected["implementation"]) == ("issued", "unsatisfactory")
    await api.move(path, "claim_done", as_="addressee", **await story.payload("claim_done"))
    resolved = await api.move(path, "verify", as_="lead_officer", implementation="partly_done", note="Còn thiếu một xã")
    assert (resolved["state"], resolved["implementation"]) == ("resolved", "partly_done")
    assert resolved["resolved_on"] is not None
    assert resolved["verification"]["note"] == "Còn thiếu một xã"
    reopened = await api.move(path, "reopen", as_="lead_leader", reason="Tái diễn", due_on="2099-01-01")
    assert (reopened["state"], reopened["resolved_on"], reopened["claim_evidence"]) == ("issued", None, [])


async def test_who_had_to_act_does_not_verify(api, world, session, story):
    """The verifier's only leader once worked for the addressee: moving to the verifier does not wash that off."""
    path = await story.at("verifying", verifier_body_id=world.body["verifier"])
    await keep(
        session,
        Membership(account_id=world.account["verifier"], body_id=world.body["addressee"], ended_on=date(2024, 1, 1)),
    )
    refused = await api.move(path, "verify", as_="verifier", expect=403, implementation="done", note="Đạt")
    assert refused["code"] == "verifier_acted"


async def test_who_records_a_claim_on_behalf_does_not_verify_it(api, world, session, story):
    path = await story.at("issued", addressee_id=world.body["paper_addressee"])
    paper = await a_document(session, world)
    behalf = {"document_id": str(paper.id), "received_on": "2024-07-02"}
    payload = await story.payload("claim_done")
    claimed = await api.move(path, "claim_done", as_="lead_officer", on_behalf=behalf, on="2024-07-01", **payload)
    assert claimed["state"] == "verifying"
    refused = await api.move(path, "verify", as_="lead_officer", expect=403, implementation="done", note="Đạt")
    assert refused["code"] == "verifier_acted"
    await api.move(path, "verify", as_="lead_leader", implementation="done", note="Đạt")


async def test_a_paper_speaks_for_a_body_without_an_account_only(api, world, session, story):
    paper = await a_document(session, world)
    behalf = {"document_id": str(paper.id), "received_on": "2024-06-15"}
    payload = {"kind": "accepted", "document_id": str(paper.id), "on_behalf": behalf}
    path = await story.at("issued", addressee_id=world.body["paper_addressee"])
    replied = await api.move(path, "reply", as_="lead_clerk", on="2024-06-14", **payload)
    assert replied["reply_status"] == "accepted"
    line = ok(await api.get(f"{path}/transitions", as_="lead_officer"))["items"][0]
    assert line["for_body_id"] == str(world.body["paper_addressee"])
    assert line["on_behalf"] == behalf

    refused = await api.move(await story.at("issued"), "reply", as_="lead_clerk", expect=409, **payload)
    assert refused["code"] == "has_own_account"


async def test_escalation_climbs_to_the_superior_who_sees_it_from_then_on(api, world, session, story):
    path = await story.at("issued")
    assert (await api.get(path, as_="addressee_superior")).status_code == 404
    escalated = await api.move(path, "escalate", as_="lead_officer", reason="Quá hạn, đã đôn đốc")
    assert (escalated["escalation_level"], escalated["escalated_to_id"]) == (1, str(world.body["addressee_superior"]))
    seen = ok(await api.get(path, as_="addressee_superior"))
    assert seen["view"] == "party"
    assert "finding_ids" not in seen
    history = ok(await api.get(f"{path}/transitions", as_="addressee_superior"))["items"]
    assert [it["action"] for it in history] == ["escalate"]


async def test_without_a_superior_somebody_must_be_named(api, world, story):
    path = await story.at("issued", addressee_id=world.body["stranger"])
    refused = await api.move(path, "escalate", as_="lead_officer", expect=409, reason="Quá hạn")
    assert refused["code"] == "no_superior"
    named = {"reason": "Quá hạn", "to_body_id": str(world.body["superior"])}
    assert (await api.move(path, "escalate", as_="lead_officer", **named))["escalated_to"]["name"]
    nowhere = {"reason": "Quá hạn", "to_body_id": str(uuid4())}
    await api.move(await story.at("issued"), "escalate", as_="lead_officer", expect=404, **nowhere)


async def test_giving_up_needs_a_written_reminder_and_an_escalation(api, world, session, story):
    path = await story.at("issued")
    given_up = await story.payload("settle_unresolved")
    refused = await api.move(path, "settle_unresolved", as_="lead_leader", expect=409, **given_up)
    assert {it["code"] for it in refused["unmet"]} == {"has_written_reminder", "was_escalated"}
    created(await api.post(f"{path}/reminders", {"note": "Gọi điện"}, as_="lead_officer"))
    letter = await a_document(session, world)
    await api.move(path, "escalate", as_="lead_officer", reason="Quá hạn")
    refused = await api.move(path, "settle_unresolved", as_="lead_leader", expect=409, **given_up)
    assert {it["code"] for it in refused["unmet"]} == {"has_written_reminder"}, "a telephone call is not written"
    created(await api.post(f"{path}/reminders", {"document_id": str(letter.id)}, as_="lead_officer"))
    settled = await api.move(path, "settle_unresolved", as_="lead_leader", **given_up)
    assert (settled["state"], settled["implementation"]) == ("unresolved", "not_done")


def due(day: date) -> dict[str, date]:
    return {"due_on": day, "due_sort": day}


VISIBLE = {
    "draft": {"lead_leader": "full", "lead_officer": "full", "lead_clerk": "full", "partner": "full"},
    "issued": {
        "lead_leader": "full",
        "lead_officer": "full",
        "lead_clerk": "full",
        "partner": "full",
        "addressee": "full",
        "verifier": "full",
        "superior": "party",
    },
}


@pytest.mark.parametrize("part", EVERY_PART)
@pytest.mark.parametrize("state", VISIBLE)
async def test_who_knows_of_it(api, world, story, state, part):
    path = await story.at(state, verifier_body_id=world.body["verifier"])
    view = VISIBLE[state].get(part)
    answer = await api.get(path, as_=part)
    assert answer.status_code == (200 if view else 404)
    assert answer.json().get("view") == view
    listed = ok(await api.get(PATH, as_=part))["items"]
    assert [it["view"] for it in listed] == ([view] if view else [])


async def test_a_withdrawn_draft_stays_unknown_to_its_addressee(api, story):
    path = await story.at("draft")
    await api.move(path, "withdraw", as_="lead_leader", reason="Trùng nội dung")
    assert (await api.get(path, as_="addressee")).status_code == 404


async def test_the_addressee_reads_the_history_from_the_issue_on(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    draft = created(await api.post(PATH, a_draft(world, campaign), as_="lead_officer"))
    path = f"{PATH}/{draft['id']}"
    await api.move(path, "issue", as_="lead_leader", on="2024-05-20")
    ours = ok(await api.get(f"{path}/transitions", as_="lead_officer"))["items"]
    theirs = ok(await api.get(f"{path}/transitions", as_="addressee"))["items"]
    assert [it["action"] for it in ours] == ["issue", "create"]
    assert [it["action"] for it in theirs] == ["issue"]


async def test_moves_happen_in_the_order_of_their_days(api, story):
    path = await story.at("issued")
    payload = await story.payload("object")
    await api.move(path, "object", as_="addressee", on="2024-06-10", **payload)
    early = await api.move(path, "uphold", as_="lead_officer", expect=422, on="2024-06-09", reason="x")
    assert (early["errors"][0]["code"], early["not_before"]) == ("before_previous_step", "2024-06-10")
    late = await api.move(path, "uphold", as_="lead_officer", expect=422, on="2099-06-09", reason="x")
    assert late["errors"][0]["code"] == "in_the_future"


def test_the_payloads_are_those_of_the_table():
    tags = {it.model_fields["action"].annotation.__args__[0] for it in RecommendationMove.__origin__.__args__}
    assert tags == set(RECOMMENDATION.actions)


FILTERS = [
    ({"state": ["issued", "replied"]}, {"late", "replied"}),
    ({"state": "resolved"}, {"resolved"}),
    ({"overdue": "reply"}, {"late"}),
    ({"overdue": "completion"}, {"replied"}),
    ({"overdue": "none"}, {"resolved"}),
    ({"reply_status": "accepted"}, {"replied", "resolved"}),
    ({"implementation": "done"}, {"resolved"}),
    ({"origin": "session"}, set()),
    ({"due_from": "2024-09-30", "due_to": "2024-10-31"}, {"replied", "resolved"}),
    ({"owner": "truong duy"}, {"late", "replied", "resolved"}),
    ({"owner": "100%"}, set()),
    ({"q": "no dong"}, {"late"}),
    ({"q": "NỢ ĐỌNG"}, {"late"}),
    ({"mine": "true"}, {"late", "replied", "resolved"}),
    ({"mine": "false"}, set()),
    ({"orphaned": "true"}, {"replied"}),
    ({"orphaned": "false"}, {"late", "resolved"}),
]


@pytest.fixture
async def three(world, session):
    """Three recommendations of one campaign as seen on 01/12/2024."""
    set_today(date(2024, 12, 1))
    campaign = await a_campaign(session, world)
    await session.execute(
        update(Body).where(Body.id == world.body["paper_addressee"]).values(valid_to=date(2024, 11, 1))
    )
    late = {"action": "Xử lý nợ đọng xây dựng cơ bản", **due(date(2025, 1, 31))}
    replied = {"state": "replied", "reply_status": "accepted", "addressee_id": world.body["paper_addressee"]}
    resolved = {"state": "resolved", "reply_status": "accepted", "implementation": "done"}
    replied, resolved = {**replied, **due(date(2024, 9, 30))}, {**resolved, **due(date(2024, 10, 31))}
    return {
        str((await a_recommendation(session, world, campaign, **fields)).id): name
        for name, fields in {"late": late, "replied": replied, "resolved": resolved}.items()
    }


@pytest.mark.parametrize(("asked", "expected"), FILTERS)
async def test_filters(api, three, asked, expected):
    listed = ok(await api.get(PATH, as_="lead_officer", params=asked))["items"]
    assert {three[it["id"]] for it in listed} == expected


async def test_work_filters_find_nothing_outside_the_view(api, world, session):
    campaign = await a_campaign(session, world)
    delegation = await a_delegation(session, world, campaign)
    engagement = await an_engagement(session, world, delegation)
    await a_recommendation(session, world, campaign, engagement_id=engagement.id)
    for asked in ({"engagement_id": str(engagement.id)}, {"delegation_id": str(delegation.id)}):
        assert len(ok(await api.get(PATH, as_="lead_officer", params=asked))["items"]) == 1
        assert ok(await api.get(PATH, as_="superior", params=asked))["items"] == []
    assert len(ok(await api.get(PATH, as_="superior"))["items"]) == 1


@pytest.mark.parametrize("sort", ["-created", "created", "due_on", "-due_on"])
async def test_pages_follow_each_other_in_every_order(api, world, session, sort):
    campaign = await a_campaign(session, world)
    days = [date(2024, 9, 30), date(2024, 8, 31), date(2024, 9, 30), date(2024, 12, 31), date(2024, 7, 31)]
    made = [await a_recommendation(session, world, campaign, due_on=day, due_sort=day) for day in days]
    key = {"created": lambda it: it.id, "due_on": lambda it: (it.due_sort, it.id)}[sort.removeprefix("-")]
    expected = [str(it.id) for it in sorted(made, key=key, reverse=sort.startswith("-"))]
    seen, cursor = [], None
    while True:
        params = {"sort": sort, "limit": 2, "count": True, **({"cursor": cursor} if cursor else {})}
        page = ok(await api.get(PATH, as_="lead_officer", params=params))
        seen += [it["id"] for it in page["items"]]
        assert page["count"] == 5
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == expected


async def test_a_cursor_belongs_to_its_filters(api, world, session):
    campaign = await a_campaign(session, world)
    for _ in range(2):
        await a_recommendation(session, world, campaign)
    page = ok(await api.get(PATH, as_="lead_officer", params={"limit": 1}))
    other = {"limit": 1, "cursor": page["next_cursor"], "state": "issued"}
    assert (await api.get(PATH, as_="lead_officer", params=other)).json()["code"] == "bad_cursor"


async def test_a_list_is_a_constant_number_of_statements(api, world, session, queries):
    campaign = await a_campaign(session, world)
    counts = []
    for _ in range(2):
        await a_recommendation(session, world, campaign)
        queries.reset()
        ok(await api.get(PATH, as_="lead_officer"))
        counts.append(queries.count)
    assert counts[0] == counts[1] <= 2


@pytest.mark.parametrize("value", ["\ud800", "a\0b", "0001-01-01", "9999-12-31"])
async def test_odd_values_are_refused_or_kept_never_a_failure(api, world, session, value):
    campaign = await a_campaign(session, world, state="reported")
    key = "due_on" if value[0].isdigit() else "measure"
    sent = a_draft(world, campaign, **{key: value})
    body = json.dumps(sent).encode("utf-8", "surrogatepass")
    answer = await api.call(
        "POST", PATH, as_="lead_officer", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == (201 if key == "due_on" else 422)


async def test_one_series_may_go_to_several_bodies(api, world, session):
    campaign = await a_campaign(session, world)
    series = str(uuid4())
    for addressee in ("addressee", "paper_addressee"):
        sent = a_draft(world, campaign, series_id=series, addressee_id=str(world.body[addressee]))
        created(await api.post(PATH, sent, as_="lead_officer"))
    assert len(ok(await api.get(PATH, as_="lead_officer", params={"series_id": series}))["items"]) == 2


async def test_due_sort_follows_due_on(api, world, session):
    campaign = await a_campaign(session, world)
    draft = created(await api.post(PATH, a_draft(world, campaign, due_on=None), as_="lead_officer"))
    stored = await session.get_one(Recommendation, UUID(draft["id"]))
    assert stored.due_sort == date.max


async def test_what_several_paths_reach_is_counted_once(api, world, session):
    """The lead both issues and verifies them; its superior reaches the issued ones by its own path."""
    campaign = await a_campaign(session, world)
    for state in ("issued", "issued", "draft"):
        await a_recommendation(
            session, world, campaign, state=state, issued_on=None if state == "draft" else date(2024, 5, 20)
        )
    counts = [
        ok(await api.get(PATH, as_=part, params={"count": "true", "limit": 1}))["count"]
        for part in ("lead_officer", "partner", "addressee", "superior", "stranger")
    ]
    assert counts == [3, 3, 2, 2, 0]
    filtered = await api.get(PATH, as_="lead_officer", params={"count": "true", "state": "draft"})
    assert ok(filtered)["count"] == 1
