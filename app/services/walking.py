"""The first rows of a long table that a caller sees, found path by path (policies.visibility.Path).

Each path is walked for each of its keys by the index on (column, order), as far as one page; the nearest of all make
the page. The work grows with the number of keys, not with the number of rows, and any plan made of it is good for
every caller: those who see all rows, few, or none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
    tuple_,
    union_all,
)
from sqlmodel import col

from app.policies.visibility import Path

RANK = "rank"


@dataclass(frozen=True)
class Order:
    """The columns by which a list is ordered, the last of which names the row."""

    columns: tuple[Any, ...]
    descending: bool

    @property
    def clauses(self) -> list[Any]:
        return [it.desc() if self.descending else it.asc() for it in self.columns]

    @property
    def keys(self) -> list[Any]:
        return [column.label(f"key{i}") for i, column in enumerate(self.columns)]

    def over(self, found: FromClause) -> "Order":
        """The same order over the keys that were found."""
        return Order(tuple(found.c[it.name] for it in self.keys), self.descending)

    def after(self) -> ColumnElement[bool]:
        """Beyond the place that the parameters after0, after1, … give."""
        place = tuple_(*(bindparam(f"after{i}", None, type_=it.type) for i, it in enumerate(self.columns)))
        here = tuple_(*self.columns)
        return here < place if self.descending else here > place

    def place(self, position: list[Any] | None) -> dict[str, Any]:
        """Those parameters, from a cursor."""
        read: dict[type, Callable[[str], Any]] = {date: date.fromisoformat, UUID: UUID, int: int}
        values = zip(self.columns, position or [], strict=False)
        return {f"after{i}": read.get(it.type.python_type, str)(value) for i, (it, value) in enumerate(values)}


def nearest(
    model: Any,
    paths: Sequence[Path],
    views: Sequence[str],
    order: Order,
    where: Sequence[ColumnElement[bool]],
    limit: int,
) -> Subquery:
    """The keys of the rows of a page as key0, key1, …, each with the rank of the widest view that reaches it.

    The limit is written into the statement: a plan that does not know it reckons with a tenth of the table.
    """
    walks = [_walk(model, path, views.index(path.view), order, where, limit) for path in paths]
    met = union_all(*walks).subquery("met")
    keys = order.over(met)
    ranked = select(*keys.columns, func.min(met.c[RANK]).label(RANK)).group_by(*keys.columns)
    return ranked.order_by(*keys.clauses).limit(literal_column(str(limit))).subquery("nearest")


def _walk(
    model: Any, path: Path, rank: int, order: Order, where: Sequence[ColumnElement[bool]], limit: int
) -> Select[Any]:
    keys = _keys(path)
    row = select(*order.keys).select_from(model).where(col(path.column) == next(iter(keys.c)), *where)
    if path.gate is not None:
        row = row.where(path.gate)
    step = row.order_by(*order.clauses).limit(literal_column(str(limit))).lateral()
    return select(*step.c, literal_column(str(rank)).label(RANK)).select_from(keys.join(step, true()))


def _keys(path: Path) -> FromClause:
    """Rows of ids rather than an array: the planner knows how many there are."""
    if not isinstance(path.keys, tuple):
        return path.keys.distinct().subquery()
    ids = [select(literal(it, Uuid).label("key")) for it in path.keys]
    return union_all(*(ids or [select(cast(null(), Uuid).label("key"))])).subquery("keys")
