"""Every committed message is told, exactly once to each person who may know; nothing is lost, nothing is told early."""

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import asyncpg
import pytest
from pgqueuer.errors import RetryRequested
from pgqueuer.types import QueueExecutionMode
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters.storage import Storage
from app.core.clock import today
from app.core.cursors import Cursors
from app.core.db import plain_dsn
from app.core.principal import Duty, Principal
from app.domain.recommendation import RecommendationState
from app.models.base import Row
from app.models.history import IdempotencyRecord, Notification, OutboxMessage
from app.services import delivery, housekeeping
from app.services.attachments import Shelf
from app.services.unit_of_work import UnitOfWork
from app.worker import queued_jobs, tell
from tests import makers
from tests.world import World

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture
async def recommendation(committed: Sessions, template: World) -> Row:
    async with committed() as session:
        campaign = await makers.a_campaign(session, template)
        return await makers.a_recommendation(session, template, campaign)


def transaction(session: AsyncSession, world: World, part: str) -> UnitOfWork:
    body = world.body_of(part)
    who = Principal(world.account[part], body, frozenset({Duty.LEADER}), (body,), today(), world.family[part])
    return UnitOfWork(session, who, Cursors(b""))


async def happen(sessions: Sessions, world: World, it: Row, action: str, *, by: str = "lead_leader") -> UUID:
    """Commit a change with its message, as a request does; answers the message's id."""
    async with sessions.begin() as session:
        uow = transaction(session, world, by)
        uow.record(action, it, was="draft", became="issued")
        await uow.complete()
    async with sessions() as session:
        newest = select(col(OutboxMessage.id)).order_by(col(OutboxMessage.id).desc()).limit(1)
        return (await session.execute(newest)).scalar_one()


async def told(sessions: Sessions, world: World) -> list[str]:
    """The parts of those who were told, once for each notification."""
    parts = {account: part for part, account in world.account.items()}
    async with sessions() as session:
        accounts = select(col(Notification.account_id)).execution_options(scope="who was told?")
        return sorted(parts[it] for it in (await session.execute(accounts)).scalars())


async def count_jobs(sessions: Sessions) -> int:
    async with sessions() as session:
        return int((await session.execute(text("SELECT count(*) FROM pgqueuer"))).scalar_one())


async def run_until_empty(database: str, sessions: Sessions) -> None:
    connection = await asyncpg.connect(plain_dsn(database))
    with TemporaryDirectory() as folder:
        jobs = queued_jobs(connection, sessions, Shelf(Storage(Path(folder))))
    await jobs.run(dequeue_timeout=timedelta(0), mode=QueueExecutionMode.drain, log_aggregation_interval=timedelta(0))
    await connection.close()


async def test_the_sides_of_a_record_are_told_of_its_step_but_not_whoever_took_it(
    database: str, committed: Sessions, template: World, recommendation: Row
) -> None:
    await happen(committed, template, recommendation, "recommendation.issue")
    await run_until_empty(database, committed)
    assert await told(committed, template) == sorted(
        ["addressee", "head", "lead_clerk", "lead_officer", "member_a", "member_b", "partner", "partner_b", "secretary"]
    )
    assert await count_jobs(committed) == 0


async def test_people_of_an_office_are_told_for_the_organ_that_acts_through_it(
    committed: Sessions, template: World
) -> None:
    async with committed() as session:
        campaign = await makers.a_campaign(session, template)
        engagement = await makers.an_engagement(
            session, template, await makers.a_delegation(session, template, campaign)
        )
    await tell(committed, await happen(committed, template, engagement, "engagement.notify", by="head"))
    names = await told(committed, template)
    assert "supervised" in names
    assert "head" not in names


async def test_nobody_is_told_of_what_they_may_not_see(committed: Sessions, template: World) -> None:
    async with committed() as session:
        draft = await makers.a_recommendation(
            session,
            template,
            await makers.a_campaign(session, template),
            state=RecommendationState.WITHDRAWN,
            issued_on=None,
        )
    await tell(committed, await happen(committed, template, draft, "recommendation.withdraw"))
    names = await told(committed, template)
    assert "lead_officer" in names
    assert not {"addressee", "stranger", "superior", "administrator", "auditor"} & set(names)


async def test_work_on_a_draft_is_no_news(committed: Sessions, template: World, recommendation: Row) -> None:
    message = await happen(committed, template, recommendation, "recommendation.update")
    await tell(committed, message)
    assert await told(committed, template) == []
    async with committed() as session:
        assert (await delivery.lag(session)).waiting == 0


