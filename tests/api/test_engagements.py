"""Engagements: every move with its needs and refusals, dates by rule and by plan, what each side sees."""

import json
from datetime import date
from hashlib import sha256
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from pydantic import TypeAdapter

from app.domain.campaign import CampaignState, Regime
from app.domain.delegation import DelegationDuty, DelegationState
from app.domain.engagement import EngagementState
from app.domain.finding import FindingState
from app.domain.report import ReportKind, ReportState
from app.models.base import Listing
from app.models.campaign_form import CampaignParticipation
from app.models.delegation import DelegationMember
from app.models.document import Attachment
from app.models.engagement import EngagementDeadline, EngagementSeen
from app.models.field_pack import FieldPack
from app.models.history import TransitionRead
from app.models.report import ReportComment
from tests import makers
from tests.client import created, ok
from tests.ground import standing

PATH = "/v1/engagements"
S = EngagementState
ABSENT = "00000000-0000-7000-8000-000000000000"
FRESH = {
    "state": S.PREPARING,
    "notified_on": None,
    "received_on": None,
    "session_planned_on": None,
}


@pytest.fixture(scope="module")
async def campaign(groundwork, world):
    return await makers.a_campaign(groundwork, world)


@pytest.fixture(scope="module")
async def delegation(groundwork, world, campaign):
    return await makers.a_delegation(groundwork, world, campaign)


@pytest.fixture
async def connection(ground, delegation, app):
    async with standing(ground, app) as connection:
        yield connection


@pytest.fixture
async def engagement(session, world, delegation):
    """Notified on 18/03/2024, a session planned for 12/04/2024."""
    return await makers.an_engagement(session, world, delegation)


@pytest.fixture
async def preparing(session, world, delegation):
    return await makers.an_engagement(session, world, delegation, **FRESH)


async def package(session, world, owner="lead"):
    kinds = {"plan": "KH", "decision": "QĐ", "outline": "ĐC"}
    return {
        name: str((await makers.a_document(session, world, owner=owner, kind=kind)).id) for name, kind in kinds.items()
    }


async def self_report(session, world, campaign, engagement, **fields):
    values = {
        "kind": ReportKind.SELF_REPORT,
        "engagement_id": engagement.id,
        "author_body_id": engagement.supervised_body_id,
        "title": "Báo cáo tự giám sát",
    }
    return await makers.a_report(session, world, campaign, **{**values, **fields})


async def move(api, engagement, action, *, as_="secretary", **payload):
    """At the present version, as a client that has just read the record would."""
    seen = await api.get(f"{PATH}/{engagement.id}", as_="lead_officer")
    version = int(seen.headers["ETag"].strip('"'))
    return await api.post(
        f"{PATH}/{engagement.id}/transitions", {"action": action, **payload}, as_=as_, if_match=version
    )


def codes(answer):
    problem = answer.json()
    return [problem["code"], *(it["code"] for it in problem.get("unmet") or problem.get("errors") or [])]


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("lead_officer", 201),
        ("lead_leader", 201),
        ("lead_clerk", 403),
        ("partner", 403),
        ("member_a", 403),
        ("superior", 403),
        ("supervised", 404),
        ("stranger", 404),
        (None, 401),
    ],
)
async def test_the_lead_names_a_supervised_party(api, world, delegation, part, status):
    payload = {
        "delegation_id": str(delegation.id),
        "supervised": {"body_id": str(world.body["supervised"])},
        "session_planned_on": "2024-04-12",
    }
    answer = await api.post(PATH, payload, as_=part)
    assert answer.status_code == status, answer.text
    if status == 201:
        made = created(answer)
        assert made["state"] == "preparing"
        assert made["supervised"] == {"body_id": str(world.body["supervised"])}
        assert made["supervised_body"]["short_name"] == "BTV Huyện ủy"
        assert answer.headers["Location"] == f"{PATH}/{made['id']}"


