"""A worker that is killed in the middle of everything: others take over, nothing is lost, nothing is told twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.models.history import Notification
from app.models.mail import NotificationPreference
from app.models.webhook import WebhookDelivery
from tests import makers, makers_told
from tests.commit.test_worker import happen
from tests.mailbox import Mailbox
from tests.mailbox import receiving as receiving_mail
from tests.receiver import receiving
from tests.world import World

Sessions = async_sessionmaker[AsyncSession]
MESSAGES = 6
PATIENCE_SECONDS = 40


@contextmanager
def a_worker(database: str, folder: Path, mailbox: Mailbox) -> Iterator["subprocess.Popen[bytes]"]:
    ours = {
        "DATABASE_URL": database,
        "GIAMSAT_DATA_DIR": str(folder),
        "GIAMSAT_WEBHOOK_PRIVATE_TARGETS": "true",
        "GIAMSAT_JOB_HEARTBEAT_SECONDS": "1",
        "GIAMSAT_LOG_LEVEL": "ERROR",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mailbox.port),
        "SMTP_TLS": "none",
    }
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], env=os.environ | ours)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def time_passes(sessions: Sessions) -> None:
    """What the dead one had taken is free again."""
    async with sessions.begin() as session:
        for table in ("webhook_delivery", "mail"):
            await session.execute(text(f"UPDATE {table} SET next_try_at = now() WHERE state = 'waiting'"))


async def left(sessions: Sessions) -> int:
    undone = text(
        "SELECT (SELECT count(*) FROM outbox_message WHERE sent_at IS NULL)"
        " + (SELECT count(*) FROM webhook_delivery WHERE state <> 'delivered')"
        " + (SELECT count(*) FROM mail WHERE state <> 'sent')"
    )
    async with sessions() as session:
        return int((await session.execute(undone)).scalar_one())


async def until_done(sessions: Sessions) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await left(sessions):  # noqa: ASYNC110 - other processes do the work
            await asyncio.sleep(0.1)


async def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    database: str, committed: Sessions, template: World, tmp_path: Path
) -> None:
    async with receiving() as receiver:
        with receiving_mail() as mailbox:
            async with committed() as session:
                it = await makers.a_recommendation(session, template, await makers.a_campaign(session, template))
                await makers_told.a_webhook(session, template, "addressee", url=receiver.url)
                wish = NotificationPreference(account_id=template.account["addressee"], email="a@example.vn")
                await makers.keep(session, wish)
            for _ in range(MESSAGES):
                await happen(committed, template, it, "recommendation.issue")
            receiver.delay = 30
            with a_worker(database, tmp_path, mailbox) as doomed:
                await asyncio.wait_for(receiver.arrived.wait(), PATIENCE_SECONDS)
                doomed.send_signal(signal.SIGKILL)
                doomed.wait()
            assert await left(committed) > 0, "killed in the middle"
            receiver.delay = 0
            await time_passes(committed)
            with a_worker(database, tmp_path, mailbox), a_worker(database, tmp_path, mailbox):
                await until_done(committed)
            await the_same_for_everybody(committed, template)
            await at_least_once_under_one_id(committed, receiver.ids, mailbox)


async def the_same_for_everybody(sessions: Sessions, world: World) -> None:
    """Each of the nine who may know was told of each message exactly once."""
    async with sessions() as session:
        told = select(col(Notification.outbox_message_id), col(Notification.account_id))
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
