"""Which bodies came of which: the heirs of a body today, and records counted by the bodies of today or of their time.

Rename and retype keep the body, so its links lead from it to itself and end no walk.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, func, literal, or_, select
from sqlmodel import col

from app.domain.transfer import TransferRole, TransferState
from app.models.body import Body, LineageLink
from app.models.transfer import Transfer
from app.policies.relations import among
from app.services.unit_of_work import UnitOfWork


async def successors(uow: UnitOfWork, body_id: UUID) -> set[UUID]:
    """What came directly of it, by whatever event."""
    here, there = LineageLink.__table__.alias(), LineageLink.__table__.alias()  # type: ignore[attr-defined]
    after = (
        select(there.c.body_id)
        .select_from(here.join(there, here.c.event_id == there.c.event_id))
        .where(here.c.body_id == body_id, ~here.c.successor, there.c.successor, there.c.body_id != body_id)
    )
    return set((await uow.session.execute(after)).scalars())


async def heirs(uow: UnitOfWork, body_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """For each body, those in being today that it has become, through any chain; itself while it lives."""
    found: dict[UUID, set[UUID]] = {it: set() for it in body_ids}
    chain = _chain(among(Body.id, found))
    living = select(chain.c.origin, chain.c.body_id).join(Body, col(Body.id) == chain.c.body_id)
    for origin, heir in await uow.session.execute(living.where(_lives(uow.today))):
        found[origin].add(heir)
    return found


def sole_heirs(today: date) -> Select[Any]:
    """(body_id, heir_id) of each ended body that has exactly one heir in being: for totals by today's bodies.

    One with several heirs keeps its own name in such totals, so that nothing is counted twice.
    """
    chain = _chain(~_lives(today))
    heir = func.array_agg(chain.c.body_id)[1].label("heir_id")
    living = select(chain.c.origin.label("body_id"), heir).join(Body, col(Body.id) == chain.c.body_id)
    return living.where(_lives(today)).group_by(chain.c.origin).having(func.count() == 1)


def _chain(start: ColumnElement[bool]) -> CTE:
    """(origin, body_id) along the events from ended bodies; UNION ends even where bodies merge in a circle."""
    chain = (
        select(col(Body.id).label("origin"), col(Body.id).label("body_id")).where(start).cte("chain", recursive=True)
    )
    here, there = LineageLink.__table__.alias(), LineageLink.__table__.alias()  # type: ignore[attr-defined]
    ended = select(col(Body.id)).where(col(Body.valid_to).is_not(None))
    step = (
        select(chain.c.origin, there.c.body_id)
        .select_from(
            chain.join(here, here.c.body_id == chain.c.body_id).join(there, here.c.event_id == there.c.event_id)
        )
        .where(~here.c.successor, there.c.successor, here.c.body_id.in_(ended))
    )
    return chain.union(step)


def _lives(today: date) -> ColumnElement[bool]:
    return or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= literal(today, Date))


def holder_then(role: TransferRole, subject_id: Any, present: Any) -> ColumnElement[Any]:
    """The body that held the role before any transfer; the present one where there was none."""
    first = (
        select(col(Transfer.from_body_id))
        .where(
            col(Transfer.subject_id) == subject_id,
            and_(col(Transfer.subject_type) == role, col(Transfer.state) == TransferState.CONFIRMED),
        )
        .order_by(col(Transfer.id))
        .limit(1)
        .correlate_except(Transfer)
        .scalar_subquery()
    )
    return func.coalesce(first, present)
