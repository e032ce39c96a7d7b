"""Dates that pauses and extensions have moved follow the calendar, too: what moved them is gone through once more.

From the date that the rule gives, each pause adds its days as the new calendar counts them; a date that was granted is
what people said, and stays. Where the old calendar does not lead to the present date in this way, it is left alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlmodel import col

from app.domain import deadlines
from app.domain import pause as pausing
from app.domain.calendar import Calendar, Unreckonable
from app.domain.deadlines import Rule, Unit
from app.models.due_change import DueChange, DueChangeCause
from app.models.pause import Pause
from app.models.recommendation import Recommendation
from app.policies.visibility import unscoped
from app.services.recommendations import dates, recounting
from app.services.recommendations.recounting import CLOCKS, RUNNING, SYSTEM, Clock
from app.services.unit_of_work import UnitOfWork

R = Recommendation
D = DueChange
Pauses = dict[UUID, Pause]
GOING_ON = (*dates.GIVEN, DueChangeCause.CALENDAR)
"""What moves a date within one period; anything else begins another."""


async def recount(uow: UnitOfWork, was: Calendar, now: Calendar) -> None:
    """An event for each date that moves tells both sides, as for those that the rule alone has set."""
    moved = await _moved_before(uow)
    histories, pauses = await _histories(uow, moved), await _pauses(uow, moved)
    for it in moved:
        for clock in CLOCKS:
            steps = _present(histories.get((it.id, clock.name), []))
            due_on = await _due(uow, it, clock, steps, pauses, was, now)
            if due_on is not None:
                recounting.move(uow, it, clock, due_on)


async def _moved_before(uow: UnitOfWork) -> Sequence[Recommendation]:
    given = exists().where(col(D.recommendation_id) == col(R.id), col(D.because).in_(dates.GIVEN))
    by_rule = or_(*(col(clock.basis)["code"].astext.is_not(None) for clock in CLOCKS))
    rows = unscoped(Recommendation, reason=SYSTEM).where(RUNNING, given, by_rule)
    return (await uow.session.execute(rows.order_by(col(R.id)).with_for_update(of=R))).scalars().all()


async def _histories(uow: UnitOfWork, moved: Sequence[Recommendation]) -> dict[tuple[UUID, str], list[DueChange]]:
    """Oldest first, by recommendation and clock."""
    rows = select(DueChange).where(col(D.recommendation_id).in_([it.id for it in moved])).order_by(col(D.id))
    histories: dict[tuple[UUID, str], list[DueChange]] = {}
    for it in (await uow.session.execute(rows.execution_options(scope=SYSTEM))).scalars():
        histories.setdefault((it.recommendation_id, it.clock), []).append(it)
    return histories


async def _pauses(uow: UnitOfWork, moved: Sequence[Recommendation]) -> Pauses:
    rows = unscoped(Pause, reason=SYSTEM).where(col(Pause.recommendation_id).in_([it.id for it in moved]))
    return {it.id: it for it in (await uow.session.execute(rows)).scalars()}


def _present(history: Sequence[DueChange]) -> list[DueChange]:
    """Since the date was last set anew."""
    period: list[DueChange] = []
    for it in history:
        period = [*period, it] if it.because in GOING_ON else []
    return period


async def _due(
    uow: UnitOfWork,
    it: Recommendation,
    clock: Clock,
    steps: Sequence[DueChange],
    pauses: Pauses,
    was: Calendar,
    now: Calendar,
) -> date | None:
    """The date by the new calendar, where it is another one."""
    rule = await dates.rule_of(uow, it, clock.name)
    if rule is None or clock.name not in dates.running(it) or not any(one.because in dates.GIVEN for one in steps):
        return None
    for start in clock.starts:
        started: date | None = getattr(it, start.key)
        if started is not None and _replayed(rule, started, steps, pauses, was) == dates.due_of(it, clock.name):
            due_on = _replayed(rule, started, steps, pauses, now)
            return due_on if due_on != dates.due_of(it, clock.name) else None
    return None


def _replayed(rule: Rule, start: date, steps: Sequence[DueChange], pauses: Pauses, calendar: Calendar) -> date | None:
    unit = Unit.WORKDAY if rule.unit is Unit.WORKDAY else Unit.DAY
    try:
        due_on = deadlines.compute(rule, start, calendar).due_on
        for step in steps:
            due_on = _after(step, due_on, unit, pauses, calendar)
    except Unreckonable:
        return None
    return due_on


def _after(step: DueChange, due_on: date, unit: Unit, pauses: Pauses, calendar: Calendar) -> date:
    pause: Any = pauses.get(step.record_id) if step.record_id else None
    if step.because is DueChangeCause.EXTENSION:
        return step.due_on
    if step.because is DueChangeCause.PAUSE and pause is not None and pause.to_on is not None:
        return pausing.later(due_on, unit, pause.from_on, pause.to_on, calendar)
    return due_on
