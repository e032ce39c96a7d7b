"""An import as the worker runs it: the file is read once, its rows are tried in one transaction, all or nothing.

A run that was killed has changed nothing; the next begins anew. Imports of one kind into one body wait for each other,
so the second of two equal files finds what the first has made.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, column, delete, func, insert, literal, select, update
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters.sheets import Unreadable
from app.adapters.storage import Storage
from app.core.clock import today, utcnow
from app.core.cursors import Cursors
from app.core.errors import Conflict
from app.core.ids import new_id
from app.core.principal import Principal
from app.domain.import_ import UNFINISHED, ImportMode, ImportOutcome, ImportState
from app.models.import_ import Import, ImportFault, ImportRow
from app.policies.visibility import unscoped
from app.services import principals, queue, steps
from app.services.imports import staging
from app.services.imports.kinds import OFFERS
from app.services.imports.trying import Tally, Trial
from app.services.unit_of_work import UnitOfWork

log = logging.getLogger("giamsat.imports")

Sessions = async_sessionmaker[AsyncSession]
PATIENCE = timedelta(minutes=15)
"""How long an import waits for another, and how long one statement of it may take."""

PIECE = 1_000
LASTING = (DataError, IntegrityError, ProgrammingError)
"""What the database would say again however often it is asked."""

RESULTS = {ImportState.CHECKED, ImportState.FAULTY, ImportState.DONE, ImportState.FAILED}


class Cancelled(Exception):
    """Its owner has called it off while it ran."""


async def run(sessions: Sessions, storage: Storage, import_id: UUID) -> None:
    """Ended when it returns; what fails because the database is away or busy is tried again by requeue."""
    async with sessions.begin() as session:
        it = await _begun(session, import_id)
    if it is None:
        return
    try:
        if it.rows_total is None:
            it = await staging.stage(sessions, storage, it, OFFERS[it.kind].table)
        await _try(sessions, it)
    except Cancelled:
        return
    except (Unreadable, Conflict) as refused:
        await _fail(sessions, it, refused.code)
    except Exception as error:
        log.exception("import stopped", extra={"import_id": str(import_id), "kind": type(error).__name__})
        if isinstance(error, SQLAlchemyError) and not isinstance(error, LASTING):
            raise
        await _fail(sessions, it, "internal")


async def _begun(session: AsyncSession, import_id: UUID) -> Import | None:
    """None when it has ended, or is no more."""
    found = unscoped(Import, reason="an import to be run").where(col(Import.id) == import_id)
    it = (await session.execute(found.with_for_update())).scalar_one_or_none()
    if it is None or it.state not in UNFINISHED:
        return None
    await _set(session, it, state=ImportState.RUNNING, rows_done=0)
    return it


async def _try(sessions: Sessions, it: Import) -> None:
    """What goes into the records and that it went in commit together."""

    async def progress(done: int) -> None:
        async with sessions.begin() as other:
            await _set(other, it, rows_done=done)

    async with sessions() as session:
        uow = UnitOfWork(session, await _requester(session, it), Cursors(b""))
        await _wait_for_turn(uow, it)
        tally = await Trial(uow, it, OFFERS[it.kind], progress).run()
        if it.mode == ImportMode.APPLY and not tally.errors:
            await _end(uow, it, ImportState.DONE, tally)
            await uow.complete()
            await session.commit()
            return
        await session.rollback()
        async with session.begin():
            told = UnitOfWork(session, uow.who, Cursors(b""))
            await _end(told, it, ImportState.FAULTY if tally.errors else ImportState.CHECKED, tally)
            await told.complete()


async def _requester(session: AsyncSession, it: Import) -> Principal:
    """Whoever asked, with the duties of today."""
    who = await principals.absent(session, it.account_id, it.body_id, today())
    if who is None or who.closed or not OFFERS[it.kind].may(who):
        raise Conflict("access_ended")
    return who


async def _wait_for_turn(uow: UnitOfWork, it: Import) -> None:
    for name in ("lock_timeout", "statement_timeout"):
        await uow.session.execute(select(func.set_config(name, f"{PATIENCE.total_seconds():.0f}s", True)))
    await uow.serialise("import", it.body_id, it.kind)


async def _end(uow: UnitOfWork, it: Import, state: ImportState, tally: Tally) -> None:
    """The result beside the rows it is the result of."""
    counts: dict[str, Any] = {outcome: tally.count(outcome) for outcome in ImportOutcome}
    counts |= {"rows_done": len(tally.outcomes), "errors_total": tally.errors}
    await _set(uow.session, it, state=state, finished_at=utcnow(), **counts)
    await _keep_outcomes(uow.session, it.id, tally)
    await _keep_faults(uow.session, it.id, tally.faults)
    await _tell(uow, it, state)


async def _set(session: AsyncSession, it: Import, **values: Any) -> None:
    """Cancelled when it runs no longer. A result is a new version of the import, its progress is not."""
    if values.get("state") in RESULTS:
        values["version"] = Import.version + 1
    running = update(Import).where(col(Import.id) == it.id, col(Import.state).in_(UNFINISHED)).values(**values)
    running = running.returning(col(Import.id)).execution_options(synchronize_session=False)
    if (await session.execute(running)).first() is None:
        raise Cancelled


async def _keep_outcomes(session: AsyncSession, import_id: UUID, tally: Tally) -> None:
    outcomes = [(row, outcome.value, record_id) for row, (outcome, record_id) in tally.outcomes.items()]
    for start in range(0, len(outcomes), PIECE):
        rows, words, ids = (list(it) for it in zip(*outcomes[start : start + PIECE], strict=True))
        arrays = literal(rows, ARRAY(Integer)), literal(words, ARRAY(Text)), literal(ids, ARRAY(Uuid))
        named = column("row", Integer), column("outcome", Text), column("record_id", Uuid)
        became = func.unnest(*arrays).table_valued(*named, name="became").render_derived()
        mine = col(ImportRow.import_id) == import_id, col(ImportRow.row) == became.c.row
        values = {"outcome": became.c.outcome, "record_id": became.c.record_id}
        await session.execute(
            update(ImportRow).where(*mine).values(**values).execution_options(synchronize_session=False)
        )


async def _keep_faults(session: AsyncSession, import_id: UUID, faults: Sequence[ImportFault]) -> None:
    await session.execute(delete(ImportFault).where(col(ImportFault.import_id) == import_id))
    ordered = sorted(faults, key=lambda it: it.row)
    for start in range(0, len(ordered), PIECE):
        kept = [it.model_dump() | {"id": new_id(), "import_id": import_id} for it in ordered[start : start + PIECE]]
        await session.execute(insert(ImportFault), kept)


async def _tell(uow: UnitOfWork, it: Import, state: ImportState) -> None:
    """A line of history, and of the audit."""
    was, became = ImportState.RUNNING, state
    await steps.write_transition(uow, it, state, was=was, became=became, on=uow.today, move=None, case=None)
    uow.record(f"import.{state}", it, was=was, became=became)


async def _fail(sessions: Sessions, it: Import, problem: str) -> None:
    async with sessions.begin() as session:
        await _set(session, it, state=ImportState.FAILED, finished_at=utcnow(), problem=problem)


async def requeue(session: AsyncSession) -> int:
    unfinished = select(col(Import.id)).where(col(Import.state).in_(UNFINISHED)).order_by(col(Import.id))
    return await queue.again(session, queue.IMPORT, unfinished)
