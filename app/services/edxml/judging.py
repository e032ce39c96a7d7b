"""The rules that no message breaks by itself: who is addressed, did it come before, is what it speaks of known?"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import col

from app.adapters import edxml
from app.core.principal import Principal
from app.domain.edxml import (
    BusinessType,
    LinkKind,
    MessageDirection,
    MessageKind,
    MessageState,
    Rule,
    SealFlaw,
    SignatureState,
)
from app.models.edxml import EdxmlDelivery, EdxmlMessage
from app.policies.visibility import unscoped
from app.services.edxml import aliases, statuses
from app.services.edxml.matching import Match, issued, match
from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brings a message: `anybody` when a client delivers for a sender of its list, to whom it is addressed.

    `said` is the sender as an axis calls it.
    """

    body_ids: tuple[UUID, ...]
    anybody: bool
    said: str = ""

    @classmethod
    def of(cls, who: Principal, from_organ: str, *, said: str = "") -> "Bringer":
        return cls(who.bodies, from_organ.upper() in who.senders, said.upper())


@dataclass(slots=True)
class Judged:
    """What is found out beside the rules: receivers by body, the same message of before, what it changes or answers."""

    broken: set[Rule] = field(default_factory=set)
    warnings: set[Rule] = field(default_factory=set)
    receivers: dict[UUID, str] = field(default_factory=dict)
    missed: dict[UUID, str] = field(default_factory=dict)
    sender_body_id: UUID | None = None
    seal: edxml.Seal = field(default_factory=edxml.Seal)
    same: EdxmlMessage | None = None
    changes: EdxmlMessage | None = None
    answers: Match | None = None


async def judge(uow: UnitOfWork, reading: edxml.Reading, bringer: Bringer) -> Judged:
    """Of a message that could not be read, only for whom it is."""
    glimpse = reading.glimpse
    it = Judged(broken=set(reading.broken), warnings=set(reading.warnings))
    standing = await aliases.bodies_of(uow, [glimpse.from_organ, bringer.said, *glimpse.to_organs], uow.today)
    it.receivers = {
        body_id: organ.upper()
        for organ in glimpse.to_organs
        if (body_id := standing.get(organ.upper())) and (bringer.anybody or body_id in bringer.body_ids)
    }
    it.sender_body_id = standing.get(glimpse.from_organ.upper())
    if bringer.said not in ("", glimpse.from_organ.upper()) and not _is(it.sender_body_id, standing.get(bringer.said)):
        it.broken.add(Rule.FROM_MISMATCH)
    await _judge_signature(uow, it, reading)
    if glimpse.kind is MessageKind.EDOC and not it.receivers:
        it.broken.add(Rule.TO_NOT_US)
    if isinstance(reading.content, edxml.Message):
        await _judge_document(uow, it, reading.content)
    elif isinstance(reading.content, edxml.Status):
        await _judge_status(uow, it, reading.content, bringer)
    if it.sender_body_id is None and not bringer.anybody and not it.broken:
        it.broken.add(Rule.FROM_UNKNOWN)
    return it


async def _judge_signature(uow: UnitOfWork, it: Judged, reading: edxml.Reading) -> None:
    """One that is right proves who has written, if its certificate is the sender's; of a sender whose certificates
    nobody knows neither a right nor a wrong one says anything."""
    it.seal, trust = reading.seal, await aliases.trust_in(uow, reading.glimpse.from_organ)
    looked_at = it.seal.state in (SignatureState.VALID, SignatureState.INVALID)
    if looked_at and not trust.certificates:
        it.seal = replace(it.seal, state=SignatureState.UNVERIFIED)
    elif it.seal.state is SignatureState.VALID and it.seal.certificate not in trust.certificates:
        it.seal = replace(it.seal, state=SignatureState.INVALID, flaw=SealFlaw.UNTRUSTED)
    if it.seal.state is SignatureState.INVALID:
        it.broken.add(Rule.SIG_INVALID)
    elif trust.required and it.seal.state is not SignatureState.VALID:
        it.broken.add(Rule.SIG_REQUIRED)


def _is(one: UUID | None, other: UUID | None) -> bool:
    """Two ids, of either generation, of one body."""
    return one is not None and one == other


