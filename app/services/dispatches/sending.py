"""A clerk sends a paper, recalls or replaces it, and records that it has arrived."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.adapters.storage import Storage
from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain.dispatch import CHANGES, GONE_OUT, DeliveryState, DispatchChannel
from app.domain.edxml import BusinessType, MessageState
from app.models.dispatch import (
    Addressee,
    CopyReceipt,
    Dispatch,
    DispatchChange,
    DispatchCopy,
    DispatchCreate,
    DispatchReplacement,
    RelayConfirmation,
)
from app.models.document import Attachment, AttachmentState, Classification, Document
from app.models.edxml import EdxmlMessage
from app.models.recommendation import Recommendation
from app.policies.actions import papers
from app.policies.relations import among
from app.policies.visibility import scoped
from app.services import bodies, carriage, steps
from app.services.dispatches import accounts
from app.services.dispatches.composing import Change, compose
from app.services.dispatches.lines import wake
from app.services.edxml import aliases
from app.services.recommendations import receipts
from app.services.unit_of_work import UnitOfWork

SYSTEM = "copies of one dispatch"


async def create(uow: UnitOfWork, storage: Storage, payload: DispatchCreate) -> UUID:
    """By whoever keeps the sender's papers; the copies wait for the worker, the document system, or people."""
    paper = await steps.find(uow, Document, payload.document_id)
    if paper.owner_body_id not in papers(uow.who):
        raise Forbidden
    addressees = payload.addressees
    await bodies.check_known(uow, [it.body_id for it in addressees])
    carried = await _check_recommendations(uow, addressees)
    if (made := await uow.claim()) is not None:
        return made
    await _check_sendable(uow, paper)
    it = Dispatch(
        sender_body_id=paper.owner_body_id,
        document_id=paper.id,
        channel=await accounts.channel(uow, paper.owner_body_id, payload.channel),
        due_on=payload.due_on,
        account_id=uow.who.account_id,
    )
    uow.add(it)
    await uow.session.flush()
    copies = await _copies(uow, it, addressees)
    await _prepare(uow, storage, it, paper, copies)
    await carriage.attach_to_each(uow, carried, paper.id)
    return it.id


async def _check_recommendations(uow: UnitOfWork, addressees: Sequence[Addressee]) -> list[Recommendation]:
    """Each must be visible and addressed to whom it is carried."""
    wanted = {identifier for it in addressees for identifier in it.recommendation_ids}
    if not wanted:
        return []
    statement = scoped(Recommendation, uow.who).where(among(Recommendation.id, wanted))
    found = {it.id: it for it in (await uow.session.execute(statement.order_by(col(Recommendation.id)))).scalars()}
    if found.keys() != wanted:
        raise NotVisible
    for it in addressees:
        if any(found[identifier].addressee_id != it.body_id for identifier in it.recommendation_ids):
            raise invalid("/recipients", "other_addressee")
    return list(found.values())


async def _check_sendable(uow: UnitOfWork, paper: Document) -> None:
    """Issued, numbered, open, with its text: what is secret never travels this way."""
    if paper.classification != Classification.NORMAL:
        raise Conflict("secret_not_sent")
    if paper.symbol is None or paper.number is None:
        raise Conflict("paper_without_number")
    files = select(func.count()).where(
        col(Attachment.document_id) == paper.id, col(Attachment.state) == AttachmentState.STORED
    )
    if not (await uow.session.execute(files.execution_options(scope="own paper"))).scalar_one():
        raise Conflict("paper_without_file")


async def _copies(uow: UnitOfWork, it: Dispatch, addressees: Sequence[Addressee]) -> list[DispatchCopy]:
    organ_ids = await aliases.organ_ids_by(uow, [addressee.body_id for addressee in addressees], uow.today)
    copies = [
        DispatchCopy(
            dispatch_id=it.id,
            body_id=addressee.body_id,
            organ_id=organ_ids.get(addressee.body_id),
            recommendation_ids=[str(each) for each in addressee.recommendation_ids],
        )
        for addressee in addressees
    ]
    uow.add(*copies)
    await uow.session.flush()
    return copies


async def _prepare(
    uow: UnitOfWork,
    storage: Storage,
    it: Dispatch,
    paper: Document,
    copies: Sequence[DispatchCopy],
    change: Change | None = None,
) -> None:
    """Build the message, and queue the sending where we send ourselves. Carried by hand, ids may be missing."""
    sender = await aliases.organ_id_of(uow, it.sender_body_id, uow.today)
    missing = [copy for copy in copies if copy.organ_id is None]
    if it.channel is not DispatchChannel.FILE and (sender is None or missing):
        raise Conflict("organ_id_missing", extra={"body_ids": [str(copy.body_id) for copy in missing]})
    if sender is not None and not missing:
        message = await compose(uow, storage, paper, sender, copies, due_on=it.due_on, change=change)
        it.message_id = message.id
    for copy in copies:
        copy.try_at = uow.now if it.channel is DispatchChannel.AXIS else None
    await uow.session.flush()
    uow.record("dispatch.create", it, lead_body_id=it.sender_body_id)
    if it.channel is DispatchChannel.AXIS:
        await wake(uow.session, it.sender_body_id)


