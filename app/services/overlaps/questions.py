"""What is held against the work of others, and who may ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.errors import Forbidden
from app.domain.body import MAY_LEAD
from app.domain.overlap import Relation, Work
from app.models.body import Body
from app.policies.relations import among
from app.services import lineage
from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Question:
    """One piece of work, or a window that is thought of, on these bodies; `itself` and `stands_for` never overlap it.

    `stands_for` is the plan item that a campaign carries out, or null.
    """

    work: Work
    body_ids: tuple[UUID, ...]
    itself: UUID | None = None
    stands_for: UUID | None = None


Kin = dict[UUID, dict[UUID, Relation]]
"""For each body that is asked about: whose supervision is the same party's, and why."""


async def require_planner(uow: UnitOfWork) -> None:
    """Officers and leaders of bodies that may lead; nobody else plans supervision."""
    leads = exists().where(among(Body.id, uow.who.acts), col(Body.kind).in_(list(MAY_LEAD)))
    if not uow.who.acts or not (await uow.session.execute(select(leads))).scalar_one():
        raise Forbidden


async def kin_of(uow: UnitOfWork, body_ids: Iterable[UUID], *, subordinates: bool = False) -> Kin:
    """Each body with all that it came from and became; with what is below it where that is asked for."""
    ids = list(dict.fromkeys(body_ids))
    kin: Kin = {it: {it: Relation.SAME_BODY} for it in ids}
    if not ids:
        return kin
    lines = [_line(ids, Relation.PREDECESSOR), _line(ids, Relation.SUCCESSOR)]
    if subordinates:
        lines.append(_below(ids))
    for line in lines:
        for origin, body_id, relation in await uow.session.execute(line):
            kin[origin].setdefault(body_id, Relation(relation))
    return kin


def _line(ids: list[UUID], relation: Relation) -> Select[Any]:
    line = lineage.walk(select(col(Body.id)).where(among(Body.id, ids)), backwards=relation == Relation.PREDECESSOR)
    return select(line.c.origin, line.c.body_id, literal(str(relation)))


def _below(ids: list[UUID]) -> Select[Any]:
    start: Select[Any, Any] = select(col(Body.id).label("origin"), col(Body.id).label("body_id")).where(
        among(Body.id, ids)
    )
    below = start.cte("below", recursive=True)
    child = aliased(Body)
    below = below.union(select(below.c.origin, col(child.id)).where(col(child.parent_id) == below.c.body_id))
    return select(below.c.origin, below.c.body_id, literal(str(Relation.SUBORDINATE)))


async def concerns_caller(uow: UnitOfWork, body_ids: Iterable[UUID]) -> bool:
    """The caller is one of these bodies, or below one."""
    above = select(col(Body.id), col(Body.parent_id)).where(among(Body.id, uow.who.bodies)).cte("above", recursive=True)
    parent = aliased(Body)
    above = above.union(select(col(parent.id), col(parent.parent_id)).where(col(parent.id) == above.c.parent_id))
    own = select(above.c.id).where(among(above.c.id, body_ids)).limit(1)
    return (await uow.session.execute(own)).first() is not None
