"""Signatures: each partner's leader signs the circulated text once, or reserves the partner's opinion beside it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.engagement import EngagementState
from app.domain.report import ReportKind, ReportState
from app.models.report import Report, SignatureRead
from tests.client import Api, created, ok
from tests.makers import a_campaign, a_delegation, a_report, an_engagement
from tests.world import World

HASH = "a" * 64
OPINION = "Đề nghị nêu rõ trách nhiệm của cấp ủy cơ sở"


async def a_circulated(session: AsyncSession, world: World, **fields: Any) -> Report:
    campaign = await a_campaign(session, world)
    delegation = await a_delegation(session, world, campaign)
    engagement = await an_engagement(session, world, delegation, state=EngagementState.FINALISED)
    circulated = {"state": ReportState.CIRCULATED, "circulated_on": date(2024, 4, 22), "hash": HASH}
    return await a_report(session, world, campaign, **{"engagement_id": engagement.id, **circulated, **fields})


def code(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["code"])


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("partner", 201),
        ("partner_b", 201),
        ("member_a", 403),
        ("lead_leader", 403),
        ("head", 403),
        ("supervised", 403),
        ("addressee", 404),
        ("stranger", 404),
    ],
)
async def test_a_partners_leader_signs(api: Api, world: World, session: AsyncSession, part: str, status: int) -> None:
    report = await a_circulated(session, world)
    answer = await api.post(f"/v1/reports/{report.id}/signatures", {"hash": HASH}, as_=part)
    assert answer.status_code == status


async def test_a_reserved_opinion_is_printed_beside_the_text(api: Api, world: World, session: AsyncSession) -> None:
    report = await a_circulated(session, world)
    path = f"/v1/reports/{report.id}"
    sent = {"hash": HASH, "opinion": OPINION, "on": "2024-04-25"}
    answer = await api.post(f"{path}/signatures", sent, as_="partner", key="once")
    made = created(answer)
    SignatureRead.model_validate(made)
    assert (made["opinion"], made["signed_on"], made["body_id"]) == (OPINION, "2024-04-25", str(world.body["partner"]))
    assert ok(await api.get(answer.headers["Location"], as_="partner_b")) == made
    shown = await api.get(path, as_="supervised")
    assert (ok(shown)["hash"], shown.headers["ETag"]) == (HASH, '"2"')
    assert [(it["opinion"], it["body"]["short_name"]) for it in shown.json()["signatures"]] == [(OPINION, "MTTQ tỉnh")]
    again = await api.post(f"{path}/signatures", sent, as_="partner", key="once")
    assert (created(again)["id"], again.headers["Idempotency-Replayed"]) == (made["id"], "true")


async def test_a_partner_signs_this_text_and_once(api: Api, world: World, session: AsyncSession) -> None:
    path = f"/v1/reports/{(await a_circulated(session, world)).id}/signatures"
    assert code(await api.post(path, {"hash": "b" * 64}, as_="partner"), 409) == "hash_differs"
    created(await api.post(path, {"hash": HASH}, as_="partner"))
    assert code(await api.post(path, {"hash": HASH, "opinion": OPINION}, as_="partner"), 409) == "already_signed"
    signed = ok(await api.get(f"{path}?count=true", as_="lead_officer"))
    assert (signed["count"], signed["items"][0]["opinion"]) == (1, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": ReportState.SUPERSEDED},
        {"state": ReportState.ADOPTED, "adopted_on": date(2024, 5, 6)},
        {"kind": ReportKind.SELF_REPORT},
    ],
)
async def test_only_a_circulated_result_report_is_signed(
    api: Api, world: World, session: AsyncSession, fields: dict[str, Any]
) -> None:
    report = await a_circulated(session, world, **fields)
    answer = await api.post(f"/v1/reports/{report.id}/signatures", {"hash": HASH}, as_="partner")
    assert code(answer, 409) == "not_for_signature"


@pytest.mark.parametrize(
    ("sent", "pointer", "fault"),
    [
        ({}, "/hash", "missing"),
        ({"hash": HASH, "on": "2999-01-01"}, "/on", "in_the_future"),
        ({"hash": HASH, "on": "2024-04-21"}, "/on", "before_previous_step"),
        ({"hash": HASH, "opinion": ""}, "/opinion", "string_too_short"),
    ],
)
async def test_a_signature_is_dated_after_the_circulation(
    api: Api, world: World, session: AsyncSession, sent: dict[str, Any], pointer: str, fault: str
) -> None:
    report = await a_circulated(session, world)
    answer = await api.post(f"/v1/reports/{report.id}/signatures", sent, as_="partner")
    assert answer.status_code == 422
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [(pointer, fault)]


async def test_the_report_is_adopted_once_every_partner_has_spoken(
    api: Api, world: World, session: AsyncSession
) -> None:
    path = f"/v1/reports/{(await a_circulated(session, world)).id}"
    created(await api.post(f"{path}/signatures", {"hash": HASH, "on": "2024-04-23"}, as_="partner"))
    early = await api.move(path, "adopt", as_="head", expect=409, on="2024-04-23")
    assert [it["code"] for it in early["unmet"]] == ["partners_signed"]
    reserved = {"hash": HASH, "opinion": OPINION, "on": "2024-04-23"}
    created(await api.post(f"{path}/signatures", reserved, as_="partner_b"))
    adopted = await api.move(path, "adopt", as_="head", on="2024-04-23")
    assert (adopted["state"], adopted["hash"], len(adopted["signatures"])) == ("adopted", HASH, 2)


async def test_signatures_are_read_with_their_report(api: Api, world: World, session: AsyncSession) -> None:
    report, other = await a_circulated(session, world), await a_circulated(session, world)
    path = f"/v1/reports/{report.id}/signatures"
    made = created(await api.post(path, {"hash": HASH}, as_="partner"))
    for part, status in (("lead_clerk", 200), ("supervised", 200), ("addressee", 404), ("stranger", 404)):
        assert (await api.get(path, as_=part)).status_code == status, part
    assert (await api.get(f"/v1/reports/{other.id}/signatures/{made['id']}", as_="partner")).status_code == 404