async def change(
    uow: UnitOfWork,
    storage: Storage,
    dispatch_id: UUID,
    kind: str,
    payload: DispatchChange | DispatchReplacement,
    expected: int | None,
) -> UUID:
    """Ask the addressees back for the paper, tell them its new content, or replace it; only they can agree."""
    before = await _own(uow, dispatch_id)
    document_id = payload.document_id if isinstance(payload, DispatchReplacement) else before.document_id
    paper = await steps.find(uow, Document, document_id)
    if paper.owner_body_id != before.sender_body_id:
        raise NotVisible
    if (made := await uow.claim()) is not None:
        return made
    steps.check_version(before, expected)
    await _check_sendable(uow, paper)
    copies = [it for it in await copies_of(uow.session, before.id) if it.state in GONE_OUT]
    if not copies:
        raise Conflict("nothing_sent")
    it = Dispatch(
        sender_body_id=before.sender_body_id,
        document_id=paper.id,
        channel=before.channel,
        changes_dispatch_id=before.id,
        business_type=int(CHANGES[kind]),
        reason=payload.reason,
        account_id=uow.who.account_id,
    )
    uow.add(it)
    await uow.session.flush()
    asked = await _copies(uow, it, [Addressee(body_id=copy.body_id) for copy in copies])
    await _prepare(uow, storage, it, paper, asked, await _changed(uow, before, CHANGES[kind], payload.reason))
    if kind == "recall":
        for copy in copies:
            copy.before_recall, copy.state = copy.state, DeliveryState.RECALL_ASKED
    steps.touch(before)
    await uow.session.flush()
    return it.id


async def _changed(uow: UnitOfWork, before: Dispatch, kind: BusinessType, reason: str) -> Change | None:
    message = await uow.session.get(EdxmlMessage, before.message_id) if before.message_id else None
    return Change(kind, message.exchange_id or "", reason) if message is not None else None


async def _own(uow: UnitOfWork, dispatch_id: UUID) -> Dispatch:
    it = await steps.find(uow, Dispatch, dispatch_id, lock=True)
    if it.sender_body_id not in papers(uow.who):
        raise Forbidden
    return it


async def copies_of(session: AsyncSession, dispatch_id: UUID) -> list[DispatchCopy]:
    rows = select(DispatchCopy).where(col(DispatchCopy.dispatch_id) == dispatch_id).order_by(col(DispatchCopy.id))
    return list((await session.execute(rows.with_for_update().execution_options(scope=SYSTEM))).scalars())


async def receive(uow: UnitOfWork, dispatch_id: UUID, payload: CopyReceipt) -> None:
    """The addressee has it: the clocks of the recommendations that it carries begin."""
    it = await _own(uow, dispatch_id)
    if payload.document_id is not None:
        await carriage.check_visible(uow, Document, [payload.document_id])
    if await uow.claim() is not None:
        return
    steps.not_in_the_future(uow, payload.received_on, "/received_on")
    copy = _chosen(await copies_of(uow.session, it.id), payload.body_id)
    if copy.state in (DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.UNREACHABLE):
        copy.state = DeliveryState.ARRIVED
    copy.note, copy.try_at = payload.note or copy.note, None
    await arrived(uow, it, copy, payload.received_on)


def _chosen(copies: Sequence[DispatchCopy], body_id: UUID | None) -> DispatchCopy:
    if body_id is None and len(copies) == 1:
        return copies[0]
    if body_id is None:
        raise invalid("/body_id", "missing")
    found = next((it for it in copies if it.body_id == body_id), None)
    if found is None:
        raise NotVisible
    return found


async def arrived(uow: UnitOfWork, it: Dispatch, copy: DispatchCopy, on: date) -> None:
    """The day of receipt, on the copy and on the recommendations whose receipt was only assumed."""
    copy.received_on = copy.received_on or on
    await uow.session.flush()
    await receipts.know(uow, [UUID(it) for it in copy.recommendation_ids], on)
    steps.touch(it)
    uow.record("dispatch.receive", it, lead_body_id=it.sender_body_id)


async def confirm(uow: UnitOfWork, dispatch_id: UUID, payload: RelayConfirmation) -> None:
    """The document system has sent what it took over."""
    it = await steps.find(uow, Dispatch, dispatch_id, lock=True)
    if it.sender_body_id not in uow.who.bodies:
        raise Forbidden
    if await uow.claim() is not None:
        return
    if it.channel is DispatchChannel.AXIS:
        raise Conflict("not_relayed")
    sent = set(payload.body_ids) if payload.body_ids is not None else None
    for copy in await copies_of(uow.session, it.id):
        _confirmed(uow, copy, payload, sent)
    await _exchanged(uow, it, payload.exchange_id)
    steps.touch(it)
    await uow.session.flush()
    uow.record("dispatch.confirm", it, lead_body_id=it.sender_body_id)


def _confirmed(uow: UnitOfWork, copy: DispatchCopy, payload: RelayConfirmation, sent: set[UUID] | None) -> None:
    if copy.body_id in payload.unreachable_body_ids:
        copy.state, copy.note = DeliveryState.UNREACHABLE, payload.note
    elif copy.state == DeliveryState.PENDING and (sent is None or copy.body_id in sent):
        copy.state, copy.sent_at = DeliveryState.SENT, payload.sent_at or uow.now


async def _exchanged(uow: UnitOfWork, it: Dispatch, exchange_id: str | None) -> None:
    """The id under which it travels, by which statuses and replies will speak of it."""
    message = await uow.session.get(EdxmlMessage, it.message_id) if it.message_id else None
    if message is not None:
        message.exchange_id = exchange_id or message.exchange_id
        message.state = MessageState.SENT
