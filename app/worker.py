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
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.adapters.smtp import Post
from app.adapters.storage import Storage
from app.adapters.webhook_http import Guard
from app.core.clock import utcnow
from app.core.db import create_engine, plain_dsn
from app.core.ids import new_id
from app.core.settings import Settings
from app.models.export import Export
from app.models.import_ import Import
from app.services import attachments, audit_chain, delivery, demo_clock, housekeeping, queue, sweep, workers
from app.services.attachments import Shelf
from app.services.dispatches import incoming, lines, outgoing, reports
from app.services.edxml import purging
from app.services.exports import running as exports
from app.services.imports import running as imports
from app.services.mails import sending as mails
from app.services.reports import publication
from app.services.webhooks import sending

log = logging.getLogger("giamsat.worker")

Sessions = async_sessionmaker[AsyncSession]

LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, FailingListenerError)
RECONNECT_SECONDS = 2


async def work(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; a lost database is waited for."""
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    engine = create_engine(url, pool_size=10, application="giamsat-worker")
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
        await _requeue(sessions)
        storage = Storage(settings.files_dir, settings.files_url)
        shelf, guard, post = Shelf(storage, settings.clamd), Guard.of(settings), Post.of(settings)
        jobs = queued_jobs(connection, sessions, shelf, demo=settings.demo, guard=guard, post=post)
        make_exports(jobs, sessions, Storage(settings.exports_dir, settings.exports_url), demo=settings.demo)
        take_imports(jobs, sessions, Storage(settings.imports_dir, settings.imports_url), demo=settings.demo)
        jobs.shutdown = jobs.qm.shutdown = jobs.sm.shutdown = stopping
        beating = asyncio.create_task(_beat(sessions, stopping))
        silence = timedelta(seconds=settings.job_heartbeat_seconds)
        await jobs.run(
            dequeue_timeout=silence,
            heartbeat_timeout=silence,
            shutdown_on_listener_failure=True,
            log_aggregation_interval=timedelta(0),
        )
        await _ended(beating)
    finally:
        with contextlib.suppress(*LOST):
            await connection.close(timeout=2)


async def _requeue(sessions: Sessions) -> None:
    """What was lost with the process before."""
    async with sessions.begin() as session:
        await delivery.requeue_lost(session)
        await sending.requeue_due(session)
        await mails.requeue_due(session)
        await exports.requeue(session)
        await imports.requeue(session)


async def _beat(sessions: Sessions, stopping: asyncio.Event) -> None:
    """Say that this process lives, until it ends; what cannot be said now is said the next time."""
    worker_id = new_id()
    while not stopping.is_set():
        with contextlib.suppress(*LOST, SQLAlchemyError):
            async with sessions.begin() as session:
                await workers.beat(session, worker_id)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), workers.BEAT_SECONDS)
    async with sessions.begin() as session:
        await workers.leave(session, worker_id)


async def _ended(task: asyncio.Task[None]) -> None:
    with contextlib.suppress(*LOST, SQLAlchemyError, TimeoutError):
        await asyncio.wait_for(task, RECONNECT_SECONDS)


def queued_jobs(
    connection: asyncpg.Connection,
    sessions: Sessions,
    shelf: Shelf,
    *,
    demo: bool = False,
    guard: Guard = Guard(),  # noqa: B008 - a value
    post: Post | None = None,
) -> PgQueuer:
    """What this process does, and when."""
    jobs = PgQueuer.from_asyncpg_connection(connection)
    _reach_outside(jobs, sessions, guard, post)
    _exchange_papers(jobs, sessions, shelf, demo=demo)
    _keep_house(jobs, sessions, shelf, demo=demo)

    @jobs.entrypoint(queue.DELIVER, concurrency_limit=4)
    async def deliver(job: Job) -> None:
        assert job.payload is not None
        await tell(sessions, UUID(job.payload.decode()), demo=demo)

    @jobs.schedule("requeue_lost", "* * * * *")
    async def requeue_lost(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await delivery.requeue_lost(session)

    return jobs


def _keep_house(jobs: PgQueuer, sessions: Sessions, shelf: Shelf, *, demo: bool) -> None:
    """What is done by the clock, whoever asks for what."""

    @jobs.schedule("forget_old", "17 18 * * *")  # a quarter past one at night in Viet Nam
    async def forget_old(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await housekeeping.forget_old(session)
            await housekeeping.forget_unused_files(session, shelf.storage)
        async with sessions.begin() as session:
            await purging.purge(session, shelf.storage)

    @jobs.entrypoint(queue.ERASE, concurrency_limit=1)
    async def erase(job: Job) -> None:
        assert job.payload is not None
        async with sessions.begin() as session:
            await purging.erase(session, shelf.storage, UUID(job.payload.decode()))

    @jobs.schedule("look_again", "*/5 * * * *")
    async def look_again(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await attachments.look_again(session, shelf)

    @jobs.schedule("begin_publications", "* * * * *")
    async def begin_publications(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await publication.begin(session, utcnow())

    @jobs.schedule("seal_audit", "*/5 * * * *")
    async def seal_audit(schedule: Schedule) -> None:
        await audit_chain.seal(sessions)

    @jobs.schedule("nightly_clock", "*/10 * * * *")
    async def nightly_clock(schedule: Schedule) -> None:
        """Once for each day, soon after its midnight in Viet Nam, or as soon as somebody works again."""
        await sweep.run_if_due(sessions, demo=demo)


def _reach_outside(jobs: PgQueuer, sessions: Sessions, guard: Guard, post: Post | None) -> None:
    """What leaves the house: each try is a job, the next one is queued when it is due."""

    @jobs.entrypoint(queue.CALL, concurrency_limit=8)
    async def call_webhook(job: Job) -> None:
        assert job.payload is not None
        await sending.send(sessions, UUID(job.payload.decode()), guard)

    @jobs.schedule("requeue_due", "* * * * *")
    async def requeue_due(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await sending.requeue_due(session)
            await mails.requeue_due(session)

    if post is None:
        return

    @jobs.entrypoint(queue.MAIL, concurrency_limit=4)
    async def send_mail(job: Job) -> None:
        assert job.payload is not None
        await mails.send(sessions, UUID(job.payload.decode()), post)


def _exchange_papers(jobs: PgQueuer, sessions: Sessions, shelf: Shelf, *, demo: bool) -> None:
    """What goes out to document axes and what lies there for us."""

    @jobs.entrypoint(queue.SEND, concurrency_limit=lines.AXES_AT_ONCE)
    async def send(job: Job) -> None:
        """Papers and, of each document in their order, reports."""
        assert job.payload is not None
        await _live_on(sessions, demo=demo)
        axis = job.payload.decode()
        await outgoing.send_due(sessions, shelf.storage, axis=axis)
        await reports.send_due(sessions, shelf.storage, axis=axis)

    @jobs.entrypoint(queue.FETCH, concurrency_limit=lines.AXES_AT_ONCE)
    async def fetch(job: Job) -> None:
        assert job.payload is not None
        await _live_on(sessions, demo=demo)
        await incoming.poll(sessions, shelf, axis=job.payload.decode())

    @jobs.schedule("exchange", "* * * * *")
    async def exchange(schedule: Schedule) -> None:
        """Each axis in jobs of its own, so that a slow one holds up no other."""
        await _live_on(sessions, demo=demo)
        await lines.wake_all(sessions)


async def _live_on(sessions: Sessions, *, demo: bool) -> None:
    """The demo's day, in the demo."""
    if demo:
        async with sessions() as session:
            await demo_clock.follow(session)


def make_exports(jobs: PgQueuer, sessions: Sessions, kept: Storage, *, demo: bool = False) -> None:
    """One at a time in each process; `kept` is where their files lie."""

    @jobs.entrypoint(queue.EXPORT, concurrency_limit=1)
    async def export(job: Job) -> None:
        assert job.payload is not None
        await _live_on(sessions, demo=demo)
        await exports.run(sessions, kept, UUID(job.payload.decode()))

    @jobs.schedule("requeue_exports", "* * * * *")
    async def requeue_exports(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await exports.requeue(session)

    @jobs.schedule("forget_exports", "27 18 * * *")
    async def forget_exports(schedule: Schedule) -> None:
        await housekeeping.forget_expired(sessions, kept, Export)


def take_imports(jobs: PgQueuer, sessions: Sessions, kept: Storage, *, demo: bool = False) -> None:
    """One at a time in each process; `kept` is where their files lie."""

    @jobs.entrypoint(queue.IMPORT, concurrency_limit=1)
    async def take_in(job: Job) -> None:
        assert job.payload is not None
        await _live_on(sessions, demo=demo)
        await imports.run(sessions, kept, UUID(job.payload.decode()))

    @jobs.schedule("requeue_imports", "* * * * *")
    async def requeue_imports(schedule: Schedule) -> None:
        async with sessions.begin() as session:
            await imports.requeue(session)

    @jobs.schedule("forget_imports", "37 18 * * *")
    async def forget_imports(schedule: Schedule) -> None:
        await housekeeping.forget_expired(sessions, kept, Import)


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
