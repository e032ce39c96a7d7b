"""The worker sends what waits: one message for all its addressees, the same bytes at every try.

A try is counted before anything leaves the house; where one may have arrived, the axis is asked before the next.
"""

import re
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.adapters import edxml
from app.adapters.axis import (
    FILE_ERROR,
    LOCKED_RECEIVER,
    UNKNOWN_RECEIVER,
    Axis,
    AxisAuth,
    AxisBusy,
    AxisError,
    AxisExists,
    AxisRefused,
    AxisUnknownOutcome,
    AxisUnreachable,
)
from app.adapters.storage import Storage
from app.core.clock import utcnow
from app.domain.dispatch import DeliveryState
from app.domain.edxml import MessageState
from app.models.dispatch import AxisAccount, Dispatch, DispatchCopy
from app.models.edxml import EdxmlMessage
from app.services import steps
from app.services.dispatches.lines import GIVEN_UP, LEASE, Connect, Sessions, connect, in_service, pause, stop, unit
from app.services.dispatches.sending import copies_of
from app.services.edxml import sealing

AT_ONCE: Final = 100
FILE_TRIES: Final = 3
"""After so many errors with a file it is the file that is wrong."""
LOCKED_DAYS: Final = 7
"""A locked receiver is tried daily for a week."""


ELSEWHERE: Final = "Trục đã có văn bản này của các nơi nhận khác · The axis has this document for its other receivers"
"""Why one who was left out when the others got it cannot get it this way any more."""


@dataclass(frozen=True, slots=True)
class InHand:
    """What one process sends now, and to whom; `tries` counts this one. `others_have_it`: a message went to those that
    the axis knew, and these were left out of it."""

    dispatch_id: UUID
    message: EdxmlMessage
    account: AxisAccount
    organ_ids: tuple[str, ...]
    tries: int
    others_have_it: bool


async def send_due(sessions: Sessions, storage: Storage, connect: Connect = connect, *, axis: str | None = None) -> int:
    """What waits for its next try, on one axis or on all; gives how many dispatches were tried."""
    tried: set[UUID] = set()
    while ids := set(await _due_on(sessions, axis)) - tried:
        for dispatch_id in sorted(ids):
            await send(sessions, storage, dispatch_id, connect)
        tried |= ids
    return len(tried)


async def _due_on(sessions: Sessions, axis: str | None) -> list[UUID]:
    async with sessions() as session:
        due = (
            select(col(DispatchCopy.dispatch_id))
            .join(Dispatch, col(Dispatch.id) == col(DispatchCopy.dispatch_id))
            .join(AxisAccount, col(AxisAccount.body_id) == col(Dispatch.sender_body_id))
            .where(col(DispatchCopy.try_at) <= utcnow(), in_service(axis))
            .distinct()
            .limit(AT_ONCE)
        )
        return list((await session.execute(due.execution_options(scope="what is due to be sent"))).scalars())


async def send(sessions: Sessions, storage: Storage, dispatch_id: UUID, connect: Connect = connect) -> None:
    """Each addressee hears of it once, whoever else tries at the same time. Whom the axis does not know is left out,
    and the others are tried again at once."""
    async with sessions.begin() as session:
        it = await _take_in_hand(session, dispatch_id)
    if it is None:
        return
    content, axis = await storage.whole(it.message.sha256, it.message.size), connect(it.account)
    while it is not None:
        it = await _try(sessions, axis, it, content)


async def _try(sessions: Sessions, axis: Axis, it: InHand, content: bytes) -> InHand | None:
    """Gives those for whom it must be tried again without the others."""
    try:
        axis_document_id = await _sent(axis, it, content)
    except AxisAuth as error:
        await stop(sessions, it.account.id, str(error))
        await _later(sessions, it, str(error), pause(1))
    except AxisUnreachable as error:
        return await _leave_out(sessions, axis, it, error)
    except (AxisRefused, edxml.Unsendable) as error:
        await _unsent(sessions, it, str(error), failed=True)
    except (AxisBusy, AxisUnknownOutcome) as error:
        final = it.tries >= (FILE_TRIES if error.code == FILE_ERROR else GIVEN_UP)
        again = pause(it.tries)
        await (_unsent(sessions, it, str(error), failed=True) if final else _later(sessions, it, str(error), again))
    else:
        await _settle(sessions, it, DeliveryState.SENT, axis_document_id=axis_document_id)
    return None


async def _sent(axis: Axis, it: InHand, content: bytes) -> str:
    known = None
    if it.tries > 1 and not it.message.business_type and not it.others_have_it:
        known = await axis.find_sent(it.message.exchange_id or "")
    if known is not None:
        return known
    sender = it.message.from_organ or ""
    if len(it.organ_ids) < len(it.message.header["to"]):
        content = await to_thread(edxml.narrowed, content, it.organ_ids, sealing.key_of(sender))
    try:
        return await axis.send(content, "edoc", sender=sender, receivers=it.organ_ids)
    except AxisExists as there:
        if it.others_have_it:
            raise AxisUnreachable(ELSEWHERE) from there
        return there.detail


