"""Making an export: from a snapshot of what its owner sees, in constant memory, as often as it takes.

A run that was killed leaves nothing behind; the next begins anew and the last to finish counts. Rows are found by a
cursor over their keys and shown a thousand at a time, so no statement is long and none holds a lock.
"""

import logging
from asyncio import to_thread
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, Text, bindparam, cast, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters.storage import CHUNK, Storage, Stored
from app.adapters.tables import CsvTable, Table, XlsxTable
from app.adapters.xlsx import MOST_ROWS
from app.core.clock import today, utcnow
from app.core.errors import Conflict
from app.core.principal import Principal
from app.core.words import heading, label
from app.models.export import Export, ExportFormat, ExportState
from app.policies.visibility import unscoped
from app.services import principals, queue
from app.services.exports.asking import UNFINISHED
from app.services.exports.offers import OFFERS, Offer
from app.services.reading import document

log = logging.getLogger("giamsat.exports")

Sessions = async_sessionmaker[AsyncSession]
BATCH = 1_000
LARGEST = 2 * 1024**3
"""Bytes of one file."""


async def run(sessions: Sessions, storage: Storage, export_id: UUID) -> None:
    """Done or failed when it returns; what cannot be said because the database is away is tried again by requeue."""
    async with sessions.begin() as session:
        it = await _begun(session, export_id)
    if it is None:
        return
    try:
        with TemporaryDirectory(prefix="giamsat-export-") as folder:
            path = Path(folder) / f"table.{it.format}"
            await _write(sessions, it, path)
            stored = await storage.keep(_chunks(path), limit=LARGEST)
    except Exception as error:
        log.exception("export failed", extra={"export_id": str(export_id), "kind": type(error).__name__})
        await _end(sessions, export_id, ExportState.FAILED, problem=getattr(error, "code", "internal"))
        return
    await _finish(sessions, export_id, stored)


async def _begun(session: AsyncSession, export_id: UUID) -> Export | None:
    """None when it was finished before, or is no more."""
    found = unscoped(Export, reason="an export to be made").where(col(Export.id) == export_id)
    it = (await session.execute(found.with_for_update())).scalar_one_or_none()
    if it is None or it.state not in UNFINISHED:
        return None
    it.state, it.rows_done, it.rows_total = ExportState.RUNNING, 0, None
    return it


async def _finish(sessions: Sessions, export_id: UUID, stored: Stored) -> None:
    await _end(sessions, export_id, ExportState.DONE, sha256=stored.sha256, size=stored.size)


async def _end(sessions: Sessions, export_id: UUID, state: ExportState, **values: Any) -> None:
    unfinished = col(Export.id) == export_id, col(Export.state).in_(UNFINISHED)
    async with sessions.begin() as session:
        await session.execute(update(Export).where(*unfinished).values(state=state, finished_at=utcnow(), **values))


async def _write(sessions: Sessions, it: Export, path: Path) -> None:
    """The table is closed when the snapshot is, so that zipping it holds no transaction open."""
    offer = OFFERS[it.kind]
    table = await to_thread(_table, it, offer, path)
    try:
        async with sessions() as session:
            await _fill(sessions, session, it, table)
    finally:
        await to_thread(table.close, late=offer.place(offer.late))


async def _fill(sessions: Sessions, session: AsyncSession, it: Export, table: Table) -> None:
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
    done = 0
    async for records in _records(sessions, session, it, await _requester(session, it)):
        await to_thread(_add, table, OFFERS[it.kind], records, it.language)
        done += len(records)
        await _progress(sessions, it.id, rows_done=done)


def _table(it: Export, offer: Offer, path: Path) -> Table:
    columns = offer.headings(it.kind, it.language)
    if it.format == ExportFormat.CSV:
        return CsvTable(path, columns)
    counted = offer.place(offer.counted)
    assert counted is not None
    name, figures = label(it.language, "export_kind", it.kind), heading(it.language, "sheet", "figures")
    return XlsxTable(path, name, columns, counted=counted, figures=figures)


def _add(table: Table, offer: Offer, records: list[bytes], language: str) -> None:
    for record in map(orjson.loads, records):
        table.add([column.value(record, language) for column in offer.columns])


async def _requester(session: AsyncSession, it: Export) -> Principal:
    """Whoever asked, with the duties and organs of today: what they may no longer see is not in the file."""
    who = await principals.absent(session, it.account_id, it.body_id, today())
    if who is None or not who.reads:
        raise Conflict("access_ended")
    return who


async def _records(sessions: Sessions, session: AsyncSession, it: Export, who: Principal) -> AsyncIterator[list[bytes]]:
    """Oldest first, as the requester sees them."""
    offer, keys = OFFERS[it.kind], _keys(it, who)
    total = (await session.execute(select(func.count()).select_from(keys.subquery()))).scalar_one()
    if it.format == ExportFormat.XLSX and total > MOST_ROWS:
        raise Conflict("too_many_rows", params={"most": MOST_ROWS})
    await _progress(sessions, it.id, rows_total=total)
    shown = _shown(offer, who)
    found = await session.stream_scalars(keys.execution_options(yield_per=BATCH))
    async for ids in found.partitions(BATCH):
        rows = await session.execute(shown, {"ids": list(ids), "now": utcnow()})
        yield [row[1].encode() for row in rows]


def _keys(it: Export, who: Principal) -> Select[Any]:
    offer = OFFERS[it.kind]
    asked, projection = offer.filter.model_validate(it.filters), offer.projection
    seen = or_(*(condition for name, condition in projection.views(who) if name in projection.reads))
    found = select(projection.key).where(seen, *offer.where(asked, who))
    return found.order_by(projection.key).execution_options(scope="scoped")


def _shown(offer: Offer, who: Principal) -> Select[Any]:
    """Of keys that were found visible in the same snapshot."""
    key = offer.projection.key
    rows = select(key, cast(document(offer.projection, who), Text)).where(key.in_(bindparam("ids", expanding=True)))
    return rows.order_by(key).execution_options(scope="scoped")


async def _progress(sessions: Sessions, export_id: UUID, **values: int) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Export).where(col(Export.id) == export_id).values(**values))


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await to_thread(file.read, CHUNK):
            yield chunk


async def requeue(session: AsyncSession) -> int:
    unfinished = select(col(Export.id)).where(col(Export.state).in_(UNFINISHED)).order_by(col(Export.id))
    return await queue.again(session, queue.EXPORT, unfinished)
