"""The law as the database has it: the working-day calendar and the rules, read once per unit of work."""

from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.clock import civil
from app.domain import deadlines
from app.domain.calendar import Calendar
from app.domain.deadlines import Direction, Unit
from app.models.deadline import CalendarDay, Rule
from app.services.unit_of_work import UnitOfWork


async def calendar(uow: UnitOfWork) -> Calendar:
    """The working-day calendar with every correction."""
    if uow.calendar is None:
        day = CalendarDay
        marked = select(col(day.day), col(day.kind), col(day.name_vi), col(day.name_en), col(day.basis))
        uow.calendar = Calendar.from_rows((await uow.session.execute(marked)).all())
    return uow.calendar


async def rules(uow: UnitOfWork) -> list[deadlines.Rule]:
    """Every rule, national and local, of every time; `deadlines.choose` picks."""
    if uow.rules is None:
        stored = (await uow.session.execute(select(Rule).order_by(col(Rule.code), col(Rule.valid_from)))).scalars()
        uow.rules = [as_rule(it) for it in stored]
    return uow.rules


def as_rule(it: Rule) -> deadlines.Rule:
    return deadlines.Rule(
        code=it.code,
        version=it.rule_version,
        regime=it.regime,
        trigger=it.trigger,
        unit=Unit(it.unit),
        direction=Direction(it.direction),
        n=it.n,
        roll_forward=it.roll_forward,
        recurring=it.recurring,
        month_day=it.month_day,
        extension_limit=Fraction(it.extension_limit) if it.extension_limit else None,
        responsible=it.responsible,
        what_vi=it.what_vi,
        what_en=it.what_en,
        legal_basis=it.legal_basis,
        valid_from=it.valid_from,
        valid_to=it.valid_to,
        body_id=it.body_id,
    )


async def rule(uow: UnitOfWork, code: str, on: date, *, body_id: UUID | None = None) -> deadlines.Rule | None:
    """The version of a rule that binds on that day; a body's own before the national one."""
    return deadlines.choose(await rules(uow), on=on, code=code, body_id=body_id)


async def recorded_late(uow: UnitOfWork, on: date) -> bool:
    """Whether an event is being entered later than the convention P02 allows."""
    recorded = civil(uow.now)
    if (recorded - on).days <= 1:
        return False
    limit = await rule(uow, RECORDED_LATE, on)
    if limit is None:
        return False
    return recorded > deadlines.compute(limit, on, await calendar(uow)).due_on


RECORDED_LATE = "P02"