async def _leave_out(sessions: Sessions, axis: Axis, it: InHand, error: AxisUnreachable) -> InHand | None:
    """Those whom the error concerns are unreachable; where it names nobody and the directory knows no more, all are."""
    out = _named(it, error.detail)
    if not out and error.code == UNKNOWN_RECEIVER and len(it.organ_ids) > 1:
        out = await _unlisted(axis, it)
    out = out or set(it.organ_ids)
    missed = replace(it, organ_ids=tuple(sorted(out)))
    locked = error.code == LOCKED_RECEIVER and it.tries <= LOCKED_DAYS
    await (_locked(sessions, missed, str(error)) if locked else _unsent(sessions, missed, str(error)))
    rest = tuple(organ_id for organ_id in it.organ_ids if organ_id not in out)
    return replace(it, organ_ids=rest) if rest else None


def _named(it: InHand, detail: str) -> set[str]:
    """As whole words: one organ id may begin like another."""
    return {each for each in it.organ_ids if re.search(rf"(?<![\w.]){re.escape(each)}(?!\.?\w)", detail, re.IGNORECASE)}


async def _unlisted(axis: Axis, it: InHand) -> set[str]:
    try:
        listed = await axis.directory()
    except AxisError:
        return set()
    return {each for each in it.organ_ids if each.upper() not in listed}


async def _take_in_hand(session: AsyncSession, dispatch_id: UUID) -> InHand | None:
    """None where nothing is due, or another process has it."""
    rows = (
        select(EdxmlMessage, AxisAccount)
        .join(Dispatch, col(Dispatch.message_id) == col(EdxmlMessage.id))
        .join(AxisAccount, col(AxisAccount.body_id) == col(Dispatch.sender_body_id))
        .where(
            col(Dispatch.id) == dispatch_id,
            col(EdxmlMessage.state).in_([MessageState.BUILT, MessageState.SENT]),
            in_service(),
        )
    )
    found = (await session.execute(rows.execution_options(scope="what the worker sends"))).first()
    copies = await _due(session, dispatch_id) if found is not None else []
    if found is None or not copies:
        return None
    for copy in copies:
        copy.tries, copy.try_at = copy.tries + 1, utcnow() + LEASE
    organ_ids = tuple(copy.organ_id for copy in copies if copy.organ_id)
    message, account = found
    others_have_it = message.state == MessageState.SENT
    return InHand(dispatch_id, message, account, organ_ids, max(copy.tries for copy in copies), others_have_it)


async def _due(session: AsyncSession, dispatch_id: UUID) -> Sequence[DispatchCopy]:
    rows = select(DispatchCopy).where(
        col(DispatchCopy.dispatch_id) == dispatch_id, col(DispatchCopy.try_at) <= utcnow()
    )
    rows = rows.order_by(col(DispatchCopy.id)).with_for_update(skip_locked=True)
    return (await session.execute(rows.execution_options(scope="copies that are sent"))).scalars().all()


async def _copies(session: AsyncSession, it: InHand) -> list[DispatchCopy]:
    """Of those for whom it was tried."""
    return [copy for copy in await copies_of(session, it.dispatch_id) if copy.organ_id in it.organ_ids]


async def _later(sessions: Sessions, it: InHand, why: str, wait: timedelta) -> None:
    async with sessions.begin() as session:
        for copy in await _copies(session, it):
            copy.note, copy.try_at = why[:4000], utcnow() + wait


async def _locked(sessions: Sessions, it: InHand, why: str) -> None:
    async with sessions.begin() as session:
        for copy in await _copies(session, it):
            copy.state, copy.note = DeliveryState.UNREACHABLE, why[:4000]
            copy.try_at = utcnow() + timedelta(days=1)


async def _unsent(sessions: Sessions, it: InHand, why: str, *, failed: bool = False) -> None:
    """None of these gets it this way; `failed` where the message itself is at fault."""
    await _settle(sessions, it, DeliveryState.UNREACHABLE, note=why[:4000], failed=failed)


async def _settle(
    sessions: Sessions,
    it: InHand,
    state: DeliveryState,
    *,
    note: str | None = None,
    axis_document_id: str | None = None,
    failed: bool = False,
) -> None:
    async with sessions.begin() as session:
        dispatch = await session.get_one(Dispatch, it.dispatch_id)
        message = await session.get_one(EdxmlMessage, it.message.id)
        if message.state == MessageState.BUILT:
            message.state = await _outcome(session, it, state, failed=failed)
        for copy in await _copies(session, it):
            _conclude(copy, state, note, axis_document_id, utcnow())
        uow = unit(session, it.account)
        steps.touch(dispatch)
        await session.flush()
        uow.record("dispatch.send", dispatch, became=state, lead_body_id=dispatch.sender_body_id)
        await uow.complete()


async def _outcome(session: AsyncSession, it: InHand, state: DeliveryState, *, failed: bool) -> MessageState:
    """It stays as built while others of its addressees are still to be tried, and nobody has got it."""
    others = [copy for copy in await copies_of(session, it.dispatch_id) if copy.organ_id not in it.organ_ids]
    if state is DeliveryState.UNREACHABLE and any(copy.try_at is not None for copy in others):
        return MessageState.BUILT
    return MessageState.FAILED if failed else MessageState.SENT


def _conclude(
    copy: DispatchCopy, state: DeliveryState, note: str | None, axis_document_id: str | None, now: datetime
) -> None:
    """What an addressee has reported in the meantime stands."""
    copy.try_at, copy.axis_document_id = None, axis_document_id
    if copy.state in (DeliveryState.PENDING, DeliveryState.UNREACHABLE):
        copy.state, copy.note = state, note
        copy.sent_at = now if state is DeliveryState.SENT else None
