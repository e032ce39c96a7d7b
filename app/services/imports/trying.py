"""Trying the rows of an import one batch after the other, in the transaction of the caller.

A dry run is the real thing, rolled back: what it finds is what taking in would find.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from app.core.errors import AppError, Conflict, Invalid, fault
from app.core.ids import new_id
from app.domain.import_ import ImportOutcome
from app.models.import_ import ExternalKey, Import, ImportFault, ImportRow
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services.imports.columns import KEY
from app.services.imports.lines import Layout, Line, read, sound, validate
from app.services.imports.offers import Offer
from app.services.imports.ordering import Nested, Order, ordered
from app.services.imports.references import OWN_KEYS, among_texts, resolve
from app.services.unit_of_work import UnitOfWork

BATCH = 500
MOST_FAULTS = 100_000
"""How many are kept; all are counted."""

WORDS = ("name", "short_name", "symbol")
"""By what one row of a table may name another, besides its key."""

Progress = Callable[[int], Awaitable[None]]


@dataclass
class Tally:
    """What has become of the rows so far."""

    outcomes: dict[int, tuple[ImportOutcome, UUID | None]] = field(default_factory=dict)
    faults: list[ImportFault] = field(default_factory=list)
    errors: int = 0
    keys: dict[str, int] = field(default_factory=dict)

    def count(self, outcome: ImportOutcome) -> int:
        return sum(it is outcome for it, _ in self.outcomes.values())

    def is_faulty(self, row: int) -> bool:
        return row in self.outcomes and self.outcomes[row][0] is ImportOutcome.FAULTY

    def note(self, line: Line) -> None:
        if line.faults:
            line.outcome, line.record_id = ImportOutcome.FAULTY, None
            self.errors += len(line.faults)
            self.faults += line.faults[: MOST_FAULTS - len(self.faults)]
        assert line.outcome is not None
        self.outcomes[line.row] = line.outcome, line.record_id


@dataclass
class Trial:
    """One going through all rows of one import."""

    uow: UnitOfWork
    it: Import
    offer: Offer
    progress: Progress
    tally: Tally = field(default_factory=Tally)

    @property
    def layout(self) -> Layout:
        columns = self.it.columns
        fields = [one["field"] for one in columns]
        return Layout(self.it.id, self.offer.table, [one["header"] for one in columns], fields, self.it.defaults)

    async def run(self) -> Tally:
        self._look_at_header()
        if self.tally.errors:
            return self.tally
        order = await self._order()
        for layer in order.layers:
            for start in range(0, len(layer), BATCH):
                await self._batch(layer[start : start + BATCH], order)
        return self.tally

    def _look_at_header(self) -> None:
        """A column that every row needs and none can have; a header that the caller named and the file lacks."""
        layout = self.layout
        head = Line(self.it.header_row or 1, layout, {})
        for column in layout.table.columns:
            if column.required and column.field not in {*layout.fields, *layout.defaults}:
                head.blame(column, fault("", "missing_column"))
        for header in self.it.mapping.keys() - set(layout.headers):
            head.blame(None, fault("", "mapped_header_missing", header=header))
        if not self.it.rows_total:
            head.blame(None, fault("", "no_rows"))
        self.tally.errors += len(head.faults)
        self.tally.faults += head.faults

    async def _order(self) -> Order:
        found = unscoped(ImportRow, reason="rows of the import at hand").where(col(ImportRow.import_id) == self.it.id)
        if self.offer.inside is None:
            rows = found.with_only_columns(col(ImportRow.row)).order_by(col(ImportRow.row))
            return Order([list((await self.uow.session.execute(rows)).scalars())])
        named = await self.uow.session.execute(_names(found, self.layout, self.offer.inside))
        return ordered(_nested(*it) for it in named)

    async def _batch(self, rows: Sequence[int], order: Order) -> None:
        lines = await self._lines(rows)
        for line in lines:
            self._read(line, order)
        await self._recognise(lines)
        waiting = [it for it in lines if it.outcome is None]
        await resolve(self.uow, waiting, self.offer.on)
        if self.offer.look_up is not None:
            await self.offer.look_up(self.uow, waiting)
        for line in waiting:
            if not line.faults:
                validate(line, self.offer.payload, self.offer.shape(line))
        await self._write(sound(waiting))
        for line in lines:
            self.tally.note(line)
        await self.uow.session.flush()
        self.uow.session.expunge_all()
        await self.progress(len(self.tally.outcomes))

    async def _lines(self, rows: Sequence[int]) -> list[Line]:
        layout = self.layout
        found = (
            select(col(ImportRow.row), col(ImportRow.cells))
            .where(col(ImportRow.import_id) == self.it.id, col(ImportRow.row).in_(rows))
            .order_by(col(ImportRow.row))
            .execution_options(scope="rows of the import at hand")
        )
        return [Line(row, layout, layout.texts(cells)) for row, cells in await self.uow.session.execute(found)]

    def _read(self, line: Line, order: Order) -> None:
        """All that the table itself says: cells that are missing or unlike, keys said twice, circles."""
        read(line)
        if line.key and (first := self.tally.keys.setdefault(line.key, line.row)) != line.row:
            line.blame(self.offer.table.of(KEY), fault("", "key_repeated", row=first))
        if self.offer.inside is None:
            return
        column = self.offer.table.of(self.offer.inside)
        if line.row in order.circular:
            line.blame(column, fault("", "circular"))
        elif broken := [it for it in order.parents.get(line.row, ()) if self.tally.is_faulty(it)]:
            line.blame(column, fault("", "parent_row_faulty", row=min(broken)))
        else:
            return
        line.texts.pop(self.offer.inside)

    async def _recognise(self, lines: Sequence[Line]) -> None:
        """Rows that were imported before: as they are, or as they are no longer."""
        ours = col(ExternalKey.body_id) == self.it.body_id, col(ExternalKey.kind) == self.it.kind
        keys = [it.key for it in lines if it.key]
        found = unscoped(ExternalKey, reason=OWN_KEYS).where(*ours, among_texts(ExternalKey.key, keys))
        known = {it.key: (it.record_id, it.digest) for it in (await self.uow.session.execute(found)).scalars()}
        present = await self._present([record_id for record_id, _ in known.values()])
        for line in lines:
            record_id, digest = known.get(line.key, (None, ""))
            if record_id not in present or record_id is None:
                continue
            line.imported = record_id
            if digest == line.digest and not line.faults:
                line.outcome, line.record_id = ImportOutcome.UNCHANGED, record_id

    async def _present(self, ids: Sequence[UUID]) -> set[UUID]:
        """What was deleted since is made again."""
        model = self.offer.model
        found = unscoped(model, reason="does it still exist?").with_only_columns(col(model.id))
        return set((await self.uow.session.execute(found.where(among(model.id, ids)))).scalars()) if ids else set()

    async def _write(self, lines: Sequence[Line]) -> None:
        new = [it for it in lines if it.imported is None]
        if new:
            await self._create(new)
        for line in lines:
            if line.imported is not None:
                await self._one(line, self._update)
        await self._keep_keys(sound(lines))

    async def _create(self, lines: Sequence[Line]) -> None:
        """Together; where one of them is refused each on its own, to know all that are."""
        try:
            async with self._afresh(), self.uow.attempt():
                made = await self.offer.create(self.uow, lines)
                await self.uow.session.flush()
        except REFUSALS:
            for line in lines:
                await self._one(line, self._create_one)
            return
        for line, record_id in zip(lines, made, strict=True):
            line.outcome, line.record_id = ImportOutcome.CREATED, record_id

    @asynccontextmanager
    async def _afresh(self) -> AsyncIterator[None]:
        """After a failure nothing is remembered of rows as they were before the savepoint was taken back."""
        try:
            yield
        except REFUSALS:
            self.uow.session.expunge_all()
            raise

    async def _one(self, line: Line, deed: Callable[[Line], Awaitable[None]]) -> None:
        try:
            async with self._afresh(), self.uow.attempt():
                await deed(line)
                await self.uow.session.flush()
        except AppError as refused:
            line.refuse(refused)
        except DataError:
            line.refuse(Invalid())
        except (IntegrityError, StaleDataError):
            line.refuse(Conflict("lost_race"))

    async def _create_one(self, line: Line) -> None:
        (line.record_id,) = await self.offer.create(self.uow, [line])
        line.outcome = ImportOutcome.CREATED

    async def _update(self, line: Line) -> None:
        assert line.imported is not None
        line.record_id = await self.offer.update(self.uow, line, line.imported)
        line.outcome = ImportOutcome.UPDATED

    async def _keep_keys(self, lines: Sequence[Line]) -> None:
        if not lines:
            return
        kept = insert(ExternalKey)
        same = {"record_id": kept.excluded.record_id, "digest": kept.excluded.digest}
        index = ["body_id", "kind", "key"]
        kept = kept.on_conflict_do_update(index_elements=index, set_=same)
        await self.uow.session.execute(kept, [self._kept(it) for it in lines])

    def _kept(self, line: Line) -> dict[str, object]:
        said = {"key": line.key, "record_id": line.record_id, "digest": line.digest}
        return {"id": new_id(), "created_at": self.uow.now, "body_id": self.it.body_id, "kind": self.it.kind, **said}


REFUSALS = (AppError, DataError, IntegrityError, StaleDataError)


def _nested(row: int, key: str | None, inside: str | None, *words: str | None) -> Nested:
    return Nested(row, key or "", tuple(it for it in words if it), inside)


def _names(found: Select[Any], layout: Layout, inside: str) -> Select[Any]:
    """Of every row its key, the text by which it names another, and the words by which others name it."""

    def cell(name: str) -> Any:
        place = layout.fields.index(name) if name in layout.fields else -1
        text = cells[place].astext if place >= 0 else literal_column("NULL")
        return func.left(text, 300)

    cells: Any = col(ImportRow.cells)
    return found.with_only_columns(col(ImportRow.row), *(cell(it) for it in (KEY, inside, *WORDS)))
