"""A paper of the register becomes an edXML message: built once, and the same bytes at every try."""

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.adapters import edxml
from app.adapters.storage import Storage, chunks_of
from app.core.errors import Conflict
from app.core.words import label
from app.domain.document import DocumentKind
from app.domain.edxml import BusinessType, MessageChannel, MessageDirection, MessageKind, MessageState, match_key
from app.models.body import BodyName
from app.models.dispatch import DispatchCopy
from app.models.document import Attachment, AttachmentState, Document
from app.models.edxml import EdxmlMessage
from app.services.edxml import sealing
from app.services.unit_of_work import UnitOfWork

KIND_NUMBERS: Final = {
    DocumentKind.NGHI_QUYET: 1,
    DocumentKind.QUYET_DINH: 2,
    DocumentKind.CHI_THI: 3,
    DocumentKind.THONG_BAO: 7,
    DocumentKind.HUONG_DAN: 8,
    DocumentKind.KE_HOACH: 10,
    DocumentKind.BAO_CAO: 14,
    DocumentKind.BIEN_BAN: 15,
    DocumentKind.TO_TRINH: 16,
    DocumentKind.CONG_VAN: 18,
}
"""Administrative kinds of SĐ1:2022 (TT 01/2022/TT-BTTTT); Party kinds have no number there."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a message asks of one that went before."""

    type: BusinessType
    exchange_id: str
    reason: str


async def compose(
    uow: UnitOfWork,
    storage: Storage,
    paper: Document,
    sender_organ: str,
    copies: Sequence[DispatchCopy],
    *,
    due_on: Any = None,
    change: Change | None = None,
) -> EdxmlMessage:
    """In the store and on a row that says `built`; Conflict with the reason when it cannot be sent."""
    called = await names(uow, [paper.owner_body_id, *(it.body_id for it in copies)])
    files = await _files(uow, storage, paper)
    message = _message(uow.now, paper, sender_organ, copies, called, files, due_on, change)
    with edxml.spool() as target:
        try:
            seal = await to_thread(edxml.build, message, target, sealing.key_of(sender_organ))
        except edxml.Unsendable as error:
            raise Conflict("message_unsendable", params={"why": str(error)[:500]}) from None
        finally:
            for it in files:
                it.content.close()
        stored = await storage.keep(chunks_of(target), limit=edxml.MAX_MESSAGE)
    row = _row(uow, paper, message, stored.sha256, stored.size)
    row.signature, row.header = seal.state, {**row.header, **sealing.shown(seal)}
    uow.add(row)
    await uow.session.flush()
    return row


async def names(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, str]:
    """The newest name of each: the addressee of today is written to."""
    rows = select(col(BodyName.body_id), col(BodyName.name)).where(col(BodyName.body_id).in_(ids))
    return {it.body_id: it.name for it in await uow.session.execute(rows.order_by(col(BodyName.valid_from)))}


async def _files(uow: UnitOfWork, storage: Storage, paper: Document) -> list[edxml.File]:
    stored = select(Attachment).where(
        col(Attachment.document_id) == paper.id, col(Attachment.state) == AttachmentState.STORED
    )
    found = (
        await uow.session.execute(stored.order_by(col(Attachment.id)).execution_options(scope="own paper"))
    ).scalars()
    files = []
    for number, it in enumerate(found, start=1):
        content = edxml.spool()
        assert it.sha256 is not None
        async for chunk in storage.read(it.sha256, 0, it.size - 1):
            content.write(chunk)
        cid = f"{paper.id.hex}.{number}"
        files.append(edxml.file_of(content, cid=cid, name=it.file_name, media_type=it.media_type))
    return files


def _message(
    now: datetime,
    paper: Document,
    sender_organ: str,
    copies: Sequence[DispatchCopy],
    called: dict[UUID, str],
    files: Sequence[edxml.File],
    due_on: Any,
    change: Change | None,
) -> edxml.Message:
    number, notation = split(paper.symbol or "")
    kind = DocumentKind(paper.kind)
    at = now.astimezone(edxml.VIET_NAM).replace(tzinfo=None, microsecond=0)
    exchange_id = change.exchange_id if change else exchange_id_of(sender_organ, paper)
    return edxml.Message(
        sender=edxml.Organ(organ_id=sender_organ, name=called.get(paper.owner_body_id, "")[:200]),
        recipients=tuple(
            edxml.Organ(organ_id=it.organ_id or "", name=called.get(it.body_id, "")[:200]) for it in copies
        ),
        document_id=exchange_id,
        number=number,
        notation=notation,
        promulgated=paper.issued_on,
        kind=edxml.Kind(name=label("vi", "document_kind", kind)[:100], detail=KIND_NUMBERS.get(kind, 0)),
        subject=paper.abstract,
        signer=_signer(paper.signer),
        due_on=due_on,
        traces=(edxml.Trace(organ_id=sender_organ, at=at),),
        business=edxml.Business(
            type=change.type if change else BusinessType.NEW,
            document_id=exchange_id,
            reason=change.reason[:500] if change else "",
            content_changed=change is not None and change.type is BusinessType.UPDATE,
        ),
        files=tuple(files),
    )


def exchange_id_of(organ_id: str, paper: Document) -> str:
    """`OrganId,yyyy/MM/dd,number` as printed: built once, never changed."""
    return f"{organ_id},{paper.issued_on:%Y/%m/%d},{paper.symbol}"


def split(symbol: str) -> tuple[str, str]:
    """At the first separator after the digits: 45-BC/ĐGS133 is 45 and BC/ĐGS133."""
    digits = len(symbol) - len(symbol.lstrip("0123456789"))
    return symbol[:digits], symbol[digits:].lstrip("-/")


def _signer(signer: dict[str, Any] | None) -> edxml.Signer:
    if signer is None:
        return edxml.Signer()
    return edxml.Signer(
        competence=signer.get("capacity") or "", position=signer.get("title") or "", full_name=signer.get("name") or ""
    )


def _row(uow: UnitOfWork, paper: Document, message: edxml.Message, sha256: str, size: int) -> EdxmlMessage:
    changed = message.business.type is not BusinessType.NEW
    return EdxmlMessage(
        direction=MessageDirection.OUT,
        kind=MessageKind.EDOC,
        state=MessageState.BUILT,
        channel=MessageChannel.DISPATCH,
        sha256=sha256,
        size=size,
        brought_by_body_id=paper.owner_body_id,
        account_id=uow.who.account_id,
        from_organ=message.sender.organ_id,
        from_name=message.sender.name or None,
        exchange_id=message.document_id,
        business_type=int(message.business.type),
        trace_stamp=message.traces[0].at.isoformat() if changed else None,
        symbol=paper.symbol,
        symbol_key=match_key(paper.symbol or ""),
        promulgated=paper.issued_on,
        subject=paper.abstract,
        fingerprint=edxml.fingerprint(message),
        header={"to": [it.organ_id for it in message.recipients]},
    )
