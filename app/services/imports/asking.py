"""Asking for an import, following it, and saying what becomes of it once it was tried."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from app.adapters.media_types import HEAD
from app.adapters.sheets import told_format
from app.adapters.storage import CHUNK, Storage, Stored, TooLong
from app.core.errors import Forbidden, Invalid, TooLarge, TooMany, UnsupportedMedia, fault, invalid
from app.core.principal import Principal
from app.domain.import_ import IMPORT, UNFINISHED, ImportFacts, ImportFormat, ImportMode
from app.models.base import ListQuery
from app.models.import_ import (
    FaultRead,
    Import,
    ImportCreate,
    ImportFault,
    ImportFilter,
    ImportMove,
    ImportRead,
    ImportRow,
    ImportRowFilter,
    ImportRowRead,
)
from app.services import attachments, queue, steps
from app.services.attachments import Upload
from app.services.imports.kinds import OFFERS
from app.services.reading import Page, Projection, json_list, read_page
from app.services.unit_of_work import UnitOfWork

KEPT = timedelta(days=7)
AT_ONCE = 5
"""How many unfinished imports one person may have."""

SHOWN_AT_ONCE = 20
"""How many of its errors an import itself tells."""


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    counts = ("created", "updated", "unchanged", "faulty")
    told = ("row", "column", "field", "value", "code", "vi", "en")
    first = (
        select(*(col(getattr(ImportFault, it)) for it in told))
        .where(col(ImportFault.import_id) == col(Import.id))
        .order_by(col(ImportFault.id))
        .limit(SHOWN_AT_ONCE)
        .correlate(Import)
    )
    return {
        "counts": func.json_build_object(*(part for it in counts for part in (it, col(getattr(Import, it))))),
        "errors": json_list(first),
    }


IMPORTS = Projection(model=Import, reads={"full": ImportRead}, columns=_columns, lifecycle=lambda kind: IMPORT)
ROWS = Projection(model=ImportRow, reads={"full": ImportRowRead})
FAULTS = Projection(model=ImportFault, reads={"full": FaultRead})


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where files of imports lie, and where those lie that were sent as attachments; `limit` in bytes."""

    imports: Storage
    attachments: Storage
    limit: int


@dataclass(frozen=True, slots=True)
class Sent:
    name: str
    chunks: AsyncIterator[bytes]


