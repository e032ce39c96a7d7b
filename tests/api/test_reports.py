"""Reports: who may draft what, when a text freezes, who adopts, issues and publishes it."""

from datetime import date
from typing import Any, get_args
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.campaign import CampaignState
from app.domain.engagement import EngagementState, RevisionRequestState
from app.domain.finding import FindingKind, FindingState
from app.domain.recommendation import Origin
from app.domain.report import CONCLUSION, RESULT_REPORT, SELF_REPORT, ReportKind, ReportState
from app.domain.report_text import digest
from app.models.campaign import Campaign
from app.models.document import Classification
from app.models.engagement import Engagement, RevisionRequest
from app.models.history import AuditEvent
from app.models.recommendation import Recommendation
from app.models.report import ReportMove, ReportRead
from tests.client import Api, created, ok
from tests.makers import (
    a_campaign,
    a_delegation,
    a_document,
    a_finding,
    a_recommendation,
    a_report,
    a_session,
    an_engagement,
    keep,
)
from tests.queries import Queries
from tests.world import World

SECTIONS = [{"key": "I", "title": "Tồn tại, hạn chế", "content": "Một số phong trào chưa bền vững"}]
CIRCULATED_ON = date(2024, 4, 22)


async def at_work(session: AsyncSession, world: World, **fields: Any) -> tuple[Campaign, Engagement]:
    campaign = await a_campaign(session, world)
    delegation = await a_delegation(session, world, campaign)
    return campaign, await an_engagement(session, world, delegation, **fields)


def circulated(**fields: Any) -> dict[str, Any]:
    return {"state": ReportState.CIRCULATED, "circulated_on": CIRCULATED_ON, "hash": "a" * 64, **fields}


def payload(kind: str, campaign: Campaign, engagement: Engagement | None = None, **fields: Any) -> dict[str, Any]:
    about = {"engagement_id": str(engagement.id)} if engagement else {"campaign_id": str(campaign.id)}
    return {"kind": kind, "sections": SECTIONS, **about, **fields}


def code(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["code"])


def unmet(answer: dict[str, Any]) -> list[str]:
    return [it["code"] for it in answer["unmet"]]


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


def test_the_moves_that_clients_may_send_are_those_of_the_tables() -> None:
    union = get_args(ReportMove)[0]
    sent = {get_args(it.model_fields["action"].annotation)[0] for it in get_args(union)}
    assert sent == {*SELF_REPORT.actions, *RESULT_REPORT.actions, *CONCLUSION.actions}


@pytest.mark.parametrize(
    ("kind", "of_engagement", "part", "status"),
    [
        ("self_report", True, "supervised", 201),
        ("self_report", True, "secretary", 403),
        ("self_report", True, "partner", 403),
        ("self_report", True, "stranger", 404),
        ("result_report", True, "secretary", 201),
        ("result_report", True, "head", 201),
        ("result_report", True, "lead_leader", 403),
        ("result_report", True, "member_a", 403),
        ("result_report", True, "supervised", 403),
        ("result_report", False, "lead_officer", 201),
        ("result_report", False, "lead_clerk", 403),
        ("result_report", False, "partner", 403),
        ("result_report", False, "stranger", 404),
        ("conclusion", False, "lead_leader", 201),
        ("conclusion", False, "supervised", 403),
        ("notice", False, "lead_officer", 201),
        ("notice", True, "lead_officer", 201),
    ],
)
async def test_each_kind_is_drafted_by_its_author(
    api: Api, world: World, session: AsyncSession, kind: str, of_engagement: bool, part: str, status: int
) -> None:
    campaign, engagement = await at_work(session, world)
    sent = payload(kind, campaign, engagement if of_engagement else None)
    answer = await api.post("/v1/reports", sent, as_=part)
    assert answer.status_code == status, answer.text


async def test_a_draft_says_whose_it_is_and_what_may_be_done(api: Api, world: World, session: AsyncSession) -> None:
    campaign, engagement = await at_work(session, world)
    answer = await api.post("/v1/reports", payload("self_report", campaign, engagement), as_="supervised")
    made = created(answer)
    ReportRead.model_validate(made)
    assert answer.headers["Location"] == f"/v1/reports/{made['id']}"
    assert made["author_body_id"] == str(world.body["supervised"])
    assert made["campaign_id"] == str(campaign.id)
    assert (made["version"], made["state"], made["hash"]) == (1, "draft", None)
    assert set(made["actions"]) == {"circulate", "withdraw"}


