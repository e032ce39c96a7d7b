"""The worker's side of an axis: sends what waits, fetches what has come, and tells senders that it has arrived.

Fetch, keep, commit, then acknowledge: a crash between brings the message again, which changes nothing. Send: the same
bytes at every try; where the outcome is unknown the axis is asked before it is sent again.
"""

import os
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters import edxml
from app.adapters.axis import Axis, AxisAuth, AxisBusy, AxisRefused, AxisUnknownOutcome, AxisUnreachable, MessageType
from app.adapters.storage import Storage
from app.core.clock import today, utcnow
from app.core.cursors import Cursors
from app.core.principal import Duty, Principal
from app.domain.dispatch import AxisState, DeliveryState
from app.domain.edxml import MessageDirection, MessageKind, MessageState, StatusCode
from app.models.dispatch import AxisAccount, AxisItem, Dispatch, DispatchCopy
from app.models.edxml import EdxmlMessage
from app.services import steps
from app.services.attachments import Shelf
from app.services.dispatches.composing import names
from app.services.edxml import aliases, intake
from app.services.unit_of_work import UnitOfWork

Sessions = async_sessionmaker[AsyncSession]
Connect = Callable[[AxisAccount], Axis]

PAUSES: Final = tuple(timedelta(minutes=it) for it in (1, 5, 15, 60))
GIVEN_UP: Final = 51
"""1, 5, 15, 60 minutes, then hourly for two days."""
LOOK_BACK: Final = timedelta(days=1)
"""An axis lists by day: yesterday is asked for again."""

KINDS: Final[tuple[MessageType, ...]] = ("edoc", "status")

_axes: dict[UUID, Axis] = {}


def connect(account: AxisAccount) -> Axis:
    """One for each account and process: it keeps the token, the turn and the count of failures."""
    axis = _axes.get(account.id)
    if axis is None or axis.url != account.url:
        axis = _axes[account.id] = Axis(account.url, account.system_id, os.environ.get(account.secret_name, ""))
    return axis


def _clerk(account: AxisAccount) -> Principal:
    """Who acts: the body's clerk, by the account of whoever set the axis up."""
    return Principal(
        account_id=account.account_id,
        body_id=account.body_id,
        duties=frozenset({Duty.CLERK}),
        bodies=(account.body_id,),
        today=today(),
        family_id=account.id,
    )


def _unit(session: AsyncSession, account: AxisAccount) -> UnitOfWork:
    return UnitOfWork(session, _clerk(account), Cursors(b"worker"))


async def send(sessions: Sessions, storage: Storage, dispatch_id: UUID, connect: Connect = connect) -> None:
    """One message for all its addressees; each of them hears of it once."""
    async with sessions.begin() as session:
        found = await _waiting(session, dispatch_id)
        if found is None:
            return
        _, message, account = found
        if account.state == AxisState.STOPPED:
            return
        content = await storage.whole(message.sha256, message.size)
        tried = bool(await _tries(session, dispatch_id))
    axis = connect(account)
    try:
        document_id = await axis.find_sent(message.exchange_id or "") if tried and not message.business_type else None
        document_id = document_id or await axis.send(content, "edoc")
    except (AxisBusy, AxisUnknownOutcome) as error:
        await _later(sessions, dispatch_id, str(error))
    except AxisAuth as error:
        await _stop(sessions, account.id, str(error))
        await _later(sessions, dispatch_id, str(error))
    except AxisUnreachable as error:
        await _settle(sessions, dispatch_id, DeliveryState.UNREACHABLE, note=str(error))
    except AxisRefused as error:
        await _settle(sessions, dispatch_id, DeliveryState.UNREACHABLE, note=str(error), failed=True)
    else:
        await _settle(sessions, dispatch_id, DeliveryState.SENT, axis_document_id=document_id)


async def _waiting(session: AsyncSession, dispatch_id: UUID) -> tuple[Dispatch, EdxmlMessage, AxisAccount] | None:
    rows = (
        select(Dispatch, EdxmlMessage, AxisAccount)
        .join(EdxmlMessage, col(EdxmlMessage.id) == col(Dispatch.message_id))
        .join(AxisAccount, col(AxisAccount.body_id) == col(Dispatch.sender_body_id))
        .where(col(Dispatch.id) == dispatch_id, col(EdxmlMessage.state) == MessageState.BUILT)
    )
    found = (await session.execute(rows.execution_options(scope="what the worker sends"))).first()
    return None if found is None else (found[0], found[1], found[2])