async def test_a_retry_makes_one_engagement(api, world, delegation):
    payload = {"delegation_id": str(delegation.id), "supervised": {"body_id": str(world.body["supervised"])}}
    first = created(await api.post(PATH, payload, as_="lead_officer", key="party-1"))
    again = await api.post(PATH, payload, as_="lead_officer", key="party-1")
    assert created(again)["id"] == first["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    other = {**payload, "session_planned_on": "2024-04-12"}
    assert codes(await api.post(PATH, other, as_="lead_officer", key="party-1")) == ["idempotency_mismatch"]


async def test_a_person_is_supervised_by_name_and_post(api, world, delegation):
    person = {"name": "Trương Duy Hải", "post": "Phó Bí thư", "body_id": str(world.body["committee"])}
    payload = {"delegation_id": str(delegation.id), "supervised": {"person": person}}
    made = created(await api.post(PATH, payload, as_="lead_officer"))
    assert made["supervised"] == {"person": person}
    assert made["supervised_body_id"] == person["body_id"]


@pytest.mark.parametrize(
    ("supervised", "code"),
    [
        ({}, "one_supervised"),
        ({"body_id": ABSENT, "person": {"name": "A", "post": "B", "body_id": ABSENT}}, "one_supervised"),
        ({"body_id": ABSENT}, "not_visible"),
        ({"person": {"name": "A", "post": "B", "body_id": ABSENT}}, "not_visible"),
        ({"body_id": "lead"}, "supervises_itself"),
    ],
)
async def test_an_impossible_party_is_refused(api, world, delegation, supervised, code):
    named = {
        key: str(world.body[value]) if value in world.body else value
        for key, value in supervised.items()
        if isinstance(value, str)
    }
    answer = await api.post(
        PATH, {"delegation_id": str(delegation.id), "supervised": {**supervised, **named}}, as_="lead_officer"
    )
    assert answer.status_code == 422
    assert code in codes(answer)


async def test_the_front_supervises_no_party_organisation(api, session, world):
    campaign = await makers.a_campaign(session, world, regime=Regime.FRONT)
    delegation = await makers.a_delegation(session, world, campaign)
    payload = {"delegation_id": str(delegation.id), "supervised": {"body_id": str(world.body["supervised"])}}
    answer = await api.post(PATH, payload, as_="lead_officer")
    assert (answer.status_code, answer.json()["code"]) == (422, "regime_mismatch")


@pytest.mark.parametrize(
    ("state", "delegation_state", "code"),
    [
        (CampaignState.REPORTED, DelegationState.DECIDED, "campaign_not_at_work"),
        (CampaignState.UNDERWAY, DelegationState.DISSOLVED, "not_editable"),
    ],
)
async def test_no_party_is_added_when_the_work_is_over(api, session, world, state, delegation_state, code):
    campaign = await makers.a_campaign(session, world, state=state)
    delegation = await makers.a_delegation(session, world, campaign, state=delegation_state)
    payload = {"delegation_id": str(delegation.id), "supervised": {"body_id": str(world.body["supervised"])}}
    answer = await api.post(PATH, payload, as_="lead_officer")
    assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_nobody_on_the_delegation_comes_from_the_supervised_party(api, world, delegation):
    payload = {"delegation_id": str(delegation.id), "supervised": {"body_id": str(world.body["partner"])}}
    answer = await api.post(PATH, payload, as_="lead_officer")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict_of_interest")


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("lead_clerk", "full", "full"),
        ("partner_b", "full", "full"),
        ("member_a", "full", "full"),
        ("supervised", None, "party"),
        ("superior", None, None),
        ("addressee", None, None),
        ("stranger", None, None),
        ("auditor", None, None),
        ("administrator", None, None),
    ],
)
async def test_the_notice_opens_the_engagement(api, preparing, session, part, before, after):
    for expected in (before, after):
        answer = await api.get(f"{PATH}/{preparing.id}", as_=part)
        listed = ok(await api.get(PATH, as_=part))["items"]
        for below in ("sessions", "revision-requests", "deadlines", "transitions"):
            status = (await api.get(f"{PATH}/{preparing.id}/{below}", as_=part)).status_code
            assert status == (404 if expected is None else 200)
        assert answer.status_code == (404 if expected is None else 200)
        assert [it["view"] for it in listed] == ([] if expected is None else [expected])
        if expected is not None:
            TypeAdapter(EngagementSeen).validate_python(ok(answer))
            assert ("created_at" in ok(answer)) == (expected == "full")
        preparing.state, preparing.notified_on = S.NOTIFIED, date(2024, 3, 18)
        await makers.keep(session, preparing)


async def test_lists_match_the_contract_in_a_constant_number_of_statements(api, session, world, delegation, queries):
    for _ in range(3):
        await makers.an_engagement(session, world, delegation)
    await makers.an_engagement(session, world, delegation, state=S.FINALISED)
    path = f"{PATH}?delegation_id={delegation.id}&state=notified&supervised_body_id={world.body['supervised']}"
    queries.reset()
    page = ok(await api.get(f"{path}&limit=2&count=true", as_="lead_officer"))
    first = queries.count
    Listing[EngagementSeen].model_validate(page)
    assert (len(page["items"]), page["count"]) == (2, 3)
    assert "actions" not in page["items"][0]
    rest = ok(await api.get(f"{path}&limit=2&cursor={page['next_cursor']}", as_="lead_officer"))
    assert len(rest["items"]) == 1
    queries.reset()
    await api.get(f"{path}&limit=1&count=true", as_="lead_officer")
    assert queries.count == first
    assert (await api.get(f"{PATH}?person=x", as_="lead_officer")).status_code == 422


async def test_the_notice_opens_the_papers_to_the_supervised_party(api, session, world, preparing):
    papers = await package(session, world)
    for paper in papers.values():
        assert (await api.get(f"/v1/documents/{paper}", as_="supervised")).status_code == 404
    answer = await move(api, preparing, "notify", on="2024-03-18", document_ids=papers, session_planned_on="2024-04-12")
    told = ok(answer)
    assert (told["state"], told["notified_on"], told["document_ids"]) == ("notified", "2024-03-18", papers)
    assert (told["procedure_breach"], told["procedure_breaches"]) == (False, [])
    seen = ok(await api.get(f"{PATH}/{preparing.id}", as_="supervised"))
    assert (seen["view"], seen["actions"]) == ("party", ["submit_self_report"])
    for paper in papers.values():
        assert (await api.get(f"/v1/documents/{paper}", as_="supervised")).status_code == 200
        assert (await api.get(f"/v1/documents/{paper}", as_="stranger")).status_code == 404


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("secretary", 200),
        ("head", 200),
        ("lead_leader", 403),
        ("member_a", 404),
        ("partner", 404),
        ("supervised", 404),
        ("stranger", 404),
    ],
)
async def test_secretary_or_head_notifies(api, session, world, preparing, part, status):
    """Who does not see the papers of the lead is told no more than that."""
    papers = await package(session, world)
    answer = await move(api, preparing, "notify", as_=part, document_ids=papers, session_planned_on="2024-04-12")
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"on": "2099-01-01"}, 422, "in_the_future"),
        ({"received_on": "2024-03-01"}, 422, "earlier_than_on"),
        ({"received_on": "2099-03-01"}, 422, "in_the_future"),
        ({"self_report_due_on": "2024-03-01"}, 422, "earlier_than_on"),
        ({"document_ids": {"plan": ABSENT, "decision": ABSENT, "outline": ABSENT}}, 404, "not_found"),
        ({"colour": "red"}, 422, "extra_forbidden"),
    ],
)
async def test_an_impossible_notice_is_refused(api, session, world, preparing, change, status, code):
    payload = {
        "on": "2024-03-18",
        "document_ids": await package(session, world),
        "session_planned_on": "2024-04-12",
        **change,
    }
    answer = await move(api, preparing, "notify", **payload)
    assert answer.status_code == status, answer.text
    assert code in codes(answer)