@pytest.mark.parametrize(
    ("changes", "pointer", "fault"),
    [
        ({"kind": "self_report"}, "/engagement_id", "missing"),
        ({"campaign_id": None}, "/campaign_id", "missing"),
        ({"answers_request_id": str(uuid4())}, "/answers_request_id", "self_report_only"),
        (
            {"on_behalf": {"document_id": str(uuid4()), "received_on": "2024-04-01"}},
            "/on_behalf",
            "self_report_only",
        ),
        ({"sections": [*SECTIONS, *SECTIONS]}, "/sections/1/key", "repeated_key"),
        ({"sections": [{"key": "a/b", "title": "x"}]}, "/sections/0/key", "string_pattern_mismatch"),
        ({"title": "a\0b"}, "/title", "nul_character"),
        ({"state": "adopted"}, "/state", "extra_forbidden"),
    ],
)
async def test_what_contradicts_itself_is_refused_before_anything_is_looked_up(
    api: Api, world: World, changes: dict[str, Any], pointer: str, fault: str
) -> None:
    sent = {"kind": "conclusion", "campaign_id": str(uuid4()), "sections": SECTIONS, **changes}
    assert (pointer, fault) in faults(await api.post("/v1/reports", sent, as_="lead_officer"))


async def test_an_author_has_one_draft_at_a_time(api: Api, world: World, session: AsyncSession) -> None:
    campaign, _ = await at_work(session, world)
    sent = payload("conclusion", campaign)
    first = created(await api.post("/v1/reports", sent, as_="lead_officer", key="once"))
    again = await api.post("/v1/reports", sent, as_="lead_officer", key="once")
    assert created(again)["id"] == first["id"]
    second = await api.post("/v1/reports", sent, as_="lead_officer")
    assert code(second, 409) == "draft_exists"
    assert second.json()["draft_id"] == first["id"]
    await api.move(f"/v1/reports/{first['id']}", "withdraw", as_="lead_officer")
    assert created(await api.post("/v1/reports", sent, as_="lead_officer"))["version"] == 2


@pytest.mark.parametrize(
    ("campaign_state", "engagement_state", "kind", "part", "expected"),
    [
        (CampaignState.PLANNED, EngagementState.NOTIFIED, "conclusion", "lead_officer", "campaign_not_underway"),
        (CampaignState.REPORTED, EngagementState.FINALISED, "result_report", "head", "campaign_not_underway"),
        (CampaignState.UNDERWAY, EngagementState.FINALISED, "result_report", "head", "engagement_final"),
        (CampaignState.UNDERWAY, EngagementState.FINALISED, "self_report", "supervised", "engagement_final"),
    ],
)
async def test_reports_are_drafted_while_the_work_goes_on(
    api: Api,
    world: World,
    session: AsyncSession,
    campaign_state: CampaignState,
    engagement_state: EngagementState,
    kind: str,
    part: str,
    expected: str,
) -> None:
    campaign, engagement = await at_work(session, world, state=engagement_state)
    campaign.state = campaign_state
    await keep(session, campaign)
    about = None if kind == "conclusion" else engagement
    assert code(await api.post("/v1/reports", payload(kind, campaign, about), as_=part), 409) == expected


@pytest.mark.parametrize(
    ("kind", "of_engagement", "author", "readers"),
    [
        ("self_report", True, "supervised", {"supervised"}),
        ("result_report", True, "lead", {"head", "secretary", "member_a", "member_b"}),
        ("result_report", False, "lead", {"head", "secretary", "lead_leader", "lead_officer", "lead_clerk"}),
        ("conclusion", False, "lead", {"head", "secretary", "lead_leader", "lead_officer", "lead_clerk"}),
    ],
)
async def test_a_draft_is_its_authors_alone(
    api: Api,
    world: World,
    session: AsyncSession,
    kind: ReportKind,
    of_engagement: bool,
    author: str,
    readers: set[str],
) -> None:
    campaign, engagement = await at_work(session, world)
    about = engagement.id if of_engagement else None
    body = world.body[author]
    report = await a_report(session, world, campaign, kind=kind, engagement_id=about, author_body_id=body)
    for part in world.account:
        answer = await api.get(f"/v1/reports/{report.id}", as_=part)
        assert answer.status_code == (200 if part in readers else 404), part