async def _tries(session: AsyncSession, dispatch_id: UUID) -> int:
    tries = select(func.max(col(DispatchCopy.tries))).where(col(DispatchCopy.dispatch_id) == dispatch_id)
    return (await session.execute(tries.execution_options(scope="was it tried before?"))).scalar_one() or 0


async def _copies(session: AsyncSession, dispatch_id: UUID) -> list[DispatchCopy]:
    rows = select(DispatchCopy).where(col(DispatchCopy.dispatch_id) == dispatch_id).with_for_update()
    return list((await session.execute(rows.execution_options(scope="copies that are sent"))).scalars())


async def _later(sessions: Sessions, dispatch_id: UUID, why: str) -> None:
    async with sessions.begin() as session:
        for copy in await _copies(session, dispatch_id):
            copy.tries += 1
            copy.note = why[:4000]
            pause = PAUSES[min(copy.tries, len(PAUSES)) - 1]
            copy.try_at = utcnow() + pause if copy.tries < GIVEN_UP else None
            if copy.try_at is None:
                copy.state = DeliveryState.UNREACHABLE


async def _settle(
    sessions: Sessions,
    dispatch_id: UUID,
    state: DeliveryState,
    *,
    note: str | None = None,
    axis_document_id: str | None = None,
    failed: bool = False,
) -> None:
    async with sessions.begin() as session:
        dispatch = await session.get_one(Dispatch, dispatch_id)
        assert dispatch.message_id is not None
        message = await session.get_one(EdxmlMessage, dispatch.message_id)
        message.state = MessageState.FAILED if failed else MessageState.SENT
        for copy in await _copies(session, dispatch_id):
            copy.tries, copy.try_at = copy.tries + 1, None
            if copy.state == DeliveryState.PENDING:
                copy.state, copy.note = state, note
                copy.sent_at = utcnow() if state is DeliveryState.SENT else None
            copy.axis_document_id = axis_document_id
        account = await _account_of(session, dispatch.sender_body_id)
        uow = _unit(session, account)
        steps.touch(dispatch)
        await session.flush()
        uow.record("dispatch.send", dispatch, became=state, lead_body_id=dispatch.sender_body_id)
        await uow.complete()


async def _account_of(session: AsyncSession, body_id: UUID) -> AxisAccount:
    own = select(AxisAccount).where(col(AxisAccount.body_id) == body_id)
    return (await session.execute(own.execution_options(scope="whose account?"))).scalar_one()


async def _stop(sessions: Sessions, account_id: UUID, why: str) -> None:
    """Nothing more goes out or comes in until somebody has looked: no storm of retries with a wrong secret."""
    async with sessions.begin() as session:
        account = await session.get_one(AxisAccount, account_id)
        account.state, account.stopped_reason = AxisState.STOPPED, why[:1000]
        uow = _unit(session, account)
        await session.flush()
        uow.record("axis_account.stop", account, became=AxisState.STOPPED, lead_body_id=account.body_id)
        await uow.complete()


async def send_due(sessions: Sessions, storage: Storage, connect: Connect = connect) -> int:
    """What waits for its next try; gives how many dispatches were tried."""
    async with sessions() as session:
        due = select(col(DispatchCopy.dispatch_id)).where(col(DispatchCopy.try_at) <= utcnow()).distinct().limit(100)
        ids = list((await session.execute(due.execution_options(scope="what is due to be sent"))).scalars())
    for dispatch_id in ids:
        await send(sessions, storage, dispatch_id, connect)
    return len(ids)


async def poll(sessions: Sessions, shelf: Shelf, connect: Connect = connect) -> int:
    """Fetch what waits for every active account; gives how many messages came in."""
    async with sessions() as session:
        active = select(AxisAccount).where(col(AxisAccount.state) == AxisState.ACTIVE).order_by(col(AxisAccount.id))
        accounts = list((await session.execute(active.execution_options(scope="accounts to be asked"))).scalars())
    return sum([await _poll(sessions, shelf, it, connect(it)) for it in accounts])


