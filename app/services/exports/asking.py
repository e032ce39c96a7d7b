"""Asking for an export, and fetching it when it is made."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, TooMany
from app.core.words import label
from app.models.export import Export, ExportCreate, ExportFilter, ExportKind, ExportRead, ExportState
from app.services import queue, steps
from app.services.reading import Page, Projection, read_page
from app.services.unit_of_work import UnitOfWork

EXPORTS = Projection(model=Export, reads={"full": ExportRead})
KEPT = timedelta(days=7)
AT_ONCE = 5
"""How many unfinished exports one person may have."""

UNFINISHED = (ExportState.QUEUED, ExportState.RUNNING)


async def ask(uow: UnitOfWork, payload: ExportCreate) -> UUID:
    if not uow.who.reads:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    await uow.serialise("exports", uow.who.account_id)
    await _refuse_too_many(uow)
    name = label(uow.language, "export_kind", payload.kind)
    it = Export(
        account_id=uow.who.account_id,
        body_id=uow.who.body_id,
        kind=ExportKind(payload.kind),
        format=payload.format,
        filters=payload.filters.filters(),
        language=uow.language,
        file_name=f"{name} {uow.today.isoformat()}.{payload.format}",
        expires_on=uow.today + KEPT,
    )
    uow.add(it)
    await uow.session.flush()
    uow.record("export.create", it)
    await queue.enqueue(uow.session, queue.EXPORT, [it.id])
    return it.id


async def _refuse_too_many(uow: UnitOfWork) -> None:
    own = col(Export.account_id) == uow.who.account_id, col(Export.state).in_(UNFINISHED)
    waiting = select(func.count()).select_from(Export).where(*own).execution_options(scope="how many wait?")
    if (await uow.session.execute(waiting)).scalar_one() >= AT_ONCE:
        raise TooMany("too_many_exports", retry_after=30)


async def page(uow: UnitOfWork, asked: ExportFilter) -> bytes:
    chosen: dict[str, Any] = {"kind": asked.kind, "state": asked.state}
    where = [col(getattr(Export, name)).in_(values) for name, values in chosen.items() if values]
    return await read_page(uow, EXPORTS, Page.of(asked), where=where, filters=asked.filters())


async def finished(uow: UnitOfWork, export_id: UUID) -> Export:
    """Whose bytes can be sent; not ready and failed are said apart."""
    it = await steps.find(uow, Export, export_id)
    if it.state == ExportState.FAILED:
        raise Conflict("export_failed", params={"problem": it.problem})
    if it.state != ExportState.DONE:
        raise Conflict("export_not_ready", params={"done": it.rows_done, "total": it.rows_total or "…"})
    return it