async def _judge_document(uow: UnitOfWork, it: Judged, message: edxml.Message) -> None:
    it.same = await same(uow, message)
    it.missed = dict(it.receivers)
    if it.same is not None:
        if it.same.fingerprint != edxml.fingerprint(message):
            it.broken.add(Rule.CONFLICT)
        else:
            await _find_missed(uow, it, it.same)
        return
    if message.business.type is not BusinessType.NEW:
        await _judge_change(uow, it, message)
    if message.answers:
        it.answers = await match(uow, message.answers, sender=message.sender.organ_id, owners=it.receivers)
        if it.answers is None:
            it.broken.add(Rule.REF_UNKNOWN)
        elif it.answers.how is not LinkKind.DOCUMENT_ID:
            it.warnings.add(Rule.REF_FUZZY)


async def same(uow: UnitOfWork, message: edxml.Message) -> EdxmlMessage | None:
    """Sender, DocumentId and business type; of what repeats the id of another also its first trace."""
    statement = unscoped(EdxmlMessage, reason="did this come before?").where(
        col(EdxmlMessage.direction) == MessageDirection.IN,
        col(EdxmlMessage.kind) == MessageKind.EDOC,
        col(EdxmlMessage.state) == MessageState.ACCEPTED,
        col(EdxmlMessage.from_organ) == message.sender.organ_id.upper(),
        col(EdxmlMessage.exchange_id) == message.document_id,
        col(EdxmlMessage.business_type) == int(message.business.type),
        col(EdxmlMessage.trace_stamp).is_not_distinct_from(trace_stamp(message)),
    )
    return (await uow.session.execute(statement)).scalars().first()


def trace_stamp(message: edxml.Message) -> str | None:
    repeats = message.business.type is not BusinessType.NEW
    return message.traces[0].at.isoformat() if repeats and message.traces else None


async def _find_missed(uow: UnitOfWork, it: Judged, known: EdxmlMessage) -> None:
    """The same document for another body of ours is new to that body, and to that body alone."""
    got = await delivered(uow, known.id)
    it.missed = {body_id: organ for body_id, organ in it.receivers.items() if body_id not in got}
    if not it.missed:
        it.broken.add(Rule.SAME)


async def delivered(uow: UnitOfWork, message_id: UUID) -> dict[UUID, EdxmlDelivery]:
    statement = unscoped(EdxmlDelivery, reason="who got this document?").where(
        col(EdxmlDelivery.message_id) == message_id
    )
    rows = await uow.session.execute(statement.order_by(col(EdxmlDelivery.id)))
    return {it.body_id: it for it in rows.scalars()}


async def _judge_change(uow: UnitOfWork, it: Judged, message: edxml.Message) -> None:
    """Only who sent a document recalls, updates or replaces it."""
    named = [each.document_id for each in message.business.replacements]
    targets = [*named, message.business.document_id, message.document_id]
    organs = await _organs(uow, message.sender.organ_id, it.sender_body_id)
    it.changes = await issued(uow, list(dict.fromkeys(filter(None, targets))), organs)
    if it.changes is None:
        it.broken.add(Rule.BUS_TARGET)


async def _organs(uow: UnitOfWork, organ_id: str, body_id: UUID | None) -> Collection[str]:
    """Under which ids the sender may have written before."""
    former = await aliases.organ_ids_of(uow, body_id) if body_id is not None else set()
    return {organ_id.upper()} | former


async def _judge_status(uow: UnitOfWork, it: Judged, status: edxml.Status, bringer: Bringer) -> None:
    it.answers = await match(uow, [status.about], sender=status.sender.organ_id, owners=())
    about = it.answers.message if it.answers else None
    issuers = await aliases.bodies_of(uow, [about.from_organ or ""], uow.today) if about else {}
    it.receivers = {body_id: organ for organ, body_id in issuers.items()}
    if about is None or not (bringer.anybody or set(it.receivers) & set(bringer.body_ids)):
        it.receivers = {}
        it.broken.add(Rule.REF_UNKNOWN)
        return
    addressed = set(about.header.get("to", []))
    if not addressed & set(await _organs(uow, status.sender.organ_id, it.sender_body_id)):
        it.broken.add(Rule.STATUS_SENDER)
        return
    placed, known = await statuses.place(uow, about, status)
    if placed is not Rule.OK:
        it.broken.add(placed)
    if known is not None:
        first = unscoped(EdxmlMessage, reason="the first delivery of a report").where(
            col(EdxmlMessage.id) == known.message_id
        )
        it.same = (await uow.session.execute(first)).scalar_one()
