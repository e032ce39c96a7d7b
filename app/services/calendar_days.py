"""The days that depart from the week's rhythm, as officers correct them when a decision is published."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from app.core.errors import Forbidden, NotVisible
from app.domain import deadlines as reckoning
from app.domain.calendar import Calendar
from app.domain.deadlines import Direction, Unit
from app.models.deadline import CalendarDay, CalendarDayFilter, CalendarDayPut, CalendarDayRead, Deadline, Rule
from app.policies.actions import may_keep_register
from app.reference.calendar_seed import SEED_YEARS, seed_days
from app.services import calendars
from app.services.reading import Page, Projection, read_page
from app.services.recommendations import recounting, replaying
from app.services.unit_of_work import UnitOfWork

CALENDAR_DAY = Projection(model=CalendarDay, reads={"full": CalendarDayRead})
LAST_MONTH, LAST_DAY = 12, 31


async def listing(uow: UnitOfWork, query: CalendarDayFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.year is not None:
        where.append(col(CalendarDay.day).between(date(query.year, 1, 1), date(query.year, LAST_MONTH, LAST_DAY)))
    return await read_page(uow, CALENDAR_DAY, Page.of(query, sort="day"), where=where, filters=query.filters())


async def correct(uow: UnitOfWork, day: date, payload: CalendarDayPut) -> None:
    """Say what this day is, whatever was known before; open deadlines are reckoned again."""
    if not may_keep_register(uow.who):
        raise Forbidden
    await uow.serialise("calendar")
    before = await calendars.calendar(uow)
    it = await uow.session.get(CalendarDay, day) or CalendarDay(day=day, **payload.model_dump())
    it.sqlmodel_update({**payload.model_dump(mode="json"), "corrected": True})
    uow.add(it)
    uow.record("calendar_day.correct", it)
    await _reckon_again(uow, before)


async def restore(uow: UnitOfWork, day: date) -> None:
    """Back to the day as first entered, or to the week's rhythm where nothing was; NotVisible for a plain day."""
    if not may_keep_register(uow.who):
        raise Forbidden
    await uow.serialise("calendar")
    before = await calendars.calendar(uow)
    it = await uow.session.get(CalendarDay, day)
    if it is None:
        raise NotVisible
    if (first := _seeded(day)) is not None:
        it.sqlmodel_update({**first, "corrected": False})
    else:
        await uow.session.delete(it)
    uow.record("calendar_day.restore", it)
    await _reckon_again(uow, before)


def _seeded(day: date) -> dict[str, Any] | None:
    """Swaps reach into the neighbouring years, so these are read too."""
    years = [it for it in SEED_YEARS if abs(it - day.year) <= 1]
    known = {it.date: it for it in seed_days(years)} if day.year in SEED_YEARS else {}
    if (it := known.get(day)) is None:
        return None
    return {"kind": str(it.kind), "name_vi": it.name_vi, "name_en": it.name_en, "basis": it.basis}


async def _reckon_again(uow: UnitOfWork, before: Calendar) -> None:
    """Open clocks that count from an event follow the calendar, under the rule that started them."""
    await uow.session.flush()
    uow.calendar = None
    calendar = await calendars.calendar(uow)
    await recounting.recount(uow, before, calendar)
    await replaying.recount(uow, before, calendar)
    open_clocks = (
        select(Deadline, col(Rule.roll_forward))
        .join(Rule, col(Rule.id) == col(Deadline.rule_id))
        .where(col(Deadline.met_on).is_(None), col(Rule.recurring).is_(False), col(Rule.month_day).is_(None))
        .order_by(col(Deadline.id))
        .with_for_update(of=Deadline)
    )
    for it, roll_forward in await uow.session.execute(open_clocks):
        unit, direction = Unit(it.unit), Direction(it.direction)
        reckoned = reckoning.reckon(unit, it.n, direction, it.trigger_on, calendar, roll_forward=roll_forward)
        if (it.raw_due_on, it.due_on) != (reckoned.raw_due_on, reckoned.due_on):
            it.raw_due_on, it.due_on = reckoned.raw_due_on, reckoned.due_on
            uow.record("deadline.moved", it, due_on=it.due_on.isoformat())