async def test_a_notice_names_its_papers_and_the_session(api, preparing):
    answer = await move(api, preparing, "notify")
    missing = {it["pointer"] for it in answer.json()["errors"] if it["code"] == "missing"}
    assert (answer.status_code, missing) == (422, {"/document_ids", "/session_planned_on"})


async def test_a_notice_carries_no_paper_that_its_sender_cannot_see(api, session, world, preparing):
    papers = await package(session, world, owner="stranger")
    answer = await move(api, preparing, "notify", document_ids=papers, session_planned_on="2024-04-12")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("campaign_state", "delegation_state", "unmet"),
    [
        (CampaignState.PLANNED, DelegationState.DECIDED, "campaign_underway"),
        (CampaignState.UNDERWAY, DelegationState.FORMING, "delegation_decided"),
    ],
)
async def test_a_notice_needs_a_campaign_and_a_delegation_at_work(
    api, session, world, campaign_state, delegation_state, unmet
):
    campaign = await makers.a_campaign(session, world, state=campaign_state)
    delegation = await makers.a_delegation(session, world, campaign, state=delegation_state)
    preparing = await makers.an_engagement(session, world, delegation, **FRESH)
    papers = await package(session, world)
    answer = await move(api, preparing, "notify", document_ids=papers, session_planned_on="2024-04-12")
    assert answer.status_code == 409
    assert codes(answer) == ["needs_unmet", unmet]


async def front(session, world, **fields):
    """An engagement of the Front regime with a body that is no Party organisation."""
    campaign = await makers.a_campaign(session, world, regime=Regime.FRONT)
    delegation = await makers.a_delegation(session, world, campaign)
    values = {**FRESH, "supervised_body_id": world.body["addressee_superior"], **fields}
    return campaign, await makers.an_engagement(session, world, delegation, **values)


@pytest.mark.parametrize(("received_on", "breach"), [("2024-03-28", False), ("2024-03-29", True), (None, False)])
async def test_the_front_regime_gives_the_party_its_time(api, session, world, received_on, breach):
    """D02 and D03 for the session of 12/04/2024 (domain.md, section 8.2)."""
    _, preparing = await front(session, world)
    papers = await package(session, world)
    told = ok(
        await move(
            api,
            preparing,
            "notify",
            on="2024-03-18",
            document_ids=papers,
            session_planned_on="2024-04-12",
            received_on=received_on,
        )
    )
    assert told["procedure_breach"] is breach
    assert told["self_report_due_on"] == "2024-04-05"
    dates = ok(await api.get(f"{PATH}/{preparing.id}/deadlines", as_="secretary"))
    Listing[EngagementDeadline].model_validate(dates)
    by_rule = {it["rule"]: it for it in dates["items"]}
    assert by_rule.keys() == {"D02", "D03"}
    assert (by_rule["D02"]["due_on"], by_rule["D02"]["state"]) == ("2024-03-28", "late" if breach else "met")
    assert (by_rule["D03"]["due_on"], by_rule["D03"]["state"]) == ("2024-04-05", "overdue")
    assert by_rule["D02"]["legal_basis"] == "NQLT 403/2017 Điều 7 khoản 3"
    explained = ok(await api.get(by_rule["D02"]["explain"], as_="supervised"))
    assert explained["due_on"] == "2024-03-28"
    if breach:
        assert told["procedure_breaches"] == [
            {
                "code": "procedure_breach",
                "due_on": "2024-03-28",
                "on": received_on,
                "rule": "D02",
                "legal_basis": by_rule["D02"]["legal_basis"],
            }
        ]


async def test_a_council_s_delegation_notifies_by_its_decision_and_reports_by_its_last_session(api, session, world):
    """D17, D18 and D19 of Luật 87/2015; a new day of the session leaves the breach of D17 as it was."""
    campaign = await makers.a_campaign(session, world, regime=Regime.STATE, form="state_participation")
    host = CampaignParticipation(campaign_id=campaign.id, host_body_id=world.body["counterpart"], organ="board")
    await makers.keep(session, host)
    delegation = await makers.a_delegation(session, world, campaign)
    engagement = await makers.an_engagement(session, world, delegation, **FRESH)
    path = f"{PATH}/{engagement.id}"

    async def rules():
        dates = ok(await api.get(f"{path}/deadlines", as_="secretary"))["items"]
        return [(it["rule"], it["due_on"]) for it in dates if it["rule"]]

    said = {"document_ids": await package(session, world), "session_planned_on": "2024-04-12"}
    notified = await move(api, engagement, "notify", on="2024-03-18", **said)
    assert await rules() == [("D17", "2024-03-06"), ("D18", "2024-04-02")]
    version = int(notified.headers["ETag"].strip('"'))
    moved = ok(await api.patch(path, {"session_planned_on": "2024-04-26"}, as_="secretary", if_match=version))
    assert [it["rule"] for it in moved["procedure_breaches"]] == ["D17"]
    held = await makers.a_session(session, world, engagement)
    ok(await move(api, engagement, "hold_session", session_id=str(held.id), on="2024-04-12"))
    assert await rules() == [("D17", "2024-03-06"), ("D18", "2024-04-16"), ("D19", "2024-04-22")]


async def test_moving_the_session_reckons_its_dates_anew(api, session, world):
    _, preparing = await front(session, world)
    papers = await package(session, world)
    ok(await move(api, preparing, "notify", on="2024-04-01", document_ids=papers, session_planned_on="2024-04-12"))
    path = f"{PATH}/{preparing.id}"
    told = await api.get(path, as_="secretary")
    assert (told.json()["procedure_breach"], told.json()["self_report_due_on"]) == (True, "2024-04-05")
    version = int(told.headers["ETag"].strip('"'))
    moved = ok(await api.patch(path, {"session_planned_on": "2024-04-26"}, as_="secretary", if_match=version))
    assert (moved["procedure_breach"], moved["self_report_due_on"]) == (False, "2024-04-19")
    dates = ok(await api.get(f"{PATH}/{preparing.id}/deadlines", as_="addressee_superior"))["items"]
    assert {it["rule"]: it["trigger_on"] for it in dates if it["rule"]} == {"D02": "2024-04-26", "D03": "2024-04-26"}


