"""Two requests at the same moment, on connections of their own that commit."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.core.ids import new_id
from app.models.engagement import Engagement
from tests.client import Api, ok
from tests.makers import a_campaign, a_delegation, a_finding, an_engagement
from tests.world import World

FINDINGS = "/v1/findings"
CALLERS = 4


@pytest.fixture
async def engagement(committing: AsyncEngine, world: World) -> Engagement:
    async with AsyncSession(committing, expire_on_commit=False) as session:
        delegation = await a_delegation(session, world, await a_campaign(session, world))
        return await an_engagement(session, world, delegation)


def sent(engagement: Engagement, **fields: Any) -> dict[str, Any]:
    values = {"engagement_id": str(engagement.id), "kind": "lesson", "content": "Giao việc phải kèm thời hạn"}
    return {"id": str(new_id()), **values, **fields}


async def test_the_same_finding_sent_twice_at_once_is_recorded_once(api: Api, engagement: Engagement) -> None:
    for _ in range(5):
        finding = sent(engagement)
        answers = await asyncio.gather(*(api.post(FINDINGS, finding, as_="member_a") for _ in range(CALLERS)))
        assert sorted(it.status_code for it in answers) == [200, 200, 200, 201]
        assert {it.json()["id"] for it in answers} == {finding["id"]}


async def test_of_two_contents_with_one_id_one_is_refused(api: Api, engagement: Engagement) -> None:
    finding = sent(engagement)
    other = {**finding, "content": "Nội dung khác"}
    answers = await asyncio.gather(*(api.post(FINDINGS, it, as_="member_a") for it in (finding, other)))
    assert sorted(it.status_code for it in answers) == [201, 409]
    assert {it.json().get("code") for it in answers} == {None, "id_reused"}


async def test_the_same_batch_sent_twice_at_once_is_recorded_once(api: Api, engagement: Engagement) -> None:
    items = [{"op": "create", **sent(engagement)} for _ in range(5)]
    answers = await asyncio.gather(*(api.post(f"{FINDINGS}/batch", {"items": items}, as_="member_a") for _ in range(2)))
    statuses = sorted(tuple(it["status"] for it in ok(answer)["results"]) for answer in answers)
    assert statuses == [(200,) * 5, (201,) * 5]


async def test_edits_at_once_lose_nothing(
    api: Api, committing: AsyncEngine, world: World, engagement: Engagement
) -> None:
    async with AsyncSession(committing, expire_on_commit=False) as session:
        finding = await a_finding(session, world, engagement)
    path = f"{FINDINGS}/{finding.id}"
    edits: list[tuple[str, dict[str, Any]]] = [
        ("member_a", {"extent": 3}),
        ("secretary", {"severity": "minor"}),
        ("head", {"clause": "I"}),
    ]
    answers = await asyncio.gather(*(api.patch(path, it, as_=who, if_match=1) for who, it in edits))
    assert [it.status_code for it in answers] == [200, 200, 200]
    now = ok(await api.get(path, as_="member_a"))
    assert (now["extent"], now["severity"], now["clause"], now["version"]) == (3, "minor", "I", 4)
