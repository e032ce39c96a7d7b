"""Two bodies of ours write to each other over an axis that misbehaves: nothing is lost, nothing comes twice."""

import asyncio
import io
import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pgqueuer.types import QueueExecutionMode
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlmodel import col
from starlette.types import ASGIApp, Receive, Scope, Send

from app.adapters import edxml
from app.adapters.axis import Axis, LgspAxis, open_axis, port
from app.core.clock import utcnow
from app.core.db import plain_dsn
from app.core.ids import new_id
from app.demo.axis_simulator import Entry, Store, serve
from app.domain.dispatch import AxisDialect, AxisState, HashFileStyle
from app.domain.edxml import MessageState
from app.models.dispatch import AxisAccount, DispatchCopy
from app.models.document import Document
from app.models.edxml import EdxmlMessage
from app.models.organ_alias import OrganAlias
from app.services.attachments import Shelf
from app.services.dispatches import incoming, lines, outgoing, reports
from app.services.edxml import aliases
from app.worker import queued_jobs
from tests.client import Api, created, ok
from tests.makers import a_campaign, a_recommendation
from tests.makers_dispatches import a_paper, an_account
from tests.makers_edxml import an_alias
from tests.signing import a_pair
from tests.world import World

pytestmark = pytest.mark.thorough

OURS, THEIRS = "000.00.05.A57", "000.00.31.A57"
SECRET = "bi-mat"
ADDRESS = {AxisDialect.LGSP_REST: "http://axis.example", AxisDialect.VXP: "http://axis.example/XrdAdapter/adapter"}


