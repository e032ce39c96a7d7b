"""The register of papers: what each says of itself, its files, and which records carry it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select, update
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.core.principal import Principal
from app.domain import symbols
from app.domain.number_book import BookDirection, NumberState
from app.models.base import search_expression
from app.models.document import (
    Attachment,
    Carriage,
    Classification,
    Document,
    DocumentCreate,
    DocumentFilter,
    DocumentRead,
    DocumentUpdate,
)
from app.models.number_book import DocumentNumber, NumberBook
from app.policies.actions import papers
from app.policies.relations import among
from app.services import bodies, number_books
from app.services.reading import Page, Projection, body_ref, json_list, matching, read_page
from app.services.steps import check_version, find, not_in_the_future, touch
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    files = select(Attachment).where(col(Attachment.document_id) == col(Document.id)).correlate(Document)
    shown: Any = files.with_only_columns(
        col(Attachment.id),
        col(Attachment.file_name),
        col(Attachment.media_type),
        col(Attachment.size),
        col(Attachment.caption),
    )
    ids = files.with_only_columns(func.json_agg(col(Attachment.id))).scalar_subquery()
    named = func.json_build_object("name", col(Document.issuer_name))
    normalised: Any = col(Document.symbol_normalised)
    return {
        "normalised": normalised,
        "registration": _registration(),
        "owner_body": body_ref(col(Document.owner_body_id), col(Document.issued_on), who.today),
        "issuer_body": body_ref(col(Document.issuer_body_id), col(Document.issued_on), who.today),
        "issuer": case((col(Document.issuer_name).is_not(None), named)),
        "attachment_ids": func.coalesce(ids, func.json_build_array()),
        "attachments": json_list(shown, order=[col(Attachment.id)]),
    }


def _registration() -> ColumnElement[Any]:
    shown = func.json_build_object(
        "number_book_id",
        col(NumberBook.id),
        "document_number_id",
        col(DocumentNumber.id),
        "direction",
        col(NumberBook.direction),
        "number",
        col(DocumentNumber.number),
        "taken_on",
        col(DocumentNumber.taken_on),
        "registered_late",
        col(DocumentNumber.registered_late),
    )
    entry = (
        select(shown)
        .select_from(DocumentNumber)
        .join(NumberBook, col(NumberBook.id) == col(DocumentNumber.number_book_id))
    )
    return (
        entry.where(col(DocumentNumber.document_id) == col(Document.id), col(DocumentNumber.state) == NumberState.USED)
        .correlate(Document)
        .scalar_subquery()
    )


DOCUMENT = Projection(model=Document, reads={"full": DocumentRead, "party": DocumentRead}, columns=_columns)


async def listing(uow: UnitOfWork, query: DocumentFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.kind:
        where.append(col(Document.kind).in_(query.kind))
    if query.symbol is not None:
        where.append(_bears(query.symbol))
    if query.issuer_body_id:
        where.append(among(Document.issuer_body_id, query.issuer_body_id))
    if query.issued_from is not None:
        where.append(col(Document.issued_on) >= query.issued_from)
    if query.issued_to is not None:
        where.append(col(Document.issued_on) <= query.issued_to)
    if query.direction is not None:
        outgoing = col(Document.issuer_body_id).is_not_distinct_from(col(Document.owner_body_id))
        where.append(outgoing if query.direction == BookDirection.OUTGOING else not_(outgoing))
    if query.q is not None:
        open_to_search = col(Document.classification) == Classification.NORMAL
        where.append(and_(open_to_search, matching(search_expression("symbol", "abstract"), query.q)))
    return await read_page(uow, DOCUMENT, Page.of(query), where=where, filters=query.filters())


def _bears(symbol: str) -> ColumnElement[bool]:
    """However it is written: 62 - KL/TW finds 62-KL/TW."""
    read = symbols.parse(symbol)
    if read is None:
        return col(Document.symbol) == symbol
    return or_(col(Document.symbol) == symbol, col(Document.symbol_normalised) == read.normalised)


async def create(uow: UnitOfWork, payload: DocumentCreate) -> UUID:
    if not papers(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    _check_date(uow, payload)
    await bodies.check_known(uow, [payload.issuer_body_id])
    it = Document(owner_body_id=uow.who.body_id, **_fields(payload))
    uow.add(it)
    await uow.session.flush()
    await _attach(uow, it, payload.attachment_ids)
    uow.record("document.create", it)
    if payload.number_book_id is not None:
        await number_books.number(uow, payload.number_book_id, it)
    return it.id


async def change(uow: UnitOfWork, identifier: UUID, payload: DocumentUpdate, expected: int | None) -> None:
    """By the owner alone. A paper that a record carries keeps what identifies it, and its files."""
    it = await find(uow, Document, identifier, lock=True)
    if it.owner_body_id not in papers(uow.who):
        raise Forbidden
    _check_date(uow, payload)
    await bodies.check_known(uow, [payload.issuer_body_id])
    check_version(it, expected)
    attached = await _attached(uow, it)
    wanted = set(payload.attachment_ids) if "attachment_ids" in payload.model_fields_set else attached
    _check_classification(payload.classification or it.classification, wanted)
    if await _is_carried(uow, it) and (_identifying(it, payload) or attached - wanted):
        raise Conflict("document_carried")
    it.sqlmodel_update(_fields(payload))
    await _attach(uow, it, sorted(wanted - attached))
    await _detach(uow, attached - wanted)
    touch(it)
    uow.record("document.update", it, fields=sorted(payload.model_fields_set))


def _check_date(uow: UnitOfWork, payload: DocumentCreate | DocumentUpdate) -> None:
    if payload.issued_on is not None:
        not_in_the_future(uow, payload.issued_on, "/issued_on")


def _check_classification(classification: Classification, attachments: set[UUID]) -> None:
    if attachments and classification != Classification.NORMAL:
        raise Conflict("classified_no_files")


def _fields(payload: DocumentCreate | DocumentUpdate) -> dict[str, Any]:
    """The columns that the payload names; a symbol is kept as written, beside what the rules make of it."""
    fields = payload.model_dump(exclude_unset=True, exclude={"attachment_ids", "number_book_id"})
    if "symbol" in fields:
        read = symbols.parse(fields["symbol"]) if fields["symbol"] else None
        fields["symbol_normalised"] = read.normalised if read else None
        fields["number"] = read.number if read else None
    if (issuer := fields.pop("issuer", None)) is not None:
        fields |= {"issuer_name": issuer["name"], "issuer_body_id": None}
    elif fields.get("issuer_body_id") is not None:
        fields["issuer_name"] = None
    return fields


IDENTIFYING = ("kind", "symbol", "issuer_body_id", "issuer_name", "issued_on", "classification")


def _identifying(it: Document, payload: DocumentUpdate) -> bool:
    """Whether the change touches what the carrying records rely on."""
    fields = _fields(payload)
    return any(name in fields and fields[name] != getattr(it, name) for name in IDENTIFYING)


async def _is_carried(uow: UnitOfWork, it: Document) -> bool:
    carried = select(exists().where(col(Carriage.document_id) == it.id))
    return bool((await uow.session.execute(carried)).scalar_one())


async def _attached(uow: UnitOfWork, it: Document) -> set[UUID]:
    files = select(col(Attachment.id)).where(col(Attachment.document_id) == it.id)
    return set((await uow.session.execute(files.execution_options(scope="files of a found document"))).scalars())


async def _attach(uow: UnitOfWork, it: Document, ids: Sequence[UUID]) -> None:
    """Only files of the owner's own body, each in one document."""
    if not ids:
        return
    own = select(Attachment).where(among(Attachment.id, ids), among(Attachment.owner_body_id, papers(uow.who)))
    own = own.order_by(col(Attachment.id)).with_for_update().execution_options(scope="own files")
    files = list((await uow.session.execute(own)).scalars())
    if {file.id for file in files} != set(ids):
        raise NotVisible
    for file in files:
        if file.document_id is not None:
            raise Conflict("attachment_taken")
        file.document_id = it.id


async def _detach(uow: UnitOfWork, ids: set[UUID]) -> None:
    if ids:
        gone = update(Attachment).where(among(Attachment.id, ids)).values(document_id=None)
        await uow.session.execute(gone)
