"""The signs of life of worker processes."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.worker import WorkerProcess

BEAT_SECONDS = 5.0
LOST_AFTER = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=1)


async def beat(session: AsyncSession, worker_id: UUID) -> None:
    now = func.clock_timestamp()
    made = insert(WorkerProcess).values(id=worker_id, started_at=now, seen_at=now)
    await session.execute(made.on_conflict_do_update(index_elements=["id"], set_={"seen_at": now}))
    await session.execute(delete(WorkerProcess).where(col(WorkerProcess.seen_at) < now - FORGOTTEN_AFTER))


async def leave(session: AsyncSession, worker_id: UUID) -> None:
    """Ended as it was told to, not lost."""
    await session.execute(delete(WorkerProcess).where(col(WorkerProcess.id) == worker_id))


async def alive(session: AsyncSession) -> int:
    heard = col(WorkerProcess.seen_at) > func.clock_timestamp() - LOST_AFTER
    return int((await session.execute(select(func.count()).select_from(WorkerProcess).where(heard))).scalar_one())
