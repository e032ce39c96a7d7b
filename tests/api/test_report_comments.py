"""Comments: made by the supervised party while it is asked, answered by the delegation before the end."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.engagement import EngagementState
from app.domain.report import AnswerKind, ReportKind, ReportState
from app.models.engagement import Engagement
from app.models.report import CommentRead, Report, ReportComment
from tests.client import Api, created, ok
from tests.makers import a_campaign, a_delegation, a_document, a_report, an_engagement, keep
from tests.world import World

CIRCULATED_ON = date(2024, 4, 22)
COMMENT = {"text": "Đề nghị làm rõ số liệu về kết nạp đảng viên", "section_key": "I", "on": "2024-04-24"}


async def a_circulated(
    session: AsyncSession,
    world: World,
    *,
    party: str = "supervised",
    engagement: dict[str, Any] | None = None,
    **fields: Any,
) -> tuple[Report, Engagement]:
    campaign = await a_campaign(session, world)
    delegation = await a_delegation(session, world, campaign)
    state = {"state": EngagementState.COMMENTING, "supervised_body_id": world.body[party], **(engagement or {})}
    asked = await an_engagement(session, world, delegation, **state)
    values = {"state": ReportState.CIRCULATED, "circulated_on": CIRCULATED_ON, "hash": "a" * 64, **fields}
    return await a_report(session, world, campaign, engagement_id=asked.id, **values), asked


async def a_comment(session: AsyncSession, world: World, report: Report, **fields: Any) -> ReportComment:
    values: dict[str, Any] = {
        "report_id": report.id,
        "text": "Đề nghị làm rõ",
        "section_key": "I",
        "commented_on": date(2024, 4, 24),
        "account_id": world.account["supervised"],
        "body_id": world.body["supervised"],
    }
    comment = ReportComment(**{**values, **fields})
    await keep(session, comment)
    return comment


def code(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["code"])


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("supervised", 201),
        ("secretary", 403),
        ("lead_leader", 403),
        ("partner", 403),
        ("addressee", 404),
        ("stranger", 404),
    ],
)
async def test_the_supervised_party_comments(
    api: Api, world: World, session: AsyncSession, part: str, status: int
) -> None:
    report, _ = await a_circulated(session, world)
    assert (await api.post(f"/v1/reports/{report.id}/comments", COMMENT, as_=part)).status_code == status


async def test_a_comment_tells_whose_it_is_and_raises_the_reports_version(
    api: Api, world: World, session: AsyncSession
) -> None:
    report, _ = await a_circulated(session, world)
    path = f"/v1/reports/{report.id}"
    answer = await api.post(f"{path}/comments", COMMENT, as_="supervised", key="once")
    made = created(answer)
    CommentRead.model_validate(made)
    assert (made["body"]["short_name"], made["on"], made["answer"]) == ("BTV Huyện ủy", "2024-04-24", None)
    assert ok(await api.get(answer.headers["Location"], as_="partner")) == made
    assert (await api.get(path, as_="supervised")).headers["ETag"] == '"2"'
    again = await api.post(f"{path}/comments", COMMENT, as_="supervised", key="once")
    assert (created(again)["id"], again.headers["Idempotency-Replayed"]) == (made["id"], "true")


@pytest.mark.parametrize(
    ("engagement", "report"),
    [
        ({"state": EngagementState.SESSION_HELD}, {}),
        ({"state": EngagementState.FINALISED}, {}),
        ({}, {"state": ReportState.SUPERSEDED}),
        ({}, {"kind": ReportKind.SELF_REPORT}),
    ],
)
async def test_comments_are_made_on_the_circulated_draft_alone(
    api: Api, world: World, session: AsyncSession, engagement: dict[str, Any], report: dict[str, Any]
) -> None:
    circulated, _ = await a_circulated(session, world, engagement=engagement, **report)
    answer = await api.post(f"/v1/reports/{circulated.id}/comments", COMMENT, as_="supervised")
    assert code(answer, 409) == "not_commenting"


@pytest.mark.parametrize(
    ("changes", "pointer", "fault"),
    [
        ({"section_key": "IX"}, "/section_key", "unknown_section"),
        ({"on": "2024-04-21"}, "/on", "before_previous_step"),
        ({"on": "2999-01-01"}, "/on", "in_the_future"),
        ({"text": "  "}, "/text", "string_too_short"),
    ],
)
async def test_a_comment_stands_on_a_section_and_after_the_circulation(
    api: Api, world: World, session: AsyncSession, changes: dict[str, Any], pointer: str, fault: str
) -> None:
    report, _ = await a_circulated(session, world)
    answer = await api.post(f"/v1/reports/{report.id}/comments", {**COMMENT, **changes}, as_="supervised")
    assert answer.status_code == 422
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [(pointer, fault)]


async def test_comments_on_paper_are_recorded_for_a_party_without_account(
    api: Api, world: World, session: AsyncSession
) -> None:
    report, _ = await a_circulated(session, world, party="paper_addressee")
    paper = await a_document(session, world)
    sent = {**COMMENT, "on_behalf": {"document_id": str(paper.id), "received_on": "2024-04-25"}}
    path = f"/v1/reports/{report.id}/comments"
    assert code(await api.post(path, COMMENT, as_="lead_clerk"), 403) == "forbidden"
    assert code(await api.post(path, sent, as_="partner"), 403) == "forbidden"
    made = created(await api.post(path, sent, as_="lead_clerk"))
    assert made["body_id"] == str(world.body["paper_addressee"])
    assert (made["account_id"], made["on_behalf"]) == (str(world.account["lead_clerk"]), sent["on_behalf"])


async def test_nobody_comments_for_a_party_that_has_an_account(api: Api, world: World, session: AsyncSession) -> None:
    report, _ = await a_circulated(session, world)
    paper = await a_document(session, world)
    sent = {**COMMENT, "on_behalf": {"document_id": str(paper.id), "received_on": "2024-04-25"}}
    assert code(await api.post(f"/v1/reports/{report.id}/comments", sent, as_="secretary"), 409) == "has_own_account"


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("head", 200),
        ("secretary", 200),
        ("lead_leader", 403),
        ("member_a", 403),
        ("supervised", 403),
        ("stranger", 404),
    ],
)
async def test_the_secretariat_answers(api: Api, world: World, session: AsyncSession, part: str, status: int) -> None:
    report, _ = await a_circulated(session, world)
    comment = await a_comment(session, world, report)
    path = f"/v1/reports/{report.id}/comments/{comment.id}/answer"
    assert (await api.put(path, {"kind": "accepted"}, as_=part)).status_code == status


async def test_an_answer_is_dated_and_may_be_given_again(api: Api, world: World, session: AsyncSession) -> None:
    report, _ = await a_circulated(session, world)
    comment = await a_comment(session, world, report)
    path = f"/v1/reports/{report.id}/comments/{comment.id}/answer"
    explained = {"kind": "explained", "text": "Số liệu lấy từ báo cáo năm 2023", "on": "2024-04-26"}
    first = ok(await api.put(path, explained, as_="head"))["answer"]
    assert first == {**explained, "account_id": str(world.account["head"])}
    assert ok(await api.put(path, {"kind": "accepted"}, as_="head"))["answer"]["kind"] == "accepted"


@pytest.mark.parametrize(
    ("sent", "pointer", "fault"),
    [
        ({"kind": "explained"}, "/text", "missing"),
        ({"kind": "partly_accepted"}, "/text", "missing"),
        ({"kind": "declined", "text": "Không"}, "/kind", "enum"),
        ({"kind": "accepted", "on": "2024-04-23"}, "/on", "before_previous_step"),
        ({"kind": "accepted", "on": "2999-01-01"}, "/on", "in_the_future"),
    ],
)
async def test_an_answer_gives_reasons_unless_it_accepts(
    api: Api, world: World, session: AsyncSession, sent: dict[str, Any], pointer: str, fault: str
) -> None:
    report, _ = await a_circulated(session, world)
    comment = await a_comment(session, world, report)
    answer = await api.put(f"/v1/reports/{report.id}/comments/{comment.id}/answer", sent, as_="head")
    assert answer.status_code == 422
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [(pointer, fault)]


async def test_answers_end_with_the_engagement(api: Api, world: World, session: AsyncSession) -> None:
    report, _ = await a_circulated(session, world, engagement={"state": EngagementState.FINALISED})
    comment = await a_comment(session, world, report)
    path = f"/v1/reports/{report.id}/comments/{comment.id}/answer"
    assert code(await api.put(path, {"kind": "accepted"}, as_="head"), 409) == "engagement_final"


async def test_a_comment_is_found_under_its_own_report(api: Api, world: World, session: AsyncSession) -> None:
    report, _ = await a_circulated(session, world)
    other, _ = await a_circulated(session, world)
    comment = await a_comment(session, world, report)
    path = f"/v1/reports/{other.id}/comments/{comment.id}"
    assert code(await api.get(path, as_="head"), 404) == "not_found"
    assert code(await api.put(f"{path}/answer", {"kind": "accepted"}, as_="head"), 404) == "not_found"


async def test_both_sides_read_the_comments(api: Api, world: World, session: AsyncSession) -> None:
    report, _ = await a_circulated(session, world)
    waiting = await a_comment(session, world, report)
    answered = {"answer_kind": AnswerKind.ACCEPTED, "answered_on": date(2024, 4, 26)}
    done = await a_comment(session, world, report, answered_by_id=world.account["head"], section_key=None, **answered)
    path = f"/v1/reports/{report.id}/comments"
    for part in ("lead_officer", "partner", "member_a", "supervised"):
        assert len(ok(await api.get(path, as_=part))["items"]) == 2, part
    for part in ("addressee", "superior", "stranger"):
        assert (await api.get(path, as_=part)).status_code == 404, part
    for query, expected in (("answered=true", done), ("answered=false", waiting), ("section_key=I", waiting)):
        found = ok(await api.get(f"{path}?{query}", as_="head"))["items"]
        assert [it["id"] for it in found] == [str(expected.id)], query
