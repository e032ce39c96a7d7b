"""The first rows of a long table that a caller sees, found path by path (policies.visibility.Path).

Each path is walked for each of its keys by the index on (column, order), as far as one page; the nearest of all make
the page. The work grows with the number of keys, not with the number of rows, and any plan made of it is good for
every caller: those who see all rows, few, or none.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Subquery,
    Uuid,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.operators import desc_op
from sqlmodel import col

from app.policies.visibility import Path

RANK = "rank"


def nearest(
    model: Any,
    paths: Sequence[Path],
    views: Sequence[str],
    position: Sequence[Any],
    order: Sequence[Any],
    where: Sequence[ColumnElement[bool]],
    limit: int,
) -> Subquery:
    """The keys of the rows of a page as key0, key1, …, each with the rank of the widest view that reaches it."""
    walks = [_walk(model, path, views.index(path.view), position, order, where, limit) for path in paths]
    met = union_all(*walks).subquery("met")
    keys = [met.c[f"key{i}"] for i in range(len(position))]
    descending = [it.modifier is desc_op for it in order]
    nearest_first = [key.desc() if down else key.asc() for key, down in zip(keys, descending, strict=True)]
    ranked = select(*keys, func.min(met.c[RANK]).label(RANK)).group_by(*keys)
    return ranked.order_by(*nearest_first).limit(limit).subquery("nearest")


def _walk(
    model: Any,
    path: Path,
    rank: int,
    position: Sequence[Any],
    order: Sequence[Any],
    where: Sequence[ColumnElement[bool]],
    limit: int,
) -> Any:
    keys = _keys(path)
    row = select(*(column.label(f"key{i}") for i, column in enumerate(position))).select_from(model)
    row = row.where(col(path.column) == next(iter(keys.c)), *where).order_by(*order).limit(limit)
    if path.gate is not None:
        row = row.where(path.gate)
    step = row.lateral()
    return select(*step.c, literal_column(str(rank)).label(RANK)).select_from(keys.join(step, true()))


def _keys(path: Path) -> FromClause:
    if isinstance(path.keys, tuple):
        return func.unnest(literal(list(path.keys), ARRAY(Uuid))).table_valued("key").render_derived()
    return path.keys.distinct().subquery()