async def ask(uow: UnitOfWork, shelves: Shelves, payload: ImportCreate, upload: Upload | None) -> UUID:
    """The file is kept before the import of it is: a worker never finds one without the other."""
    if (upload is None) == (payload.attachment_id is None):
        raise invalid("/file", "one_file")
    _check_fields(payload)
    if not OFFERS[payload.kind].may(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    await uow.serialise("imports", uow.who.account_id)
    await _refuse_too_many(uow)
    sent = _uploaded(upload) if upload else await _attached(uow, shelves, payload.attachment_id)
    kind, stored = await _keep(shelves, sent)
    it = _asked(uow, payload, sent.name, kind, stored)
    uow.add(it)
    await uow.session.flush()
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    uow.record("import.create", it, became=it.state)
    await queue.enqueue(uow.session, queue.IMPORT, [it.id])
    return it.id


def _check_fields(payload: ImportCreate) -> None:
    table = OFFERS[payload.kind].table
    faults = [fault(f"/mapping/{it}", "unknown_field") for it, name in payload.mapping.items() if not table.of(name)]
    faults += [fault(f"/defaults/{it}", "unknown_field") for it in payload.defaults if not table.of(it)]
    if faults:
        raise Invalid(*faults)


async def _refuse_too_many(uow: UnitOfWork) -> None:
    own = col(Import.account_id) == uow.who.account_id, col(Import.state).in_(UNFINISHED)
    waiting = select(func.count()).select_from(Import).where(*own).execution_options(scope="how many wait?")
    if (await uow.session.execute(waiting)).scalar_one() >= AT_ONCE:
        raise TooMany("too_many_imports", retry_after=30)


def _uploaded(upload: Upload) -> Sent:
    async def chunks() -> AsyncIterator[bytes]:
        while chunk := await upload.read(CHUNK):
            yield chunk

    return Sent(attachments.plain_name(upload.filename), chunks())


async def _attached(uow: UnitOfWork, shelves: Shelves, attachment_id: UUID | None) -> Sent:
    """A file that the caller may open."""
    assert attachment_id is not None
    it = await attachments.opened(uow, attachment_id)
    assert it.sha256 is not None
    if it.size > shelves.limit:
        raise TooLarge
    return Sent(it.file_name, shelves.attachments.read(it.sha256, 0, it.size - 1))


async def _keep(shelves: Shelves, sent: Sent) -> tuple[ImportFormat, Stored]:
    head = b""
    async for chunk in sent.chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    if not head:
        raise invalid("/file", "empty_file")
    if (kind := told_format(head)) is None:
        raise UnsupportedMedia("no_table")
    try:
        return ImportFormat(kind), await shelves.imports.keep(_whole(head, sent.chunks), limit=shelves.limit)
    except TooLong:
        raise TooLarge from None


async def _whole(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for chunk in rest:
        yield chunk


def _asked(uow: UnitOfWork, payload: ImportCreate, name: str, kind: ImportFormat, stored: Stored) -> Import:
    return Import(
        account_id=uow.who.account_id,
        body_id=uow.who.body_id,
        kind=payload.kind,
        mode=payload.mode,
        format=kind,
        mapping=payload.mapping,
        defaults=payload.defaults,
        file_name=name,
        size=stored.size,
        sha256=stored.sha256,
        expires_on=uow.today + KEPT,
    )


async def page(uow: UnitOfWork, asked: ImportFilter) -> bytes:
    chosen: dict[str, Any] = {"kind": asked.kind, "state": asked.state}
    where = [col(getattr(Import, name)).in_(values) for name, values in chosen.items() if values]
    return await read_page(uow, IMPORTS, Page.of(asked), where=where, filters=asked.filters())


async def rows_page(uow: UnitOfWork, import_id: UUID, asked: ImportRowFilter) -> bytes:
    """In the order of the file."""
    await steps.find(uow, Import, import_id)
    where: list[ColumnElement[bool]] = [col(ImportRow.import_id) == import_id]
    if asked.outcome:
        where.append(col(ImportRow.outcome).in_(asked.outcome))
    filters = {"import_id": import_id, **asked.filters()}
    return await read_page(uow, ROWS, Page.of(asked, sort="id"), where=where, filters=filters)


async def faults_page(uow: UnitOfWork, import_id: UUID, asked: ListQuery) -> bytes:
    """In the order of the file."""
    await steps.find(uow, Import, import_id)
    where = [col(ImportFault.import_id) == import_id]
    return await read_page(uow, FAULTS, Page.of(asked, sort="id"), where=where, filters={"import_id": import_id})


async def advance(uow: UnitOfWork, import_id: UUID, move: ImportMove, expected: int | None) -> None:
    it = await steps.find(uow, Import, import_id, lock=True)
    effects: dict[str, steps.Effect] = {"apply": _apply, "cancel": _cancel}
    await steps.advance(
        uow, steps.Case(it, IMPORT, lead_body_id=it.body_id, facts=_facts, effects=effects), move, expected
    )


async def _facts(uow: UnitOfWork, it: Import, move: Any) -> ImportFacts:
    return ImportFacts(it, move)


async def _apply(uow: UnitOfWork, it: Import, move: Any, on: date) -> None:
    """Tried again as it is taken in: what held at the dry run may hold no longer."""
    if not OFFERS[it.kind].may(uow.who):
        raise Forbidden
    it.mode, it.finished_at, it.rows_done = ImportMode.APPLY, None, 0
    await queue.enqueue(uow.session, queue.IMPORT, [it.id])


async def _cancel(uow: UnitOfWork, it: Import, move: Any, on: date) -> None:
    it.finished_at = uow.now
