"""The file given back: its rows as they were read, with what is wrong beside them, to be mended and sent again."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.adapters.table_forms import Marked, MarkedCsv, MarkedWorkbook
from app.core.errors import Conflict
from app.core.words import heading, label
from app.domain.import_ import UNFINISHED, ImportFormat
from app.models.import_ import Import, ImportFault, ImportRow
from app.services import steps
from app.services.unit_of_work import UnitOfWork

BATCH = 1_000
OWN = "rows of an import that the caller sees"
Writer = Callable[[Path, str, Sequence[str]], Marked]
WRITERS: dict[ImportFormat, Writer] = {
    ImportFormat.XLSX: MarkedWorkbook,
    ImportFormat.CSV: MarkedCsv,
}
MarkedRow = tuple[list[str | None], set[int]]
"""Cells, and the places of those that are to blame."""


async def marked(uow: UnitOfWork, import_id: UUID, file_format: ImportFormat) -> tuple[str, bytes]:
    """Name and bytes of the file."""
    it = await steps.find(uow, Import, import_id)
    if it.state in UNFINISHED:
        raise Conflict("import_not_tried", params={"done": it.rows_done, "total": it.rows_total or "…"})
    with TemporaryDirectory(prefix="giamsat-import-") as folder:
        path = Path(folder) / f"marked.{file_format}"
        await _write(uow, it, path, file_format)
        content = await to_thread(path.read_bytes)
    return f"{Path(it.file_name).stem} – {heading(uow.language, 'import_marked', 'errors')}.{file_format}", content


async def _write(uow: UnitOfWork, it: Import, path: Path, file_format: ImportFormat) -> None:
    headers = [one["header"] for one in it.columns]
    added = [heading(uow.language, "import_marked", one) for one in ("row", "vi", "en")]
    name = label(uow.language, "import_kind", it.kind)
    file = await to_thread(WRITERS[file_format], path, name, [added[0], *headers, *added[1:]])
    try:
        async for rows in _rows(uow, it, len(headers)):
            await to_thread(_add, file, rows)
    finally:
        await to_thread(file.close)


def _add(file: Marked, rows: Sequence[MarkedRow]) -> None:
    for cells, wrong in rows:
        file.add(cells, wrong)


async def _rows(uow: UnitOfWork, it: Import, width: int) -> AsyncIterator[list[MarkedRow]]:
    """First what is wrong with the table as a whole, in the row of its header."""
    places = {one["header"]: place for place, one in enumerate(it.columns, start=1)}
    faults = _faults(it).subquery()
    head = select(faults.c.told).where(faults.c.row == (it.header_row or 1)).execution_options(scope=OWN)
    if (told := (await uow.session.execute(head)).scalar_one_or_none()) is not None:
        yield [_marked(it.header_row or 1, [], told, places, width)]
    rows = (
        select(col(ImportRow.row), col(ImportRow.cells), faults.c.told)
        .outerjoin(faults, faults.c.row == col(ImportRow.row))
        .where(col(ImportRow.import_id) == it.id)
        .order_by(col(ImportRow.id))
        .execution_options(scope=OWN, yield_per=BATCH)
    )
    async for part in (await uow.session.stream(rows)).partitions(BATCH):
        yield [_marked(row, cells, told or [], places, width) for row, cells, told in part]


def _faults(it: Import) -> Select[*tuple[Any, ...]]:
    """What is wrong with each row, as a list in the order in which it was found."""
    one = func.json_build_object("column", ImportFault.column, "vi", ImportFault.vi, "en", ImportFault.en)
    told = func.json_agg(aggregate_order_by(one, col(ImportFault.id))).label("told")
    mine = select(col(ImportFault.row), told).where(col(ImportFault.import_id) == it.id)
    return mine.group_by(col(ImportFault.row))


def _marked(row: int, cells: list[str | None], faults: list[Any], places: dict[str, int], width: int) -> MarkedRow:
    said = ["; ".join(_named(it, language) for it in faults) for language in ("vi", "en")]
    padded = [*cells[:width], *[None] * (width - len(cells))]
    return [str(row), *padded, *said], {places[it["column"]] for it in faults if it["column"] in places}


def _named(it: dict[str, Any], language: str) -> str:
    return f"{it['column']}: {it[language]}" if it["column"] else str(it[language])
