"""What is thrown away, and when."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.adapters.storage import Storage
from app.core.clock import utcnow
from app.models.document import Attachment, Carriage
from app.models.event import EventTicket
from app.models.history import IdempotencyRecord
from app.models.mail import Mail
from app.models.webhook import WebhookDelivery
from app.services import queue
from app.services.changes import retention

KEPT = timedelta(days=7)
LOGGED = timedelta(days=90)
AT_ONCE = 1000


async def forget_old(session: AsyncSession) -> None:
    """Answered retries and the log of done jobs are kept for a week, the log of changes as long as its cursors,
    what was sent for 90 days."""
    before = utcnow() - KEPT
    await session.execute(delete(IdempotencyRecord).where(col(IdempotencyRecord.created_at) < before))
    await queue.forget_done(session, before)
    await session.execute(delete(EventTicket).where(col(EventTicket.expires_at) < before))
    await retention.forget_old(session)
    for log in (WebhookDelivery, Mail):
        await session.execute(delete(log).where(col(log.created_at) < utcnow() - LOGGED))


async def forget_unused_files(session: AsyncSession, storage: Storage) -> int:
    """Files that after a week belong to no paper and no record, and what has not arrived by then; gives how many.

    The bytes go only when nothing else in the house is kept under the same digest.
    """
    unused = select(col(Attachment.id)).where(
        col(Attachment.created_at) < utcnow() - KEPT,
        col(Attachment.document_id).is_(None),
        ~exists().where(col(Carriage.attachment_id) == col(Attachment.id)),
    )
    gone = delete(Attachment).where(col(Attachment.id).in_(unused.limit(AT_ONCE)))
    dropped = (await session.execute(gone.returning(col(Attachment.id), col(Attachment.sha256)))).all()
    for identifier, _ in dropped:
        await storage.abandon(identifier)
    digests = {sha256 for _, sha256 in dropped if sha256 is not None}
    for sha256 in digests - await _still_kept(session, digests):
        await storage.remove(sha256)
    return len(dropped)


async def _still_kept(session: AsyncSession, digests: set[str]) -> set[str]:
    """Every column that is called sha256 names bytes in the store."""
    columns: list[Any] = [table.c.sha256 for table in SQLModel.metadata.tables.values() if "sha256" in table.c]
    kept = union_all(*(select(it).where(it.in_(digests)) for it in columns))
    return set((await session.execute(kept.execution_options(scope="who else keeps these bytes"))).scalars())