async def test_the_party_regime_knows_no_such_breach(api, session, world, preparing):
    papers = await package(session, world)
    told = ok(
        await move(
            api,
            preparing,
            "notify",
            on="2024-04-11",
            document_ids=papers,
            session_planned_on="2024-04-12",
            self_report_due_on="2024-04-12",
        )
    )
    assert (told["procedure_breach"], told["self_report_due_on"]) == (False, "2024-04-12")
    dates = ok(await api.get(f"{PATH}/{preparing.id}/deadlines", as_="supervised"))["items"]
    assert [(it["rule"], it["trigger"], it["due_on"]) for it in dates] == [(None, "self_report", "2024-04-12")]


async def test_the_supervised_party_sends_its_report(api, session, world, campaign, engagement):
    report = await self_report(session, world, campaign, engagement)
    assert (await api.get(f"/v1/reports/{report.id}", as_="secretary")).status_code == 404
    answer = await api.post(
        f"{PATH}/{engagement.id}/transitions",
        {"action": "submit_self_report", "report_id": str(report.id), "on": "2024-04-05"},
        as_="supervised",
        if_match=1,
        key="send-1",
    )
    sent = ok(answer)
    assert (sent["state"], sent["self_reported_on"], sent["self_report_late"]) == ("self_reported", "2024-04-05", False)
    arrived = ok(await api.get(f"/v1/reports/{report.id}", as_="secretary"))
    assert arrived["state"] == "circulated"
    assert arrived["hash"]
    again = await api.post(
        f"{PATH}/{engagement.id}/transitions",
        {"action": "submit_self_report", "report_id": str(report.id), "on": "2024-04-05"},
        as_="supervised",
        if_match=1,
        key="send-1",
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    lines = ok(await api.get(f"{PATH}/{engagement.id}/transitions", as_="secretary"))["items"]
    assert [it["action"] for it in lines] == ["submit_self_report"]
    assert lines[0]["by"] == {"account_id": str(world.account["supervised"]), "body_id": str(world.body["office"])}
    assert lines[0]["for_body_id"] == str(world.body["supervised"])


async def test_the_arrival_starts_the_time_of_a_party_supervision(api, session, world, campaign, engagement):
    """D20 for a body of the province: 30 working days (domain.md, section 8.2)."""
    report = await self_report(session, world, campaign, engagement)
    ok(await move(api, engagement, "submit_self_report", as_="supervised", report_id=str(report.id), on="2024-04-05"))
    dates = ok(await api.get(f"{PATH}/{engagement.id}/deadlines", as_="secretary"))["items"]
    assert [(it["rule"], it["due_on"]) for it in dates] == [("D20", "2024-05-22")]
    ok(await move(api, engagement, "return_self_report", reason="Thiếu phụ lục", due_on="2024-04-10", on="2024-04-05"))
    dates = ok(await api.get(f"{PATH}/{engagement.id}/deadlines", as_="secretary"))["items"]
    assert [it["rule"] for it in dates] == [None]


@pytest.mark.parametrize(
    ("part", "status"),
    [("supervised", 200), ("secretary", 404), ("partner", 404), ("stranger", 404)],
)
async def test_only_the_party_itself_sends_it(api, session, world, campaign, engagement, part, status):
    report = await self_report(session, world, campaign, engagement)
    answer = await move(api, engagement, "submit_self_report", as_=part, report_id=str(report.id))
    assert answer.status_code == status, answer.text


async def test_what_is_sent_is_a_draft_self_report_of_this_engagement(api, session, world, campaign, engagement):
    for fields in ({"state": ReportState.WITHDRAWN}, {"engagement_id": None}):
        report = await self_report(session, world, campaign, engagement, **fields)
        answer = await move(api, engagement, "submit_self_report", as_="supervised", report_id=str(report.id))
        assert codes(answer) == ["needs_unmet", "self_report_ready"]


async def test_a_returned_report_comes_again_and_late_is_flagged(api, session, world, campaign, engagement):
    first = await self_report(session, world, campaign, engagement)
    ok(await move(api, engagement, "submit_self_report", as_="supervised", report_id=str(first.id), on="2024-04-05"))
    refused = await move(api, engagement, "return_self_report", reason="Thiếu", due_on="2024-04-01", on="2024-04-06")
    assert codes(refused) == ["invalid", "earlier_than_on"]
    returned = ok(
        await move(
            api,
            engagement,
            "return_self_report",
            reason="Thiếu số liệu",
            due_on="2024-04-08",
            on="2024-04-06",
        )
    )
    assert (returned["state"], returned["self_reported_on"]) == ("notified", None)
    second = await self_report(session, world, campaign, engagement, number=2)
    sent = ok(
        await move(
            api,
            engagement,
            "submit_self_report",
            as_="supervised",
            report_id=str(second.id),
            on="2024-04-09",
        )
    )
    assert sent["self_report_late"] is True
    assert sent["procedure_breach"] is False
    assert ok(await api.get(f"/v1/reports/{first.id}", as_="supervised"))["state"] == "superseded"
    lines = ok(await api.get(f"{PATH}/{engagement.id}/transitions", as_="secretary"))["items"]
    assert [it.get("reason") for it in lines] == [None, "Thiếu số liệu", None]


async def on_paper(session, world, delegation):
    """With a body that has no account."""
    return await makers.an_engagement(session, world, delegation, supervised_body_id=world.body["paper_addressee"])


@pytest.mark.parametrize("part", ["lead_clerk", "lead_officer", "secretary"])
async def test_the_leads_side_records_a_report_that_came_on_paper(api, session, world, campaign, delegation, part):
    engagement = await on_paper(session, world, delegation)
    paper = await makers.a_document(session, world, kind="BC")
    behalf = {"document_id": str(paper.id), "received_on": "2024-04-04"}
    report = await self_report(session, world, campaign, engagement, on_behalf=behalf)
    answer = await move(
        api, engagement, "submit_self_report", as_=part, report_id=str(report.id), on="2024-04-05", on_behalf=behalf
    )
    assert ok(answer)["self_reported_on"] == "2024-04-04"
    line = ok(await api.get(f"{PATH}/{engagement.id}/transitions", as_="secretary"))["items"][0]
    TransitionRead.model_validate(line)
    assert line["on_behalf"] == behalf
    assert line["for_body_id"] == str(world.body["paper_addressee"])
    assert line["by"]["body_id"] == str(world.body["lead"])


async def test_nobody_records_for_a_body_that_has_an_account(api, session, world, campaign, engagement):
    paper = await makers.a_document(session, world, kind="BC")
    behalf = {"document_id": str(paper.id), "received_on": "2024-04-04"}
    report = await self_report(session, world, campaign, engagement, on_behalf=behalf)
    answer = await move(
        api, engagement, "submit_self_report", as_="lead_officer", report_id=str(report.id), on_behalf=behalf
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "has_own_account")


async def test_a_clerk_moves_nothing_without_a_paper(api, session, world, campaign, delegation):
    engagement = await on_paper(session, world, delegation)
    paper = await makers.a_document(session, world, kind="BC")
    behalf = {"document_id": str(paper.id), "received_on": "2024-04-04"}
    report = await self_report(session, world, campaign, engagement, on_behalf=behalf)
    plain = await move(api, engagement, "submit_self_report", as_="lead_clerk", report_id=str(report.id))
    assert plain.status_code == 403
    from_outside = {"report_id": str(report.id), "on_behalf": behalf}
    assert (await move(api, engagement, "submit_self_report", as_="partner", **from_outside)).status_code == 404
    unknown = await move(api, engagement, "revise", on_behalf=behalf)
    assert codes(unknown) == ["invalid", "extra_forbidden"]


@pytest.mark.parametrize(
    ("state", "regime", "status", "became"),
    [
        (S.NOTIFIED, Regime.PARTY, 200, "session_held"),
        (S.SELF_REPORTED, Regime.PARTY, 200, "session_held"),
        (S.COMMENTING, Regime.PARTY, 200, "commenting"),
        (S.COMMENTING, Regime.FRONT, 409, "regime_is_party"),
        (S.SESSION_HELD, Regime.PARTY, 409, "move_not_allowed"),
        (S.PREPARING, Regime.PARTY, 409, "move_not_allowed"),
    ],
)
async def test_a_held_session(api, session, world, state, regime, status, became):
    campaign = await makers.a_campaign(session, world, regime=regime)
    delegation = await makers.a_delegation(session, world, campaign)
    engagement = await makers.an_engagement(session, world, delegation, state=state)
    held = await makers.a_session(session, world, engagement)
    answer = await move(api, engagement, "hold_session", session_id=str(held.id), on="2024-04-12")
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["state"] == became
        assert answer.headers["ETag"] != '"1"'
    else:
        assert became in codes(answer)


async def test_a_session_needs_minutes_and_its_engagement_and_its_day(api, session, world, delegation, engagement):
    bare = await makers.a_session(session, world, engagement, minutes_text=None)
    answer = await move(api, engagement, "hold_session", session_id=str(bare.id))
    assert codes(answer) == ["needs_unmet", "session_has_minutes"]
    other = await makers.an_engagement(session, world, delegation)
    elsewhere = await makers.a_session(session, world, other)
    answer = await move(api, engagement, "hold_session", session_id=str(elsewhere.id))
    assert codes(answer) == ["needs_unmet", "session_recorded"]
    held = await makers.a_session(session, world, engagement)
    answer = await move(api, engagement, "hold_session", session_id=str(held.id), on="2024-04-11")
    assert codes(answer) == ["invalid", "before_previous_step"]
    assert answer.json()["not_before"] == "2024-04-12"
    assert (await move(api, engagement, "hold_session", session_id=ABSENT)).status_code == 404


async def test_a_session_is_held_on_its_own_day_where_none_is_said(api, session, world, engagement):
    held = await makers.a_session(session, world, engagement)
    ok(await move(api, engagement, "hold_session", session_id=str(held.id)))
    [step] = ok(await api.get(f"{PATH}/{engagement.id}/transitions", as_="secretary"))["items"]
    assert step["on"] == "2024-04-12"


async def test_after_a_session_of_the_front_the_head_has_fifteen_days(api, session, world):
    """D04: raw 27/04/2024, rolled to 02/05/2024 over the holidays (domain.md, section 8.2)."""
    _, engagement = await front(session, world, state=S.NOTIFIED, notified_on=date(2024, 3, 18))
    held = await makers.a_session(session, world, engagement)
    ok(await move(api, engagement, "hold_session", session_id=str(held.id), on="2024-04-12"))
    dates = ok(await api.get(f"{PATH}/{engagement.id}/deadlines", as_="secretary"))["items"]
    assert [(it["rule"], it["raw_due_on"], it["due_on"]) for it in dates] == [("D04", "2024-04-27", "2024-05-02")]


async def draft(session, world, campaign, engagement, **fields):
    return await makers.a_report(session, world, campaign, engagement_id=engagement.id, **fields)


async def test_the_draft_goes_out_for_comments(api, session, world, campaign, delegation):
    engagement = await makers.an_engagement(session, world, delegation, state=S.SESSION_HELD)
    report = await draft(session, world, campaign, engagement)
    assert (await api.get(f"/v1/reports/{report.id}", as_="supervised")).status_code == 404
    early = await move(
        api, engagement, "circulate_draft", report_id=str(report.id), comments_due_on="2024-04-01", on="2024-04-12"
    )
    assert codes(early) == ["invalid", "earlier_than_on"]
    sent = ok(
        await move(
            api, engagement, "circulate_draft", report_id=str(report.id), comments_due_on="2024-04-20", on="2024-04-12"
        )
    )
    assert (sent["state"], sent["comments_due_on"]) == ("commenting", "2024-04-20")
    assert ok(await api.get(f"/v1/reports/{report.id}", as_="supervised"))["state"] == "circulated"
    dates = ok(await api.get(f"{PATH}/{engagement.id}/deadlines", as_="supervised"))["items"]
    assert ("comments", "overdue") in [(it["trigger"], it["state"]) for it in dates]


@pytest.mark.parametrize(
    ("part", "status"),
    [("secretary", 200), ("head", 200), ("member_a", 403), ("lead_leader", 404), ("supervised", 404)],
)
async def test_secretary_or_head_circulates(api, session, world, campaign, delegation, part, status):
    engagement = await makers.an_engagement(session, world, delegation, state=S.SELF_REPORTED)
    report = await draft(session, world, campaign, engagement)
    answer = await move(
        api, engagement, "circulate_draft", as_=part, report_id=str(report.id), comments_due_on="2099-01-01"
    )
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("evidence", "source", "status"),
    [([{"kind": "note", "text": "Biên bản"}], False, 200), ([], True, 200), ([], False, 409)],
)
async def test_every_finding_of_the_draft_rests_on_something(
    api, session, world, campaign, delegation, evidence, source, status
):
    engagement = await makers.an_engagement(session, world, delegation, state=S.SESSION_HELD)
    held = await makers.a_session(session, world, engagement)
    finding = await makers.a_finding(
        session, world, engagement, evidence=evidence, session_id=held.id if source else None
    )
    section = {"key": "II", "title": "Hạn chế", "content": "…", "finding_ids": [str(finding.id)], "clause": "I"}
    report = await draft(session, world, campaign, engagement, sections=[section])
    answer = await move(api, engagement, "circulate_draft", report_id=str(report.id), comments_due_on="2099-01-01")
    assert answer.status_code == status, answer.text
    if status == 409:
        assert codes(answer) == ["needs_unmet", "findings_have_evidence"]


