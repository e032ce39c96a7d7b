"""The moment at which a report that was to be published later is before everybody."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.report import Report


async def begin(session: AsyncSession, now: datetime) -> None:
    """One whose moment has come is one without a moment; as a change of the record it is told by `/v1/changes`."""
    due = update(Report).where(col(Report.publish_at) <= now)
    begun = due.values(publish_at=None, version=col(Report.version) + 1)
    await session.execute(begun.execution_options(synchronize_session=False))
