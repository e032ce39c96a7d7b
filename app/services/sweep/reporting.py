"""Reminders of reports of progress that are overdue: for each recommendation one of the oldest that is missing.

A report answers every earlier day of the schedule, so whoever is late with several is reminded once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Select, Uuid, and_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.domain import deadlines, reminders
from app.domain.calendar import Unreckonable
from app.domain.recommendation import ReminderClock
from app.models.progress_schedule import ProgressDue
from app.models.recommendation import Recommendation
from app.services import calendars
from app.services.sweep.acting import clock
from app.services.sweep.quiet import Tally, watched
from app.services.sweep.reminding import NATIONAL, Days, issuer_of, reminders_of, walk

Sessions = async_sessionmaker[AsyncSession]
R, D = Recommendation, ProgressDue
SYSTEM = "the nightly clock"


async def remind(sessions: Sessions, on: date) -> Tally:
    async with sessions() as session:
        days = await _days(session, on)

    def rows(ids: Sequence[UUID]) -> Select[Any]:
        return _missing(on, days, ids)

    return await walk(sessions, and_(watched(on), _is_late(on)), rows)


def _late(on: date) -> tuple[ColumnElement[bool], ...]:
    return col(D.progress_id).is_(None), col(D.due_on) < literal(on, Date)


def _is_late(on: date) -> ColumnElement[bool]:
    missing = select(literal(1)).where(col(D.recommendation_id) == col(R.id), *_late(on))
    return missing.correlate(R).exists()


def _oldest(on: date) -> Any:
    """For each recommendation the first day of its schedule that has passed without a report."""
    days = select(col(D.recommendation_id), func.min(D.due_on).label("due_on")).where(*_late(on))
    return days.group_by(col(D.recommendation_id)).subquery("oldest")


async def _days(session: AsyncSession, on: date) -> Days:
    """Every such day, and which reminder of it has been reached; by the issuer's own rule, or the national one."""
    uow = clock(session, on)
    rules, calendar = await calendars.rules(uow), await calendars.calendar(uow)
    own = {it.body_id for it in rules if it.code == reminders.AFTER_DUE and it.body_id is not None}
    days = Days(sorted(own), [], [], [], [])
    oldest = _oldest(on)
    found = select(issuer_of(days.local), oldest.c.due_on).join(oldest, oldest.c.recommendation_id == col(R.id))
    asked = found.where(watched(on)).distinct().execution_options(scope=SYSTEM)
    for issuer, due_on in await session.execute(asked):
        body_id = None if issuer == NATIONAL else issuer
        after = deadlines.choose(rules, on=on, code=reminders.AFTER_DUE, body_id=body_id)
        try:
            reached = reminders.reached_report(due_on, on, after, calendar)
        except Unreckonable:
            continue
        if reached is not None:
            days.add(issuer, due_on, reached)
    return days


def _missing(on: date, days: Days, ids: Sequence[UUID]) -> Select[Any]:
    oldest, table = _oldest(on), days.table()
    return (
        reminders_of(table, on, ReminderClock.PROGRESS, oldest.c.due_on)
        .join(oldest, oldest.c.recommendation_id == col(R.id))
        .join(table, and_(table.c.issuer == issuer_of(days.local), table.c.due_on == oldest.c.due_on))
        .where(col(R.id) == func.any(literal(list(ids), ARRAY(Uuid))), watched(on))
    )