async def test_a_circulated_draft_is_revised_in_a_copy(api, session, world, campaign, delegation):
    engagement = await makers.an_engagement(session, world, delegation, state=S.SESSION_HELD)
    report = await draft(session, world, campaign, engagement)
    ok(
        await move(
            api, engagement, "circulate_draft", report_id=str(report.id), comments_due_on="2024-04-20", on="2024-04-12"
        )
    )
    back = ok(await move(api, engagement, "revise", reason="Bổ sung số liệu", on="2024-04-21"))
    assert (back["state"], back["comments_due_on"]) == ("session_held", None)
    versions = ok(await api.get(f"/v1/reports?engagement_id={engagement.id}&kind=result_report", as_="secretary"))[
        "items"
    ]
    assert [(it["version"], it["state"]) for it in versions] == [(2, "draft"), (1, "superseded")]
    seen = ok(await api.get(f"/v1/reports?engagement_id={engagement.id}", as_="supervised"))["items"]
    assert [it["state"] for it in seen] == ["superseded"]


@pytest.fixture
async def commenting(session, world, campaign, delegation):
    """The draft is out and a session was held."""
    engagement = await makers.an_engagement(
        session, world, delegation, state=S.COMMENTING, comments_due_on=date(2024, 4, 20)
    )
    await makers.a_session(session, world, engagement)
    return engagement


