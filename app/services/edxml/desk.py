"""The quarantine desk: messages as their receivers see them, and what people decide about the doubtful ones."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from app.core.clock import civil
from app.core.errors import Conflict, Forbidden, Gone
from app.core.principal import Principal
from app.core.words import label
from app.domain.edxml import ClientScope, LinkKind, MessageDirection, MessageState, Rule
from app.domain.recommendation import RecommendationState
from app.models.edxml import (
    EdxmlDelivery,
    EdxmlMessage,
    EdxmlReceipt,
    EdxmlStatus,
    Links,
    MessageDiscard,
    MessageFilter,
    MessageLink,
    MessageRead,
    MessageReplay,
    ReceiptAnswer,
    ReceiptRead,
    RuleList,
    RuleRead,
)
from app.models.recommendation import Recommendation
from app.policies.actions import exchanges
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services.attachments import Shelf
from app.services.edxml import intake
from app.services.edxml.intake import Taken
from app.services.edxml.judging import Bringer, delivered
from app.services.reading import Page, Projection, json_list, read_page
from app.services.recommendations.incoming_replies import receive_reply
from app.services.steps import check_version, find, touch
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    deliveries: Any = select(
        col(EdxmlDelivery.body_id),
        col(EdxmlDelivery.organ_id),
        col(EdxmlDelivery.document_id),
        col(EdxmlDelivery.recall_asked_at),
    ).where(col(EdxmlDelivery.message_id) == col(EdxmlMessage.id), among(EdxmlDelivery.body_id, exchanges(who)))
    told: Any = select(
        col(EdxmlStatus.organ_id),
        col(EdxmlStatus.status),
        col(EdxmlStatus.reported_at),
        col(EdxmlStatus.note),
        col(EdxmlStatus.applied),
    )
    statuses = told.where(col(EdxmlStatus.message_id) == col(EdxmlMessage.id))
    ours = select(col(EdxmlDelivery.organ_id)).where(
        col(EdxmlDelivery.message_id) == col(EdxmlMessage.id), among(EdxmlDelivery.body_id, exchanges(who))
    )
    reported = told.where(
        col(EdxmlStatus.about_message_id) == col(EdxmlMessage.id),
        or_(
            col(EdxmlMessage.direction) == MessageDirection.OUT,
            col(EdxmlStatus.organ_id).in_(ours.correlate(EdxmlMessage)),
        ),
    )
    receipts: Any = select(
        col(EdxmlReceipt.id),
        col(EdxmlReceipt.kind),
        col(EdxmlReceipt.created_at).label("at"),
        col(EdxmlReceipt.outcome),
        col(EdxmlReceipt.code),
    ).where(col(EdxmlReceipt.message_id) == col(EdxmlMessage.id))
    return {
        "deliveries": json_list(deliveries.correlate(EdxmlMessage), order=[col(EdxmlDelivery.id)]),
        "statuses": json_list(statuses.correlate(EdxmlMessage), order=[col(EdxmlStatus.reported_at)]),
        "reported": json_list(
            reported.correlate(EdxmlMessage), order=[col(EdxmlStatus.reported_at), col(EdxmlStatus.status)]
        ),
        "receipts": json_list(receipts.correlate(EdxmlMessage), order=[col(EdxmlReceipt.id)]),
    }


MESSAGE = Projection(model=EdxmlMessage, reads={"full": MessageRead}, columns=_columns)


async def listing(uow: UnitOfWork, query: MessageFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    for column, wanted in (
        (EdxmlMessage.state, query.state),
        (EdxmlMessage.code, query.code),
        (EdxmlMessage.kind, query.kind),
        (EdxmlMessage.direction, query.direction),
        (EdxmlMessage.channel, query.channel),
        (EdxmlMessage.signature, query.signature),
        (EdxmlMessage.from_organ, [it.upper() for it in query.from_organ]),
    ):
        if wanted:
            where.append(col(column).in_(wanted))
    if query.exchange_id is not None:
        where.append(col(EdxmlMessage.exchange_id) == query.exchange_id)
    if query.needs_person is not None:
        where.append(col(EdxmlMessage.needs_person).is_(query.needs_person))
    return await read_page(uow, MESSAGE, Page.of(query), where=where, filters=query.filters())


async def raw(uow: UnitOfWork, shelf: Shelf, identifier: UUID) -> tuple[EdxmlMessage, AsyncIterator[bytes]]:
    """The bytes as they came; those of a secret document are handed out to nobody."""
    it = await find(uow, EdxmlMessage, identifier)
    if it.restricted:
        raise Forbidden("restricted_message")
    check_kept(it)
    return it, shelf.storage.read(it.sha256, 0, it.size - 1)


async def take_up(uow: UnitOfWork, identifier: UUID) -> EdxmlMessage:
    """For a decision of a person who keeps the papers of a receiving body."""
    it = await find(uow, EdxmlMessage, identifier, lock=True)
    if not uow.who.records:
        raise Forbidden
    return it


def check_kept(it: EdxmlMessage) -> None:
    if it.purged_at is not None:
        raise Gone("raw_purged")


def _check_waiting(it: EdxmlMessage) -> None:
    if it.direction != MessageDirection.IN or it.state != MessageState.QUARANTINED:
        raise Conflict("message_not_waiting", params={"state": it.state})


async def replay(uow: UnitOfWork, shelf: Shelf, identifier: UUID, payload: MessageReplay, expected: int | None) -> UUID:
    """Read the kept bytes by today's rules and today's aliases, with what a person put right."""
    it = await take_up(uow, identifier)
    if (made := await uow.claim()) is not None:
        return made
    check_version(it, expected)
    return (await read_again(uow, shelf, it, payload)).message_id


async def read_again(uow: UnitOfWork, shelf: Shelf, it: EdxmlMessage, payload: MessageReplay) -> Taken:
    """Of a message that was found and locked."""
    _check_waiting(it)
    check_kept(it)
    with await intake.look_again(shelf, it, uow.now, payload.overrides) as reading:
        await uow.serialise("edxml", reading.glimpse.document_id or it.sha256)
        touch(it)
        bringer = Bringer(uow.who.bodies, anybody=it.for_anybody)
        return await intake.settle(
            uow, shelf, it, reading, bringer, reason=payload.reason, overrides=payload.overrides or None
        )


async def link(uow: UnitOfWork, identifier: UUID, payload: MessageLink, expected: int | None) -> UUID:
    """A person says which recommendations an accepted paper answers: in each it waits as an incoming reply."""
    it = await take_up(uow, identifier)
    wanted = [await _ours(uow, each) for each in sorted(set(payload.recommendation_ids))]
    if (made := await uow.claim()) is not None:
        return made
    check_version(it, expected)
    papers = [paper for paper in (await delivered(uow, it.id)).values() if paper.body_id in uow.who.records]
    paper = next((each.document_id for each in papers if each.document_id is not None), None)
    if it.state != MessageState.ACCEPTED or paper is None:
        raise Conflict("message_not_accepted", params={"state": it.state})
    new = [each for each in wanted if str(each.id) not in it.linked_recommendation_ids]
    if any(each.state == RecommendationState.DRAFT for each in new):
        raise Conflict("not_running")
    it.linked_recommendation_ids = [*it.linked_recommendation_ids, *(str(each.id) for each in new)]
    it.answers_how = it.answers_how or LinkKind.PERSON
    it.needs_person = False
    touch(it)
    uow.record("edxml_message.link", it, reason=payload.reason)
    for each in new:
        await receive_reply(uow, each, paper, civil(it.created_at), note=payload.reason)
    return it.id


async def _ours(uow: UnitOfWork, identifier: UUID) -> Recommendation:
    """Of a lead for which the caller records papers."""
    it = await find(uow, Recommendation, identifier, lock=True)
    if it.issuer_body_id not in uow.who.records:
        raise Forbidden
    return it


async def discard(uow: UnitOfWork, identifier: UUID, payload: MessageDiscard, expected: int | None) -> UUID:
    """A person decides that nothing follows from it; the bytes stay."""
    it = await take_up(uow, identifier)
    if (made := await uow.claim()) is not None:
        return made
    check_version(it, expected)
    _check_waiting(it)
    it.state, it.needs_person = MessageState.DISCARDED, False
    touch(it)
    uow.record("edxml_message.discard", it, became=it.state, reason=payload.reason)
    return it.id


async def receipt_answer(uow: UnitOfWork, taken: Taken) -> ReceiptAnswer:
    """What the sender is told: never whether a document exists, unless it may read."""
    statement = unscoped(EdxmlReceipt, reason="the receipts of what the caller has just brought").where(
        col(EdxmlReceipt.message_id) == taken.message_id, col(EdxmlReceipt.body_id) == uow.who.body_id
    )
    receipts = list((await uow.session.execute(statement.order_by(col(EdxmlReceipt.id)))).scalars())
    deliveries = (await delivered(uow, taken.message_id)).values()
    documents = [it.document_id for it in deliveries if it.document_id is not None]
    silent = {Rule.REF_UNKNOWN} if uow.who.is_client and ClientScope.EDXML_READ not in uow.who.scopes else set()
    rule = Rule(taken.receipt.code)
    return ReceiptAnswer(
        message_id=taken.message_id,
        outcome=taken.receipt.outcome,
        code=None if rule in silent else rule,
        warnings=taken.warnings,
        detail=None if rule in silent else label(uow.language, "rule", rule),
        document_id=documents[0] if documents else None,
        document_ids=documents,
        receipt_id=taken.receipt.id,
        receipts=[_shown(it, silent) for it in receipts],
        links=Links(self=f"/v1/edxml/messages/{taken.message_id}"),
    )


def _shown(it: EdxmlReceipt, silent: set[Rule]) -> ReceiptRead:
    code = "" if it.code in silent else it.code
    return ReceiptRead(id=it.id, kind=it.kind, at=it.created_at, outcome=it.outcome, code=code)


def rules() -> RuleList:
    """Every code with its words, for whoever builds a sender."""
    items = [
        RuleRead(code=it, outcome=it.outcome, vi=label("vi", "rule", it), en=label("en", "rule", it)) for it in Rule
    ]
    return RuleList(items=items)
