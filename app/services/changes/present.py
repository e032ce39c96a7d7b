"""Which records of those that a page of the log speaks of does the caller see?"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CompoundSelect, Select, Uuid, any_, bindparam, select, union_all
from sqlmodel import col

from app.core.principal import Principal
from app.policies.visibility import visible
from app.services import prepared
from app.services.changes.kinds import TOLD
from app.services.unit_of_work import UnitOfWork

Asked = Sequence[tuple[str, UUID]]
"""Records, each with its type."""

FEW = 6
"""So many types have a statement of their own for each set of them; a page of more is asked about all that there are,
lest every set be built and planned once."""


async def seen(uow: UnitOfWork, asked: Asked) -> set[UUID]:
    if not asked:
        return set()
    types = of_types(asked)
    ids = [identifier for _, identifier in asked]
    rows = await prepared.fetch(uow, ("changes now", types), lambda who: _seen(who, types), ids=ids)
    return {row["id"] for row in rows}


def of_types(asked: Asked) -> tuple[str, ...]:
    types = {name for name, _ in asked}
    return tuple(sorted(types if len(types) <= FEW else TOLD))


def _seen(who: Principal, types: Iterable[str]) -> Select[Any]:
    return records(who, types).execution_options(scope="scoped")  # type: ignore[return-value]


def records(who: Principal, types: Iterable[str]) -> CompoundSelect[Any]:
    """The visible ones among `ids`: each of these is in one table at most."""
    ids = bindparam("ids", None, type_=ARRAY(Uuid))
    return union_all(*(_of(TOLD[name], who, ids) for name in types))


def _of(model: Any, who: Principal, ids: Any) -> Select[Any]:
    return select(col(model.id).label("id")).where(col(model.id) == any_(ids), visible(model, who))
