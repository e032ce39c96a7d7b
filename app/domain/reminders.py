"""On which days is somebody reminded of a due date, and which of those days was reached last?

The numbers are rules: so many working days before the date (D25), and every so many days after it (P04). A run that
comes late sends the reminder reached last, not all those it missed: nobody is told three times of one date.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from app.domain import deadlines
from app.domain.calendar import Calendar, shift
from app.domain.deadlines import Direction, Rule, Unit

BEFORE_DUE, AFTER_DUE = "D25", "P04"


class Reminding(NamedTuple):
    """`offset` names the reminder among those of one date: 15 is fifteen days before it, -7 seven days after it."""

    offset: int
    on: date


def reached(due_on: date, today: date, before: Rule | None, after: Rule | None, calendar: Calendar) -> Reminding | None:
    """The latest reminder of this date whose day has come; None while there is none."""
    overdue = _after(due_on, today, after, calendar) if after and due_on < today else None
    if overdue is not None or before is None:
        return overdue
    return max(_before(due_on, today, before, calendar), key=lambda it: it.on, default=None)


def reached_report(due_on: date, today: date, after: Rule | None, calendar: Calendar) -> Reminding | None:
    """Of a report of progress: on the day after it was due, and then as of any other date that has passed."""
    if due_on >= today:
        return None
    later = _after(due_on, today, after, calendar) if after else None
    return later or Reminding(-1, shift(due_on, timedelta(days=1)))


def _before(due_on: date, today: date, rule: Rule, calendar: Calendar) -> Iterator[Reminding]:
    for n in rule.n.values():
        on = deadlines.reckon(rule.unit, n, Direction.BEFORE, due_on, calendar).due_on
        if on <= today:
            yield Reminding(n, on)


def _after(due_on: date, today: date, rule: Rule, calendar: Calendar) -> Reminding | None:
    """The last full multiple of the rule's number that has passed since the date."""
    every = min(rule.n.values())
    if rule.unit is Unit.WORKDAY:
        passed = calendar.working_days_between(due_on, today) // every * every
        return Reminding(-passed, calendar.add_working_days(due_on, passed)) if passed else None
    passed = (today - due_on).days // every * every
    return Reminding(-passed, shift(due_on, timedelta(days=passed))) if passed else None
