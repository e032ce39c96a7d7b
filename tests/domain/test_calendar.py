from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Calendar, DayKind, OutOfRange
from app.reference.calendar_seed import SEED_YEARS, seed_days

CALENDAR = Calendar.from_rows(seed_days())
SEEDED = st.dates(date(2008, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        ("2024-04-18", DayKind.HOLIDAY),
        ("2024-04-29", DayKind.DAY_OFF),
        ("2024-05-04", DayKind.MAKE_UP),
        ("2025-05-02", DayKind.DAY_OFF),
        ("2025-04-26", DayKind.MAKE_UP),
        ("2026-01-02", DayKind.DAY_OFF),
        ("2026-01-10", DayKind.MAKE_UP),
        ("2026-04-27", DayKind.DAY_OFF),
        ("2026-08-31", DayKind.DAY_OFF),
        ("2026-08-22", DayKind.MAKE_UP),
        ("2026-11-24", DayKind.HOLIDAY),
        ("2018-12-31", DayKind.DAY_OFF),
        ("2019-01-05", DayKind.MAKE_UP),
    ],
)
def test_known_decisions_are_in_the_calendar(on: str, kind: DayKind) -> None:
    day = date.fromisoformat(on)
    assert CALENDAR.marked[day].kind is kind
    assert CALENDAR.marked[day].basis
    assert CALENDAR.is_working(day) is (kind is DayKind.MAKE_UP)


def test_culture_day_is_a_holiday_only_since_its_law() -> None:
    assert CALENDAR.is_working(date(2025, 11, 24))
    assert "28/2026/QH16" in CALENDAR.marked[date(2026, 11, 24)].basis


@pytest.mark.parametrize("year", SEED_YEARS)
def test_every_seeded_year_has_its_lawful_holidays(year: int) -> None:
    names = {mark.name_vi for mark in CALENDAR.marked.values() if mark.date.year == year}
    assert {
        "Tết Dương lịch",
        "Tết Nguyên Đán",
        "Ngày Giỗ Tổ Hùng Vương",
        "Ngày Quốc tế Lao động",
        "Quốc khánh",
    } <= names


def test_every_swapped_day_is_paid_for() -> None:
    kinds = [mark.kind for mark in CALENDAR.marked.values() if "thay cho" in mark.name_vi]
    assert kinds.count(DayKind.DAY_OFF) == kinds.count(DayKind.MAKE_UP) > 10


def test_projected_years_say_that_they_are_projected() -> None:
    assert "dự kiến" in CALENDAR.marked[date(2027, 2, 6)].basis
    assert "dự kiến" not in CALENDAR.marked[date(2026, 2, 17)].basis


def test_an_officers_row_replaces_the_seeded_one() -> None:
    correction = (date(2027, 2, 4), "make_up", "Làm bù", "Make-up day", "Thông báo năm 2027")
    corrected = Calendar.from_rows([*seed_days([2027]), correction])
    assert not CALENDAR.is_working(date(2027, 2, 4))
    assert corrected.is_working(date(2027, 2, 4))


def test_outside_the_seeded_years_only_weekends_are_free_and_it_is_said() -> None:
    new_year = date(2031, 1, 1)
    assert CALENDAR.is_working(new_year)
    assert not CALENDAR.covers(new_year)
    assert CALENDAR.covers(date(2030, 12, 31))
    assert not Calendar.from_rows([]).covers(date(2024, 1, 1))


def test_a_plain_working_day_needs_no_reason_and_all_others_have_one() -> None:
    assert CALENDAR.reason(date(2024, 4, 12)) is None
    for on, code in [
        ("2024-04-27", "weekend"),
        ("2024-04-29", "day_off"),
        ("2024-04-30", "holiday"),
        ("2024-05-04", "make_up"),
    ]:
        reason = CALENDAR.reason(date.fromisoformat(on))
        assert reason is not None
        assert reason.code == code


@given(SEEDED)
def test_a_day_is_worked_exactly_when_the_published_lists_say_so(on: date) -> None:
    published = country_holidays("VN", years=[on.year, on.year + 1])
    off = (set(published) | {date(2026, 1, 2)}) - {date(2026, 1, 10)}
    make_up = published.weekend_workdays | {date(2026, 1, 10)}
    assert CALENDAR.is_working(on) is (on in make_up or (on.weekday() < 5 and on not in off))


@given(SEEDED, st.integers(1, 200))
def test_going_forth_and_back_returns_to_a_working_day(on: date, n: int) -> None:
    start = CALENDAR.on_or_after(on)
    there = CALENDAR.add_working_days(start, n)
    assert CALENDAR.is_working(there)
    assert CALENDAR.working_days_between(start, there) == n
    assert CALENDAR.add_working_days(there, -n) == start


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert CALENDAR.working_days_between(date(2024, 4, 12), date(2024, 4, 12)) == 0
    assert CALENDAR.working_days_between(date(2024, 4, 12), date(2024, 4, 1)) == 0


def test_the_ends_of_time_are_refused_not_crashed_into() -> None:
    with pytest.raises(OutOfRange):
        CALENDAR.add_working_days(date.max, 1)
    with pytest.raises(OutOfRange):
        CALENDAR.add_working_days(date.min + timedelta(days=3), -20)
