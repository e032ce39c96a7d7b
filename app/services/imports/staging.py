"""Reading a file into rows of the database, once: from there they are tried, taken in and shown with what is wrong."""

from asyncio import to_thread
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters.sheets import Line, Sheet, Unreadable, opened
from app.adapters.storage import Storage
from app.core.ids import new_id
from app.models.import_ import KEY_LENGTH, Import, ImportRow
from app.services.imports.columns import KEY, Table

Sessions = async_sessionmaker[AsyncSession]

MOST_ROWS = 50_000
SEARCHED = 20
"""Within how many of its first rows a table has its header."""

BATCH = 1_000


@dataclass(frozen=True)
class Found:
    """A table in a file: the number of its header row, the headers, their fields, and what comes below."""

    row: int
    headers: list[str]
    fields: list[str | None]
    lines: Iterator[Line]

    @property
    def recognised(self) -> int:
        return len({it for it in self.fields if it})

    @property
    def columns(self) -> list[dict[str, str | None]]:
        return [{"header": name, "field": it} for name, it in zip(self.headers, self.fields, strict=True)]


async def stage(sessions: Sessions, storage: Storage, it: Import, table: Table) -> Import:
    """Begun anew where an earlier run was killed; Unreadable when there is no such table in the file.

    No transaction is open while the file is read: a long stretch of blank rows may take its time.
    """
    await _forget(sessions, it.id)
    with TemporaryDirectory(prefix="giamsat-import-") as folder, ExitStack() as stack:
        path = Path(folder) / f"table.{it.format}"
        await _fetch(storage, it, path)
        sheets = await to_thread(stack.enter_context, opened(path, it.format.value))
        found = await to_thread(find_table, sheets, table, it.mapping)
        try:
            total = await _keep_rows(sessions, it.id, found)
        except Unreadable:
            await _forget(sessions, it.id)
            raise
    values: dict[str, Any] = {"columns": found.columns, "header_row": found.row, "rows_total": total}
    async with sessions.begin() as session:
        await session.execute(update(Import).where(col(Import.id) == it.id).values(**values))
    for name, value in values.items():
        setattr(it, name, value)
    return it


async def _forget(sessions: Sessions, import_id: UUID) -> None:
    async with sessions.begin() as session:
        await session.execute(delete(ImportRow).where(col(ImportRow.import_id) == import_id))


async def _fetch(storage: Storage, it: Import, path: Path) -> None:
    file = await to_thread(path.open, "wb")
    with file:
        async for chunk in storage.read(it.sha256, 0, it.size - 1):
            await to_thread(file.write, chunk)


def find_table(sheets: list[Sheet], table: Table, mapping: Mapping[str, str]) -> Found:
    """The row that most looks like the header, in whichever sheet: titles above it and notes beside it are common."""
    best: Found | None = None
    for sheet in sheets:
        head = list(islice(sheet.lines, SEARCHED))
        for place, (row, cells) in enumerate(head):
            headers = [_storable(it) or "" for it in cells]
            fields = _fields(table, headers, mapping)
            found = Found(row, headers, fields, _chained(head[place + 1 :], sheet.lines))
            if found.recognised > (best.recognised if best else 0):
                best = found
    if best is None:
        raise Unreadable("no_header")
    return best


def _chained(head: list[Line], rest: Iterator[Line]) -> Iterator[Line]:
    yield from head
    yield from rest


def _fields(table: Table, headers: list[str], mapping: Mapping[str, str]) -> list[str | None]:
    """The first header of a field counts."""
    fields: list[str | None] = []
    for header in headers:
        known = table.recognise(header, mapping) if header else None
        fields.append(None if known in fields else known)
    return fields


async def _keep_rows(sessions: Sessions, import_id: UUID, found: Found) -> int:
    total = 0
    place = found.fields.index(KEY) if KEY in found.fields else None
    while lines := await to_thread(lambda: list(islice(found.lines, BATCH))):
        total += len(lines)
        if total > MOST_ROWS:
            raise Unreadable("too_many_lines")
        async with sessions.begin() as session:
            await session.execute(insert(ImportRow), [_kept(import_id, place, line) for line in lines])
    return total


def _kept(import_id: UUID, place: int | None, line: Line) -> dict[str, Any]:
    row, cells = line
    storable = [_storable(it) for it in cells]
    key = storable[place] if place is not None and place < len(cells) else None
    return ImportRow(
        id=new_id(), import_id=import_id, row=row, cells=storable, key=key[:KEY_LENGTH] if key else None
    ).model_dump()


def _storable(cell: str | None) -> str | None:
    """What PostgreSQL cannot hold as text is shown as such, and refused where the column is read."""
    return cell.replace("\0", "\ufffd").encode("utf-8", "replace").decode() if cell else cell
