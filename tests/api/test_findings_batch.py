"""A batch from a phone that was offline: in order, each item by itself, nothing twice however often it is sent."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.core.ids import new_id
from app.domain.engagement import EngagementState
from app.domain.finding import FindingState
from app.models.delegation import Delegation
from app.models.engagement import Engagement
from app.models.finding import BatchResults
from tests.client import Api, ok
from tests.ground import standing
from tests.makers import a_campaign, a_delegation, a_finding, an_engagement, keep
from tests.queries import Queries
from tests.world import World

BATCH = "/v1/findings/batch"


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


def creating(engagement: Engagement, **fields: Any) -> dict[str, Any]:
    values = {
        "kind": "strength",
        "content": "Có mô hình dân vận khéo được nhân rộng",
        "engagement_id": str(engagement.id),
    }
    return {"op": "create", "id": str(new_id()), **values, **fields}


async def results(api: Api, items: list[Any], as_: str = "member_a") -> list[dict[str, Any]]:
    answer = ok(await api.post(BATCH, {"items": items}, as_=as_))
    BatchResults.model_validate(answer)
    return list(answer["results"])


async def test_a_day_in_the_field_in_one_request(api: Api, engagement: Engagement) -> None:
    made = creating(engagement)
    items = [
        made,
        {"op": "edit", "id": made["id"], "version": 1, "extent": 4},
        {"op": "submit", "id": made["id"], "on": "2024-04-02"},
    ]
    told = await results(api, items)
    assert [(it["op"], it["status"], it["version"]) for it in told] == [
        ("create", 201, 1),
        ("edit", 200, 2),
        ("submit", 200, 3),
    ]
    it = ok(await api.get(f"/v1/findings/{made['id']}", as_="member_a"))
    assert (it["state"], it["extent"]) == ("submitted", 4)


async def test_sending_a_batch_again_makes_nothing_twice(api: Api, engagement: Engagement) -> None:
    made = creating(engagement)
    items = [made, {"op": "edit", "id": made["id"], "version": 1, "extent": 4}, {"op": "submit", "id": made["id"]}]
    await results(api, items)
    for _ in range(2):
        again = ok(await api.post(BATCH, {"items": items}, as_="member_a", key="phone"))["results"]
        assert [(it["status"], it["version"]) for it in again] == [(200, 3), (200, 3), (200, 3)]
    assert len(ok(await api.get("/v1/findings", as_="member_a"))["items"]) == 1


async def test_an_item_that_is_wrong_spoils_no_other(api: Api, engagement: Engagement) -> None:
    stranger_id = str(uuid4())
    items: list[Any] = [
        creating(engagement, clause="IX"),
        creating(engagement, content="a\0b"),
        {"op": "create", "id": "not-an-id"},
        {"op": "erase", "id": stranger_id},
        7,
        {"op": "submit", "id": stranger_id},
        creating(engagement),
    ]
    told = await results(api, items)
    assert [it["status"] for it in told] == [422, 422, 422, 422, 422, 404, 201]
    assert told[0]["problem"]["errors"][0]["pointer"] == "/clause"
    assert told[0]["problem"]["instance"] == f"{BATCH}#/items/0"
    assert told[1]["problem"]["errors"][0] | {"detail": ""} == {
        "pointer": "/content",
        "code": "nul_character",
        "detail": "",
    }
    assert (told[2]["id"], told[3]["op"], told[4]["id"]) == (None, None, None)
    assert {it["pointer"] for it in told[2]["problem"]["errors"]} >= {"/id", "/content", "/engagement_id"}
    assert (told[5]["id"], told[5]["code"]) == (stranger_id, "not_found")
    assert len(ok(await api.get("/v1/findings", as_="member_a"))["items"]) == 1


async def test_each_status_is_that_of_the_single_call(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    theirs = await a_finding(session, world, engagement)
    ours = {"author_account_id": world.account["member_b"], "author_body_id": world.body_of("member_b")}
    mine = await a_finding(session, world, engagement, **ours)
    accepted = await a_finding(session, world, engagement, **ours, state=FindingState.ACCEPTED)
    items = [
        creating(engagement, id=str(theirs.id)),
        {"op": "edit", "id": str(theirs.id), "version": 1, "extent": 2},
        {"op": "edit", "id": str(mine.id), "version": 5, "extent": 2},
        {"op": "edit", "id": str(accepted.id), "version": 1, "extent": 2},
        {"op": "submit", "id": str(theirs.id)},
        creating(engagement, engagement_id=str(uuid4())),
    ]
    told = await results(api, items, as_="member_b")
    assert [it["status"] for it in told] == [409, 403, 412, 202, 403, 404]
    assert (told[0]["code"], told[2]["problem"]["current_version"]) == ("id_reused", 1)
    waiting = f"/v1/findings/{accepted.id}/pending-edits/{told[3]['pending_edit_id']}"
    assert ok(await api.get(waiting, as_="head"))["fields"] == {"extent": 2}


async def test_a_refused_item_leaves_nothing_behind(api: Api, session: AsyncSession, engagement: Engagement) -> None:
    engagement.state = EngagementState.FINALISED
    await keep(session, engagement)
    told = await results(api, [creating(engagement), creating(engagement)])
    assert [it["code"] for it in told] == ["engagement_final", "engagement_final"]
    assert ok(await api.get("/v1/findings", as_="member_a"))["items"] == []


async def test_a_merge_says_from_which_version(
    api: Api, session: AsyncSession, world: World, engagement: Engagement
) -> None:
    finding = await a_finding(session, world, engagement)
    ok(await api.patch(f"/v1/findings/{finding.id}", {"severity": "minor"}, as_="secretary", if_match=1))
    told = await results(api, [{"op": "edit", "id": str(finding.id), "version": 1, "extent": 2}])
    assert (told[0]["version"], told[0]["merged_from"]) == (3, 1)


async def test_the_items_alone_are_a_batch_too(api: Api, engagement: Engagement) -> None:
    answer = ok(await api.post(BATCH, [creating(engagement)], as_="member_a"))
    assert [it["status"] for it in answer["results"]] == [201]


@pytest.mark.parametrize(
    "body", [{}, {"items": []}, [], {"items": [{}] * 201}, {"items": {}}, {"items": [{}], "x": 1}, 3]
)
async def test_another_shape_is_refused_as_a_whole(api: Api, body: Any) -> None:
    assert (await api.post(BATCH, body, as_="member_a")).status_code == 422


async def test_who_sees_nothing_learns_nothing(api: Api, engagement: Engagement) -> None:
    assert [it["status"] for it in await results(api, [creating(engagement)], as_="stranger")] == [404]
    assert (await api.post(BATCH, {"items": [creating(engagement)]})).status_code == 401


async def test_each_item_costs_the_same_few_statements(api: Api, engagement: Engagement, queries: Queries) -> None:
    counts = []
    for number in (1, 11):
        queries.reset()
        told = await results(api, [creating(engagement) for _ in range(number)])
        assert {it["status"] for it in told} == {201}
        counts.append(queries.count)
    assert (counts[1] - counts[0]) / 10 <= 5, queries.statements
