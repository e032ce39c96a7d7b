"""When is something due, by which rule, and how was the date reckoned?

A deadline is a pure function of the event's date, one version of a rule, and the calendar: it can be explained day by
day and reckoned again. The periods themselves are rows (`app/reference/rules.toml`, then the database).

Counting (Bộ luật Dân sự 2015 Đ147, Đ148, applied to these rules as policy): the event's day is not counted; a period
after the event that ends on a non-working day ends on the next working day; "N days before" that falls on one is due
on the working day before it, the strict reading.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from app.domain.body import Level
from app.domain.calendar import Calendar, OutOfRange, Reason, Unreckonable, shift

LONGEST: Final = 3660
"""Ten years: no rule of supervision is longer, and a day-by-day explanation of more helps nobody."""

ANY: Final = "any"
"""The regime of a rule for all regimes; the key of a number for all levels."""

COUNTING: Final = "BLDS 2015 Đ147, Đ148"
"""The basis of a reckoning that follows no particular rule."""

EVENT_DAY: Final = Reason(
    "event_day", "Ngày xảy ra sự kiện không tính", "The event's day is not counted", "BLDS 2015 Đ147"
)
MOVED_LATER: Final = Reason(
    "rolled", "Hạn dời đến ngày làm việc kế tiếp", "Due on the next working day", "BLDS 2015 Đ148"
)
MOVED_EARLIER: Final = Reason("rolled", "Hạn lùi về ngày làm việc liền trước", "Due on the working day before")


class Unit(StrEnum):
    """What a rule counts; a period is counted in months, a date recurs every year."""

    DAY = "day"
    WORKDAY = "workday"
    PERIOD = "period"
    DATE = "date"


class Direction(StrEnum):
    """Which side of the event the deadline lies on."""

    AFTER = "after"
    BEFORE = "before"


class Standing(StrEnum):
    """How a deadline stands on a given day."""

    UPCOMING = "upcoming"
    MET = "met"
    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of a period set by law, by a local rule (`body_id`) or by the system's own convention.

    `n` gives the number per level, or per named case where the law distinguishes by something else, under "any" where
    it does not distinguish; it is empty where the law asks for the act but sets no number. `recurring` periods end
    with the calendar period (quarter, half-year, year) the event lies in; `month_day` ("03-01") is that of a `date`.
    """

    code: str
    regime: str
    trigger: str
    unit: Unit
    n: Mapping[str, int]
    responsible: str
    what_vi: str
    what_en: str
    legal_basis: str
    valid_from: date
    valid_to: date | None = None
    version: int = 1
    direction: Direction = Direction.AFTER
    roll_forward: bool = True
    recurring: bool = False
    month_day: str | None = None
    extension_limit: Fraction | None = None
    body_id: UUID | None = None

    @property
    def sets_a_date(self) -> bool:
        """False where the law asks for the act but leaves the time open (D05, D09, D06 nationally)."""
        return bool(self.n) or self.month_day is not None

    def is_valid(self, on: date) -> bool:
        """Whether the rule was in force that day; `valid_to` is its last day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def covers_level(self, level: str | None) -> bool:
        """A rule that distinguishes levels does not apply to one it does not name."""
        return level is None or level in self.n or self.n.keys().isdisjoint(Level)

    def number(self, level: str | None, *, extended: bool) -> int:
        """The number for a level or case; an extension adds at most `extension_limit` of it, rounded down."""
        base = self.n.get(ANY) if ANY in self.n else self.n.get(level or "")
        if base is None:
            raise Unreckonable("level", f"{self.code}: one of {', '.join(self.n)}")
        if not extended:
            return base
        if self.extension_limit is None:
            raise Unreckonable("extended", f"{self.code} cannot be extended")
        return base + int(base * self.extension_limit)


class Day(NamedTuple):
    """One line of an explanation."""

    date: date
    counted: bool
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A reckoned date and its explanation, from the event's day on, in the order of counting.

    `calendar_known` is False when some day lies in a year whose holidays were never entered.
    """

    start: date
    unit: Unit
    n: int | None
    direction: Direction
    raw_due_on: date
    due_on: date
    days: tuple[Day, ...]
    calendar_known: bool
    rule: str | None = None
    rule_version: int | None = None
    legal_basis: str | None = None

    @property
    def rolled(self) -> bool:
        """Whether a non-working day moved the date."""
        return self.raw_due_on != self.due_on


def reckon(
    unit: Unit, n: int, direction: Direction, start: date, calendar: Calendar, *, roll_forward: bool = True
) -> Deadline:
    """Count days, working days or months from an event; only `roll_forward` moves a date after it off a free day."""
    if not 0 <= n <= LONGEST:
        raise Unreckonable("n", f"0–{LONGEST}")
    if unit in (Unit.DAY, Unit.WORKDAY):
        days = _count(unit, n, direction, start, calendar)
        raw = days[-1].date if days else start
    else:
        days, raw = [], _months_away(start, n if direction is Direction.AFTER else -n)
    plain = _unmoved(unit, n, direction, start, raw, calendar)
    return _moved(replace(plain, days=(*plain.days, *days)), calendar, roll_forward=roll_forward)


