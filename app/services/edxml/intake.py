"""A message comes in: kept first, judged then, entered once for each receiving body.

Raw bytes are in the store before anything is said of them; a repeated delivery gets the first result and one more
receipt. Whoever delivers the same message at the same moment waits for the other.
"""

from asyncio import to_thread
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col

from app.adapters import edxml
from app.adapters.storage import Stored, TooLong
from app.core.errors import Forbidden, TooLarge
from app.domain.edxml import (
    MessageChannel,
    MessageDirection,
    MessageKind,
    MessageOutcome,
    MessageState,
    ReceiptKind,
    Rule,
    first,
    is_organ_id,
    match_key,
)
from app.models.edxml import EdxmlDelivery, EdxmlMessage, EdxmlReceipt
from app.policies.actions import may_bring_messages
from app.policies.visibility import unscoped
from app.services.attachments import Shelf
from app.services.edxml import sealing, statuses
from app.services.edxml.judging import Bringer, Judged, delivered, judge, trace_stamp
from app.services.edxml.registering import KeptFile, keep_files, register
from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message in the store, and what was read of it while it was put there."""

    stored: Stored
    reading: edxml.Reading


@dataclass(frozen=True, slots=True)
class Way:
    """How a message came: `sender` is whose it is as the axis says, which the message must not contradict."""

    channel: MessageChannel
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one delivery."""

    message_id: UUID
    receipt: EdxmlReceipt
    warnings: list[str]


async def arrive(shelf: Shelf, chunks: AsyncIterator[bytes], now: datetime) -> Arrival:
    """Kept as it came, whatever it is; the caller closes the reading."""
    readings: list[edxml.Reading] = []

    async def look(path: Path) -> None:
        readings.append(await to_thread(_read, path, now, None))

    try:
        stored = await shelf.storage.keep(chunks, limit=edxml.MAX_MESSAGE, check=look)
    except TooLong:
        raise TooLarge from None
    return Arrival(stored, readings[0])


async def look_again(
    shelf: Shelf, it: EdxmlMessage, now: datetime, overrides: dict[str, str] | None = None
) -> edxml.Reading:
    """What is in the store, read by today's rules."""
    readings: list[edxml.Reading] = []

    async def look(path: Path) -> None:
        readings.append(await to_thread(_read, path, now, overrides))

    await shelf.storage.examine(it.sha256, it.size, look)
    return readings[0]


def _read(path: Path, now: datetime, overrides: dict[str, str] | None) -> edxml.Reading:
    with path.open("rb") as source:
        return edxml.read(source, now=now, overrides=overrides)


def check_may_bring(uow: UnitOfWork) -> None:
    """Before a byte is read."""
    if not may_bring_messages(uow.who):
        raise Forbidden


def _check_sender(uow: UnitOfWork, reading: edxml.Reading) -> None:
    """A client bound to senders delivers for them alone."""
    sender = reading.glimpse.from_organ.upper()
    if uow.who.senders and is_organ_id(sender) and sender not in uow.who.senders:
        raise Forbidden("sender_not_of_client", extra={"code": "E-FROM-FORBIDDEN"})


async def take_in(uow: UnitOfWork, shelf: Shelf, arrival: Arrival, way: Way | None = None) -> Taken:
    """`way` is told by whoever fetched it; what is brought is pushed by a client or uploaded by a person."""
    way = way or Way(MessageChannel.PUSH if uow.who.is_client else MessageChannel.UPLOAD)
    reading = arrival.reading
    _check_sender(uow, reading)
    if (made := await uow.claim()) is not None:
        return Taken(made, await last_receipt(uow, made), [])
    glimpse = reading.glimpse
    await uow.serialise("edxml", glimpse.document_id or arrival.stored.sha256)
    known = await _waiting(uow, arrival.stored.sha256)
    it = known or _new(uow, arrival, way)
    return await settle(uow, shelf, it, reading, Bringer.of(uow.who, glimpse.from_organ, said=way.sender))


