"""The days of reminders, against a reckoning that shares no code with ours and counts over Tết day by day."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import Calendar, DayKind
from app.domain.deadlines import Direction, Rule, Unit
from app.domain.reminders import reached
from app.reference import load_rules
from app.reference.calendar_seed import SEED_YEARS, seed_days

CALENDAR = Calendar.from_rows([tuple(it) for it in seed_days(SEED_YEARS)])
OFF = {it.date for it in seed_days(SEED_YEARS) if it.kind is not DayKind.MAKE_UP}
WORKED = {it.date for it in seed_days(SEED_YEARS) if it.kind is DayKind.MAKE_UP}
RULES = {it.code: it for it in load_rules()}
BEFORE, AFTER = RULES["D25"], RULES["P04"]
ONE = timedelta(days=1)

around_tet = st.dates(date(2023, 12, 1), date(2027, 3, 31))


def works(on: date) -> bool:
    return on in WORKED or (on.isoweekday() <= 5 and on not in OFF)


def told_on(due_on: date) -> Mapping[int, date]:
    """Walk back from the date and note the day on which the 3rd, 7th and 15th working day before it is met."""
    found, on, counted = {}, due_on, 0
    while counted < 15:
        on -= ONE
        counted += works(on)
        if works(on) and counted in (3, 7, 15):
            found[counted] = on
    return found


def expected(due_on: date, today: date) -> int | None:
    if (weeks := (today - due_on).days // 7) > 0:
        return -7 * weeks
    return min((n for n, on in told_on(due_on).items() if on <= today), default=None)


@given(around_tet, st.integers(-60, 60))
def test_the_reminder_reached_last_is_the_one_counted_by_hand(due_on: date, away: int) -> None:
    today = due_on + timedelta(days=away)
    found = reached(due_on, today, BEFORE, AFTER, CALENDAR)
    assert (found.offset if found else None) == expected(due_on, today)
    if found is not None and found.offset > 0:
        assert found.on == told_on(due_on)[found.offset]


@settings(max_examples=25)  # each of 67 nights
@given(around_tet)
def test_nightly_runs_send_each_reminder_once_and_in_order(due_on: date) -> None:
    nights = [reached(due_on, due_on + timedelta(days=n), BEFORE, AFTER, CALENDAR) for n in range(-45, 22)]
    sent = list(dict.fromkeys(it.offset for it in nights if it is not None))
    assert sent == [15, 7, 3, -7, -14, -21]


@pytest.mark.parametrize(
    ("today", "offset"),
    [
        (date(2026, 1, 29), 15),  # Tết holidays 16–20/02/2026 lie between
        (date(2026, 2, 9), 15),
        (date(2026, 2, 10), 7),
        (date(2026, 2, 23), 3),
        (date(2026, 2, 26), 3),
        (date(2026, 3, 4), 3),
        (date(2026, 3, 5), -7),
    ],
)
def test_over_tet_the_days_off_do_not_count(today: date, offset: int) -> None:
    found = reached(date(2026, 2, 26), today, BEFORE, AFTER, CALENDAR)
    assert found is not None
    assert found.offset == offset


def test_a_body_may_count_weeks_in_working_days() -> None:
    weekly = Rule(
        code="P04",
        regime="any",
        trigger="due_date_passed",
        unit=Unit.WORKDAY,
        n={"any": 5},
        direction=Direction.AFTER,
        responsible="lead",
        what_vi="Nhắc sau hạn",
        what_en="After the due date",
        legal_basis="Quy chế phối hợp",
        valid_from=date(2024, 1, 1),
        extension_limit=Fraction(1, 3),
    )
    due_on = date(2024, 2, 7)  # Tết is 8–14/02/2024
    assert reached(due_on, date(2024, 2, 20), None, weekly, CALENDAR) is None
    assert reached(due_on, date(2024, 2, 21), None, weekly, CALENDAR) == (-5, date(2024, 2, 21))
