"""The same message at the same moment by several ways: one document, whoever was first."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.client import Api
from tests.corpus import FIRST
from tests.makers_edxml import the_aliases
from tests.world import World

pytestmark = pytest.mark.thorough

CALLERS = 4


@pytest.fixture(autouse=True)
async def aliases(committed: async_sessionmaker[AsyncSession], world: World) -> None:
    async with committed() as session:
        await the_aliases(session, world)


async def test_of_identical_pushes_at_once_exactly_one_is_accepted(api: Api) -> None:
    headers = {"Content-Type": "application/xml"}
    pushes = (
        api.post("/v1/edxml/inbound", content=FIRST.encode(), as_="partner", headers=headers) for _ in range(CALLERS)
    )
    answers = await asyncio.gather(*pushes)
    assert sorted(it.status_code for it in answers) == [200, 200, 200, 202]
    assert sorted(it.json()["outcome"] for it in answers) == ["accepted", "duplicate", "duplicate", "duplicate"]
    assert len({it.json()["document_id"] for it in answers}) == 1
    assert sorted(len(it.json()["receipts"]) for it in answers) == [1, 2, 3, 4]
