"""What must not be kept: raw bytes of messages that were refused, and of secret documents that came this way.

They go after 90 days; that they came, from whom and why they were refused, stays.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.adapters.storage import Storage
from app.core.clock import today, utcnow
from app.core.cursors import Cursors
from app.core.principal import nobody
from app.domain.edxml import MessageState
from app.models.edxml import EdxmlMessage
from app.policies.visibility import unscoped
from app.services.housekeeping import still_kept
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
    for sha256 in digests - await still_kept(session, digests):
        await storage.remove(sha256)
    return len(found)