async def _poll(sessions: Sessions, shelf: Shelf, account: AxisAccount, axis: Axis) -> int:
    """One process at a time for each account: the others find the lock taken and leave."""
    since = (account.polled_until or today() - LOOK_BACK) - LOOK_BACK
    taken = 0
    async with sessions() as guard, guard.begin():
        lock = select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"axis:{account.id}", 0)))
        if not (await guard.execute(lock)).scalar_one():
            return 0
        try:
            for kind in KINDS:
                for item in await axis.received(kind, since, today()):
                    taken += await _take(sessions, shelf, account, axis, item.document_id)
        except AxisAuth as error:
            await _stop(sessions, account.id, str(error))
        except (AxisBusy, AxisRefused, AxisUnreachable):
            return taken
        await _polled(sessions, account.id, today())
    return taken


async def _polled(sessions: Sessions, account_id: UUID, until: date) -> None:
    async with sessions.begin() as session:
        (await session.get_one(AxisAccount, account_id)).polled_until = until


async def _take(sessions: Sessions, shelf: Shelf, account: AxisAccount, axis: Axis, document_id: str) -> bool:
    """True when it was new to us. What is still listed is acknowledged again: the axis lost it the first time."""
    async with sessions() as session:
        known = select(AxisItem).where(
            col(AxisItem.axis_account_id) == account.id, col(AxisItem.axis_document_id) == document_id
        )
        before = (await session.execute(known.execution_options(scope="fetched before?"))).scalar_one_or_none()
    new = before is None
    item = before or await _keep(sessions, shelf, account, axis.fetch(document_id), document_id)
    await axis.acknowledge(document_id, "done")
    if new and item.message_id is not None:
        await _tell_arrival(sessions, account, axis, item.message_id)
    return new


async def _keep(
    sessions: Sessions, shelf: Shelf, account: AxisAccount, chunks: AsyncIterator[bytes], document_id: str
) -> AxisItem:
    async with sessions.begin() as session:
        uow = _unit(session, account)
        arrival = await intake.arrive(shelf, chunks, uow.now)
        with arrival.reading:
            taken = await intake.take_in(uow, shelf, arrival)
        item = AxisItem(axis_account_id=account.id, axis_document_id=document_id, message_id=taken.message_id)
        uow.add(item)
        await uow.complete()
    return item


async def _tell_arrival(sessions: Sessions, account: AxisAccount, axis: Axis, message_id: UUID) -> None:
    """Status 01 goes out by itself once a document is kept; 02 and 03 are a clerk's."""
    async with sessions() as session:
        message = await session.get_one(EdxmlMessage, message_id)
        uow = _unit(session, account)
        organ_id = await aliases.organ_id_of(uow, account.body_id, today())
        name = (await names(uow, [account.body_id]))[account.body_id]
    document = message.kind == MessageKind.EDOC and message.state == MessageState.ACCEPTED
    if document and message.direction == MessageDirection.IN and organ_id is not None:
        ours = edxml.Organ(organ_id=organ_id, name=name[:200])
        await report(axis, message, ours, StatusCode.ARRIVED)


async def report(axis: Axis, about: EdxmlMessage, ours: edxml.Organ, code: StatusCode, note: str = "") -> None:
    """Tell the sender of a document what became of it; a report that is lost is no loss of the document."""
    at = utcnow().astimezone(edxml.VIET_NAM).replace(tzinfo=None, microsecond=0)
    status = edxml.Status(
        sender=ours,
        about=edxml.Reference(
            organ_id=about.from_organ or "",
            code=about.symbol or "",
            document_id=about.exchange_id or "",
            promulgated=about.promulgated,
        ),
        code=code,
        description=note,
        at=at,
    )
    with edxml.spool() as target:
        edxml.build(status, target)
        target.seek(0)
        content = target.read()
    try:
        await axis.send(content, "status")
    except (AxisAuth, AxisBusy, AxisRefused, AxisUnknownOutcome, AxisUnreachable):
        return
