"""What became of a received document is told to its sender: 01 by itself, the rest by whoever keeps the papers.

A report is a message of its own, built once. The worker sends it where the body has an account on an axis, in the
order in which they were made; else the document system takes it over, or people carry it as a file.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.adapters import edxml
from app.adapters.axis import AxisAuth, AxisBusy, AxisExists, AxisRefused, AxisUnknownOutcome, AxisUnreachable
from app.adapters.storage import Storage, chunks_of
from app.core.clock import utcnow
from app.core.errors import Conflict, Forbidden, NeedsUnmet, NotVisible, fault, invalid
from app.domain.dispatch import DispatchChannel
from app.domain.edxml import (
    ON_RECALL,
    WITH_REASON,
    BusinessType,
    ClientScope,
    LinkKind,
    MessageDirection,
    MessageKind,
    MessageState,
    StatusCode,
    reportable,
)
from app.models.dispatch import AxisAccount
from app.models.edxml import EdxmlDelivery, EdxmlMessage, EdxmlStatus, StaffPayload, StatusReport
from app.policies.visibility import unscoped
from app.services import steps
from app.services.dispatches import accounts
from app.services.dispatches.composing import names
from app.services.dispatches.lines import (
    GIVEN_UP,
    LEASE,
    Connect,
    Sessions,
    connect,
    in_service,
    pause,
    stop,
    unit,
    wake,
)
from app.services.edxml import sealing
from app.services.edxml.judging import delivered
from app.services.unit_of_work import UnitOfWork

AT_ONCE: Final = 200


async def report(uow: UnitOfWork, storage: Storage, message_id: UUID, payload: StatusReport) -> UUID:
    """By whoever keeps the papers of a receiving body; gives the document that is spoken of."""
    named = await steps.find(uow, EdxmlMessage, message_id)
    if not uow.who.records:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    about = await _original(uow, named)
    delivery = await _delivery(uow, about, payload.body_id)
    told = await _told(uow, about, delivery)
    recall_open = delivery.recall_asked_at is not None and not _answered(told, delivery.recall_asked_at)
    _check_order([it.status for it in told], payload, recall_open=recall_open)
    channel = await accounts.channel(uow, delivery.body_id, payload.channel)
    try:
        await _make(uow, storage, about, delivery, payload.status, channel, payload.note or "", payload.staff)
    except edxml.Unsendable as error:
        raise Conflict("message_unsendable", params={"why": str(error)[:500]}) from None
    if payload.status in ON_RECALL:
        await _recall_is_answered(uow, about)
    uow.record("edxml_message.report", about, became=payload.status, reason=payload.note)
    return about.id


async def _original(uow: UnitOfWork, named: EdxmlMessage) -> EdxmlMessage:
    """A recall speaks of the document that it wants back."""
    target = named.changes_message_id if named.business_type == BusinessType.RECALL else named.id
    statement = unscoped(EdxmlMessage, reason="the document that a receiver reports of").where(
        col(EdxmlMessage.id) == (target or named.id)
    )
    it = (await uow.session.execute(statement.with_for_update())).scalar_one()
    if it.direction != MessageDirection.IN or it.kind != MessageKind.EDOC or it.state != MessageState.ACCEPTED:
        raise Conflict("message_not_accepted", params={"state": it.state})
    return it


async def _delivery(uow: UnitOfWork, about: EdxmlMessage, body_id: UUID | None) -> EdxmlDelivery:
    ours = [it for it in (await delivered(uow, about.id)).values() if it.body_id in uow.who.records]
    if body_id is not None:
        ours = [it for it in ours if it.body_id == body_id]
    if not ours:
        raise NotVisible
    if len(ours) > 1:
        raise invalid("/body_id", "missing")
    return ours[0]


async def _told(uow: UnitOfWork, about: EdxmlMessage, delivery: EdxmlDelivery) -> Sequence[EdxmlStatus]:
    """By this receiver, in the order of the protocol."""
    statement = unscoped(EdxmlStatus, reason="what this receiver has told").where(
        col(EdxmlStatus.about_message_id) == about.id, col(EdxmlStatus.organ_id) == delivery.organ_id
    )
    return (await uow.session.execute(statement.order_by(col(EdxmlStatus.id)))).scalars().all()


def _answered(told: Sequence[EdxmlStatus], since: datetime) -> bool:
    return any(it.status in ON_RECALL and it.created_at >= since for it in told)


def _check_order(told: Sequence[StatusCode], payload: StatusReport, *, recall_open: bool) -> None:
    allowed = reportable(told, recall_open=recall_open)
    if payload.status not in allowed:
        raise Conflict("status_out_of_order", params={"status": payload.status}, extra={"allowed": sorted(allowed)})
    if payload.status in WITH_REASON and payload.note is None:
        raise NeedsUnmet(action="report", unmet=[fault("/note", "has_status_note")])


async def _recall_is_answered(uow: UnitOfWork, about: EdxmlMessage) -> None:
    asked = (
        update(EdxmlMessage)
        .where(col(EdxmlMessage.changes_message_id) == about.id)
        .where(col(EdxmlMessage.business_type) == int(BusinessType.RECALL))
        .values(needs_person=False)
    )
    await uow.session.execute(asked)


async def tell_arrival(uow: UnitOfWork, storage: Storage, message: EdxmlMessage) -> None:
    """Status 01, once for each receiver, of a document that an axis has brought, where a message can name it."""
    if message.kind != MessageKind.EDOC or message.state != MessageState.ACCEPTED:
        return
    delivery = (await delivered(uow, message.id)).get(uow.who.body_id)
    if delivery is not None and not await _told(uow, message, delivery):
        with suppress(edxml.Unsendable):
            await _make(uow, storage, message, delivery, StatusCode.ARRIVED, DispatchChannel.AXIS)


async def _make(
    uow: UnitOfWork,
    storage: Storage,
    about: EdxmlMessage,
    delivery: EdxmlDelivery,
    code: StatusCode,
    channel: DispatchChannel,
    note: str = "",
    staff: StaffPayload | None = None,
) -> None:
    at = uow.now.astimezone(edxml.VIET_NAM).replace(microsecond=0)
    called = await names(uow, [delivery.body_id])
    ours = edxml.Organ(organ_id=delivery.organ_id, name=called.get(delivery.body_id, "")[:200])
    status = edxml.Status(
        sender=ours,
        about=edxml.Reference(
            organ_id=about.from_organ or "",
            code=about.symbol or "",
            document_id=about.exchange_id or "",
            promulgated=about.promulgated,
        ),
        staff=_staff(staff),
        code=code,
        description=note,
        at=at.replace(tzinfo=None),
    )
    row = await _row(uow, storage, about, delivery, status, channel)
    uow.add(
        row,
        EdxmlStatus(
            about_message_id=about.id,
            message_id=row.id,
            organ_id=delivery.organ_id,
            status=code,
            reported_at=at,
            note=note,
            applied=True,
        ),
    )
    await uow.session.flush()
    if row.try_at is not None:
        await wake(uow.session, delivery.body_id)


def _staff(it: StaffPayload | None) -> edxml.Staff:
    if it is None:
        return edxml.Staff()
    return edxml.Staff(
        department=it.department or "", staff=it.name or "", mobile=it.mobile or "", email=it.email or ""
    )


async def _row(
    uow: UnitOfWork,
    storage: Storage,
    about: EdxmlMessage,
    delivery: EdxmlDelivery,
    status: edxml.Status,
    channel: DispatchChannel,
) -> EdxmlMessage:
    with edxml.spool() as target:
        seal = edxml.build(status, target, sealing.key_of(delivery.organ_id))
        stored = await storage.keep(chunks_of(target), limit=edxml.MAX_MESSAGE)
    return EdxmlMessage(
        direction=MessageDirection.OUT,
        kind=MessageKind.STATUS,
        state=MessageState.BUILT,
        channel=channel,
        sha256=stored.sha256,
        size=stored.size,
        brought_by_body_id=delivery.body_id,
        account_id=uow.who.account_id,
        from_organ=delivery.organ_id,
        from_name=status.sender.name or None,
        exchange_id=about.exchange_id,
        symbol=about.symbol,
        promulgated=about.promulgated,
        subject=status.description or None,
        header={
            "to": [about.from_organ],
            "status": status.code,
            "at": status.at.isoformat(),
            **sealing.shown(seal),
        },
        signature=seal.state,
        answers_message_id=about.id,
        answers_how=LinkKind.DOCUMENT_ID,
        try_at=uow.now if channel is DispatchChannel.AXIS else None,
    )


async def confirm(uow: UnitOfWork, message_id: UUID) -> None:
    """The document system, or whoever carries files, has handed a report over."""
    it = await steps.find(uow, EdxmlMessage, message_id, lock=True)
    if it.brought_by_body_id not in uow.who.records and ClientScope.DISPATCH_RELAY not in uow.who.scopes:
        raise Forbidden
    if await uow.claim() is not None:
        return
    waits = it.kind == MessageKind.STATUS and it.direction == MessageDirection.OUT and it.state == MessageState.BUILT
    if not waits or it.channel == DispatchChannel.AXIS:
        raise Conflict("report_not_waiting", params={"state": it.state})
    it.state = MessageState.SENT
    steps.touch(it)
    uow.record("edxml_message.confirm", it, became=it.state)


async def send_due(sessions: Sessions, storage: Storage, connect: Connect = connect, *, axis: str | None = None) -> int:
    """What waits for its next try, of each document the earliest first; gives how many reports were tried."""
    tried: set[UUID] = set()
    while ids := set(await _due(sessions, axis)) - tried:
        for message_id in sorted(ids):
            await send(sessions, storage, message_id, connect)
        tried |= ids
    return len(tried)


async def _due(sessions: Sessions, axis: str | None) -> list[UUID]:
    earlier = aliased(EdxmlMessage)
    overtaken = exists().where(
        col(earlier.answers_message_id) == col(EdxmlMessage.answers_message_id),
        col(earlier.from_organ) == col(EdxmlMessage.from_organ),
        col(earlier.try_at).is_not(None),
        col(earlier.id) < col(EdxmlMessage.id),
    )
    async with sessions() as session:
        due = (
            select(col(EdxmlMessage.id))
            .join(AxisAccount, col(AxisAccount.body_id) == col(EdxmlMessage.brought_by_body_id))
            .where(col(EdxmlMessage.try_at) <= utcnow(), in_service(axis), ~overtaken)
            .order_by(col(EdxmlMessage.id))
            .limit(AT_ONCE)
        )
        return list((await session.execute(due.execution_options(scope="reports that are due"))).scalars())


async def send(sessions: Sessions, storage: Storage, message_id: UUID, connect: Connect = connect) -> None:
    """The same bytes at every try: who has them already knows them again."""
    async with sessions.begin() as session:
        found = await _take_in_hand(session, message_id)
    if found is None:
        return
    it, account = found
    content = await storage.whole(it.sha256, it.size)
    try:
        receivers = [str(organ) for organ in it.header.get("to", []) if organ]
        with suppress(AxisExists):
            await connect(account).send(content, "status", sender=it.from_organ or "", receivers=receivers)
    except AxisAuth as error:
        await stop(sessions, account.id, str(error))
        await _settle(sessions, account, it, None)
    except (AxisBusy, AxisUnknownOutcome):
        await _settle(sessions, account, it, MessageState.FAILED if it.tries >= GIVEN_UP else None)
    except (AxisRefused, AxisUnreachable):
        await _settle(sessions, account, it, MessageState.FAILED)
    else:
        await _settle(sessions, account, it, MessageState.SENT)


async def _take_in_hand(session: AsyncSession, message_id: UUID) -> tuple[EdxmlMessage, AxisAccount] | None:
    rows = (
        select(EdxmlMessage, AxisAccount)
        .join(AxisAccount, col(AxisAccount.body_id) == col(EdxmlMessage.brought_by_body_id))
        .where(col(EdxmlMessage.id) == message_id, col(EdxmlMessage.try_at) <= utcnow())
        .where(in_service())
        .with_for_update(of=EdxmlMessage, skip_locked=True)
    )
    found = (await session.execute(rows.execution_options(scope="a report that is sent"))).first()
    if found is None:
        return None
    it, account = found
    it.tries, it.try_at = it.tries + 1, utcnow() + LEASE
    return it, account


async def _settle(sessions: Sessions, account: AxisAccount, sent: EdxmlMessage, state: MessageState | None) -> None:
    """None: it is tried again."""
    async with sessions.begin() as session:
        it = await session.get_one(EdxmlMessage, sent.id)
        if state is None:
            it.try_at = utcnow() + pause(it.tries)
            return
        it.state, it.try_at = state, None
        uow = unit(session, account)
        await session.flush()
        uow.record("edxml_message.send", it, became=state, lead_body_id=account.body_id)
        await uow.complete()
