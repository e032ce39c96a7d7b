"""Which days are working days in Viet Nam, and why a given day is or is not one.

Saturdays and Sundays are free; holidays and swapped days are free too; an official make-up Saturday is worked
(Bộ luật Lao động 2019 Đ112 and the yearly decisions). What differs from the week's rhythm is data with its basis, kept
in the database and corrected by officers: no library knows every decision.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class DayKind(StrEnum):
    """How a day departs from the week's rhythm."""

    HOLIDAY = "holiday"
    DAY_OFF = "day_off"
    MAKE_UP = "make_up"


class MarkedDay(NamedTuple):
    """One exceptional day; `basis` names the law or decision that makes it so."""

    date: date
    kind: DayKind
    name_vi: str
    name_en: str
    basis: str


class Reason(NamedTuple):
    """Why a day counts or does not: a stable code, the words in both languages, the basis where law gives one."""

    code: str
    vi: str
    en: str
    basis: str | None = None


class Unreckonable(ValueError):
    """The question has no answer; `field` names what in it stands in the way (`n`, `from`, `level`, `extended`)."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


class OutOfRange(Unreckonable):
    """The reckoning leaves the dates that a calendar can hold (years 1–9999)."""

    def __init__(self, detail: str) -> None:
        super().__init__("from", detail)


SATURDAY: Final = Reason("weekend", "Thứ Bảy", "Saturday")
SUNDAY: Final = Reason("weekend", "Chủ nhật", "Sunday")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Calendar:
    """The exceptional days and the years they are known for.

    Outside `first_year`–`last_year` only weekends are free, and `covers` says so: a date reckoned there may move
    once its holidays are entered.
    """

    marked: Mapping[date, MarkedDay]
    first_year: int
    last_year: int

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, str, str, str, str]]) -> "Calendar":
        """Build from (date, kind, name_vi, name_en, basis); a later row for the same date replaces an earlier one."""
        marked = {on: MarkedDay(on, DayKind(kind), *rest) for on, kind, *rest in rows}
        if not marked:
            return cls(MappingProxyType({}), first_year=1, last_year=0)
        return cls(MappingProxyType(marked), first_year=min(marked).year, last_year=max(marked).year)

    def covers(self, on: date) -> bool:
        """Whether the holidays of that year have been entered at all."""
        return self.first_year <= on.year <= self.last_year

    def is_working(self, on: date) -> bool:
        """Whether offices work that day."""
        mark = self.marked.get(on)
        return on.weekday() < 5 if mark is None else mark.kind is DayKind.MAKE_UP

    def reason(self, on: date) -> Reason | None:
        """Why the day is exceptional; None for a plain working day."""
        if mark := self.marked.get(on):
            return Reason(mark.kind.value, mark.name_vi, mark.name_en, mark.basis)
        return {5: SATURDAY, 6: SUNDAY}.get(on.weekday())

    def on_or_after(self, on: date) -> date:
        """The day itself if worked, else the next working day."""
        while not self.is_working(on):
            on = shift(on, _ONE_DAY)
        return on

    def on_or_before(self, on: date) -> date:
        """The day itself if worked, else the last working day before it."""
        while not self.is_working(on):
            on = shift(on, -_ONE_DAY)
        return on

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is itself not counted; before it when n is negative."""
        step, on = (_ONE_DAY if n >= 0 else -_ONE_DAY), start
        for _ in range(abs(n)):
            on = shift(on, step)
            while not self.is_working(on):
                on = shift(on, step)
        return on

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when `end` is not later."""
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def shift(on: date, by: timedelta) -> date:
    """Move a date, refusing to leave the calendar."""
    try:
        return on + by
    except OverflowError as error:
        raise OutOfRange(f"{on} {by.days:+d}") from error
