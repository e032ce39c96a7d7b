"""The worker fetches what lies on the axes: kept first, acknowledged then, and its sender told that it has arrived.

A crash between keeping and acknowledging brings a message again, which changes nothing. One that cannot be fetched or
kept does not hold up the others.
"""

import logging
from contextlib import aclosing
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.adapters.axis import (
    Axis,
    AxisAuth,
    AxisBusy,
    AxisError,
    AxisItem,
    AxisRefused,
    AxisUnreachable,
    MessageType,
)
from app.core.clock import today
from app.core.errors import AppError
from app.domain.edxml import MessageChannel, MessageState
from app.models.dispatch import AxisAccount
from app.models.dispatch import AxisItem as Fetched
from app.models.edxml import EdxmlMessage
from app.services.attachments import Shelf
from app.services.dispatches import following, reports
from app.services.dispatches.lines import Connect, Sessions, active, alone, connect, stop, unit
from app.services.edxml import intake

__all__ = ["following", "poll"]

log = logging.getLogger("giamsat.exchange")

LOOK_BACK: Final = timedelta(days=1)
"""An axis lists by day: yesterday is asked for again."""
KINDS: Final[tuple[MessageType, ...]] = ("edoc", "status")


async def poll(sessions: Sessions, shelf: Shelf, connect: Connect = connect, *, axis: str | None = None) -> int:
    """Fetch what waits for every active account, on one axis or on all; gives how many messages came in."""
    return sum([await _poll(sessions, shelf, it, connect(it)) for it in await active(sessions, axis)])


async def _poll(sessions: Sessions, shelf: Shelf, account: AxisAccount, axis: Axis) -> int:
    """One process at a time for each account: the others find the lock taken and leave."""
    since = (account.polled_until or today() - LOOK_BACK) - LOOK_BACK
    taken, whole = 0, True
    async with alone(sessions, account.id) as ours:
        if not ours:
            return 0
        try:
            for kind in KINDS:
                for item in await axis.received(kind, since, today()):
                    got = await _take(sessions, shelf, account, axis, item)
                    taken, whole = taken + bool(got), whole and got is not None
        except AxisAuth as error:
            await stop(sessions, account.id, str(error))
        except (AxisBusy, AxisRefused, AxisUnreachable):
            return taken
        if whole:
            await _polled(sessions, account.id)
    return taken


async def _polled(sessions: Sessions, account_id: UUID) -> None:
    async with sessions.begin() as session:
        (await session.get_one(AxisAccount, account_id)).polled_until = today()


async def _take(sessions: Sessions, shelf: Shelf, account: AxisAccount, axis: Axis, item: AxisItem) -> bool | None:
    """True when it was new to us, None when it could not be had. What is still listed is acknowledged again: the axis
    lost it the first time."""
    state = await _known(sessions, account, item)
    new = state is None
    try:
        if state is None:
            state = await _keep(sessions, shelf, account, axis, item)
        await axis.acknowledge(item.document_id, "fail" if state is MessageState.REJECTED else "done")
    except AxisAuth:
        raise
    except AxisError:
        return None
    return new


async def _known(sessions: Sessions, account: AxisAccount, item: AxisItem) -> MessageState | None:
    """What became of an item that was fetched before."""
    async with sessions() as session:
        known = (
            select(col(Fetched.id), col(EdxmlMessage.state))
            .outerjoin(EdxmlMessage, col(EdxmlMessage.id) == col(Fetched.message_id))
            .where(col(Fetched.axis_account_id) == account.id, col(Fetched.axis_document_id) == item.document_id)
        )
        found = (await session.execute(known.execution_options(scope="fetched before?"))).first()
    return None if found is None else MessageState(found[1] or MessageState.REJECTED)


async def _keep(sessions: Sessions, shelf: Shelf, account: AxisAccount, axis: Axis, item: AxisItem) -> MessageState:
    """Nothing asks the database before the last byte is here: no transaction waits for an axis."""
    try:
        async with sessions.begin() as session, aclosing(axis.fetch(item.document_id)) as chunks:
            uow = unit(session, account)
            arrival = await intake.arrive(shelf, chunks, uow.now)
            with arrival.reading:
                way = intake.Way(MessageChannel.AXIS, item.sender)
                taken = await intake.take_in(uow, shelf, arrival, way)
            uow.add(Fetched(axis_account_id=account.id, axis_document_id=item.document_id, message_id=taken.message_id))
            message = await session.get_one(EdxmlMessage, taken.message_id)
            await reports.tell_arrival(uow, shelf.storage, message)
            await uow.complete()
            return MessageState(message.state)
    except (AppError, AxisRefused) as refused:
        log.warning("message not kept", extra={"axis_document_id": item.document_id, "kind": type(refused).__name__})
        return await _refuse(sessions, account, item)


async def _refuse(sessions: Sessions, account: AxisAccount, item: AxisItem) -> MessageState:
    """Too large to be kept: its sender is told by the axis that it failed."""
    async with sessions.begin() as session:
        session.add(Fetched(axis_account_id=account.id, axis_document_id=item.document_id))
    return MessageState.REJECTED
