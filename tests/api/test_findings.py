"""Findings: who files, what is refused, who sees and moves them, what a retry answers."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.core.clock import today
from app.core.ids import new_id
from app.domain.delegation import DelegationState
from app.domain.engagement import EngagementState
from app.domain.finding import FindingKind, FindingState
from app.models.base import Listing
from app.models.body import LineageEvent, LineageLink
from app.models.delegation import Delegation, DelegationMember
from app.models.engagement import Engagement
from app.models.finding import FindingRead
from app.models.history import AuditEvent, OutboxMessage
from tests.client import Api, created, ok
from tests.ground import standing
from tests.makers import a_campaign, a_delegation, a_document, a_finding, a_session, an_engagement, keep
from tests.queries import Queries
from tests.world import World

FINDINGS = "/v1/findings"


@pytest.fixture(scope="module")
async def delegation(groundwork: AsyncSession, world: World) -> Delegation:
    return await a_delegation(groundwork, world, await a_campaign(groundwork, world))


@pytest.fixture
async def connection(ground: AsyncConnection, delegation: Delegation, app: FastAPI) -> AsyncIterator[AsyncConnection]:
    async with standing(ground, app) as connection:
        yield connection


@pytest.fixture
async def engagement(session: AsyncSession, world: World, delegation: Delegation) -> Engagement:
    return await an_engagement(session, world, delegation)


def limitation(engagement: Engagement, **fields: Any) -> dict[str, Any]:
    return {
        "engagement_id": str(engagement.id),
        "kind": "limitation",
        "content": "Còn nợ đọng trong đóng góp quỹ, chậm khắc phục",
        "clause": "I",
        **fields,
    }


async def test_a_member_files_a_finding_for_its_own_body(api: Api, world: World, engagement: Engagement) -> None:
    sent = limitation(engagement, recorded_at_device="2024-04-02T09:30:00+07:00", occurred_on="2022-05-01", extent=3)
    answer = await api.post(FINDINGS, sent, as_="member_a")
    it = created(answer)
    assert answer.headers["Location"] == f"{FINDINGS}/{it['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert it["campaign_id"] == str(engagement.campaign_id)
    assert it["author"] == {"id": str(world.account["member_a"]), "name": "member_a"}
    assert it["author_body"]["short_name"] == "MTTQ tỉnh"
    assert it["supervised_body"]["short_name"] == "BTV Huyện ủy"
    assert datetime.fromisoformat(it["recorded_at_device"]) == datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
    assert it["actions"] == ["submit", "withdraw"]
    FindingRead.model_validate(it)


@pytest.mark.parametrize(
    ("status", "who"),
    [
        *((201, who) for who in ("head", "secretary", "member_b")),
        *((403, who) for who in ("lead_officer", "partner", "supervised")),
        *((404, who) for who in ("superior", "stranger", "administrator")),
    ],
)
async def test_only_a_seat_in_the_delegation_files(api: Api, engagement: Engagement, who: str, status: int) -> None:
    answer = await api.post(FINDINGS, limitation(engagement), as_=who)
    assert answer.status_code == status, answer.text


async def test_who_is_recused_has_no_seat(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    await session.execute(
        update(DelegationMember).where(DelegationMember.account_id == world.account["member_a"]).values(recused=True)  # type: ignore[arg-type]
    )
    await session.commit()
    assert (await api.post(FINDINGS, limitation(engagement), as_="member_a")).status_code == 403


@pytest.mark.parametrize("state", [EngagementState.FINALISED, EngagementState.DISCONTINUED])
async def test_nothing_is_filed_or_edited_once_the_engagement_has_ended(
    api: Api, session: AsyncSession, world: World, engagement: Engagement, state: EngagementState
) -> None:
    sent = limitation(engagement, id=str(new_id()))
    it = created(await api.post(FINDINGS, sent, as_="member_a"))
    engagement.state = state
    await keep(session, engagement)
    late = await api.post(FINDINGS, limitation(engagement), as_="member_a")
    assert (late.status_code, late.json()["code"]) == (409, "engagement_final")
    edit = await api.patch(f"{FINDINGS}/{it['id']}", {"extent": 2}, as_="member_a", if_match=1)
    assert (edit.status_code, edit.json()["code"]) == (409, "engagement_final")
    assert ok(await api.post(FINDINGS, sent, as_="member_a"))["id"] == it["id"]


async def test_a_delegation_without_decision_files_nothing(api: Api, session: AsyncSession, world: World) -> None:
    campaign = await a_campaign(session, world)
    delegation = await a_delegation(session, world, campaign, state=DelegationState.FORMING)
    engagement = await an_engagement(session, world, delegation)
    answer = await api.post(FINDINGS, limitation(engagement), as_="member_a")
    assert (answer.status_code, answer.json()["code"]) == (409, "delegation_not_decided")


def refused(field: str, value: Any, pointer: str, code: str) -> Any:
    return pytest.param({field: value}, pointer, code, id=f"{field}-{code}")


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        refused("clause", "IX", "/clause", "unknown_clause"),
        refused("occurred_on", "2020-12-31", "/context", "context_required"),
        refused("occurred_on", "2999-01-01", "/occurred_on", "in_the_future"),
        refused("occurred_on", "0001-01-01", "/context", "context_required"),
        refused("place_code", "00000", "/place_code", "unknown_place"),
        refused("campaign_id", str(uuid4()), "/campaign_id", "other_campaign"),
        refused("extent", 0, "/extent", "greater_than_equal"),
        refused("extent", 10**30, "/extent", "less_than_equal"),
        refused("kind", "rumour", "/kind", "enum"),
        refused("content", "  ", "/content", "string_too_short"),
        refused("content", "a\0b", "/content", "nul_character"),
        refused("id", str(uuid4()), "/id", "uuid_version"),
        refused("recorded_at_device", "0001-01-01T00:00:00+14:00", "/recorded_at_device", "not_by_a_clock"),
        refused("recorded_at_device", "2024-04-02T09:30:00", "/recorded_at_device", "timezone_aware"),
        refused("state", "accepted", "/state", "extra_forbidden"),
        refused("evidence", [{"kind": "document"}], "/evidence/0/document_id", "missing"),
    ],
)
async def test_a_wrong_field_is_named(
    api: Api, engagement: Engagement, fields: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await api.post(FINDINGS, limitation(engagement, **fields), as_="member_a")
    assert answer.status_code == 422, answer.text
    assert (pointer, code) in [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


async def test_what_lies_outside_the_review_period_is_told_as_context(api: Api, engagement: Engagement) -> None:
    created(await api.post(FINDINGS, limitation(engagement, occurred_on="2019-03-03", context=True), as_="member_a"))


async def test_without_an_outline_any_clause_is_taken(api: Api, session: AsyncSession, world: World) -> None:
    campaign = await a_campaign(session, world, outline={})
    engagement = await an_engagement(session, world, await a_delegation(session, world, campaign))
    created(await api.post(FINDINGS, limitation(engagement, clause="IX"), as_="member_a"))


async def test_a_finding_names_only_what_its_author_may_open(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    foreign = await a_document(session, world, "stranger")
    mine = await a_document(session, world, "partner")
    held = await a_session(session, world, engagement)
    papers = [{"kind": "document", "document_id": str(mine.id)}, {"kind": "session", "session_id": str(held.id)}]
    it = created(await api.post(FINDINGS, limitation(engagement, evidence=papers), as_="member_a"))
    assert it["evidence"] == papers
    hidden = [{"kind": "document", "document_id": str(foreign.id)}]
    for evidence in (hidden, [{"kind": "attachment", "attachment_id": str(uuid4())}]):
        answer = await api.post(FINDINGS, limitation(engagement, evidence=evidence), as_="member_a")
        assert answer.status_code == 404, answer.text
    seen = await api.post(f"{FINDINGS}/{it['id']}/transitions", {"action": "submit"}, as_="member_a", if_match=1)
    assert seen.status_code == 200


async def test_a_session_of_another_engagement_is_unknown_here(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    delegation = await a_delegation(session, world, await a_campaign(session, world))
    elsewhere = await a_session(session, world, await an_engagement(session, world, delegation))
    evidence = [{"kind": "session", "session_id": str(elsewhere.id)}]
    for fields in ({"evidence": evidence}, {"session_id": str(elsewhere.id)}):
        assert (await api.post(FINDINGS, limitation(engagement, **fields), as_="member_a")).status_code == 404


async def test_a_cause_names_findings_of_the_same_engagement(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    effect = await a_finding(session, world, engagement)
    delegation = await a_delegation(session, world, await a_campaign(session, world))
    elsewhere = await a_finding(session, world, await an_engagement(session, world, delegation))
    hidden = await a_finding(session, world, engagement, state=FindingState.DRAFT)
    cause = {"kind": "cause_subjective"}
    it = created(await api.post(FINDINGS, limitation(engagement, **cause, cause_of=[str(effect.id)]), as_="member_b"))
    assert it["cause_of"] == [str(effect.id)]
    other = await api.post(FINDINGS, limitation(engagement, cause_of=[str(elsewhere.id)]), as_="member_b")
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "other_engagement")
    unseen = await api.post(FINDINGS, limitation(engagement, cause_of=[str(hidden.id)]), as_="member_b")
    assert unseen.status_code == 404


async def test_a_repeat_is_of_the_same_body_or_its_predecessor(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    delegation = await a_delegation(session, world, await a_campaign(session, world))
    earlier = await an_engagement(session, world, delegation, supervised_body_id=world.body["addressee"])
    repeated = limitation(engagement, repeat_of=str((await a_finding(session, world, earlier)).id))
    answer = await api.post(FINDINGS, repeated, as_="member_a")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "other_body")
    merged = LineageEvent(kind="merge", effective_on=date(2023, 1, 1))
    await keep(session, merged)
    links = [("addressee", False), ("supervised", True)]
    await keep(session, *(LineageLink(event_id=merged.id, body_id=world.body[it], successor=s) for it, s in links))
    created(await api.post(FINDINGS, repeated, as_="member_a"))


async def test_the_same_content_again_is_the_same_record(
    api: Api, session: AsyncSession, engagement: Engagement
) -> None:
    sent = limitation(engagement, id=str(new_id()))
    first = created(await api.post(FINDINGS, sent, as_="member_a"))
    await api.patch(f"{FINDINGS}/{first['id']}", {"severity": "minor"}, as_="member_a", if_match=1)
    again = ok(await api.post(FINDINGS, {**sent, "severity": None, "context": False}, as_="member_a"))
    assert (again["id"], again["version"], again["severity"]) == (first["id"], 2, "minor")
    told = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.type == "finding.create")  # type: ignore[arg-type]
    assert (await session.execute(told)).scalar_one() == 1


async def test_another_content_or_author_needs_another_id(api: Api, engagement: Engagement) -> None:
    sent = limitation(engagement, id=str(new_id()))
    created(await api.post(FINDINGS, sent, as_="member_a"))
    for part, changed in (("member_a", {"content": "Nội dung khác"}), ("secretary", {}), ("member_b", {})):
        answer = await api.post(FINDINGS, {**sent, **changed}, as_=part)
        assert (answer.status_code, answer.json()["code"]) == (409, "id_reused")
        assert set(answer.json()) == {"type", "title", "status", "detail", "instance", "code"}


async def test_a_key_and_an_id_may_both_be_sent_again(api: Api, engagement: Engagement) -> None:
    sent = limitation(engagement, id=str(new_id()))
    first = await api.post(FINDINGS, sent, as_="member_a", key="one")
    assert first.status_code == 201
    assert (await api.post(FINDINGS, sent, as_="member_a", key="one")).status_code == 201
    for _ in range(2):
        assert (await api.post(FINDINGS, sent, as_="member_a", key="two")).status_code == 200


async def test_filing_takes_few_statements(api: Api, engagement: Engagement, queries: Queries) -> None:
    sent = limitation(engagement, id=str(new_id()), evidence=[{"kind": "note", "text": "Sổ họp chi hội"}])
    created(await api.post(FINDINGS, sent, as_="member_a"))
    assert queries.count <= 9, queries.statements


@pytest.mark.parametrize(
    ("kind", "state", "seen_by"),
    [
        (FindingKind.LIMITATION, FindingState.DRAFT, {"member_a", "secretary", "head"}),
        (
            FindingKind.LIMITATION,
            FindingState.SUBMITTED,
            {"member_a", "member_b", "secretary", "head", "lead_leader", "lead_officer", "partner", "partner_b"},
        ),
        (FindingKind.VIOLATION_SIGN, FindingState.ACCEPTED, {"member_a", "secretary", "head", "lead_leader"}),
        (FindingKind.LIMITATION, FindingState.WITHDRAWN, {"member_a", "secretary", "head"}),
    ],
)
async def test_who_sees_a_finding(
    api: Api,
    session: AsyncSession,
    world: World,
    engagement: Engagement,
    kind: FindingKind,
    state: FindingState,
    seen_by: set[str],
) -> None:
    it = await a_finding(session, world, engagement, kind=kind, state=state)
    everybody = ("member_a", "member_b", "secretary", "head", "lead_leader", "lead_officer", "partner", "partner_b")
    for part in (*everybody, "supervised", "superior", "stranger", "auditor", "administrator"):
        status = (await api.get(f"{FINDINGS}/{it.id}", as_=part)).status_code
        listed = ok(await api.get(FINDINGS, as_=part))["items"]
        assert (status, len(listed)) == ((200, 1) if part in seen_by else (404, 0)), part


async def test_the_list_filters_and_finds_words_without_marks(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    debt = await a_finding(session, world, engagement, content="Còn NỢ ĐỌNG hội phí", severity="serious", clause="I")
    good = await a_finding(session, world, engagement, kind=FindingKind.STRENGTH, state=FindingState.ACCEPTED)

    async def found(**query: Any) -> set[str]:
        answer = ok(await api.get(FINDINGS, as_="secretary", params=query))
        Listing[FindingRead].model_validate(answer)
        return {it["id"] for it in answer["items"]}

    assert await found(q="no dong") == await found(q="nợ đọng") == {str(debt.id)}
    assert await found(kind=["strength", "lesson"]) == {str(good.id)}
    assert await found(state="accepted") == {str(good.id)}
    assert await found(severity="serious") == await found(clause="I") == {str(debt.id)}
    assert await found(author=str(world.account["member_b"])) == set()
    assert await found(engagement_id=str(engagement.id)) == {str(debt.id), str(good.id)}
    assert await found(campaign_id=str(uuid4())) == set()
    unknown = await api.get(FINDINGS, as_="secretary", params={"mine": "true"})
    assert unknown.status_code == 422


async def test_pages_follow_each_other_and_count(
    api: Api, session: AsyncSession, world: World, engagement: Engagement, queries: Queries
) -> None:
    made = [str((await a_finding(session, world, engagement)).id) for _ in range(3)]
    queries.reset()
    first = ok(await api.get(FINDINGS, as_="head", params={"limit": 2, "count": True}))
    assert ([it["id"] for it in first["items"]], first["count"]) == ([made[2], made[1]], 3)
    assert queries.count <= 3, queries.statements
    rest = ok(await api.get(FINDINGS, as_="head", params={"limit": 2, "cursor": first["next_cursor"]}))
    assert ([it["id"] for it in rest["items"]], rest["next_cursor"]) == ([made[0]], None)
    elsewhere = await api.get(FINDINGS, as_="head", params={"cursor": first["next_cursor"], "kind": "lesson"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "bad_cursor")


async def test_a_finding_lives_from_draft_to_accepted(api: Api, engagement: Engagement) -> None:
    it = created(await api.post(FINDINGS, limitation(engagement), as_="member_a"))
    path = f"{FINDINGS}/{it['id']}"
    early = await api.move(path, "submit", as_="member_a", on="2024-04-03")
    assert early["state"] == "submitted"
    await api.move(path, "accept", as_="member_b", expect=403)
    back = await api.move(path, "return", as_="secretary", on="2024-04-04", reason="Cần nêu rõ địa bàn")
    assert back["state"] == "draft"
    before = await api.move(path, "submit", as_="member_a", on="2024-04-01", expect=422)
    assert (before["errors"][0]["code"], before["not_before"]) == ("before_previous_step", "2024-04-04")
    await api.move(path, "submit", as_="member_a", on="2024-04-05")
    accepted = await api.move(path, "accept", as_="head", on="2024-04-05")
    assert (accepted["state"], accepted["actions"]) == ("accepted", [])
    refused = await api.move(path, "withdraw", as_="member_a", expect=409)
    assert refused["code"] == "move_not_allowed"
    told = ok(await api.get(f"{path}/transitions", as_="member_a"))["items"]
    assert [it["action"] for it in reversed(told)] == ["create", "submit", "return", "submit", "accept"]
    assert told[2]["reason"] == "Cần nêu rõ địa bàn"


async def test_only_its_author_submits_and_withdraws(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    it = await a_finding(session, world, engagement, state=FindingState.DRAFT)
    await api.move(f"{FINDINGS}/{it.id}", "submit", as_="secretary", expect=403)
    gone = await api.move(f"{FINDINGS}/{it.id}", "withdraw", as_="member_a")
    assert gone["state"] == "withdrawn"
    edit = await api.patch(f"{FINDINGS}/{it.id}", {"extent": 2}, as_="member_a", if_match=2)
    assert (edit.status_code, edit.json()["code"]) == (409, "immutable")


async def test_moves_need_the_present_version(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    it = await a_finding(session, world, engagement)
    path = f"{FINDINGS}/{it.id}/transitions"
    assert (await api.post(path, {"action": "accept"}, as_="head")).status_code == 428
    assert (await api.post(path, {"action": "accept"}, as_="head", if_match=7)).status_code == 412
    assert (await api.post(path, {"action": "approve"}, as_="head", if_match=1)).status_code == 422


async def test_a_leader_may_decide_not_to_pursue_a_sign_of_violation(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    sign = await a_finding(session, world, engagement, kind=FindingKind.VIOLATION_SIGN, state=FindingState.ACCEPTED)
    plain = await a_finding(session, world, engagement)
    path = f"{FINDINGS}/{sign.id}"
    assert (await api.move(path, "not_pursued", as_="lead_leader", expect=422))["errors"][0]["pointer"] == "/reason"
    await api.move(path, "not_pursued", as_="secretary", reason="Đã xử lý", expect=403)
    it = await api.move(path, "not_pursued", as_="lead_leader", reason="Đã được xử lý trước đó")
    assert (it["state"], it["not_pursued_reason"], it["version"]) == ("accepted", "Đã được xử lý trước đó", 2)
    unmet = await api.move(f"{FINDINGS}/{plain.id}", "not_pursued", as_="lead_leader", reason="Không", expect=409)
    assert [it["code"] for it in unmet["unmet"]] == ["is_violation_sign"]


async def test_a_sign_of_violation_is_referred_once_with_a_paper(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    sign = await a_finding(session, world, engagement, kind=FindingKind.VIOLATION_SIGN)
    paper = await a_document(session, world)
    path = f"{FINDINGS}/{sign.id}/referrals"
    sent = {"to_body_id": str(world.body["verifier"]), "document_id": str(paper.id), "on": "2024-04-20"}
    assert (await api.post(path, sent, as_="secretary")).status_code == 403
    assert (await api.post(path, sent, as_="partner")).status_code == 404
    assert (await api.post(path, {**sent, "to_body_id": str(uuid4())}, as_="head")).status_code == 404
    future = await api.post(path, {**sent, "on": str(today() + timedelta(days=1))}, as_="head")
    assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "/on")
    it = created(await api.post(path, sent, as_="head", key="refer"))
    assert it["referral"]["to_body"]["short_name"] == "UBKT Tỉnh ủy"
    assert (it["referral"]["on"], it["version"]) == ("2024-04-20", 2)
    FindingRead.model_validate(it)
    assert (await api.post(path, sent, as_="head", key="refer")).headers["Idempotency-Replayed"] == "true"
    twice = await api.post(path, sent, as_="lead_leader")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_referred")


@pytest.mark.parametrize(
    ("kind", "state", "code"),
    [
        (FindingKind.LIMITATION, FindingState.SUBMITTED, "needs_unmet"),
        (FindingKind.VIOLATION_SIGN, FindingState.DRAFT, "move_not_allowed"),
    ],
)
async def test_nothing_else_is_referred(
    api: Api,
    session: AsyncSession,
    world: World,
    engagement: Engagement,
    kind: FindingKind,
    state: FindingState,
    code: str,
) -> None:
    it = await a_finding(session, world, engagement, kind=kind, state=state)
    paper = await a_document(session, world)
    sent = {"to_body_id": str(world.body["verifier"]), "document_id": str(paper.id)}
    answer = await api.post(f"{FINDINGS}/{it.id}/referrals", sent, as_="head")
    assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_every_change_leaves_an_audit_line_for_the_lead(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    it = created(await api.post(FINDINGS, limitation(engagement), as_="member_a"))
    await api.patch(f"{FINDINGS}/{it['id']}", {"extent": 4}, as_="member_a", if_match=1)
    await api.move(f"{FINDINGS}/{it['id']}", "submit", as_="member_a")
    lines = select(AuditEvent.action, AuditEvent.lead_body_id, AuditEvent.details).order_by(AuditEvent.seq)  # type: ignore[call-overload]
    rows = (await session.execute(lines.execution_options(scope="test"))).all()
    assert [row.action for row in rows] == ["finding.create", "finding.edit", "finding.submit"]
    assert {row.lead_body_id for row in rows} == {world.body["lead"]}
    assert rows[1].details["fields"] == ["extent"]
