"""An accepted document enters the register of each body that it is for; what it changes is changed there.

Whoever has sent the document that is answered (services of dispatches) adds to `ANSWERED` what follows for it; it is
called in the transaction of the arrival, only where the answer names that document by its DocumentId.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import col

from app.adapters import edxml
from app.adapters.storage import chunks_of
from app.core.text import fold
from app.domain import symbols
from app.domain.document import DocumentKind
from app.domain.edxml import BusinessType, LinkKind
from app.models.document import Attachment, AttachmentState, Document
from app.models.edxml import EdxmlDelivery, EdxmlMessage
from app.policies.visibility import unscoped
from app.services.attachments import Inspection, Shelf
from app.services.edxml.judging import Judged, delivered
from app.services.steps import touch
from app.services.unit_of_work import UnitOfWork

KINDS: Final = {
    fold(name): kind
    for name, kind in {
        "Nghị quyết": DocumentKind.NGHI_QUYET,
        "Quyết định": DocumentKind.QUYET_DINH,
        "Chỉ thị": DocumentKind.CHI_THI,
        "Kết luận": DocumentKind.KET_LUAN,
        "Quy chế": DocumentKind.QUY_CHE,
        "Quy định": DocumentKind.QUY_DINH,
        "Thông cáo": DocumentKind.THONG_CAO,
        "Thông báo": DocumentKind.THONG_BAO,
        "Hướng dẫn": DocumentKind.HUONG_DAN,
        "Chương trình": DocumentKind.CHUONG_TRINH,
        "Kế hoạch": DocumentKind.KE_HOACH,
        "Phương án": DocumentKind.PHUONG_AN,
        "Đề án": DocumentKind.DE_AN,
        "Dự án": DocumentKind.DU_AN,
        "Báo cáo": DocumentKind.BAO_CAO,
        "Biên bản": DocumentKind.BIEN_BAN,
        "Tờ trình": DocumentKind.TO_TRINH,
        "Thông tri": DocumentKind.TO_TRINH,
        "Hợp đồng": DocumentKind.HOP_DONG,
        "Công văn": DocumentKind.CONG_VAN,
        "Công điện": DocumentKind.CONG_DIEN,
        "Bản ghi nhớ": DocumentKind.BAN_GHI_NHO,
        "Bản thỏa thuận": DocumentKind.BAN_THOA_THUAN,
        "Giấy ủy quyền": DocumentKind.GIAY_UY_QUYEN,
        "Giấy mời": DocumentKind.GIAY_MOI,
        "Giấy giới thiệu": DocumentKind.GIAY_GIOI_THIEU,
        "Nghị định": DocumentKind.NGHI_DINH,
        "Thông tư": DocumentKind.THONG_TU,
        "Luật": DocumentKind.LUAT,
    }.items()
}
"""By the name alone: what stands in DocumentType/Type differs between senders."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the message in the store, and what looked at it said."""

    file: edxml.File
    threat: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Of whom a paper is, and the document that it became in the register of each receiving body."""

    sender_body_id: UUID | None
    documents: dict[UUID, UUID]


Answered = Callable[[UnitOfWork, EdxmlMessage, EdxmlMessage, Answer], Awaitable[None]]

ANSWERED: list[Answered] = []


async def keep_files(shelf: Shelf, files: Sequence[edxml.File]) -> list[KeptFile]:
    """In the store before any record names them; what no record names is thrown away in time."""
    kept = []
    for it in files:
        inspection = Inspection(it.media_type, keep_location=True, clamd=shelf.clamd)
        await shelf.storage.keep(chunks_of(it.content), limit=edxml.MAX_ATTACHMENT, check=inspection)
        kept.append(KeptFile(it, inspection.threat))
    return kept


async def register(
    uow: UnitOfWork, it: EdxmlMessage, message: edxml.Message, judged: Judged, files: Sequence[KeptFile]
) -> None:
    """For every body that has not got it: a document of its own, or the change of the one it has."""
    theirs = await delivered(uow, judged.changes.id) if judged.changes else {}
    had = await delivered(uow, it.id)
    documents: dict[UUID, UUID] = {}
    for body_id, organ_id in sorted(judged.missed.items()):
        delivery = had.get(body_id) or EdxmlDelivery(message_id=it.id, body_id=body_id, organ_id=organ_id)
        uow.add(delivery)
        earlier = theirs.get(body_id)
        if message.business.type is BusinessType.RECALL:
            _ask_recall(uow, it, delivery, earlier)
        elif message.business.type is BusinessType.UPDATE and earlier is not None and earlier.document_id is not None:
            delivery.document_id = await _update(uow, earlier.document_id, message, judged, files)
            it.needs_person = it.needs_person or _removed(message, organ_id)
        else:
            delivery.document_id = await _enter(uow, body_id, message, judged, files)
        if delivery.document_id is not None and message.business.type is not BusinessType.RECALL:
            documents[body_id] = delivery.document_id
    await uow.session.flush()
    await _answer(uow, it, judged, Answer(judged.sender_body_id, documents))


async def _answer(uow: UnitOfWork, it: EdxmlMessage, judged: Judged, answer: Answer) -> None:
    if judged.answers is None or judged.answers.how is not LinkKind.DOCUMENT_ID or judged.answers.message is None:
        return
    for answered in ANSWERED:
        await answered(uow, judged.answers.message, it, answer)


def _ask_recall(uow: UnitOfWork, it: EdxmlMessage, delivery: EdxmlDelivery, earlier: EdxmlDelivery | None) -> None:
    """Nothing is deleted: a person of the receiving body answers (status 15 or 16)."""
    it.needs_person = True
    if earlier is not None:
        earlier.recall_asked_at = uow.now
        delivery.document_id = earlier.document_id


def _removed(message: edxml.Message, organ_id: str) -> bool:
    return any(not each.added and each.organ_id.upper() == organ_id for each in message.business.receivers)


async def _enter(
    uow: UnitOfWork, body_id: UUID, message: edxml.Message, judged: Judged, files: Sequence[KeptFile]
) -> UUID:
    it = Document(owner_body_id=body_id, **_fields(message, judged))
    uow.add(it)
    await uow.session.flush()
    _attach(uow, it, files)
    uow.record("document.create", it)
    return it.id


async def _update(
    uow: UnitOfWork, document_id: UUID, message: edxml.Message, judged: Judged, files: Sequence[KeptFile]
) -> UUID:
    """The next version of the received document. The files of earlier versions stay, and so do earlier messages."""
    statement = unscoped(Document, reason="the received document that its sender updates").where(
        col(Document.id) == document_id
    )
    it = (await uow.session.execute(statement.with_for_update())).scalar_one()
    it.sqlmodel_update(_fields(message, judged))
    _attach(uow, it, files)
    touch(it)
    uow.record("document.update", it, fields=["abstract", "attachment_ids"])
    return it.id


def _attach(uow: UnitOfWork, it: Document, files: Sequence[KeptFile]) -> None:
    uow.add(
        *(
            Attachment(
                owner_body_id=it.owner_body_id,
                account_id=uow.who.account_id,
                document_id=it.id,
                file_name=kept.file.name[-255:],
                media_type=kept.file.media_type,
                size=kept.file.size,
                sha256=kept.file.sha256,
                caption=kept.file.description[:500] or None,
                keep_location=True,
                state=AttachmentState.STORED,
            )
            for kept in files
        )
    )


def _fields(message: edxml.Message, judged: Judged) -> dict[str, Any]:
    read = symbols.parse(message.symbol)
    issuer = judged.sender_body_id
    return {
        "kind": KINDS.get(fold(message.kind.name), DocumentKind.KHAC),
        "symbol": message.symbol[:80],
        "symbol_normalised": read.normalised if read else None,
        "number": read.number if read else None,
        "issuer_body_id": issuer,
        "issuer_name": None if issuer else (message.sender.name or message.sender.organ_id)[:300],
        "issued_on": message.promulgated,
        "abstract": message.subject[:2000],
        "signer": _signer(message.signer),
    }


def _signer(it: edxml.Signer) -> dict[str, Any] | None:
    return {"name": it.full_name[:200], "title": it.position[:300]} if it.full_name else None