@pytest.mark.parametrize(
    ("part", "status"),
    [("head", 200), ("secretary", 403), ("lead_leader", 403), ("supervised", 403), ("stranger", 404)],
)
async def test_the_head_finalises(api, commenting, part, status):
    answer = await move(api, commenting, "finalise", as_=part, on="2024-05-02")
    assert answer.status_code == status, answer.text
    if status == 200:
        assert (answer.json()["state"], answer.json()["finalised_on"]) == ("finalised", "2024-05-02")
        assert answer.json()["actions"] == []


async def test_a_session_comes_before_the_end(api, session, world, delegation):
    engagement = await makers.an_engagement(session, world, delegation, state=S.COMMENTING)
    answer = await move(api, engagement, "finalise", as_="head")
    assert codes(answer) == ["needs_unmet", "session_was_held"]


async def test_every_comment_is_answered_before_the_end(api, session, world, campaign, commenting):
    report = await draft(
        session,
        world,
        campaign,
        commenting,
        state=ReportState.CIRCULATED,
        circulated_on=date(2024, 4, 12),
        hash="0" * 64,
    )
    await makers.keep(
        session,
        ReportComment(
            report_id=report.id,
            text="Đề nghị làm rõ số liệu",
            commented_on=date(2024, 4, 15),
            account_id=world.account["supervised"],
            body_id=world.body["supervised"],
        ),
    )
    answer = await move(api, commenting, "finalise", as_="head")
    assert codes(answer) == ["needs_unmet", "comments_answered"]