def compute(
    rule: Rule, start: date, calendar: Calendar, *, level: str | None = None, extended: bool = False
) -> Deadline:
    """The deadline a rule sets for an event; Unreckonable when the rule needs a level or cannot be extended."""
    n = None if rule.month_day else rule.number(level, extended=extended)
    if n is not None and not rule.recurring:
        deadline = reckon(rule.unit, n, rule.direction, start, calendar, roll_forward=rule.roll_forward)
    else:
        fixed = _yearly_date(rule.month_day, rule.direction, start) if rule.month_day else _period_end(start, n or 0)
        plain = _unmoved(rule.unit, n, rule.direction, start, fixed, calendar)
        deadline = _moved(plain, calendar, roll_forward=rule.roll_forward)
    return replace(deadline, rule=rule.code, rule_version=rule.version, legal_basis=rule.legal_basis)


def applicable(
    rules: Iterable[Rule],
    *,
    on: date,
    code: str | None = None,
    regime: str | None = None,
    trigger: str | None = None,
    level: str | None = None,
    body_id: UUID | None = None,
) -> list[Rule]:
    """The rules that bind on that day, one per code: a body's own before the national one, then the newest.

    A rule of another regime, level, body or time is left out, and so is one that sets no date: what does not apply
    must never be shown as a breach.
    """
    best: dict[str, Rule] = {}
    for rule in rules:
        asked = code in (None, rule.code) and trigger in (None, rule.trigger)
        governs = regime in (None, rule.regime) or rule.regime == ANY
        ours = rule.body_id in (None, body_id) and rule.covers_level(level)
        if not (asked and governs and ours and rule.sets_a_date and rule.is_valid(on)):
            continue
        if rule.code not in best or _rank(rule) > _rank(best[rule.code]):
            best[rule.code] = rule
    return [best[found] for found in sorted(best)]


def choose(
    rules: Iterable[Rule],
    *,
    on: date,
    code: str | None = None,
    regime: str | None = None,
    trigger: str | None = None,
    level: str | None = None,
    body_id: UUID | None = None,
) -> Rule | None:
    """The one rule that binds, or None; name the `code` where several rules share a trigger (D02 and D03)."""
    found = applicable(rules, on=on, code=code, regime=regime, trigger=trigger, level=level, body_id=body_id)
    return found[0] if found else None


def standing(due_on: date, done_on: date | None, today: date) -> Standing:
    """How a deadline stands; its own day is still in time (BLDS 2015 Đ148: until 24:00)."""
    if done_on is not None:
        return Standing.MET if done_on <= due_on else Standing.LATE
    return Standing.UPCOMING if today <= due_on else Standing.OVERDUE


def _rank(rule: Rule) -> tuple[bool, date, int]:
    return rule.body_id is not None, rule.valid_from, rule.version


def _step(direction: Direction) -> timedelta:
    return timedelta(days=1 if direction is Direction.AFTER else -1)


def _count(unit: Unit, n: int, direction: Direction, start: date, calendar: Calendar) -> list[Day]:
    days, on = [], start
    while n:
        on = shift(on, _step(direction))
        counted = unit is Unit.DAY or calendar.is_working(on)
        n -= counted
        days.append(Day(on, counted, calendar.reason(on) if unit is Unit.WORKDAY else None))
    return days


def _unmoved(unit: Unit, n: int | None, direction: Direction, start: date, raw: date, calendar: Calendar) -> Deadline:
    return Deadline(
        start=start,
        unit=unit,
        n=n,
        direction=direction,
        raw_due_on=raw,
        due_on=raw,
        days=(Day(start, counted=False, reason=EVENT_DAY),),
        calendar_known=calendar.covers(start) and calendar.covers(raw),
    )


def _moved(deadline: Deadline, calendar: Calendar, *, roll_forward: bool) -> Deadline:
    """Move a date that falls on a non-working day; the first line added or amended says why it cannot stay."""
    after, raw = deadline.direction is Direction.AFTER, deadline.raw_due_on
    if calendar.is_working(raw) or (after and not roll_forward):
        return deadline
    due = calendar.on_or_after(raw) if after else calendar.on_or_before(raw)
    days = list(deadline.days)
    if days[-1].date == raw != deadline.start:
        days[-1] = days[-1]._replace(reason=calendar.reason(raw))
    on = raw
    while on != due:
        on = shift(on, _step(deadline.direction))
        moved = MOVED_LATER if after else MOVED_EARLIER
        days.append(Day(on, counted=False, reason=moved if on == due else calendar.reason(on)))
    known = deadline.calendar_known and calendar.covers(due)
    return replace(deadline, due_on=due, days=tuple(days), calendar_known=known)


def _months_away(start: date, months: int) -> date:
    """The same day n months away, or that month's last day where it has no such day (BLDS 2015 Đ148(3))."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OutOfRange(f"{start} {months:+d} months")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _period_end(start: date, months: int) -> date:
    """The last day of the calendar period of that many months (3 quarter, 6 half-year, 12 year) around a day."""
    if months < 1 or 12 % months:
        raise Unreckonable("n", "1, 2, 3, 4, 6, 12")
    month = ((start.month - 1) // months + 1) * months
    return date(start.year, month, monthrange(start.year, month)[1])


def _yearly_date(month_day: str, direction: Direction, start: date) -> date:
    """The nearest such date strictly before the event, or the nearest after it."""
    month, day = (int(part) for part in month_day.split("-"))
    here = date(start.year, month, day)
    year = start.year - (start <= here) if direction is Direction.BEFORE else start.year + (start >= here)
    if not date.min.year <= year <= date.max.year:
        raise OutOfRange(f"{start} {month_day}")
    return here.replace(year=year)