@pytest.fixture
def sessions(committing: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(committing, expire_on_commit=False)


@pytest.fixture(autouse=True)
def given_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIAMSAT_AXIS_TEST", SECRET)


@pytest.fixture
def simulator() -> Store:
    return Store({"SIM-lead": {OURS}, "SIM-addressee": {THEIRS}}, secret=SECRET)


class Exchange:
    """The worker's turns, with the axis inside this process. `app` may be wrapped by whoever watches the calls."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], shelf: Shelf, simulator: Store) -> None:
        self.sessions, self.shelf, self.simulator = sessions, shelf, simulator
        self.app: ASGIApp = serve(simulator)
        self.axes: dict[str, Axis] = {}
        self.secret = SECRET

    def connect(self, account: AxisAccount) -> Axis:
        if account.system_id not in self.axes:
            self.axes[account.system_id] = open_axis(
                account.url,
                account.system_id,
                self.secret,
                dialect=AxisDialect(account.dialect),
                hash_file_style=HashFileStyle(account.hash_file_style),
                transport=httpx.ASGITransport(self.app),
            )
        return self.axes[account.system_id]

    async def turn(self) -> int:
        """Everything that waits is due at once."""
        async with self.sessions.begin() as session:
            for model in (DispatchCopy, EdxmlMessage):
                waiting = update(model).where(col(model.try_at).is_not(None))  # type: ignore[attr-defined]
                await session.execute(waiting.values(try_at=utcnow()))
        await outgoing.send_due(self.sessions, self.shelf.storage, self.connect)
        taken = await self.poll()
        await reports.send_due(self.sessions, self.shelf.storage, self.connect)
        return taken

    async def poll(self) -> int:
        return await incoming.poll(self.sessions, self.shelf, self.connect)


async def set_up(
    sessions: async_sessionmaker[AsyncSession], served: FastAPI, world: World, simulator: Store, dialect: AxisDialect
) -> Exchange:
    async with sessions() as session:
        await an_alias(session, world, OURS, "lead")
        await an_alias(session, world, THEIRS, "addressee")
        for body, organ_id in (("lead", OURS), ("addressee", THEIRS)):
            await an_account(session, world, body, organ_id, url=ADDRESS[dialect], dialect=dialect)
    return Exchange(sessions, Shelf(served.state.storage), simulator)


@pytest.fixture
async def exchange(
    sessions: async_sessionmaker[AsyncSession], served: FastAPI, world: World, simulator: Store
) -> Exchange:
    return await set_up(sessions, served, world, simulator, AxisDialect.LGSP_REST)


@pytest.fixture(params=AxisDialect)
async def either(
    sessions: async_sessionmaker[AsyncSession],
    served: FastAPI,
    world: World,
    simulator: Store,
    request: pytest.FixtureRequest,
) -> Exchange:
    """The same exchange in each dialect."""
    return await set_up(sessions, served, world, simulator, request.param)


async def sent(api: Api, world: World, exchange: Exchange, carrying: tuple[str, ...] = ()) -> str:
    async with exchange.sessions() as session:
        paper = await a_paper(session, world, exchange.shelf.storage)
    to = {"body_id": str(world.body["addressee"]), "recommendation_ids": list(carrying)}
    asked = {"document_id": str(paper.id), "recipients": [to]}
    return str(created(await api.post("/v1/dispatches", asked, as_="lead_clerk"))["id"])


async def received(exchange: Exchange, world: World) -> int:
    async with exchange.sessions() as session:
        theirs = select(func.count()).where(
            col(Document.owner_body_id) == world.body["addressee"], col(Document.symbol) == "45-CV/BDVTU"
        )
        return int((await session.execute(theirs.execution_options(scope="test"))).scalar_one())


async def state_of(api: Api, dispatch_id: str) -> str:
    return str(ok(await api.get(f"/v1/dispatches/{dispatch_id}", as_="lead_clerk"))["copies"][0]["state"])


async def until_arrived(api: Api, dispatch_id: str, exchange: Exchange) -> None:
    """And one turn more, in which nothing comes again."""
    for _ in range(5):
        await exchange.turn()
        if await state_of(api, dispatch_id) == "arrived":
            break
    await exchange.turn()
    assert await state_of(api, dispatch_id) == "arrived"


async def test_a_paper_arrives_and_says_so(api: Api, world: World, either: Exchange) -> None:
    dispatch_id = await sent(api, world, either)
    await either.turn()
    assert await received(either, world) == 1
    await either.turn()
    assert await state_of(api, dispatch_id) == "arrived"
    assert all(it.state == "done" for it in either.simulator.entries)


async def test_both_sides_sign_and_verify(
    api: Api, world: World, exchange: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The paper, and the report of its arrival, each with the key of its body; the axis leaves them as they are."""
    monkeypatch.setenv("GIAMSAT_EDXML_KEYS", str(tmp_path))
    async with exchange.sessions.begin() as session:
        for organ_id in (OURS, THEIRS):
            pair = a_pair(organ_id)
            (tmp_path / f"{organ_id}.pem").write_bytes(pair.pem)
            told = {"certificates": aliases.told([pair.certificate]), "signature_required": True}
            await session.execute(update(OrganAlias).where(col(OrganAlias.organ_id) == organ_id).values(**told))
    dispatch_id = await sent(api, world, exchange)
    for _ in range(2):
        await exchange.turn()
    assert await state_of(api, dispatch_id) == "arrived"
    async with exchange.sessions() as session:
        rows = select(col(EdxmlMessage.direction), col(EdxmlMessage.kind), col(EdxmlMessage.signature))
        found = (await session.execute(rows.execution_options(scope="test"))).all()
    assert sorted(found) == [(way, kind, "valid") for way in ("in", "out") for kind in ("edoc", "status")]


FAULTS = [
    {"list_twice": 3, "list_reversed": 3, "deliver_twice": 1, "ack_lost": 2, "token_expired": 1},
    {"bad_gateway": 1},
    {"html": 2},
    {"fail": 1},
    {"not_utf8": 1},
    {"vanished": 1},
    {"redirect": 1},
    {"gzipped": 1},
    {"send_lost_after": 1},
    {"send_lost_before": 1},
]


@pytest.mark.parametrize("faults", FAULTS, ids=lambda it: "+".join(it))
async def test_an_axis_that_misbehaves_brings_it_once(
    faults: dict[str, int], api: Api, world: World, either: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port, "PATIENCE", 0.3)
    dispatch_id = await sent(api, world, either)
    either.simulator.faults.update(faults)
    await until_arrived(api, dispatch_id, either)
    assert await received(either, world) == 1
    assert all(it.state == "done" for it in either.simulator.entries)
    assert len([it for it in either.simulator.entries if it.kind == "edoc"]) == 1 + faults.get("deliver_twice", 0)


async def test_a_wrong_secret_stops_the_account(
    api: Api, world: World, either: Exchange, sessions: async_sessionmaker[AsyncSession]
) -> None:
    exchange, either.secret = either, "sai"
    dispatch_id = await sent(api, world, exchange)
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


async def sent_to_three(api: Api, world: World, exchange: Exchange) -> str:
    """One that is on the axis, and two that are not, or not yet."""
    async with exchange.sessions() as session:
        await an_alias(session, world, "000.00.77.A57", "partner")
        await an_alias(session, world, "000.00.77.A57.1", "superior")
        paper = await a_paper(session, world, exchange.shelf.storage)
    to = [str(world.body[it]) for it in ("partner", "addressee", "superior")]
    asked = {"document_id": str(paper.id), "recipients": to}
    return str(created(await api.post("/v1/dispatches", asked, as_="lead_clerk"))["id"])


async def states_of(api: Api, world: World, dispatch_id: str) -> dict[str, str]:
    copies = ok(await api.get(f"/v1/dispatches/{dispatch_id}", as_="lead_clerk"))["copies"]
    called = {str(body_id): name for name, body_id in world.body.items()}
    return {called[it["body_id"]]: it["state"] for it in copies}


@pytest.mark.parametrize("faults", [{}, {"nameless": 1}], ids=["named", "nameless"])
async def test_whom_the_axis_does_not_know_does_not_hold_up_the_others(
    faults: dict[str, int], api: Api, world: World, either: Exchange
) -> None:
    either.simulator.faults.update(faults)
    dispatch_id = await sent_to_three(api, world, either)
    for _ in range(2):
        await either.turn()
    expected = {"partner": "unreachable", "superior": "unreachable", "addressee": "arrived"}
    assert await states_of(api, world, dispatch_id) == expected
    assert [it.receiver for it in either.simulator.entries if it.kind == "edoc"] == [THEIRS]
    assert await received(either, world) == 1


async def test_a_locked_one_neither_and_cannot_get_it_later(api: Api, world: World, exchange: Exchange) -> None:
    """The axis has the document by then: it takes none twice from one sender."""
    exchange.simulator.systems |= {"SIM-partner": {"000.00.77.A57"}, "SIM-superior": {"000.00.77.A57.1"}}
    exchange.simulator.locked.add("000.00.77.A57")
    dispatch_id = await sent_to_three(api, world, exchange)
    await exchange.turn()
    assert await states_of(api, world, dispatch_id) == {
        "partner": "unreachable",
        "superior": "sent",
        "addressee": "sent",
    }
    exchange.simulator.locked.clear()
    await exchange.turn()
    calls = exchange.simulator.log.count(("POST", "/v1/sendEdoc"))
    told = ok(await api.get(f"/v1/dispatches/{dispatch_id}", as_="lead_clerk"))["copies"]
    assert [it["note"] for it in told if it["state"] == "unreachable"] == [outgoing.ELSEWHERE]
    await exchange.turn()
    assert exchange.simulator.log.count(("POST", "/v1/sendEdoc")) == calls


async def test_after_failures_in_a_row_the_axis_is_left_alone(exchange: Exchange, world: World, api: Api) -> None:
    await sent(api, world, exchange)
    exchange.simulator.faults.update({"bad_gateway": 100})
    for _ in range(8):
        await exchange.turn()
    calls = len(exchange.simulator.log)
    await exchange.turn()
    assert len(exchange.simulator.log) == calls


async def test_who_was_not_given_the_secret_leaves_it_to_others(
    api: Api, world: World, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch_id = await sent(api, world, exchange)
    monkeypatch.delenv("GIAMSAT_AXIS_TEST")
    await exchange.turn()
    assert (exchange.simulator.log, await state_of(api, dispatch_id)) == ([], "pending")


def test_the_secret_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "GIAMSAT_AXIS_TEST", "bi-mat")
    account = AxisAccount(
        id=new_id(), url="http://axis.example", system_id="x", secret_name="GIAMSAT_AXIS_TEST", organ_ids=[]
    )
    axis = lines.connect(account)
    assert isinstance(axis, LgspAxis)
    assert axis.secret == "bi-mat"
    assert lines.connect(account) is axis
    account.dialect = AxisDialect.VXP
    assert not isinstance(lines.connect(account), LgspAxis)


async def test_a_locked_receiver_is_tried_again_another_day(api: Api, world: World, exchange: Exchange) -> None:
    exchange.simulator.locked.add(THEIRS)
    dispatch_id = await sent(api, world, exchange)
    await exchange.turn()
    assert await state_of(api, dispatch_id) == "unreachable"
    exchange.simulator.locked.clear()
    await exchange.turn()
    assert await state_of(api, dispatch_id) in ("sent", "arrived")


async def test_what_the_axis_has_already_is_sent(api: Api, world: World, either: Exchange) -> None:
    dispatch_id = await sent(api, world, either)
    async with either.sessions() as session:
        row = (await session.execute(select(EdxmlMessage).execution_options(scope="test"))).scalar_one()
    it = Entry("axis-0", "edoc", OURS, THEIRS, row.exchange_id or "", row.symbol or "", b"", utcnow(), "done")
    either.simulator.entries.append(it)
    await either.turn()
    assert await state_of(api, dispatch_id) == "sent"
    assert either.simulator.entries == [it]


async def test_two_workers_send_a_paper_once(api: Api, world: World, exchange: Exchange) -> None:
    await sent(api, world, exchange)
    due = outgoing.send_due(exchange.sessions, exchange.shelf.storage, exchange.connect)
    await asyncio.gather(due, outgoing.send_due(exchange.sessions, exchange.shelf.storage, exchange.connect))
    assert len(exchange.simulator.entries) == 1
    assert [it for it in exchange.simulator.log if it[1] == "/v1/sendEdoc"] == [("POST", "/v1/sendEdoc")]


class Watch:
    """Looks at the database while the axis is being asked, and lets the axis take its time."""

    def __init__(self, app: ASGIApp, committing: AsyncEngine) -> None:
        self.app, self.committing = app, committing
        self.idle: list[str] = []
        self.asked: list[str] = []
        self.now, self.most = 0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        self.now += 1
        self.most = max(self.most, self.now)
        waiting = text(
            "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
        )
        await asyncio.sleep(0.05)
        async with self.committing.connect() as connection:
            self.idle += (await connection.execute(waiting)).scalars()
        await self.app(scope, receive, send)
        self.now -= 1


async def test_no_transaction_is_open_while_an_axis_is_asked(
    api: Api, world: World, either: Exchange, committing: AsyncEngine
) -> None:
    watch = either.app = Watch(either.app, committing)
    dispatch_id = await sent(api, world, either)
    for _ in range(2):
        await either.turn()
    assert await state_of(api, dispatch_id) == "arrived"
    assert len(watch.asked) > 8
    assert watch.idle == []


async def test_two_workers_never_ask_one_axis_at_once(
    api: Api, world: World, exchange: Exchange, committing: AsyncEngine, sessions: async_sessionmaker[AsyncSession]
) -> None:
    async with sessions.begin() as session:
        only = update(AxisAccount).where(col(AxisAccount.system_id) == "SIM-lead")
        await session.execute(only.values(state=AxisState.STOPPED))
    watch = exchange.app = Watch(exchange.app, committing)
    other = Exchange(exchange.sessions, exchange.shelf, exchange.simulator)
    other.app = watch
    await asyncio.gather(exchange.poll(), other.poll(), other.poll())
    assert watch.most == 1
    assert len([it for it in watch.asked if it == "/v1/syncReceivedEdocList"]) == 2, "documents and statuses, once"
    await exchange.poll()
    assert len([it for it in watch.asked if it == "/v1/syncReceivedEdocList"]) == 4, "the lock is given back"


def put(exchange: Exchange, content: edxml.Message | edxml.Status | bytes, **fields: Any) -> Entry:
    """What the axis holds for the lead."""
    raw = content if isinstance(content, bytes) else built(content)
    number = f"axis-t{len(exchange.simulator.entries)}"
    told = {"kind": "edoc", "sender": THEIRS, "receiver": OURS, "exchange_id": "", "symbol": "", **fields}
    it = Entry(doc_id=number, content=raw, sent_at=utcnow(), **told)
    exchange.simulator.entries.append(it)
    return it


def built(content: edxml.Message | edxml.Status) -> bytes:
    target = io.BytesIO()
    edxml.build(content, target)
    return target.getvalue()


def a_reply(to: str = "", **fields: Any) -> edxml.Message:
    """To the document of this DocumentId; to none, a letter of its own."""
    document_id = f"{THEIRS},2024/06/05,12/UBND-NV"
    answers = (edxml.Reference(organ_id=OURS, code="45-CV/BDVTU", promulgated=date(2024, 2, 20), document_id=to),)
    told = {
        "sender": edxml.Organ(organ_id=THEIRS, name="Huyện ủy"),
        "recipients": (edxml.Organ(organ_id=OURS, name="Ban Dân vận"),),
        "document_id": document_id,
        "number": "12",
        "notation": "UBND-NV",
        "promulgated": date(2024, 6, 5),
        "kind": edxml.Kind(name="Công văn", detail=18),
        "subject": "Tiếp thu kiến nghị sau giám sát",
        "traces": (edxml.Trace(organ_id=THEIRS, at=datetime(2024, 6, 5, 8)),),  # noqa: DTZ001 - as sent
        "business": edxml.Business(document_id=document_id),
        "answers": answers if to else (),
        "files": (edxml.file_of(io.BytesIO(b"%PDF-1.4"), cid="1", name="12.pdf", media_type="application/pdf"),),
        **fields,
    }
    return edxml.Message(**told)


async def test_a_reply_waits_at_what_it_answers(api: Api, world: World, exchange: Exchange) -> None:
    async with exchange.sessions() as session:
        campaign = await a_campaign(session, world)
        ours, other = [str((await a_recommendation(session, world, campaign)).id) for _ in range(2)]
    dispatch_id = await sent(api, world, exchange, carrying=(ours,))
    await exchange.turn()
    document_id = ok(await api.get(f"/v1/dispatches/{dispatch_id}", as_="lead_clerk"))["exchange_id"]
    for _ in range(2):
        put(exchange, a_reply(document_id))
        await exchange.turn()
    [reply] = ok(await api.get(f"/v1/recommendations/{ours}/incoming-replies", as_="lead_officer"))["items"]
    assert reply["state"] == "received"
    assert ok(await api.get(f"/v1/recommendations/{other}/incoming-replies", as_="lead_officer"))["items"] == []
    now = ok(await api.get(f"/v1/recommendations/{ours}", as_="lead_officer"))
    assert (now["state"], now["received_assumed"]) == ("issued", False)
    listed = ok(await api.get("/v1/edxml/messages?direction=in&kind=edoc", as_="lead_clerk"))["items"]
    assert [(it["linked_recommendation_ids"], it["channel"]) for it in listed] == [([ours], "axis")]


async def test_one_bad_message_does_not_hold_up_the_others(api: Api, world: World, exchange: Exchange) -> None:
    waiting = [put(exchange, b"<html>"), put(exchange, a_reply()), put(exchange, b"x" * 100)]
    await exchange.turn()
    assert [it.state for it in waiting] == ["fail", "done", "fail"]


async def test_a_message_without_end_is_refused_and_the_next_is_fetched(
    api: Api, world: World, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port, "LARGEST", 2500)
    waiting = [put(exchange, b" " * 3000), put(exchange, a_reply())]
    await exchange.turn()
    assert [it.state for it in waiting] == ["fail", "done"]


async def test_a_sender_other_than_the_axis_says_is_left_to_a_person(
    api: Api, world: World, exchange: Exchange
) -> None:
    put(exchange, a_reply(), sender="000.00.77.H01")
    await exchange.turn()
    [it] = ok(await api.get("/v1/edxml/messages?state=quarantined", as_="lead_clerk"))["items"]
    assert it["code"] == "E-FROM-MISMATCH"


async def test_reports_go_out_in_their_order(
    api: Api, world: World, either: Exchange, sessions: async_sessionmaker[AsyncSession]
) -> None:
    dispatch_id = await sent(api, world, either)
    await either.turn()
    [got] = ok(await api.get("/v1/edxml/messages?direction=in&kind=edoc", as_="addressee"))["items"]
    either.simulator.faults.update({"bad_gateway": 1})
    for status in ("03", "04", "06"):
        created(await api.post(f"/v1/edxml/messages/{got['id']}/statuses", {"status": status}, as_="addressee"))
    await reports.send_due(sessions, either.shelf.storage, either.connect)
    assert len([it for it in either.simulator.entries if it.kind == "status"]) == 1, (
        "the first one failed: none overtakes"
    )
    for _ in range(2):
        await either.turn()
    assert await state_of(api, dispatch_id) == "finished"
    told = [edxml.read(io.BytesIO(it.content), now=utcnow()) for it in either.simulator.entries if it.kind == "status"]
    assert [it.content.code for it in told if isinstance(it.content, edxml.Status)] == ["01", "03", "04", "06"]
    async with sessions() as session:
        rows = select(EdxmlMessage).where(col(EdxmlMessage.kind) == "status", col(EdxmlMessage.direction) == "out")
        kept = (await session.execute(rows.execution_options(scope="test"))).scalars()
        assert {it.state for it in kept} == {MessageState.SENT}


async def test_a_slow_axis_holds_up_no_other(
    world: World, exchange: Exchange, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's own jobs: the first account waits for its axis, and the second has its paper meanwhile."""
    monkeypatch.setattr(port, "PATIENCE", 2)
    slow, quick = Store({"SIM-lead": {OURS}}, secret=SECRET), exchange.simulator
    slow.faults["slow"] = 10
    apps = {"http://slow.example": serve(slow), ADDRESS[AxisDialect.LGSP_REST]: serve(quick)}

    def beside(url: str, *account: Any, **rest: Any) -> Axis:
        return open_axis(url, *account, transport=httpx.ASGITransport(apps[url]), **rest)

    monkeypatch.setattr(lines, "open_axis", beside)
    async with exchange.sessions.begin() as session:
        first = update(AxisAccount).where(col(AxisAccount.system_id) == "SIM-lead")
        await session.execute(first.values(url="http://slow.example"))
    letter = replace(
        a_reply(),
        sender=edxml.Organ(organ_id=OURS, name="Ban Dân vận"),
        recipients=(edxml.Organ(organ_id=THEIRS, name="Huyện ủy"),),
        answers=(),
    )
    waiting = put(exchange, letter, sender=OURS, receiver=THEIRS)
    await lines.wake_all(exchange.sessions)
    connection = await asyncpg.connect(plain_dsn(database))
    jobs = queued_jobs(connection, exchange.sessions, exchange.shelf)
    drained = jobs.run(
        dequeue_timeout=timedelta(0), mode=QueueExecutionMode.drain, log_aggregation_interval=timedelta(0)
    )
    running = asyncio.create_task(drained)
    async with asyncio.timeout(60):
        while waiting.state != "done" or not slow.log:  # noqa: ASYNC110 - the axis tells by a state
            await asyncio.sleep(0.02)
    assert not running.done()
    await running
    await connection.close()


def test_accounts_on_one_axis_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIAMSAT_AXIS_TEST", SECRET)
    urls = ["http://axis.example/a", "http://axis.example/b", "http://axis.example:8080/a"]
    fields: dict[str, Any] = {"system_id": "x", "secret_name": "GIAMSAT_AXIS_TEST", "organ_ids": []}
    first, second, other = (lines.connect(AxisAccount(id=new_id(), url=url, **fields)) for url in urls)
    assert isinstance(first, LgspAxis)
    assert isinstance(second, LgspAxis)
    assert isinstance(other, LgspAxis)
    assert first.line.turn is second.line.turn
    assert first.line.turn is not other.line.turn