async def test_where_the_head_has_no_account_the_secretary_acts_on_their_instruction(api, session, world, campaign):
    delegation = await makers.a_delegation(session, world, campaign, seated=False)
    head = {"person_name": "Nguyễn Xuân Dương", "duty": DelegationDuty.HEAD, "body_id": world.body["lead"]}
    secretary = {
        "account_id": world.account["secretary"],
        "person_name": "secretary",
        "duty": DelegationDuty.SECRETARY,
        "body_id": world.body["lead"],
    }
    for seat in (head, secretary):
        await makers.keep(session, DelegationMember(delegation_id=delegation.id, valid_from=makers.DECIDED_ON, **seat))
    engagement = await makers.an_engagement(session, world, delegation, state=S.COMMENTING)
    await makers.a_session(session, world, engagement)
    assert "finalise" in ok(await api.get(f"{PATH}/{engagement.id}", as_="secretary"))["actions"]
    assert (await move(api, engagement, "finalise")).status_code == 403
    undocumented = await move(api, engagement, "finalise", for_the_head=True)
    assert codes(undocumented) == ["needs_unmet", "head_instruction_documented"]
    paper = await makers.a_document(session, world, kind="CV")
    done = await move(api, engagement, "finalise", for_the_head=True, document_id=str(paper.id))
    assert ok(done)["state"] == "finalised"


async def test_a_seated_head_is_not_acted_for(api, session, world, commenting):
    paper = await makers.a_document(session, world, kind="CV")
    answer = await move(api, commenting, "finalise", for_the_head=True, document_id=str(paper.id))
    assert answer.status_code == 403


@pytest.mark.parametrize("state", [S.PREPARING, S.NOTIFIED, S.SELF_REPORTED, S.SESSION_HELD, S.COMMENTING])
async def test_the_lead_may_always_discontinue(api, session, world, delegation, state):
    engagement = await makers.an_engagement(session, world, delegation, state=state)
    paper = await makers.a_document(session, world, kind="TB")
    payload = {"reason": "Sáp nhập đơn vị", "document_id": str(paper.id), "on": "2024-05-02"}
    done = ok(await move(api, engagement, "discontinue", as_="lead_leader", **payload))
    assert (done["state"], done["actions"]) == ("discontinued", [])


@pytest.mark.parametrize(
    ("part", "status"),
    [("lead_leader", 200), ("lead_officer", 403), ("secretary", 403), ("partner", 404), ("supervised", 404)],
)
async def test_a_leader_of_the_lead_discontinues(api, session, world, engagement, part, status):
    """Who does not see the paper is told no more than that."""
    paper = await makers.a_document(session, world, kind="TB")
    payload = {"reason": "Sáp nhập đơn vị", "document_id": str(paper.id)}
    assert (await move(api, engagement, "discontinue", as_=part, **payload)).status_code == status


async def test_discontinuing_takes_a_reason_and_a_paper(api, engagement):
    answer = await move(api, engagement, "discontinue", as_="lead_leader")
    assert {it["pointer"] for it in answer.json()["errors"]} == {"/reason", "/document_id"}


async def test_a_wrong_move_names_the_moves_of_the_state(api, session, world, delegation):
    engagement = await makers.an_engagement(session, world, delegation, state=S.SESSION_HELD)
    answer = await move(api, engagement, "revise")
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["code"], problem["state"]) == ("move_not_allowed", "session_held")
    assert problem["allowed"] == ["circulate_draft", "discontinue"]


async def test_a_move_names_the_version_it_saw(api, session, world, commenting):
    path = f"{PATH}/{commenting.id}/transitions"
    assert (await api.post(path, {"action": "revise"}, as_="secretary")).status_code == 428
    assert (await api.post(path, {"action": "revise"}, as_="secretary", if_match=7)).status_code == 412
    assert (await api.post(path, {"action": "revise"}, as_="stranger")).status_code == 404
    assert (await api.post(path, {"action": "revise"}, as_="partner")).status_code == 403
    assert (await api.post(path, {"action": "conclude"}, as_="secretary")).status_code == 422


async def test_a_step_does_not_lie_before_the_one_it_follows(api, session, world, campaign, preparing):
    papers = await package(session, world)
    ok(await move(api, preparing, "notify", on="2024-03-18", document_ids=papers, session_planned_on="2024-04-12"))
    report = await self_report(session, world, campaign, preparing)
    answer = await move(
        api, preparing, "submit_self_report", as_="supervised", report_id=str(report.id), on="2024-03-17"
    )
    assert codes(answer) == ["invalid", "before_previous_step"]
    assert answer.json()["not_before"] == "2024-03-18"


async def test_the_supervised_party_reads_the_history_from_the_notice_on(api, session, world, delegation):
    payload = {"delegation_id": str(delegation.id), "supervised": {"body_id": str(world.body["supervised"])}}
    made = created(await api.post(PATH, payload, as_="lead_officer"))
    papers = await package(session, world)
    await api.move(
        f"{PATH}/{made['id']}",
        "notify",
        as_="secretary",
        on="2024-03-18",
        document_ids=papers,
        session_planned_on="2024-04-12",
    )
    ours = ok(await api.get(f"{PATH}/{made['id']}/transitions?count=true", as_="partner"))
    theirs = ok(await api.get(f"{PATH}/{made['id']}/transitions?count=true", as_="supervised"))
    Listing[TransitionRead].model_validate(ours)
    assert ([it["action"] for it in ours["items"]], ours["count"]) == (["notify", "create"], 2)
    assert ([it["action"] for it in theirs["items"]], theirs["count"]) == (["notify"], 1)
    line = theirs["items"][0]
    assert line.keys() == {"action", "from", "to", "on", "at", "recorded_late", "by"}
    assert (line["from"], line["to"], line["on"], line["recorded_late"]) == (
        "preparing",
        "notified",
        "2024-03-18",
        True,
    )
    page = ok(await api.get(f"{PATH}/{made['id']}/transitions?limit=1", as_="partner"))
    rest = ok(await api.get(f"{PATH}/{made['id']}/transitions?cursor={page['next_cursor']}", as_="partner"))
    assert [it["action"] for it in rest["items"]] == ["create"]


