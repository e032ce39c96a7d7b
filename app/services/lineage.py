"""Which bodies came of which: forebears and heirs through any chain, and totals by the bodies of today.

An organ that an event ended with its parent came to what its parent came to. Rename and retype keep the body, so their
links lead from it to itself and end no walk.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Date, Select, Uuid, and_, func, literal, or_, select, true, union_all
from sqlmodel import col

from app.models.body import Body, LineageEnd, LineageLink
from app.policies.relations import among
from app.services.unit_of_work import UnitOfWork

LINKS: Any = LineageLink.__table__  # type: ignore[attr-defined]
"""The table, not the entity: an alias of an entity takes many times as long to make."""


async def predecessors(uow: UnitOfWork, body_id: UUID) -> set[UUID]:
    """Everything that it came from."""
    return await _walked(uow, body_id, backwards=True)


async def kin(uow: UnitOfWork, body_id: UUID) -> set[UUID]:
    """The body, everything it came from and everything that came of it."""
    return {body_id} | await predecessors(uow, body_id) | await _walked(uow, body_id, backwards=False)


@dataclass
class Kin:
    """The kin of a few bodies, each looked up once: whoever is kin of one has it for kin too."""

    uow: UnitOfWork
    _known: dict[UUID, set[UUID]] = field(default_factory=dict)

    async def of(self, body_id: UUID) -> set[UUID]:
        if body_id not in self._known:
            self._known[body_id] = await kin(self.uow, body_id)
        return self._known[body_id]


async def _walked(uow: UnitOfWork, body_id: UUID, *, backwards: bool) -> set[UUID]:
    line = walk(select(literal(body_id, Uuid)), backwards=backwards)
    found = await uow.session.execute(select(line.c.body_id).where(line.c.body_id != body_id))
    return set(found.scalars())


def walk(bodies: Select[Any], *, backwards: bool) -> CTE:
    """(origin, body_id) from these bodies on, themselves included, in one direction: no sibling is on the way.

    Generation by generation, each looked up by its index; UNION ends even where bodies merge and divide in a circle.
    """
    (origin,) = bodies.subquery("origins").c
    line = select(origin.label("origin"), origin.label("body_id")).cte("line", recursive=True)
    step = union_all(*(it.correlate(line) for it in _steps(line.c.body_id, backwards=backwards))).lateral("step")
    return line.union(select(line.c.origin, step.c.body_id).select_from(line.join(step, true())))


def _steps(body_id: ColumnElement[Any], *, backwards: bool) -> tuple[Select[Any], Select[Any]]:
    """By the events that name the body, and by those that ended it or, backwards, ended others for it."""
    near, far, end = LINKS.alias(), LINKS.alias(), LineageEnd.__table__.alias()  # type: ignore[attr-defined]
    named = select(far.c.body_id).join(near, near.c.event_id == far.c.event_id)
    named = named.where(near.c.body_id == body_id, near.c.successor == backwards, far.c.successor != backwards)
    ended = select(end.c.body_id) if backwards else select(far.c.body_id)
    ended = ended.select_from(end.join(far, far.c.event_id == end.c.event_id)).where(far.c.successor)
    return named, ended.where((far if backwards else end).c.body_id == body_id)


def _ends() -> Select[Any]:
    """(before, after) where the former ended."""
    after = LINKS.alias()
    return select(col(LineageEnd.body_id).label("before"), after.c.body_id.label("after")).join(
        after, and_(after.c.event_id == col(LineageEnd.event_id), after.c.successor)
    )


async def heirs(uow: UnitOfWork, body_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """For each body, those in being today that it has become, through any chain; itself while it lives."""
    found: dict[UUID, set[UUID]] = {it: set() for it in body_ids}
    chain = _chain(select(col(Body.id)).where(among(Body.id, found)), uow.today)
    living = select(chain.c.origin, chain.c.body_id).join(Body, col(Body.id) == chain.c.body_id)
    for origin, heir in await uow.session.execute(living.where(_lives(uow.today))):
        found[origin].add(heir)
    return found


def sole_heirs(bodies: Select[Any], today: date) -> CTE:
    """(body_id, heir_id) of each of these with exactly one heir in being, maybe itself: for totals by today's bodies.

    One with several heirs keeps its own name in such totals, so that nothing is counted twice.
    """
    chain = _chain(bodies, today)
    heir = func.array_agg(chain.c.body_id)[1].label("heir_id")
    living = select(chain.c.origin.label("body_id"), heir).join(Body, col(Body.id) == chain.c.body_id)
    return living.where(_lives(today)).group_by(chain.c.origin).having(func.count() == 1).cte("sole_heirs")


def _chain(bodies: Select[Any], today: date) -> CTE:
    """(origin, body_id) from these bodies on, along the events that ended each up to that day."""
    start = bodies.subquery("origins")
    (origin,) = start.c
    chain = select(origin.label("origin"), origin.label("body_id")).cte("chain", recursive=True)
    ends = _ends().subquery("ends")
    step = (
        select(chain.c.origin, ends.c.after)
        .join(ends, ends.c.before == chain.c.body_id)
        .join(Body, and_(col(Body.id) == chain.c.body_id, ~_lives(today)))
    )
    return chain.union(step)


def _lives(today: date) -> ColumnElement[bool]:
    return or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= literal(today, Date))