async def test_a_draft_changes_at_the_version_seen(api: Api, world: World, session: AsyncSession) -> None:
    campaign, _ = await at_work(session, world)
    report = await a_report(session, world, campaign)
    path, change = f"/v1/reports/{report.id}", {"title": "Báo cáo chung", "sections": SECTIONS}
    assert code(await api.patch(path, change, as_="lead_officer"), 428) == "unversioned"
    assert code(await api.patch(path, change, as_="lead_officer", if_match=7), 412) == "stale"
    assert code(await api.patch(path, {"title": None}, as_="lead_officer", if_match=1), 422) == "invalid"
    answer = await api.patch(path, change, as_="lead_officer", if_match=1)
    changed = ok(answer)
    assert changed["title"] == "Báo cáo chung"
    assert changed["sections"] == [{**SECTIONS[0], "finding_ids": [], "clause": None, "redacted": False}]
    assert answer.headers["ETag"] == '"2"'


async def test_one_section_is_replaced_in_its_place_or_added(api: Api, world: World, session: AsyncSession) -> None:
    campaign, _ = await at_work(session, world)
    report = await a_report(session, world, campaign)
    path = f"/v1/reports/{report.id}/sections"
    assert code(await api.put(f"{path}/II", {"title": "Kết quả"}, as_="lead_officer"), 428) == "unversioned"
    added = ok(await api.put(f"{path}/II", {"title": "Bài học"}, as_="lead_officer", if_match=1))
    assert [it["key"] for it in added["sections"]] == ["I", "II"]
    text = {"title": "Kết quả", "content": "Đã phổ biến sâu rộng"}
    replaced = ok(await api.put(f"{path}/I", text, as_="lead_officer", if_match=2))
    assert [(it["key"], it["content"]) for it in replaced["sections"]] == [("I", "Đã phổ biến sâu rộng"), ("II", "")]


@pytest.mark.parametrize(
    ("state", "part", "expected"),
    [
        (ReportState.CIRCULATED, "lead_officer", (409, "immutable")),
        (ReportState.ADOPTED, "lead_officer", (409, "immutable")),
        (ReportState.CIRCULATED, "partner", (403, "forbidden")),
        (ReportState.CIRCULATED, "supervised", (403, "forbidden")),
        (ReportState.CIRCULATED, "stranger", (404, "not_found")),
    ],
)
async def test_what_has_gone_out_cannot_change(
    api: Api, world: World, session: AsyncSession, state: ReportState, part: str, expected: tuple[int, str]
) -> None:
    campaign, _ = await at_work(session, world)
    report = await a_report(session, world, campaign, **circulated(state=state))
    path = f"/v1/reports/{report.id}"
    for answer in (
        await api.patch(path, {"title": "Khác"}, as_=part, if_match=1),
        await api.put(f"{path}/sections/I", {"title": "Khác"}, as_=part, if_match=1),
    ):
        assert code(answer, expected[0]) == expected[1]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"state": FindingState.SUBMITTED}, "finding_not_accepted"),
        ({"state": FindingState.ACCEPTED, "kind": FindingKind.VIOLATION_SIGN}, "sign_not_reported"),
    ],
)
async def test_a_report_rests_on_accepted_findings(
    api: Api, world: World, session: AsyncSession, fields: dict[str, Any], fault: str
) -> None:
    campaign, engagement = await at_work(session, world)
    finding = await a_finding(session, world, engagement, **fields)
    sections = [{**SECTIONS[0], "finding_ids": [str(finding.id)]}]
    sent = payload("result_report", campaign, engagement, sections=sections)
    assert faults(await api.post("/v1/reports", sent, as_="secretary")) == [("/sections/0/finding_ids/0", fault)]


