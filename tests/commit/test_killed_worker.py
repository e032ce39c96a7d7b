"""A worker that is killed in the middle of everything: others take over, nothing is lost, nothing is told twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.settings import Settings
from app.models.body import Body
from app.models.history import Notification
from app.models.mail import NotificationPreference
from app.models.webhook import WebhookDelivery
from app.services.imports.trying import BATCH
from tests import makers, makers_told
from tests.client import Api, ok
from tests.commit.test_imports import counted, table
from tests.commit.test_worker import happen
from tests.commit.workers import forked, kill, look_at_what_follows, workers
from tests.mailbox import Mailbox
from tests.mailbox import receiving as receiving_mail
from tests.receiver import receiving
from tests.tables import PATH, Importer, held_up
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]
MESSAGES, ROWS = 6, BATCH + 1
PATIENCE_SECONDS = 60


def ready_to_work(
    database: str, folder: Path, mailbox: Mailbox
) -> AbstractContextManager[Callable[[], ForkServerProcess]]:
    return workers(
        DATABASE_URL=database,
        GIAMSAT_DATA_DIR=str(folder),
        GIAMSAT_WEBHOOK_PRIVATE_TARGETS="true",
        GIAMSAT_JOB_HEARTBEAT_SECONDS="1",
        GIAMSAT_LOG_LEVEL="ERROR",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=str(mailbox.port),
        SMTP_TLS="none",
    )


async def time_passes(sessions: Sessions) -> None:
    """What the dead one had taken is free again."""
    async with sessions.begin() as session:
        for table in ("webhook_delivery", "mail"):
            await session.execute(text(f"UPDATE {table} SET next_try_at = now() WHERE state = 'waiting'"))


async def left(sessions: Sessions, messages: list[UUID]) -> int:
    """An import's own messages are not waited for, there is one of every row."""
    undone = text(
        "SELECT (SELECT count(*) FROM outbox_message WHERE sent_at IS NULL AND id = ANY(:messages))"
        " + (SELECT count(*) FROM webhook_delivery WHERE state <> 'delivered')"
        " + (SELECT count(*) FROM mail WHERE state <> 'sent')"
    )
    async with sessions() as session:
        return int((await session.execute(undone, {"messages": messages})).scalar_one())


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await true():  # noqa: ASYNC110 - other processes do the work
            await asyncio.sleep(0.05)


@pytest.fixture
def importer(served: FastAPI, committed: Sessions, api: Api) -> Importer:
    return Importer(served, committed, api)


async def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    database: str, committed: Sessions, template: World, importer: Importer, settings: Settings
) -> None:
    """Killed with a call to a webhook under way, in the middle of an import and of an export."""
    data, bodies = settings.data_dir, await counted(committed, Body)
    async with receiving() as receiver:
        with receiving_mail() as mailbox, ready_to_work(database, data, mailbox) as a_worker:
            messages = await much_to_tell(committed, template, receiver.url)
            taken = await importer.ask("bodies", table(ROWS), "registrar", mode="apply")
            receiver.delay = 30
            async with held_up(committed, template, f"K{ROWS - 1}"):
                doomed = a_worker()
                await asyncio.wait_for(receiver.arrived.wait(), PATIENCE_SECONDS)
                await until(lambda: at_work(committed, taken))
                kill(doomed)
            assert await left(committed, messages) > 0, "killed in the middle"
            assert await at_work(committed, taken)
            assert await counted(committed, Body) == bodies, "all or nothing"
            made = await an_export_cut_off(importer.api, committed)
            receiver.delay = 0
            await time_passes(committed)
            for _ in range(2):
                a_worker()
            await until(lambda: all_done(committed, messages))
            await the_same_for_everybody(committed, template, messages)
            await at_least_once_under_one_id(committed, receiver.ids, mailbox)
            await each_row_once(importer, taken, bodies)
            assert ok(await importer.api.get(made, as_="lead_officer"))["rows_done"] == 1


async def much_to_tell(sessions: Sessions, world: World, url: str) -> list[UUID]:
    """Messages for the addressee, by a webhook and by e-mail."""
    async with sessions() as session:
        it = await makers.a_recommendation(session, world, await makers.a_campaign(session, world))
        await makers_told.a_webhook(session, world, "addressee", url=url)
        wish = NotificationPreference(account_id=world.account["addressee"], email="a@example.vn")
        await makers.keep(session, wish)
    return [await happen(sessions, world, it, "recommendation.issue") for _ in range(MESSAGES)]


async def test_it_follows_the_papers_that_it_fetches() -> None:
    """In a process of its own, where no router has been imported."""
    process = forked(look_at_what_follows)
    await asyncio.to_thread(process.join)
    assert process.exitcode == 0


async def at_work(sessions: Sessions, it: dict[str, Any]) -> bool:
    """Some rows tried, the others not yet."""
    state = text("SELECT state = 'running' AND rows_done > 0 FROM import WHERE id = :id")
    async with sessions() as session:
        return bool((await session.execute(state, {"id": it["id"]})).scalar_one())


async def an_export_cut_off(api: Api, sessions: Sessions) -> str:
    """As a worker leaves it that dies when it has just begun."""
    asked = {"kind": "recommendations", "format": "csv"}
    answer = await api.post("/v1/exports", asked, as_="lead_officer")
    async with sessions.begin() as session:
        await session.execute(text("UPDATE export SET state = 'running', rows_done = 1, rows_total = 3"))
    return str(answer.headers["location"])


async def all_done(sessions: Sessions, messages: list[UUID]) -> bool:
    unfinished = text(
        "SELECT count(*) FROM (SELECT state FROM import UNION ALL SELECT state FROM export) WHERE state <> 'done'"
    )
    async with sessions() as session:
        ended = not (await session.execute(unfinished)).scalar_one()
    return ended and not await left(sessions, messages)


async def each_row_once(importer: Importer, it: dict[str, Any], before: int) -> None:
    done = ok(await importer.api.get(f"{PATH}/{it['id']}", as_="registrar"))
    assert (done["state"], done["counts"]["created"]) == ("done", ROWS)
    assert await counted(importer.sessions, Body) == before + ROWS


async def the_same_for_everybody(sessions: Sessions, world: World, messages: list[UUID]) -> None:
    """Each of the nine who may know was told of each message exactly once."""
    async with sessions() as session:
        told = select(col(Notification.outbox_message_id), col(Notification.account_id))
        told = told.where(col(Notification.outbox_message_id).in_(messages))
        rows = [tuple(row) for row in await session.execute(told.execution_options(scope="test"))]
    assert len(rows) == len(set(rows)) == MESSAGES * 9
    assert Counter(account for _, account in rows)[world.account["addressee"]] == MESSAGES


async def at_least_once_under_one_id(sessions: Sessions, received: list[str], mailbox: Mailbox) -> None:
    async with sessions() as session:
        deliveries = select(col(WebhookDelivery.id)).execution_options(scope="test")
        mailed = text("SELECT notification_id FROM mail")
        calls = {str(it) for it in (await session.execute(deliveries)).scalars()}
        letters = {str(it) for it in (await session.execute(mailed)).scalars()}
    assert len(calls) == len(letters) == MESSAGES
    assert set(received) == calls
    assert {str(it["Message-ID"]).strip("<>").partition("@")[0] for it in mailbox.letters} == letters
