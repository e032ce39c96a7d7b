"""Two bodies of ours write to each other over an axis that misbehaves: nothing is lost, nothing comes twice."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters import axis as adapter
from app.adapters.axis import Axis
from app.core.clock import utcnow
from app.core.db import create_engine
from app.core.settings import Settings
from app.demo.axis_simulator import Axis as Simulator
from app.domain.dispatch import AxisState
from app.main import create_app
from app.models.dispatch import AxisAccount, DispatchCopy
from app.models.document import Document
from app.services.attachments import Shelf
from app.services.dispatches import axis
from tests.client import Api, created, ok
from tests.makers_dispatches import a_paper, an_account
from tests.makers_edxml import an_alias
from tests.world import World

OURS, THEIRS = "000.00.05.A57", "000.00.31.A57"


@pytest.fixture
async def committing(database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database, pool_size=6)
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(committing: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(committing, expire_on_commit=False)


@pytest.fixture
def served(committing: AsyncEngine, settings: Settings) -> FastAPI:
    return create_app(settings, engine=committing)


@pytest.fixture
async def api(served: FastAPI, world: World) -> AsyncIterator[Api]:
    async with Api(served, world) as api:
        yield api


@pytest.fixture
def simulator() -> Simulator:
    return Simulator({"SIM-lead": {OURS}, "SIM-addressee": {THEIRS}}, secret="bi-mat")


class Exchange:
    """The worker's turns, with the axis inside this process."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], shelf: Shelf, simulator: Simulator) -> None:
        self.sessions, self.shelf, self.simulator = sessions, shelf, simulator
        self.axes: dict[str, Axis] = {}

    def connect(self, account: AxisAccount) -> Axis:
        transport = httpx.ASGITransport(self.simulator.app())
        made = Axis(account.url, account.system_id, self.simulator.secret, transport=transport)
        return self.axes.setdefault(account.system_id, made)

    async def turn(self) -> int:
        """Everything that waits is due at once."""
        async with self.sessions.begin() as session:
            due = update(DispatchCopy).where(col(DispatchCopy.try_at).is_not(None)).values(try_at=utcnow())
            await session.execute(due)
        await axis.send_due(self.sessions, self.shelf.storage, self.connect)
        return await axis.poll(self.sessions, self.shelf, self.connect)


@pytest.fixture
async def exchange(
    sessions: async_sessionmaker[AsyncSession], served: FastAPI, world: World, simulator: Simulator
) -> Exchange:
    async with sessions() as session:
        await an_alias(session, world, OURS, "lead")
        await an_alias(session, world, THEIRS, "addressee")
        await an_account(session, world, "lead", OURS)
        await an_account(session, world, "addressee", THEIRS)
    return Exchange(sessions, Shelf(served.state.storage), simulator)


async def sent(api: Api, world: World, exchange: Exchange) -> str:
    async with exchange.sessions() as session:
        paper = await a_paper(session, world, exchange.shelf.storage)
    asked = {"document_id": str(paper.id), "recipients": [str(world.body["addressee"])]}
    return str(created(await api.post("/v1/dispatches", asked, as_="lead_clerk"))["id"])


async def received(exchange: Exchange, world: World) -> int:
    async with exchange.sessions() as session:
        theirs = select(func.count()).where(
            col(Document.owner_body_id) == world.body["addressee"], col(Document.symbol) == "45-CV/BDVTU"
        )
        return int((await session.execute(theirs.execution_options(scope="test"))).scalar_one())


async def state_of(api: Api, dispatch_id: str) -> str:
    return str(ok(await api.get(f"/v1/dispatches/{dispatch_id}", as_="lead_clerk"))["copies"][0]["state"])


async def test_a_paper_arrives_and_says_so(api: Api, world: World, exchange: Exchange) -> None:
    dispatch_id = await sent(api, world, exchange)
    await exchange.turn()
    assert await received(exchange, world) == 1
    await exchange.turn()
    assert await state_of(api, dispatch_id) == "arrived"


FAULTS = [
    {"list_twice": 3, "list_reversed": 3, "deliver_twice": 1, "ack_lost": 2, "token_expired": 1},
    {"bad_gateway": 1},
    {"html": 2},
    {"fail": 1},
    {"not_utf8": 1},
    {"vanished": 1},
    {"redirect": 1},
    {"send_lost_after": 1},
    {"send_lost_before": 1},
]


@pytest.mark.parametrize("faults", FAULTS, ids=lambda it: "+".join(it))
async def test_an_axis_that_misbehaves_brings_it_once(
    faults: dict[str, int], api: Api, world: World, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PATIENCE", 0.3)
    dispatch_id = await sent(api, world, exchange)
    exchange.simulator.faults.update(faults)
    for _ in range(5):
        await exchange.turn()
    assert await received(exchange, world) == 1
    assert await state_of(api, dispatch_id) == "arrived"
    assert all(it.state == "done" for it in exchange.simulator.entries)


async def test_a_wrong_secret_stops_the_account(
    api: Api, world: World, exchange: Exchange, sessions: async_sessionmaker[AsyncSession]
) -> None:
    dispatch_id = await sent(api, world, exchange)
    exchange.connect = lambda account: Axis(  # type: ignore[method-assign]
        account.url, account.system_id, "sai", transport=httpx.ASGITransport(exchange.simulator.app())
    )
    await exchange.turn()
    async with sessions() as session:
        states = (await session.execute(select(col(AxisAccount.state)).execution_options(scope="test"))).scalars()
        assert set(states) == {AxisState.STOPPED}
    calls = len(exchange.simulator.log)
    await exchange.turn()
    assert len(exchange.simulator.log) == calls, "a stopped account is left alone"
    assert await state_of(api, dispatch_id) == "pending"


async def test_an_addressee_that_the_axis_does_not_know_is_unreachable(
    api: Api, world: World, exchange: Exchange
) -> None:
    del exchange.simulator.systems["SIM-addressee"]
    dispatch_id = await sent(api, world, exchange)
    await exchange.turn()
    assert await state_of(api, dispatch_id) == "unreachable"


async def test_after_failures_in_a_row_the_axis_is_left_alone(exchange: Exchange, world: World, api: Api) -> None:
    await sent(api, world, exchange)
    exchange.simulator.faults.update({"bad_gateway": 100})
    for _ in range(8):
        await exchange.turn()
    calls = len(exchange.simulator.log)
    await exchange.turn()
    assert len(exchange.simulator.log) == calls


def test_the_secret_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "GIAMSAT_AXIS_TEST", "bi-mat")
    from app.core.ids import new_id

    account = AxisAccount(
        id=new_id(), url="http://axis.example", system_id="x", secret_name="GIAMSAT_AXIS_TEST", organ_ids=[]
    )
    assert axis.connect(account).secret == "bi-mat"
