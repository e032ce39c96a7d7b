"""What a caller saw at an earlier place of the log: today's predicates, asked of the rows as they were then.

A WITH clause may bear the name of a table and then stands in its stead. So each table of the log is replaced by its
rows without those that changed since, together with what these were; the policies of visibility need no second form.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Select,
    Uuid,
    any_,
    bindparam,
    column,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import SQLModel, col

from app.core.principal import Principal
from app.models.change import Change
from app.policies.visibility import visible
from app.services import prepared
from app.services.changes.kinds import KEPT, TOLD
from app.services.unit_of_work import UnitOfWork


async def seen(uow: UnitOfWork, asked: Sequence[tuple[str, UUID]], *, base: int, day: date) -> set[UUID]:
    """Which of these records, each with its type, the caller saw at `base`, on that day."""
    if not asked:
        return set()
    types = tuple(sorted({name for name, _ in asked}))
    then = replace(uow, who=replace(uow.who, today=day))
    ids = [identifier for _, identifier in asked]
    rows = await prepared.fetch(then, ("changes", types), lambda who: _seen(who, types), base=base, ids=ids)
    return {row["id"] for row in rows}


def _seen(who: Principal, types: Sequence[str]) -> Select[Any]:
    """Only what is asked of is planned: the WITH clause of a table that no predicate looks at costs nothing."""
    ids = bindparam("ids", None, type_=ARRAY(Uuid))
    found = union_all(*(_of(TOLD[name], who, ids) for name in types))
    then = found.add_cte(*(_then(model) for model in KEPT))
    return then.execution_options(scope="scoped")  # type: ignore[return-value]


def _of(model: Any, who: Principal, ids: Any) -> Select[Any]:
    return select(col(model.id).label("id")).where(col(model.id) == any_(ids), visible(model, who))


def _then(model: type[SQLModel]) -> CTE:
    """The table as it was: without what came since, and with what changed or went as it had been."""
    table: Any = model.__table__  # type: ignore[attr-defined]
    present, first = table.alias(f"{table.name}_now"), _first_since(table.name)
    kept = select(*present.c).where(~exists(select(literal(1)).where(first.c.subject_id == present.c.id)))
    record = func.jsonb_populate_record(literal_column(f"NULL::{table.name}"), first.c.was)
    row = record.table_valued(*(column(it.name, it.type) for it in table.c), name=f"{table.name}_was")
    undone = select(*row.c).select_from(first.join(row, true())).where(first.c.kind != "insert")
    return union_all(kept, undone).cte(table.name).prefix_with("NOT MATERIALIZED")


def _first_since(name: str) -> CTE:
    """The first line since then that says what a row had been; a new row had not been at all."""
    base = bindparam("base", None, type_=BigInteger)
    telling = or_(col(Change.was).is_not(None), col(Change.kind) == "insert")
    lines = select(col(Change.subject_id), col(Change.was), col(Change.kind)).ext(distinct_on(col(Change.subject_id)))
    since = lines.where(col(Change.subject_type) == name, col(Change.seq) > base, telling)
    return since.order_by(col(Change.subject_id), col(Change.seq)).cte(f"{name}_since").prefix_with("MATERIALIZED")
