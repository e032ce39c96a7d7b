"""Reminders: the due dates that are near or past are reckoned once each, then met with the recommendations in SQL."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Integer, Select, Uuid, and_, case, func, literal, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.principal import NOBODY
from app.domain import deadlines, reminders
from app.domain.calendar import Calendar, Unreckonable
from app.domain.recommendation import ReminderClock
from app.models.recommendation import Recommendation, Reminder
from app.services import calendars
from app.services.sweep.acting import clock
from app.services.sweep.quiet import Tally, awaits_reply, watched

log = logging.getLogger("giamsat.sweep")

Sessions = async_sessionmaker[AsyncSession]
R = Recommendation
BATCH = 5000
NATIONAL = NOBODY
"""Stands for "whoever has no reminder rules of their own" in the table of days."""

REMINDING = (reminders.BEFORE_DUE, reminders.AFTER_DUE)


@dataclass
class Days:
    """A table of what has been reached: by issuer (or NATIONAL) and due date, which reminder and on what day."""

    local: list[UUID]
    issuers: list[UUID]
    due: list[date]
    offsets: list[int]
    on: list[date]

    def add(self, issuer: UUID, due_on: date, reached: reminders.Reminding) -> None:
        self.issuers.append(issuer)
        self.due.append(due_on)
        self.offsets.append(reached.offset)
        self.on.append(reached.on)

    def table(self) -> Any:
        columns = func.unnest(
            literal(self.issuers, ARRAY(Uuid)),
            literal(self.due, ARRAY(Date)),
            literal(self.offsets, ARRAY(Integer)),
            literal(self.on, ARRAY(Date)),
        )
        return columns.table_valued("issuer", "due_on", "offset_days", "reached_on", name="days").render_derived()


Rows = Callable[[Sequence[UUID]], Any]
"""The reminders that are to be there for a batch of recommendations."""


async def remind(sessions: Sessions, on: date) -> Tally:
    """Of the two dates of every recommendation that is watched."""
    async with sessions() as session:
        days = await _days(session, on)

    def rows(ids: Sequence[UUID]) -> Any:
        reply, completion = (_due(on, days, ids, it) for it in (ReminderClock.REPLY, ReminderClock.COMPLETION))
        return reply.union_all(completion)

    return await walk(sessions, watched(on), rows)


async def walk(sessions: Sessions, which: ColumnElement[bool], rows: Rows) -> Tally:
    """Insert what is missing, batch by batch along the ids."""
    tally = Tally()
    after: UUID = NOBODY
    while True:
        async with sessions() as session:
            ids = await _next(session, which, after)
        if not ids:
            return tally
        await _batch(sessions, rows, ids, tally)
        after = ids[-1]


async def _days(session: AsyncSession, on: date) -> Days:
    """Every date that some open recommendation runs against, up to the farthest of which a reminder can be due."""
    uow = clock(session, on)
    rules, calendar = await calendars.rules(uow), await calendars.calendar(uow)
    local = sorted({it.body_id for it in rules if it.code in REMINDING and it.body_id is not None})
    days = Days(local, [], [], [], [])
    found = await session.execute(_running_dates(on, local))
    for issuer, due_on in found:
        body_id = None if issuer == NATIONAL else issuer
        before, after = (deadlines.choose(rules, on=on, code=code, body_id=body_id) for code in REMINDING)
        reached = _reached(due_on, on, before, after, calendar)
        if reached is not None:
            days.add(issuer, due_on, reached)
    return days


def _reached(
    due_on: date, on: date, before: deadlines.Rule | None, after: deadlines.Rule | None, calendar: Calendar
) -> reminders.Reminding | None:
    """None also for a date at the end of time, of which no reminder can be reckoned."""
    try:
        return reminders.reached(due_on, on, before, after, calendar)
    except Unreckonable:
        return None


def _running_dates(on: date, local: Sequence[UUID]) -> Select[Any]:
    of_reply = select(issuer_of(local), col(R.reply_due_on)).where(watched(on), awaits_reply())
    of_completion = select(issuer_of(local), col(R.due_on)).where(watched(on))
    dates = union(of_reply.where(col(R.reply_due_on).is_not(None)), of_completion.where(col(R.due_on).is_not(None)))
    return select(*dates.subquery().columns).execution_options(scope="the dates that run")


def issuer_of(local: Sequence[UUID]) -> Any:
    own = col(R.issuer_body_id) == func.any(literal(list(local), ARRAY(Uuid)))
    return case((own, col(R.issuer_body_id)), else_=literal(NATIONAL, Uuid))


async def _next(session: AsyncSession, which: ColumnElement[bool], after: UUID) -> Sequence[UUID]:
    ids = select(col(R.id)).where(which, col(R.id) > after).order_by(col(R.id)).limit(BATCH)
    return (await session.execute(ids.execution_options(scope="the nightly clock"))).scalars().all()


async def _batch(sessions: Sessions, rows: Rows, ids: Sequence[UUID], tally: Tally) -> None:
    """One statement for the batch; where it fails, halves are tried until the record at fault stands alone."""
    try:
        async with sessions.begin() as session:
            tally.done += await _insert(session, rows(ids))
    except DBAPIError as error:
        if len(ids) == 1:
            tally.failed += 1
            log.exception("not reminded", extra={"id": str(ids[0]), "kind": type(error.orig).__name__})
            return
        middle = len(ids) // 2
        await _batch(sessions, rows, ids[:middle], tally)
        await _batch(sessions, rows, ids[middle:], tally)


async def _insert(session: AsyncSession, rows: Any) -> int:
    """What another run has inserted meanwhile, or an earlier one, is left alone by the unique key."""
    columns = ["id", "created_at", "recommendation_id", "body_id", "reminded_on", "clock", "due_on", "offset_days"]
    made = insert(Reminder).from_select(columns, rows).on_conflict_do_nothing()
    counted = await session.execute(made.returning(col(Reminder.id)))
    return len(counted.all())


def _due(on: date, days: Days, ids: Sequence[UUID], which: ReminderClock) -> Select[Any]:
    """The recommendations of which a reminder was reached after the date was set, so that a fresh date is not urged."""
    reply = which is ReminderClock.REPLY
    due, since = (R.reply_due_on, col(R.reply_from)) if reply else (R.due_on, col(R.due_set_on))
    started = func.coalesce(since, col(R.issued_on))
    table = days.table()
    return (
        reminders_of(table, on, which, col(due))
        .join(table, and_(table.c.issuer == issuer_of(days.local), table.c.due_on == col(due)))
        .where(
            col(R.id) == func.any(literal(list(ids), ARRAY(Uuid))),
            watched(on),
            *((awaits_reply(),) if reply else ()),
            table.c.reached_on > started,
        )
    )


def reminders_of(table: Any, on: date, which: ReminderClock, due: Any) -> Select[Any]:
    """Rows of Reminder for a date of recommendations, but for those that are there already."""
    known = (
        select(literal(1))
        .where(
            col(Reminder.recommendation_id) == col(R.id),
            col(Reminder.clock) == which,
            col(Reminder.due_on) == due,
            col(Reminder.offset_days) == table.c.offset_days,
        )
        .exists()
    )
    return select(
        func.uuidv7(),
        func.clock_timestamp(),
        col(R.id),
        col(R.issuer_body_id),
        literal(on, Date),
        literal(str(which)),
        due,
        table.c.offset_days,
    ).where(~known)
