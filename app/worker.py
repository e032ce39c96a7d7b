"""The job process: delivers the outbox, finds what was lost, throws away what is old.

A job takes an id, opens its own transaction, and ends in one of three ways: done, retry later, held for a human.
"""

import asyncio
import contextlib
import logging
import signal
from datetime import timedelta
from uuid import UUID

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.errors import FailingListenerError, RetryRequested
from pgqueuer.models import Job, Schedule
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.adapters.storage import Storage
from app.core.db import create_engine, plain_dsn
from app.core.settings import Settings
from app.services import attachments, delivery, demo_clock, housekeeping, queue, sweep
from app.services.attachments import Shelf

log = logging.getLogger("giamsat.worker")

Sessions = async_sessionmaker[AsyncSession]

LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, FailingListenerError)
RECONNECT_SECONDS = 2


async def work(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; a lost database is waited for."""
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    engine = create_engine(url, pool_size=5, application="giamsat-worker")
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        try:
            await _work_until_lost(plain_dsn(url), sessions, stopping, settings)
        except LOST as error:
            log.warning("database lost", extra={"kind": type(error).__name__})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), RECONNECT_SECONDS)
    await engine.dispose()


async def _work_until_lost(dsn: str, sessions: Sessions, stopping: asyncio.Event, settings: Settings) -> None:
    connection = await asyncpg.connect(dsn, timeout=5, server_settings={"application_name": "giamsat-queue"})
    try:
        async with sessions.begin() as session:
            await delivery.requeue_lost(session)
        storage = Storage(settings.files_dir, settings.files_url)
        jobs = queued_jobs(connection, sessions, Shelf(storage, settings.clamd), demo=settings.demo)
        jobs.shutdown = jobs.qm.shutdown = jobs.sm.shutdown = stopping
        await jobs.run(shutdown_on_listener_failure=True, log_aggregation_interval=timedelta(0))
    finally:
        with contextlib.suppress(*LOST):
            await connection.close(timeout=2)


def queued_jobs(connection: asyncpg.Connection, sessions: Sessions, shelf: Shelf, *, demo: bool = False) -> PgQueuer:
    """What this process does, and when."""
    jobs = PgQueuer.from_asyncpg_connection(connection)

    @jobs.entrypoint(queue.DELIVER, concurrency_limit=4)
    async def deliver(job: Job) -> None:
        assert job.payload is not None
        await tell(sessions, UUID(job.payload.decode()), demo=demo)

    @jobs.schedule("requeue_lost", "* * * * *")
    async def requeue_lost(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await delivery.requeue_lost(session)

    @jobs.schedule("forget_old", "17 18 * * *")  # a quarter past one at night in Viet Nam
    async def forget_old(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await housekeeping.forget_old(session)
            await housekeeping.forget_unused_files(session, shelf.storage)

    @jobs.schedule("look_again", "*/5 * * * *")
    async def look_again(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await attachments.look_again(session, shelf)

    @jobs.schedule("nightly_clock", "*/10 * * * *")
    async def nightly_clock(schedule: Schedule) -> None:
        """Once for each day, soon after its midnight in Viet Nam, or as soon as somebody works again."""
        await sweep.run_if_due(sessions, demo=demo)

    return jobs


async def tell(sessions: Sessions, message_id: UUID, *, demo: bool = False) -> None:
    """Deliver one message; a failure is counted in a transaction of its own and tried again, or held."""
    try:
        async with sessions.begin() as session:
            if demo:
                await demo_clock.follow(session)
            await delivery.deliver(session, message_id)
    except Exception as error:
        async with sessions.begin() as session:
            attempts = await delivery.failed(session, message_id, error)
        if attempts < delivery.ATTEMPTS:
            raise RetryRequested(delivery.pause(attempts), type(error).__name__) from error
        log.error("message held", extra={"message_id": str(message_id), "kind": type(error).__name__})
