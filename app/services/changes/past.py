"""What a caller saw at an earlier place of the log: today's predicates, asked of the rows as they were then.

A WITH clause may bear the name of a table and then stands in its stead. So each table of the log is replaced by its
rows without those that changed since, together with what these were; the policies of visibility need no second form.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from app.core.principal import Principal
from app.models.change import Change
from app.services import prepared
from app.services.changes.kinds import KEPT
from app.services.changes.present import Asked, of_types, records
from app.services.unit_of_work import UnitOfWork

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


async def seen(uow: UnitOfWork, asked: Asked, *, base: int, day: date) -> set[UUID]:
    """Which of these records the caller saw at `base`, on that day.

    Not where statements are planned once for all values: a plan for any `base` reads the whole log.
    """
    if not asked:
        return set()
    types = of_types(asked)
    then = replace(uow, who=replace(uow.who, today=day), statements=None)
    ids = [identifier for _, identifier in asked]
    rows = await prepared.fetch(then, ("changes then", types), lambda who: _seen(who, types), base=base, ids=ids)
    return {row["id"] for row in rows}


def _seen(who: Principal, types: Iterable[str]) -> Select[Any]:
    """Only tables that the statement names are put back: each costs time to compile and to parse."""
    found = records(who, types)
    named = set(re.findall(r"\w+", str(found.compile(dialect=DIALECT))))
    then = found.add_cte(*(_then(model) for model in KEPT if model.__tablename__ in named))
    return then.execution_options(scope="scoped")  # type: ignore[return-value]


@cache
def _then(model: type[SQLModel]) -> CTE:
    """The table as it was, for whoever asks: without what came since, and with what changed or went as it had been.

    The id is the one that the line names, and each column is read only where it is asked for: a week's changes are put
    back in milliseconds, whole rows would take a second.
    """
    table: Any = model.__table__  # type: ignore[attr-defined]
    present, first, line = table.alias(f"{table.name}_now"), _first_since(table.name), aliased(Change)
    kept = select(*present.c).where(~exists(select(literal(1)).where(first.c.subject_id == present.c.id)))
    columns = (first.c.subject_id.label("id") if it.name == "id" else _was(line, it) for it in table.c)
    changed = first.join(line, col(line.seq) == first.c.seq)
    undone = select(*columns).select_from(changed).where(col(line.kind) != "insert")
    return union_all(kept, undone).cte(table.name).prefix_with("NOT MATERIALIZED")


def _was(line: Any, it: Any) -> ColumnElement[Any]:
    kept: Any = col(line.was)[it.name]
    return (kept if isinstance(it.type, JSON) else cast(kept.astext, it.type)).label(it.name)


def _first_since(name: str) -> CTE:
    """The first line since then that says what a row had been; a new row had not been at all."""
    base = bindparam("base", None, type_=BigInteger)
    telling = or_(col(Change.was).is_not(None), col(Change.kind) == "insert")
    lines = select(col(Change.subject_id), func.min(Change.seq).label("seq")).group_by(col(Change.subject_id))
    since = lines.where(col(Change.subject_type) == name, col(Change.seq) > base, telling)
    return since.cte(f"{name}_since").prefix_with("MATERIALIZED")
