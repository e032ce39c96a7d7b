"""Which document does a message speak of? The only link on the axes is ResponseFor, and it is unreliable.

By the DocumentId it is certain; by number and date, with the issuer or from an addressee, it is a suggestion that a
person confirms; a number alone identifies nothing, since Party numbers start anew with every term.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.adapters.edxml import Reference
from app.adapters.edxml.dates import Unreadable, read_day
from app.domain.edxml import LinkKind, MessageKind, MessageState, match_key
from app.models.document import Document
from app.models.edxml import EdxmlMessage
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services.edxml import aliases
from app.services.unit_of_work import UnitOfWork

ISSUING = (0, 3)
"""New documents and replacements; a recall or an update repeats the id of what it changes."""
AT_MOST = 200
BY_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Match:
    """The message, or the registered paper that no message brought."""

    how: LinkKind
    message: EdxmlMessage | None = None
    document_id: UUID | None = None


async def match(
    uow: UnitOfWork, references: Sequence[Reference], *, sender: str, owners: Collection[UUID]
) -> Match | None:
    """The first of what is answered that is known by its id, else by its number; `owners` are the bodies whose
    registers may be asked. Of a message that names hundreds only so many are looked for by number."""
    known = await _known(uow, [it.document_id for it in references if it.document_id])
    for it in references:
        if it.document_id in known:
            return Match(LinkKind.DOCUMENT_ID, message=known[it.document_id][0])
    for it in references[:BY_NUMBER]:
        found = await _by_number(uow, _completed(it), sender, owners)
        if found is not None:
            return found
    return None


async def issued(uow: UnitOfWork, exchange_ids: Sequence[str], organ_ids: Collection[str]) -> EdxmlMessage | None:
    """The first of these documents that one of these organ ids has sent."""
    known = await _known(uow, exchange_ids)
    sent = (it for exchange_id in exchange_ids for it in known.get(exchange_id, ()))
    return next((it for it in sent if (it.from_organ or "").upper() in organ_ids), None)


async def _known(uow: UnitOfWork, exchange_ids: Sequence[str]) -> dict[str, list[EdxmlMessage]]:
    """Documents by their DocumentId, each the earliest first."""
    if not exchange_ids:
        return {}
    statement = _documents("are these documents known?").where(col(EdxmlMessage.exchange_id).in_(set(exchange_ids)))
    found: dict[str, list[EdxmlMessage]] = {}
    for it in (await uow.session.execute(statement.order_by(col(EdxmlMessage.id)).limit(AT_MOST))).scalars():
        found.setdefault(it.exchange_id or "", []).append(it)
    return found


def _documents(reason: str):  # type: ignore[no-untyped-def]
    return unscoped(EdxmlMessage, reason=reason).where(
        col(EdxmlMessage.kind) == MessageKind.EDOC,
        col(EdxmlMessage.state).in_([MessageState.ACCEPTED, MessageState.SENT]),
        col(EdxmlMessage.business_type).in_(ISSUING),
    )


@dataclass(frozen=True, slots=True)
class _Numbered:
    organ_id: str
    key: str
    on: date


def _completed(it: Reference) -> _Numbered | None:
    """Number and date; what is left out is taken from a DocumentId of the usual form `OrganId,yyyy/MM/dd,number`."""
    organ_id, _, rest = it.document_id.partition(",")
    written, _, number = rest.partition(",")
    on, code = it.promulgated, it.code or number
    if on is None:
        try:
            on = read_day(written.strip())[0]
        except Unreadable:
            return None
    return _Numbered((it.organ_id or organ_id).strip().upper(), match_key(code), on) if code else None


async def _by_number(uow: UnitOfWork, it: _Numbered | None, sender: str, owners: Collection[UUID]) -> Match | None:
    if it is None:
        return None
    statement = _documents("which document bears this number?").where(
        col(EdxmlMessage.symbol_key) == it.key, col(EdxmlMessage.promulgated) == it.on
    )
    hits = list((await uow.session.execute(statement.order_by(col(EdxmlMessage.id)).limit(AT_MOST))).scalars())
    issuers = await _same_body(uow, it, hits)
    ours = [hit for hit in hits if (hit.from_organ or "").upper() in issuers]
    addressed = [hit for hit in hits if sender.upper() in hit.header.get("to", [])]
    for found in (ours, addressed):
        if len({hit.exchange_id for hit in found}) == 1:
            return Match(LinkKind.NUMBER_DATE, message=found[0])
    return await _registered(uow, it, owners)


async def _same_body(uow: UnitOfWork, it: _Numbered, hits: Sequence[EdxmlMessage]) -> set[str]:
    """The organ ids, of either generation, under which the issuer may have written."""
    written = {(hit.from_organ or "").upper() for hit in hits}
    standing = await aliases.bodies_of(uow, {it.organ_id, *written}, it.on)
    issuer = standing.get(it.organ_id)
    return {it.organ_id} | {organ for organ in written if issuer is not None and standing.get(organ) == issuer}


async def _registered(uow: UnitOfWork, it: _Numbered, owners: Collection[UUID]) -> Match | None:
    """A paper that went out by other ways."""
    statement = (
        select(col(Document.id), col(Document.symbol))
        .where(among(Document.owner_body_id, tuple(owners)), col(Document.issued_on) == it.on)
        .limit(AT_MOST)
        .execution_options(scope="papers of the receivers")
    )
    rows = (await uow.session.execute(statement)).all()
    found = [identifier for identifier, symbol in rows if symbol and match_key(symbol) == it.key]
    return Match(LinkKind.NUMBER_DATE, document_id=found[0]) if len(found) == 1 else None