async def settle(
    uow: UnitOfWork,
    shelf: Shelf,
    it: EdxmlMessage,
    reading: edxml.Reading,
    bringer: Bringer,
    **replay: Any,
) -> Taken:
    """Judge and do what follows; `it` is new, or waits for a person. `replay` are the words of the receipt."""
    judged = await judge(uow, reading, bringer)
    files: Sequence[KeptFile] = ()
    if not judged.broken and isinstance(reading.content, edxml.Message):
        files = await keep_files(shelf, reading.content.files)
        if any(kept.threat for kept in files):
            judged.broken.add(Rule.ATT_SCAN)
    rule = first(judged.broken) if judged.broken else first(judged.warnings)
    warnings = [str(it) for it in sorted(judged.warnings)]
    before = judged.same if rule is Rule.SAME or (judged.same is not None and rule.outcome is ACCEPTED) else None
    if before is None:
        _describe(it, reading, judged, rule)
        uow.add(it)
        await uow.session.flush()
    target = before or it
    uow.record(f"edxml_message.{'replay' if replay else 'receive'}", target, became=rule.outcome)
    await _do(uow, target, reading, judged, rule, files)
    receipt = await _receipt(uow, target, it.sha256, rule, **replay)
    if before is not None and replay:
        it.state, it.needs_person = MessageState.DISCARDED, False
    return Taken(target.id, receipt, warnings)


ACCEPTED = MessageOutcome.ACCEPTED


async def _do(
    uow: UnitOfWork,
    it: EdxmlMessage,
    reading: edxml.Reading,
    judged: Judged,
    rule: Rule,
    files: Sequence[KeptFile],
) -> None:
    if rule.outcome is ACCEPTED and isinstance(reading.content, edxml.Message):
        await register(uow, it, reading.content, judged, files)
        return
    if isinstance(reading.content, edxml.Status) and rule.outcome in (ACCEPTED, MessageOutcome.IGNORED):
        about = judged.answers.message if judged.answers else None
        assert about is not None
        await statuses.keep(uow, about, reading.content, it, applied=rule.outcome is ACCEPTED)
    if rule.outcome in (ACCEPTED, MessageOutcome.IGNORED, MessageOutcome.QUARANTINED):
        await _address(uow, it, judged)


async def _address(uow: UnitOfWork, it: EdxmlMessage, judged: Judged) -> None:
    """Whom it is for may see it at the desk, although no document was entered."""
    had = await delivered(uow, it.id)
    for body_id, organ_id in judged.receivers.items():
        if body_id not in had:
            uow.add(EdxmlDelivery(message_id=it.id, body_id=body_id, organ_id=organ_id))


def _new(uow: UnitOfWork, arrival: Arrival, way: Way) -> EdxmlMessage:
    return EdxmlMessage(
        direction=MessageDirection.IN,
        state=MessageState.QUARANTINED,
        channel=way.channel,
        sha256=arrival.stored.sha256,
        size=arrival.stored.size,
        brought_by_body_id=uow.who.body_id,
        account_id=uow.who.account_id,
        for_anybody=arrival.reading.glimpse.from_organ.upper() in uow.who.senders,
    )


async def _waiting(uow: UnitOfWork, sha256: str) -> EdxmlMessage | None:
    """The same bytes from the same body, not accepted so far: judged anew, not kept twice."""
    statement = unscoped(EdxmlMessage, reason="do the same bytes wait already?").where(
        col(EdxmlMessage.sha256) == sha256,
        col(EdxmlMessage.brought_by_body_id) == uow.who.body_id,
        col(EdxmlMessage.state).in_([MessageState.QUARANTINED, MessageState.REJECTED]),
    )
    return (await uow.session.execute(statement.with_for_update())).scalars().first()


MOST_LISTED, MOST_PLACES, MOST_TEXT = 1000, 100, 2000
"""A row is shown whole in lists: of what hostile senders write without end only so much is kept beside the bytes."""