@pytest.mark.parametrize(
    ("part", "status"),
    [("lead_officer", 200), ("secretary", 200), ("member_a", 403), ("partner", 403), ("supervised", 404)],
)
async def test_who_corrects_the_dates(api, preparing, part, status):
    answer = await api.patch(f"{PATH}/{preparing.id}", {"session_planned_on": "2024-04-15"}, as_=part, if_match=1)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("state", "change", "status", "code"),
    [
        (S.PREPARING, {"received_on": "2024-03-20"}, 409, "engagement_not_notified"),
        (S.NOTIFIED, {"supervised": {"body_id": ABSENT}}, 409, "not_editable"),
        (S.NOTIFIED, {"comments_due_on": "2024-05-01"}, 409, "not_editable"),
        (S.NOTIFIED, {"session_planned_on": None}, 422, "missing"),
        (S.NOTIFIED, {"received_on": "2024-03-17"}, 422, "earlier_than_on"),
        (S.FINALISED, {"session_planned_on": "2024-04-20"}, 409, "engagement_final"),
        (S.NOTIFIED, {"state": "finalised"}, 422, "extra_forbidden"),
    ],
)
async def test_what_cannot_be_corrected(api, session, world, delegation, state, change, status, code):
    engagement = await makers.an_engagement(session, world, delegation, state=state)
    answer = await api.patch(f"{PATH}/{engagement.id}", change, as_="secretary", if_match=1)
    assert answer.status_code == status, answer.text
    assert code in codes(answer)


async def test_another_party_may_be_named_until_the_notice(api, session, world, preparing):
    changed = await api.patch(
        f"{PATH}/{preparing.id}",
        {"supervised": {"body_id": str(world.body["addressee"])}},
        as_="lead_officer",
        if_match=1,
    )
    assert ok(changed)["supervised_body_id"] == str(world.body["addressee"])
    own = {"supervised": {"body_id": str(world.body["partner_b"])}}
    refused = await api.patch(f"{PATH}/{preparing.id}", own, as_="lead_officer", if_match=2)
    assert refused.json()["code"] == "conflict_of_interest"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_extreme_dates_are_answered(api, session, world, preparing, day):
    corrected = await api.patch(f"{PATH}/{preparing.id}", {"session_planned_on": day}, as_="secretary", if_match=1)
    assert ok(corrected)["session_planned_on"] == day
    _, front_work = await front(session, world)
    papers = await package(session, world)
    told = await move(api, front_work, "notify", document_ids=papers, session_planned_on=day)
    assert ok(told)["session_planned_on"] == day


async def with_file(api, session, papers):
    """The plan has one file of which everybody can know the digest."""
    content = b"%PDF-1.7\n% ke hoach giam sat\n%%EOF\n"
    sent = await api.post(
        "/v1/attachments", as_="lead_clerk", files={"file": ("Kế hoạch 12.pdf", content, "application/pdf")}
    )
    attachment = await session.get(Attachment, UUID(created(sent)["id"]), execution_options={"scope": "test"})
    attachment.document_id = UUID(papers["plan"])
    await makers.keep(session, attachment)
    return content


async def test_the_package_holds_the_papers_and_their_digests(api, session, world, preparing):
    papers = await package(session, world)
    content = await with_file(api, session, papers)
    path = f"{PATH}/{preparing.id}/package"
    assert codes(await api.get(path, as_="secretary")) == ["engagement_not_notified"]
    assert (await api.get(path, as_="supervised")).status_code == 404
    ok(await move(api, preparing, "notify", on="2024-03-18", document_ids=papers, session_planned_on="2024-04-12"))
    answer = await api.get(path, as_="supervised")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        index = json.loads(archive.read("index.json"))
        assert [it["part"] for it in index["documents"]] == ["plan", "decision", "outline"]
        assert {it["part"]: it["id"] for it in index["documents"]} == papers
        (entry,) = index["documents"][0]["files"]
        assert (entry["path"], entry["file_name"]) == ("1-plan/01-ke-hoach-12.pdf", "Kế hoạch 12.pdf")
        assert archive.read(entry["path"]) == content
        assert entry["sha256"] == sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("part", "status"),
    [("member_a", 200), ("partner", 200), ("lead_clerk", 200), ("supervised", 403), ("superior", 404), (None, 401)],
)
async def test_the_field_pack_is_for_the_delegations_side(api, engagement, part, status):
    assert (await api.get(f"{PATH}/{engagement.id}/field-pack", as_=part)).status_code == status


async def test_a_phone_takes_all_it_needs_along_under_one_etag(api, session, world, queries):
    campaign = await makers.a_campaign(session, world, scope={"place_codes": ["46"]})
    delegation = await makers.a_delegation(session, world, campaign)
    engagement = await makers.an_engagement(session, world, delegation)
    own = await makers.a_finding(session, world, engagement, state=FindingState.DRAFT)
    await makers.a_finding(
        session, world, engagement, author_account_id=world.account["member_b"], author_body_id=world.body["partner_b"]
    )
    await makers.a_session(session, world, engagement)
    path = f"{PATH}/{engagement.id}/field-pack"
    queries.reset()
    answer = await api.get(path, as_="member_a")
    first = queries.count
    pack = ok(answer)
    FieldPack.model_validate(pack)
    assert [it["id"] for it in pack["findings"]] == [str(own.id)]
    assert [it["duty"] for it in pack["members"]] == ["head", "secretary", "member", "member"]
    assert (len(pack["sessions"]), pack["engagement"]["id"]) == (1, str(engagement.id))
    assert pack["campaign"]["outline"]["items"][0]["key"] == "I"
    assert len(pack["places"]) > 1
    assert "limitation" in [it["code"] for it in pack["vocabulary"]["finding_kind"]]
    etag = answer.headers["ETag"]
    assert (await api.get(path, as_="member_a", headers={"If-None-Match": etag})).status_code == 304
    await makers.a_finding(session, world, engagement)
    queries.reset()
    fresh = await api.get(path, as_="member_a", headers={"If-None-Match": etag})
    assert (fresh.status_code, len(fresh.json()["findings"])) == (200, 2)
    assert queries.count == first