async def test_findings_of_others_are_not_known(api: Api, world: World, session: AsyncSession) -> None:
    campaign, engagement = await at_work(session, world)
    finding = await a_finding(session, world, engagement, state=FindingState.ACCEPTED)
    other = await an_engagement(session, world, await a_delegation(session, world, campaign))
    elsewhere, _ = await at_work(session, world)
    sections = [{**SECTIONS[0], "finding_ids": [str(finding.id)]}]
    for sent, part in (
        (payload("self_report", campaign, engagement, sections=sections), "supervised"),
        (payload("conclusion", elsewhere, sections=sections), "lead_officer"),
    ):
        assert code(await api.post("/v1/reports", sent, as_=part), 404) == "not_found"
    wrong = await api.post("/v1/reports", payload("result_report", campaign, other, sections=sections), as_="secretary")
    assert faults(wrong) == [("/sections/0/finding_ids/0", "other_engagement")]


@pytest.mark.parametrize("field", ["document_id", "answers_request_id", "campaign_id"])
async def test_what_a_draft_names_must_be_the_callers_to_see(
    api: Api, world: World, session: AsyncSession, field: str
) -> None:
    campaign, engagement = await at_work(session, world)
    foreign = await a_document(session, world, "stranger")
    sent = payload("self_report", campaign, engagement, **{field: str(foreign.id)})
    assert code(await api.post("/v1/reports", sent, as_="supervised"), 404) == "not_found"


async def test_circulation_freezes_the_text_by_its_hash(api: Api, world: World, session: AsyncSession) -> None:
    campaign, _ = await at_work(session, world)
    report = await a_report(session, world, campaign)
    path = f"/v1/reports/{report.id}"
    assert (await api.get(path, as_="partner")).status_code == 404
    await api.move(path, "circulate", as_="lead_officer", expect=403)
    sent = await api.move(path, "circulate", as_="lead_leader", on="2024-04-22")
    text = {"kind": "result_report", "title": report.title, "number": 1, "sections": report.sections}
    assert sent["hash"] == digest(**text)
    assert (sent["state"], sent["circulated_on"]) == ("circulated", "2024-04-22")
    for part in ("partner", "supervised"):
        assert ok(await api.get(path, as_=part))["hash"] == sent["hash"]
    assert (await api.get(path, as_="addressee")).status_code == 404
    history = ok(await api.get(f"{path}/transitions", as_="supervised"))["items"]
    assert [(it["action"], it["on"]) for it in history] == [("circulate", "2024-04-22")]


