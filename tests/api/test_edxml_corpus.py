"""What the gateway says of each message of the corpus once the first of them was accepted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from tests.client import Api
from tests.corpus import CORPUS, FIRST, assert_told
from tests.ground import standing
from tests.makers_edxml import ALL, a_client, the_aliases
from tests.world import World

pytestmark = pytest.mark.thorough


@dataclass(frozen=True)
class Gateway:
    """That of the province, which delivers for every sender of the corpus."""

    api: Api
    token: str

    async def push(self, raw: bytes) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/xml"}
        return await self.api.post("/v1/edxml/inbound", content=raw, headers=headers)


@pytest.fixture(scope="module")
async def gateway(app: FastAPI, world: World, groundwork: AsyncSession, first: Api) -> Gateway:
    await the_aliases(groundwork, world)
    gateway = Gateway(first, await a_client(groundwork, world, app.state.tokens, organ_ids=ALL))
    assert (await gateway.push(FIRST.encode())).json()["outcome"] == "accepted"
    return gateway


@pytest.fixture(autouse=True)
async def taken_back(ground: AsyncConnection, gateway: Gateway, app: FastAPI) -> AsyncIterator[None]:
    async with standing(ground, app):
        yield


@pytest.mark.parametrize("name", [name for name, it in CORPUS.items() if not it.alone])
async def test_the_corpus(gateway: Gateway, name: str) -> None:
    if (after := CORPUS[name].after) is not None:
        assert (await gateway.push(CORPUS[after].raw)).json()["outcome"] == "accepted"
    assert_told(await gateway.push(CORPUS[name].raw), name)
