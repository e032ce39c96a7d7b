"""What must not be kept: raw bytes of messages that were refused, and of secret documents that came this way.

They go after 90 days by the clock, or before when two people of a body want it: one asks, another confirms. That they
came, from whom and why they were refused, stays.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.adapters.storage import Storage
from app.core.clock import today, utcnow
from app.core.cursors import Cursors
from app.core.errors import Conflict, Forbidden
from app.core.principal import nobody
from app.domain.edxml import PURGEABLE, MessageDirection, MessageState, PurgeOutcome
from app.models.edxml import EdxmlMessage, MessagePurge, PurgeDecision
from app.policies.visibility import unscoped
from app.services import queue
from app.services.edxml import desk
from app.services.housekeeping import still_kept
from app.services.steps import check_version, touch
from app.services.unit_of_work import UnitOfWork

KEPT: Final = timedelta(days=90)
AT_ONCE: Final = 500
M = EdxmlMessage


async def ask(uow: UnitOfWork, identifier: UUID, payload: MessagePurge, expected: int | None) -> UUID:
    """By somebody who keeps the papers of a receiving body; of a secret document that is a leader."""
    it = await desk.take_up(uow, identifier)
    if (made := await uow.claim()) is not None:
        return made
    check_version(it, expected)
    desk.check_kept(it)
    secret = it.restricted and it.state == MessageState.QUARANTINED
    if it.direction != MessageDirection.IN or not (secret or it.state in PURGEABLE):
        raise Conflict("message_not_purgeable", params={"state": it.state})
    if it.purge_asked_at is not None:
        raise Conflict("purge_asked")
    it.purge_asked_at, it.purge_reason = uow.now, payload.reason
    it.purge_asked_by_id, it.purge_asked_body_id = uow.who.account_id, uow.who.body_id
    touch(it)
    uow.record("edxml_message.ask_purge", it, reason=payload.reason)
    return it.id


async def decide(uow: UnitOfWork, identifier: UUID, payload: PurgeDecision, expected: int | None) -> UUID:
    """Another person of the same body confirms; either of them may take it back."""
    it = await desk.take_up(uow, identifier)
    confirmed = payload.outcome is PurgeOutcome.CONFIRMED
    if it.purge_asked_at is not None and it.purge_asked_body_id != uow.who.body_id:
        raise Forbidden
    if confirmed and it.purge_asked_by_id == uow.who.account_id:
        raise Forbidden("two_persons")
    if (made := await uow.claim()) is not None:
        return made
    check_version(it, expected)
    desk.check_kept(it)
    if it.purge_asked_at is None:
        raise Conflict("purge_not_asked")
    if confirmed:
        await _purge_now(uow, it)
    else:
        it.purge_asked_at = it.purge_asked_by_id = it.purge_asked_body_id = it.purge_reason = None
        uow.record("edxml_message.refuse_purge", it, reason=payload.reason)
    touch(it)
    return it.id


async def _purge_now(uow: UnitOfWork, it: EdxmlMessage) -> None:
    """Nobody gets at the bytes from here on; they are erased when this is committed, and not before."""
    _forget(it)
    uow.record("edxml_message.purge", it, sha256=it.sha256, asked_by=str(it.purge_asked_by_id), reason=it.purge_reason)
    await uow.session.flush()
    await queue.enqueue(uow.session, queue.ERASE, [it.id])


async def erase(session: AsyncSession, storage: Storage, identifier: UUID) -> None:
    """The bytes of a message that was purged, unless something else keeps the same."""
    it = (await session.execute(unscoped(M, reason="its bytes are erased").where(col(M.id) == identifier))).scalar_one()
    if it.purged_at is not None and not await still_kept(session, {it.sha256}):
        await storage.remove(it.sha256)


async def purge(session: AsyncSession, storage: Storage) -> int:
    """Gives how many messages lost their bytes."""
    due = unscoped(M, reason="raw messages whose time is over").where(
        col(M.created_at) < utcnow() - KEPT,
        col(M.purged_at).is_(None),
        or_(col(M.state) == MessageState.REJECTED, col(M.restricted).is_(True)),
    )
    due = due.order_by(col(M.created_at)).limit(AT_ONCE).with_for_update(skip_locked=True)
    found = (await session.execute(due)).scalars().all()
    uow = UnitOfWork(session, nobody(today()), Cursors(b"worker"))
    for it in found:
        _forget(it)
        touch(it)
        uow.note("edxml_message.purge", "edxml_message", it.id, lead_body_id=it.brought_by_body_id, sha256=it.sha256)
    await uow.complete()
    digests = {it.sha256 for it in found}
    for sha256 in digests - await still_kept(session, digests):
        await storage.remove(sha256)
    return len(found)


def _forget(it: EdxmlMessage) -> None:
    """A secret one that still waited is discarded: nobody can read it now."""
    it.purged_at = utcnow()
    if it.state == MessageState.QUARANTINED:
        it.state, it.needs_person = MessageState.DISCARDED, False
