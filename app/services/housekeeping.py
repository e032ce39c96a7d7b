"""What is thrown away, and when."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core.clock import utcnow
from app.models.history import IdempotencyRecord
from app.services import queue

KEPT = timedelta(days=7)


async def forget_old(session: AsyncSession) -> None:
    """Answered retries and the log of done jobs are kept for a week."""
    before = utcnow() - KEPT
    await session.execute(delete(IdempotencyRecord).where(col(IdempotencyRecord.created_at) < before))
    await queue.forget_done(session, before)
