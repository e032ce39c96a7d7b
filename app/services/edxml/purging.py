"""What must not be kept: raw bytes of messages that were refused, and of secret documents that came this way.

They go after 90 days; that they came, from whom and why they were refused, stays.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.adapters.storage import Storage
from app.core.clock import today, utcnow
from app.core.cursors import Cursors
from app.core.principal import nobody
from app.domain.edxml import MessageState
from app.models.edxml import EdxmlMessage, EdxmlReceipt
from app.policies.visibility import unscoped
from app.services.steps import touch
from app.services.unit_of_work import UnitOfWork

KEPT: Final = timedelta(days=90)
AT_ONCE: Final = 500
M = EdxmlMessage


async def purge(session: AsyncSession, storage: Storage) -> int:
    """Gives how many messages lost their bytes. A secret one that still waited is discarded: nobody can read it now."""
    due = unscoped(M, reason="raw messages whose time is over").where(
        col(M.created_at) < utcnow() - KEPT,
        col(M.purged_at).is_(None),
        or_(col(M.state) == MessageState.REJECTED, col(M.restricted).is_(True)),
    )
    due = due.order_by(col(M.created_at)).limit(AT_ONCE).with_for_update(skip_locked=True)
    found = (await session.execute(due)).scalars().all()
    uow = UnitOfWork(session, nobody(today()), Cursors(b"worker"))
    for it in found:
        it.purged_at = utcnow()
        if it.state == MessageState.QUARANTINED:
            it.state, it.needs_person = MessageState.DISCARDED, False
        touch(it)
        uow.note("edxml_message.purge", "edxml_message", it.id, lead_body_id=it.brought_by_body_id, sha256=it.sha256)
    await uow.complete()
    digests = {it.sha256 for it in found}
    for sha256 in digests - await _still_kept(session, digests):
        await storage.remove(sha256)
    return len(found)


async def _still_kept(session: AsyncSession, digests: set[str]) -> set[str]:
    """By another message that is not purged, or any other row that names bytes in the store; a receipt holds none."""
    messages = select(col(M.sha256)).where(col(M.sha256).in_(digests), col(M.purged_at).is_(None))
    apart = {M.__tablename__, EdxmlReceipt.__tablename__}
    columns: list[Any] = [
        table.c.sha256 for name, table in SQLModel.metadata.tables.items() if "sha256" in table.c and name not in apart
    ]
    kept = union_all(messages, *(select(it).where(it.in_(digests)) for it in columns))
    return set((await session.execute(kept.execution_options(scope="who else keeps these bytes"))).scalars())
