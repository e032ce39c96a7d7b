"""On which days is progress to be reported?"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from app.domain import deadlines
from app.domain.calendar import Calendar
from app.domain.deadlines import Direction, Unit

MOST = 120
"""Ten years of months."""


class Rhythm(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3}


def days(rhythm: Rhythm, starts_on: date, until: date, calendar: Calendar) -> list[date]:
    """The first day, and so many months after it, each moved to a working day; none later than the last."""
    return list(_days(MONTHS[rhythm], starts_on, until, calendar))


def _days(months: int, starts_on: date, until: date, calendar: Calendar) -> Iterator[date]:
    for n in range(MOST):
        reckoned = deadlines.reckon(Unit.PERIOD, n * months, Direction.AFTER, starts_on, calendar)
        if reckoned.raw_due_on > until:
            return
        yield reckoned.due_on
