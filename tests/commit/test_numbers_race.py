"""Clerks at the same moment, on connections of their own that commit."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.client import Api, created
from tests.makers import a_number_book
from tests.world import World

CLERKS = 5


async def test_clerks_at_once_never_get_one_number(
    committed: async_sessionmaker[AsyncSession], api: Api, world: World
) -> None:
    async with committed() as session:
        book = await a_number_book(session, world)
    reserved = {"reason": "Giữ số cho văn bản đang trình ký", "on": "2024-04-12"}
    path = f"/v1/number-books/{book.id}/numbers"
    answers = await asyncio.gather(*(api.post(path, reserved, as_="lead_clerk") for _ in range(4 * CLERKS)))
    assert sorted(created(it)["number"] for it in answers) == list(range(1, 4 * CLERKS + 1))
