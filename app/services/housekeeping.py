"""What is thrown away, and when."""

from datetime import timedelta

from sqlalchemy import delete, exists, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import SQLModel, col

from app.adapters.storage import Storage
from app.core.clock import today, utcnow
from app.models.document import Attachment, Carriage
from app.models.edxml import EdxmlMessage
from app.models.event import EventTicket
from app.models.export import Export
from app.models.history import IdempotencyRecord
from app.models.import_ import Import
from app.models.mail import Mail
from app.models.webhook import WebhookDelivery
from app.services import queue
from app.services.changes import retention

KEPT = timedelta(days=7)
LOGGED = timedelta(days=90)
AT_ONCE = 1000
APART = {"edxml_message", "edxml_receipt", "export", "import"}

Sessions = async_sessionmaker[AsyncSession]


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
    for sha256 in digests - await still_kept(session, digests):
        await storage.remove(sha256)
    return len(dropped)


async def forget_expired(sessions: Sessions, storage: Storage, model: type[Export] | type[Import]) -> None:
    """Rows first: bytes that are lost because of a crash in between cost only their place."""
    async with sessions.begin() as session:
        gone = delete(model).where(col(model.expires_on) < today()).returning(col(model.sha256))
        digests = {it for it in (await session.execute(gone)).scalars() if it}
        same = select(col(model.sha256)).where(col(model.sha256).in_(digests))
        kept = set((await session.execute(same.execution_options(scope="still wanted?"))).scalars())
    for digest in digests - kept:
        await storage.remove(digest)


async def still_kept(session: AsyncSession, digests: set[str]) -> set[str]:
    """Every column that is called sha256 names bytes in the store of files.

    A purged message and a receipt hold none; exports and imports have stores of their own.
    """
    messages = select(col(EdxmlMessage.sha256)).where(col(EdxmlMessage.purged_at).is_(None))
    tables = SQLModel.metadata.tables.items()
    others = [select(it.c.sha256) for name, it in tables if "sha256" in it.c and name not in APART]
    kept = union_all(*(it.where(it.selected_columns.sha256.in_(digests)) for it in (messages, *others)))
    return set((await session.execute(kept.execution_options(scope="who else keeps these bytes"))).scalars())