STATES = {
    MessageOutcome.ACCEPTED: MessageState.ACCEPTED,
    MessageOutcome.QUARANTINED: MessageState.QUARANTINED,
    MessageOutcome.IGNORED: MessageState.IGNORED,
    MessageOutcome.REJECTED: MessageState.REJECTED,
}


def _describe(it: EdxmlMessage, reading: edxml.Reading, judged: Judged, rule: Rule) -> None:
    """What was read, on the row; of what cannot be trusted only what a person needs to decide."""
    seen = reading.glimpse
    it.kind, it.purged_at = seen.kind, None
    it.state = STATES[rule.outcome]
    it.code = rule
    it.warnings = [str(warning) for warning in sorted(judged.warnings)]
    it.from_organ = seen.from_organ.upper()[:64] or None
    it.from_name = seen.from_name[:300] or None
    it.exchange_id = seen.document_id[:300] or None
    it.restricted = Rule.SECRET in judged.broken
    it.subject = None if it.restricted else seen.subject[:4000] or None
    it.header = {"to": [organ.upper()[:64] for organ in seen.to_organs[:MOST_LISTED]], **sealing.shown(judged.seal)}
    it.signature = judged.seal.state
    it.changes_message_id = judged.changes.id if judged.changes else None
    if judged.answers is not None:
        it.answers_message_id = judged.answers.message.id if judged.answers.message else None
        it.answers_document_id = judged.answers.document_id
        it.answers_how = judged.answers.how
    it.needs_person = Rule.REF_FUZZY in judged.warnings and rule.outcome is ACCEPTED
    if isinstance(reading.content, edxml.Message):
        _describe_document(it, reading.content)
    elif isinstance(reading.content, edxml.Status):
        it.header = {**it.header, "status": reading.content.code, "at": reading.content.at.isoformat()}


def _describe_document(it: EdxmlMessage, message: edxml.Message) -> None:
    it.kind = MessageKind.EDOC
    it.business_type = int(message.business.type)
    it.trace_stamp = trace_stamp(message)
    it.symbol = message.symbol[:120]
    it.symbol_key = match_key(message.symbol)[:120]
    it.promulgated = message.promulgated
    it.fingerprint = edxml.fingerprint(message)
    told = {
        "kind": message.kind.name,
        "content": message.content[:MOST_TEXT],
        "place": message.place[:MOST_TEXT],
        "signer": {
            "name": message.signer.full_name[:MOST_TEXT],
            "title": message.signer.position[:MOST_TEXT],
            "capacity": message.signer.competence[:MOST_TEXT],
        },
        "due_on": message.due_on.isoformat() if message.due_on else None,
        "priority": message.other.priority,
        "reason": message.business.reason[:MOST_TEXT],
        "places": [place[:MOST_TEXT] for place in message.places[:MOST_PLACES]],
        "answers": [(answered.document_id or answered.code)[:300] for answered in message.answers[:MOST_PLACES]],
        "staff": {"name": message.business.staff.staff, "mobile": message.business.staff.mobile},
        "files": [
            {"name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256}
            for file in message.files
        ],
    }
    it.header = {**it.header, **told}


async def _receipt(uow: UnitOfWork, it: EdxmlMessage, sha256: str, rule: Rule, **replay: Any) -> EdxmlReceipt:
    receipt = EdxmlReceipt(
        message_id=it.id,
        kind=ReceiptKind.REPLAY if replay else ReceiptKind.DELIVERY,
        account_id=uow.who.account_id,
        body_id=uow.who.body_id,
        outcome=rule.outcome,
        code=rule,
        sha256=sha256,
        **replay,
    )
    uow.add(receipt)
    await uow.session.flush()
    return receipt


async def last_receipt(uow: UnitOfWork, message_id: UUID) -> EdxmlReceipt:
    statement = unscoped(EdxmlReceipt, reason="the answer of a delivery that is repeated").where(
        col(EdxmlReceipt.message_id) == message_id, col(EdxmlReceipt.account_id) == uow.who.account_id
    )
    return (await uow.session.execute(statement.order_by(col(EdxmlReceipt.id).desc()).limit(1))).scalars().one()