async def test_an_engagements_result_report_goes_out_with_its_engagement(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign, engagement = await at_work(session, world)
    report = await a_report(session, world, campaign, engagement_id=engagement.id)
    await api.move(f"/v1/reports/{report.id}", "circulate", as_="head", expect=403)


async def a_request(session: AsyncSession, engagement: Engagement, promise: Recommendation | None) -> RevisionRequest:
    request = RevisionRequest(
        engagement_id=engagement.id,
        campaign_id=engagement.campaign_id,
        reason="Bổ sung số liệu",
        requested_on=date(2024, 4, 12),
        due_on=date(2024, 4, 26),
        due_basis={"text": "Kết luận buổi làm việc"},
        recommendation_id=promise.id if promise else None,
    )
    await keep(session, request)
    return request


async def test_a_new_self_report_answers_the_request_and_claims_the_promise(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign, engagement = await at_work(session, world, state=EngagementState.COMMENTING)
    supervised = world.body["supervised"]
    own = {"kind": ReportKind.SELF_REPORT, "engagement_id": engagement.id, "author_body_id": supervised}
    first = await a_report(session, world, campaign, **own, **circulated())
    promise = await a_recommendation(
        session, world, campaign, origin=Origin.SESSION, addressee_id=supervised, engagement_id=engagement.id
    )
    request = await a_request(session, engagement, promise)
    sent = payload("self_report", campaign, engagement, answers_request_id=str(request.id))
    second = created(await api.post("/v1/reports", sent, as_="supervised"))
    assert (second["version"], second["previous_id"]) == (2, str(first.id))
    arrived = await api.move(f"/v1/reports/{second['id']}", "circulate", as_="supervised", on="2024-06-03")
    assert arrived["state"] == "circulated"
    assert ok(await api.get(f"/v1/reports/{first.id}", as_="lead_officer"))["state"] == "superseded"
    await session.refresh(request)
    assert (request.state, request.answered_on) == (RevisionRequestState.ANSWERED, date(2024, 6, 3))
    await session.refresh(promise)
    assert promise.state == "verifying"
    closed = await api.post("/v1/reports", sent, as_="supervised")
    assert code(closed, 409) == "request_closed"


async def test_a_self_report_that_answers_nothing_goes_with_its_engagement(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign, engagement = await at_work(session, world)
    made = created(await api.post("/v1/reports", payload("self_report", campaign, engagement), as_="supervised"))
    refused = await api.move(f"/v1/reports/{made['id']}", "circulate", as_="supervised", expect=409)
    assert unmet(refused) == ["answers_revision_request"]


async def test_the_lead_records_a_self_report_that_came_on_paper(api: Api, world: World, session: AsyncSession) -> None:
    campaign = await a_campaign(session, world)
    delegation = await a_delegation(session, world, campaign)
    engagement = await an_engagement(session, world, delegation, supervised_body_id=world.body["paper_addressee"])
    request = await a_request(session, engagement, None)
    paper = await a_document(session, world)
    on_behalf = {"document_id": str(paper.id), "received_on": "2024-04-25"}
    sent = payload("self_report", campaign, engagement, answers_request_id=str(request.id), on_behalf=on_behalf)
    assert code(await api.post("/v1/reports", sent, as_="partner"), 403) == "forbidden"
    made = created(await api.post("/v1/reports", sent, as_="lead_clerk"))
    assert made["author_body_id"] == str(world.body["paper_addressee"])
    assert made["on_behalf"] == on_behalf
    path = f"/v1/reports/{made['id']}"
    assert (await api.get(path, as_="partner")).status_code == 404
    changed = await api.put(f"{path}/sections/II", {"title": "Kết quả"}, as_="lead_clerk", if_match=1)
    assert ok(changed)["on_behalf"] == on_behalf
    await api.move(path, "circulate", as_="lead_clerk", expect=403)
    arrived = await api.move(path, "circulate", as_="lead_clerk", on="2024-04-26", on_behalf=on_behalf)
    assert arrived["state"] == "circulated"
    history = ok(await api.get(f"{path}/transitions", as_="secretary"))["items"]
    assert history[0]["for_body_id"] == str(world.body["paper_addressee"])
    assert history[0]["on_behalf"] == on_behalf


async def test_nobody_writes_for_a_body_that_has_its_own_account(api: Api, world: World, session: AsyncSession) -> None:
    campaign, engagement = await at_work(session, world)
    paper = await a_document(session, world)
    on_behalf = {"document_id": str(paper.id), "received_on": "2024-04-25"}
    sent = payload("self_report", campaign, engagement, on_behalf=on_behalf)
    assert code(await api.post("/v1/reports", sent, as_="lead_clerk"), 409) == "has_own_account"


@pytest.mark.parametrize(
    ("part", "status"), [("head", 200), ("secretary", 403), ("lead_leader", 403), ("partner", 403)]
)
async def test_the_head_adopts_the_engagements_report(
    api: Api, world: World, session: AsyncSession, part: str, status: int
) -> None:
    campaign, engagement = await at_work(session, world, state=EngagementState.FINALISED)
    report = await a_report(session, world, campaign, engagement_id=engagement.id, **circulated())
    adopted = await api.move(f"/v1/reports/{report.id}", "adopt", as_=part, expect=status, on="2024-05-06")
    assert adopted.get("adopted_on") == ("2024-05-06" if status == 200 else None)


async def test_adoption_waits_for_the_end_of_the_work_and_for_the_partners(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign, engagement = await at_work(session, world, state=EngagementState.COMMENTING)
    report = await a_report(session, world, campaign, engagement_id=engagement.id, **circulated())
    refused = await api.move(f"/v1/reports/{report.id}", "adopt", as_="head", expect=409, on="2024-04-23")
    assert unmet(refused) == ["engagement_finalised", "partners_signed"]


@pytest.mark.parametrize(("on", "status"), [("2024-05-02", 409), ("2024-05-03", 200)])
async def test_five_working_days_of_silence_let_a_report_be_adopted(
    api: Api, world: World, session: AsyncSession, on: str, status: int
) -> None:
    """Circulated on Monday 22/04/2024; 29/04, 30/04 and 01/05 are days off, so the fifth working day is 02/05."""
    campaign, _ = await at_work(session, world)
    report = await a_report(session, world, campaign, **circulated())
    await api.move(f"/v1/reports/{report.id}", "adopt", as_="lead_leader", expect=status, on=on)


@pytest.mark.parametrize("of_engagement", [True, False])
async def test_nothing_is_adopted_while_a_revision_is_awaited(
    api: Api, world: World, session: AsyncSession, of_engagement: bool
) -> None:
    campaign, engagement = await at_work(session, world, state=EngagementState.FINALISED)
    await a_request(session, engagement, None)
    about = engagement.id if of_engagement else None
    report = await a_report(session, world, campaign, engagement_id=about, **circulated())
    part = "head" if of_engagement else "lead_leader"
    refused = await api.move(f"/v1/reports/{report.id}", "adopt", as_=part, expect=409)
    assert refused["code"] == "revision_open"


async def test_a_campaign_wide_report_is_adopted_while_the_campaign_is_underway(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign = await a_campaign(session, world, state=CampaignState.REPORTED)
    report = await a_report(session, world, campaign, **circulated())
    refused = await api.move(f"/v1/reports/{report.id}", "adopt", as_="lead_leader", expect=409)
    assert unmet(refused) == ["report_campaign_underway"]
    again = await api.move(f"/v1/reports/{report.id}", "circulate", as_="lead_leader", expect=409)
    assert (again["code"], again["state"], again["allowed"]) == ("move_not_allowed", "circulated", ["adopt"])


async def test_a_conclusion_is_adopted_issued_published_and_withheld_again(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign = await a_campaign(session, world, state=CampaignState.REPORTED)
    await a_recommendation(session, world, campaign)
    paper = await a_document(session, world, symbol="25-KL/BDVTU", number=25, issued_on=date(2024, 5, 15))
    report = await a_report(session, world, campaign, kind=ReportKind.CONCLUSION)
    path = f"/v1/reports/{report.id}"
    adopted = await api.move(path, "adopt", as_="lead_leader", on="2024-05-14")
    assert len(adopted["hash"]) == 64
    assert (await api.get(path, as_="addressee")).status_code == 404
    assert (await api.get(path, as_="partner")).status_code == 404
    issued = await api.move(path, "issue", as_="lead_leader", on="2024-05-16", document_id=str(paper.id))
    assert issued["issued_on"] == "2024-05-15"
    assert issued["document"] == {"symbol": "25-KL/BDVTU", "issued_on": "2024-05-15"}
    for part in ("addressee", "superior", "partner"):
        assert ok(await api.get(path, as_=part))["view"] == "full"
    assert (await api.get(path, as_="stranger")).status_code == 404
    await api.move(path, "publish", as_="lead_leader", on="2024-05-20")
    assert ok(await api.get(path, as_="stranger"))["view"] == "public"
    assert ok(await api.get("/v1/reports", as_="stranger"))["items"][0]["view"] == "public"
    withheld = await api.move(path, "unpublish", as_="lead_leader", on="2024-05-21")
    assert (withheld["state"], withheld["published_on"], withheld["hash"]) == ("issued", None, adopted["hash"])
    assert (await api.get(path, as_="stranger")).status_code == 404


async def test_a_conclusion_is_issued_with_its_document_after_the_report(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign = await a_campaign(session, world)
    report = await a_report(session, world, campaign, kind=ReportKind.CONCLUSION, state=ReportState.ADOPTED)
    path = f"/v1/reports/{report.id}"
    assert unmet(await api.move(path, "issue", as_="lead_leader", expect=409)) == ["has_document", "campaign_reported"]
    foreign = await a_document(session, world, "stranger")
    await api.move(path, "issue", as_="lead_leader", expect=404, document_id=str(foreign.id))
    campaign.state = CampaignState.REPORTED
    await keep(session, campaign)
    paper = await a_document(session, world, issued_on=date(2024, 5, 15))
    late = {"document_id": str(paper.id), "issued_on": "2024-05-20", "on": "2024-05-18"}
    refused = await api.move(path, "issue", as_="lead_leader", expect=422, **late)
    assert [(it["pointer"], it["code"]) for it in refused["errors"]] == [("/issued_on", "later_than_on")]
    issued = await api.move(path, "issue", as_="lead_leader", document_id=str(paper.id), issued_on="2024-05-20")
    assert issued["issued_on"] == "2024-05-20"
    history = ok(await api.get(f"{path}/transitions", as_="lead_officer"))["items"]
    assert history[0]["on"] == "2024-05-20"


async def test_what_was_issued_on_a_classified_paper_is_not_published(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign = await a_campaign(session, world, state=CampaignState.REPORTED)
    paper = await a_document(session, world, classification=Classification.SECRET)
    issued = {"state": ReportState.ISSUED, "issued_on": date(2024, 5, 15), "document_id": paper.id, "hash": "a" * 64}
    report = await a_report(session, world, campaign, kind=ReportKind.CONCLUSION, **issued)
    refused = await api.move(f"/v1/reports/{report.id}", "publish", as_="lead_leader", expect=409)
    assert unmet(refused) == ["document_unclassified"]


async def test_sections_are_marked_as_withheld_without_changing_the_text(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign = await a_campaign(session, world, state=CampaignState.REPORTED)
    issued = {"state": ReportState.ISSUED, "issued_on": date(2024, 5, 15), "hash": "a" * 64}
    report = await a_report(session, world, campaign, kind=ReportKind.CONCLUSION, **issued)
    path = f"/v1/reports/{report.id}"
    unknown = await api.move(path, "publish", as_="lead_leader", expect=422, redacted_sections=["I", "IX"])
    assert [it["pointer"] for it in unknown["errors"]] == ["/redacted_sections/1"]
    published = await api.move(path, "publish", as_="lead_leader", redacted_sections=["I"])
    assert (published["sections"][0]["redacted"], published["hash"]) == (True, "a" * 64)
    assert ok(await api.get(path, as_="stranger"))["sections"] == []


async def test_a_comparison_needs_both_texts_and_shows_only_changes(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign, _ = await at_work(session, world)
    earlier = await a_report(session, world, campaign, **circulated(state=ReportState.SUPERSEDED))
    sections = [{**earlier.sections[0], "content": "… và bổ sung"}, {**SECTIONS[0], "key": "II"}]
    later = await a_report(session, world, campaign, sections=sections, number=2)
    path = f"/v1/reports/{later.id}/diff?against={earlier.id}"
    compared = ok(await api.get(path, as_="lead_officer"))
    assert [(it["key"], it["change"]) for it in compared["sections"]] == [("I", "changed"), ("II", "added")]
    assert {"op": "added", "text": " và bổ sung"} in compared["sections"][0]["content"]
    assert (await api.get(path, as_="partner")).status_code == 404
    assert (await api.get(f"/v1/reports/{later.id}/diff", as_="lead_officer")).status_code == 422


async def test_a_draft_is_generated_from_what_was_accepted(api: Api, world: World, session: AsyncSession) -> None:
    _, engagement = await at_work(session, world)
    await a_session(session, world, engagement)
    accepted = {"state": FindingState.ACCEPTED}
    limit = await a_finding(session, world, engagement, clause="I", **accepted)
    strength = await a_finding(session, world, engagement, kind=FindingKind.STRENGTH, **accepted)
    await a_finding(session, world, engagement, kind=FindingKind.VIOLATION_SIGN, **accepted)
    await a_finding(session, world, engagement, content="Chưa được chấp nhận")
    path = f"/v1/engagements/{engagement.id}/draft-report"
    for part, status in (("supervised", 403), ("lead_officer", 403), ("stranger", 404)):
        assert (await api.post(path, as_=part)).status_code == status
    made = created(await api.post(path, as_="secretary"))
    held = {it["key"]: it["finding_ids"] for it in made["sections"] if it["finding_ids"]}
    assert held == {"limitations.I": [str(limit.id)], "strengths": [str(strength.id)]}
    assert made["sections"][0]["key"] == "basis"
    assert "133-QĐ/BDVTU" in made["sections"][0]["content"]
    assert code(await api.post(path, {}, as_="head"), 409) == "draft_exists"


async def test_the_campaigns_draft_gathers_every_engagement(api: Api, world: World, session: AsyncSession) -> None:
    campaign, engagement = await at_work(session, world, state=EngagementState.FINALISED)
    delegation = await a_delegation(session, world, campaign)
    other = await an_engagement(session, world, delegation, supervised_body_id=world.body["committee"])
    for it in (engagement, other):
        await a_finding(session, world, it, clause="I", state=FindingState.ACCEPTED)
    adopted = circulated(state=ReportState.ADOPTED, adopted_on=date(2024, 5, 6))
    await a_report(session, world, campaign, engagement_id=engagement.id, **adopted)
    await a_recommendation(session, world, campaign)
    path = f"/v1/campaigns/{campaign.id}/draft-report"
    assert code(await api.post(path, as_="partner"), 403) == "forbidden"
    made = created(await api.post(path, {"title": "Báo cáo chung"}, as_="lead_officer"))
    text = {it["key"]: it["content"] for it in made["sections"]}
    assert (made["title"], made["engagement_id"]) == ("Báo cáo chung", None)
    assert "Huyện ủy Quảng Điền: Một số phong trào" in text["limitations.I"]
    assert "thông qua 06/05/2024" in text["context"]
    assert text["recommendations"].startswith("Với Phòng Nội vụ huyện Quảng Điền:")


async def test_lists_are_filtered_paged_and_cost_the_same_however_long(
    api: Api, world: World, session: AsyncSession, queries: Queries
) -> None:
    campaign, engagement = await at_work(session, world)
    for number in range(3):
        await a_report(session, world, campaign, number=number + 1, title=f"Báo cáo nợ đọng {number}")
    wide = await a_report(session, world, campaign, kind=ReportKind.NOTICE)
    await a_report(session, world, campaign, engagement_id=engagement.id, **circulated())
    about = f"/v1/reports?campaign_id={campaign.id}"
    await api.get(about, as_="lead_officer")
    queries.reset()
    found = ok(await api.get(f"{about}&count=true", as_="lead_officer"))
    assert (len(found["items"]), found["count"]) == (5, 5)
    assert queries.count == 2, "who calls, the page"
    further = ok(await api.get(f"{about}&count=true&limit=2", as_="lead_officer"))
    assert (len(further["items"]), further["count"]) == (2, 5)
    assert queries.count == 5, "who calls, the page, the total"
    assert "sections" not in found["items"][0]
    notices = ok(await api.get(f"{about}&kind=notice&kind=conclusion", as_="lead_officer"))["items"]
    assert [it["id"] for it in notices] == [str(wide.id)]
    assert len(ok(await api.get(f"{about}&q=no dong", as_="lead_officer"))["items"]) == 3
    assert len(ok(await api.get(f"{about}&state=circulated", as_="supervised"))["items"]) == 1
    assert len(ok(await api.get(f"/v1/reports?engagement_id={engagement.id}", as_="partner"))["items"]) == 1
    first = ok(await api.get(f"{about}&limit=3", as_="lead_officer"))
    rest = ok(await api.get(f"{about}&limit=3&cursor={first['next_cursor']}", as_="lead_officer"))
    assert len({it["id"] for it in first["items"] + rest["items"]}) == 5
    assert code(await api.get(f"/v1/reports?cursor={first['next_cursor']}", as_="lead_officer"), 400) == "bad_cursor"
    assert (await api.get("/v1/reports?unknown=1", as_="lead_officer")).status_code == 422


async def test_a_published_report_is_not_found_by_its_hidden_campaign(
    api: Api, world: World, session: AsyncSession
) -> None:
    campaign = await a_campaign(session, world, state=CampaignState.REPORTED)
    published = {"state": ReportState.PUBLISHED, "issued_on": date(2024, 5, 15), "published_on": date(2024, 5, 20)}
    await a_report(session, world, campaign, kind=ReportKind.CONCLUSION, hash="a" * 64, **published)
    assert len(ok(await api.get("/v1/reports", as_="stranger"))["items"]) == 1
    assert ok(await api.get(f"/v1/reports?campaign_id={campaign.id}", as_="stranger"))["items"] == []


async def test_every_change_leaves_its_line_in_the_audit(api: Api, world: World, session: AsyncSession) -> None:
    campaign, _ = await at_work(session, world)
    made = created(await api.post("/v1/reports", payload("conclusion", campaign), as_="lead_officer"))
    path = f"/v1/reports/{made['id']}"
    ok(await api.patch(path, {"title": "Kết luận"}, as_="lead_officer", if_match=1))
    await api.move(path, "adopt", as_="lead_leader")
    lines = select(col(AuditEvent.action)).where(col(AuditEvent.subject_id) == made["id"]).order_by(col(AuditEvent.seq))
    told = (await session.execute(lines.execution_options(scope="test"))).scalars().all()
    assert told == ["report.create", "report.update", "report.adopt"]