async def test_two_workers_at_once_tell_everybody_once(
    committed: Sessions, template: World, recommendation: Row
) -> None:
    message = await happen(committed, template, recommendation, "recommendation.issue")
    await asyncio.gather(tell(committed, message), tell(committed, message))
    names = await told(committed, template)
    assert len(names) == len(set(names)) == 9


async def test_a_change_that_fails_after_its_job_was_queued_leaves_neither(
    committed: Sessions, template: World, recommendation: Row
) -> None:
    async with committed() as session:
        uow = transaction(session, template, "lead_leader")
        uow.record("recommendation.issue", recommendation)
        await uow.complete()
        await session.rollback()
    assert await count_jobs(committed) == 0
    async with committed() as session:
        assert (await session.execute(select(func.count()).select_from(OutboxMessage))).scalar_one() == 0


async def test_a_job_queued_first_in_a_transaction_waits_for_the_commit(committed: Sessions, template: World) -> None:
    """The trap: on the raw connection such a job would commit on its own, for SQLAlchemy sends BEGIN late."""
    async with committed() as session:
        await delivery.queue.enqueue(session, delivery.queue.DELIVER, [template.body["lead"]])
        assert await count_jobs(committed) == 0
        await session.rollback()
    assert await count_jobs(committed) == 0


async def test_a_lost_job_is_queued_again_and_a_waiting_one_is_not_doubled(
    database: str, committed: Sessions, template: World, recommendation: Row
) -> None:
    await happen(committed, template, recommendation, "recommendation.issue")
    async with committed.begin() as session:
        await session.execute(text("DELETE FROM pgqueuer"))
    for _ in range(2):
        async with committed.begin() as session:
            assert await delivery.requeue_lost(session) == 1
        assert await count_jobs(committed) == 1
    await run_until_empty(database, committed)
    assert "addressee" in await told(committed, template)


async def test_a_failed_delivery_leaves_no_trace_but_its_count_and_succeeds_later(
    database: str, committed: Sessions, template: World, recommendation: Row
) -> None:
    message = await happen(committed, template, recommendation, "recommendation.issue")
    async with broken(database), committed() as session:
        with pytest.raises(RetryRequested):
            await tell(committed, message)
        it = await session.get(OutboxMessage, message)
        assert it is not None
        assert (it.sent_at, it.attempts, it.last_error) == (None, 1, "ProgrammingError")
    await tell(committed, message)
    assert "addressee" in await told(committed, template)


async def test_what_fails_again_and_again_is_held_for_a_human(
    database: str, committed: Sessions, template: World, recommendation: Row
) -> None:
    message = await happen(committed, template, recommendation, "recommendation.issue")
    async with committed.begin() as session:
        await session.execute(update(OutboxMessage).values(attempts=delivery.ATTEMPTS - 1))
    async with broken(database):
        await tell(committed, message)
    async with committed.begin() as session:
        assert await delivery.requeue_lost(session) == 0
        lag = await delivery.lag(session)
    assert (lag.waiting, lag.seconds, lag.held) == (0, 0.0, 1)


async def test_the_lag_is_the_age_of_the_oldest_message_that_waits(
    committed: Sessions, template: World, recommendation: Row
) -> None:
    await happen(committed, template, recommendation, "recommendation.issue")
    await asyncio.sleep(0.05)
    async with committed() as session:
        lag = await delivery.lag(session)
    assert lag.waiting == 1
    assert 0.05 <= lag.seconds < 30


async def test_answered_retries_are_forgotten_after_a_week(committed: Sessions) -> None:
    async with committed.begin() as session:
        old = IdempotencyRecord(key="old", request_digest="")
        old.created_at -= timedelta(days=8)
        session.add_all([old, IdempotencyRecord(key="young", request_digest="")])
    async with committed.begin() as session:
        await housekeeping.forget_old(session)
        kept = (await session.execute(select(col(IdempotencyRecord.key)))).scalars().all()
        assert kept == ["young"]
        await session.execute(delete(IdempotencyRecord))


class broken:  # noqa: N801 - reads as a state of the database
    """While inside, notifications cannot be written."""

    def __init__(self, database: str) -> None:
        self.dsn = plain_dsn(database.replace("giamsat_app", "giamsat_owner"))

    async def _rename(self, here: str, there: str) -> None:
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(f"ALTER TABLE {here} RENAME TO {there}")
        await connection.close()

    async def __aenter__(self) -> None:
        await self._rename("notification", "notification_away")

    async def __aexit__(self, *_: object) -> None:
        await self._rename("notification_away", "notification")
