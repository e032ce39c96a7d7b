"""The stream of events over real HTTP: what it tells, how it goes on, and when it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.clock import utcnow
from app.core.settings import Settings
from app.domain.finding import FindingState
from app.main import create_app
from app.models.account import SessionFamily
from app.services.changes import reading
from app.services.unit_of_work import UnitOfWork
from tests import makers
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]
PATIENCE_SECONDS = 10


@dataclass
class House:
    """A served application on a database of its own, with a finding that the lead sees."""

    app: FastAPI
    http: httpx.AsyncClient
    world: World
    finding: Any

    def token(self, part: str) -> str:
        family = self.world.family[part]
        ids = {"account_id": self.world.account[part], "body_id": self.world.body_of(part), "family_id": family}
        return str(self.app.state.tokens.issue(**ids, scope=""))

    def headers(self, part: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(part)}"}

    async def ticket(self, part: str) -> str:
        answer = await self.http.post("/v1/events/tickets", headers=self.headers(part))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["ticket"])

    async def change(self, **columns: Any) -> None:
        assigned = ", ".join(f"{name} = :{name}" for name in columns)
        statement = text(f"UPDATE finding SET version = version + 1, {assigned} WHERE id = :id")
        async with self.app.state.sessions.begin() as session:
            await session.execute(statement, {"id": self.finding.id, **columns})

    @asynccontextmanager
    async def listening(self, part: str, **query: str) -> AsyncIterator["Listener"]:
        params = {"ticket": await self.ticket(part), **query}
        async with self.http.stream("GET", "/v1/events", params=params) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            listener = Listener(answer.aiter_lines())
            await listener.next_id()
            yield listener


@dataclass
class Listener:
    lines: AsyncIterator[str]
    last_id: str = ""

    async def _message(self) -> dict[str, str]:
        message: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in self.lines:
                if line == "" and message:
                    return message
                name, _, value = line.partition(": ")
                if name == "id":
                    self.last_id = value
                message[name] = value
        return {"event": "closed"}

    async def next_id(self) -> None:
        while not self.last_id:
            await self._message()

    async def event(self) -> tuple[str, dict[str, Any]]:
        """The next that is more than a sign of life."""
        while "event" not in (message := await self._message()):
            pass
        return message["event"], json.loads(message.get("data", "{}"))


@pytest.fixture
async def house(database: str, settings: Settings, template: World) -> AsyncIterator[House]:
    own = settings.model_copy(update={"database_url": SecretStr(database), "demo": False, "pool_size": 4})
    app = create_app(own)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (server.started and app.state.principals.listening):  # noqa: ASYNC110 - flags of another task
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with app.state.sessions() as session:
        delegation = await makers.a_delegation(session, template, await makers.a_campaign(session, template))
        engagement = await makers.an_engagement(session, template, delegation)
        finding = await makers.a_finding(session, template, engagement, state=FindingState.SUBMITTED)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS) as http:
        yield House(app, http, template, finding)
    app.state.bell.close()
    server.should_exit = True
    await serving


async def test_a_change_is_told_at_once_to_those_who_see_it_and_to_nobody_else(house: House) -> None:
    async with house.listening("lead_officer") as lead, house.listening("supervised") as supervised:
        await house.change(state="accepted")
        name, item = await lead.event()
        assert (name, item["type"], item["op"]) == ("change", "finding", "upsert")
        await house.change(state="withdrawn")
        assert (await lead.event())[1]["op"] == "removed"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await supervised.event()


async def test_a_stream_goes_on_where_the_last_one_ended(house: House) -> None:
    async with house.listening("lead_officer") as first:
        await house.change(content="Nội dung thứ nhất của phát hiện")
        _, told = await first.event()
        last = first.last_id
    await house.change(content="Nội dung thứ hai của phát hiện")
    async with house.listening("lead_officer", last_event_id=last) as second:
        _, missed = await second.event()
        await house.change(content="Nội dung thứ ba của phát hiện")
        _, live = await second.event()
    assert [it["version"] for it in (told, missed, live)] == [2, 3, 4]


async def test_what_an_older_transaction_held_back_is_told_when_that_ends(house: House) -> None:
    async with house.listening("lead_officer") as lead, house.app.state.sessions() as older:
        await older.execute(text("UPDATE campaign SET version = version + 1"))
        await house.change(state="accepted")
        waiting = asyncio.create_task(lead.event())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await older.rollback()
        assert (await waiting)[1]["type"] == "finding"


async def test_what_was_held_back_only_while_it_was_read_is_looked_for_again(house: House) -> None:
    async with house.app.state.sessions() as older, house.app.state.sessions() as session:
        who = await house.app.state.principals.load(session, house.app.state.tokens.read(house.token("lead_officer")))
        uow = UnitOfWork(session, who, house.app.state.cursors)
        await older.execute(text("UPDATE campaign SET version = version + 1"))
        await house.change(state="accepted")
        told = await reading.follow(uow, await reading.latest(uow), 10)
        await older.rollback()
        assert not told.items
        assert await reading.pending(uow, told)


async def test_a_stream_ends_with_its_sign_in(house: House) -> None:
    async with house.listening("lead_officer") as lead:
        revoked = update(SessionFamily).where(col(SessionFamily.id) == house.world.family["lead_officer"])
        async with house.app.state.sessions.begin() as session:
            await session.execute(revoked.values(revoked_at=utcnow()))
        assert await lead.event() == ("end", {"because": "revoked"})
        assert (await lead.event())[0] == "closed"


async def test_a_stream_ends_when_its_token_expires(house: House) -> None:
    ticket = await house.ticket("lead_officer")
    async with house.app.state.sessions.begin() as session:
        await session.execute(text("UPDATE event_ticket SET ends_at = clock_timestamp() + interval '300 ms'"))
    async with house.http.stream("GET", "/v1/events", params={"ticket": ticket}) as answer:
        listener = Listener(answer.aiter_lines())
        assert await listener.event() == ("end", {"because": "expired"})


async def test_the_process_does_not_wait_for_streams_when_it_ends(house: House) -> None:
    async with house.listening("lead_officer") as lead:
        house.app.state.bell.close()
        assert await lead.event() == ("end", {"because": "restart"})


async def test_a_ticket_opens_one_stream(house: House) -> None:
    ticket = await house.ticket("lead_officer")
    async with house.http.stream("GET", "/v1/events", params={"ticket": ticket}) as answer:
        assert answer.status_code == 200
    again = await house.http.get("/v1/events", params={"ticket": ticket})
    assert (again.status_code, again.headers["content-type"]) == (401, "application/problem+json")
    assert (await house.http.get("/v1/events")).status_code == 401
    odd = await house.http.get("/v1/events", headers=house.headers("head") | {"Last-Event-ID": "nonsense"})
    assert (odd.status_code, odd.json()["code"]) == (400, "bad_cursor")
