from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Calendar, OutOfRange, Unreckonable
from app.domain.deadlines import (
    LONGEST,
    Direction,
    Rule,
    Standing,
    Unit,
    applicable,
    choose,
    compute,
    reckon,
    standing,
)
from app.reference import load_rules
from app.reference.calendar_seed import seed_days

CALENDAR = Calendar.from_rows(seed_days())
RULES = load_rules()
HCMC = UUID(int=133)


def day(text: str) -> date:
    return date.fromisoformat(text)


def rule(code: str, on: str = "2024-04-12") -> Rule:
    found = choose(RULES, on=day(on), code=code)
    assert found is not None
    return found


LOCAL_D06 = replace(
    next(rule for rule in RULES if rule.code == "D06"), n={"any": 20}, legal_basis="Sổ tay địa phương", body_id=HCMC
)


@pytest.mark.parametrize(
    ("code", "start", "raw", "due"),
    [
        ("D02", "2024-04-12", "2024-03-28", "2024-03-28"),
        ("D03", "2024-04-12", "2024-04-05", "2024-04-05"),
        ("D04", "2024-04-12", "2024-04-27", "2024-05-02"),
        ("D12", "2024-04-15", "2024-04-30", "2024-05-02"),
        ("D11", "2024-05-06", "2024-04-25", "2024-04-25"),
        ("D14", "2024-06-03", "2024-04-19", "2024-04-19"),
        ("D01", "2025-01-01", "2024-12-31", "2024-12-31"),
        ("D07", "2024-04-12", "2024-06-30", "2024-07-01"),
        ("D16", "2025-01-01", "2024-03-01", "2024-03-01"),
        ("D22", "2024-04-26", "2024-05-02", "2024-05-02"),
        ("D23", "2024-02-29", "2025-02-28", "2025-02-28"),
    ],
)
def test_worked_examples_of_the_dossier(code: str, start: str, raw: str, due: str) -> None:
    deadline = compute(rule(code, start), day(start), CALENDAR)
    assert (deadline.raw_due_on, deadline.due_on) == (day(raw), day(due))
    assert deadline.rolled is (raw != due)
    assert deadline.rule == code
    assert deadline.legal_basis


@pytest.mark.parametrize(
    ("level", "extended", "n", "due"),
    [
        ("province", False, 30, "2024-05-22"),
        ("province", True, 40, "2024-06-05"),
        ("district", True, 33, None),
        ("centre", True, 60, None),
        ("commune", False, 20, None),
    ],
)
def test_party_supervision_lasts_by_level_and_is_extended_by_a_third_at_most(
    level: str, extended: bool, n: int, due: str | None
) -> None:
    deadline = compute(rule("D20"), day("2024-04-05"), CALENDAR, level=level, extended=extended)
    assert deadline.n == n
    assert due is None or deadline.due_on == day(due)


def test_a_local_reply_rule_binds_only_the_body_that_made_it() -> None:
    rules = [*RULES, LOCAL_D06]
    ask = partial(choose, rules, on=day("2024-05-02"), regime="front", trigger="recommendation_received")
    assert ask() is None
    assert ask(body_id=UUID(int=7)) is None
    assert ask(body_id=HCMC) is LOCAL_D06
    assert compute(LOCAL_D06, day("2024-05-02"), CALENDAR).due_on == day("2024-05-22")


def test_an_explanation_names_every_day_and_why() -> None:
    deadline = compute(rule("D04"), day("2024-04-12"), CALENDAR)
    tail = {str(line.date): (line.counted, line.reason and line.reason.code) for line in deadline.days}
    assert tail["2024-04-12"] == (False, "event_day")
    assert tail["2024-04-18"] == (True, None), "calendar days count holidays too"
    assert tail["2024-04-27"] == (True, "weekend")
    assert tail["2024-04-28"] == (False, "weekend")
    assert tail["2024-04-29"] == (False, "day_off")
    assert tail["2024-04-30"] == tail["2024-05-01"] == (False, "holiday")
    assert list(tail)[-1] == "2024-05-02"
    assert tail["2024-05-02"] == (False, "rolled")


def test_a_make_up_saturday_counts_and_says_so() -> None:
    deadline = compute(rule("D11"), day("2024-05-06"), CALENDAR)
    saturday = next(line for line in deadline.days if line.date == day("2024-05-04"))
    assert saturday.counted
    assert saturday.reason is not None
    assert saturday.reason.code == "make_up"


def test_days_before_an_event_that_end_on_a_free_day_are_due_before_it() -> None:
    deadline = reckon(Unit.DAY, 15, Direction.BEFORE, day("2024-05-15"), CALENDAR)
    assert (deadline.raw_due_on, deadline.due_on) == (day("2024-04-30"), day("2024-04-26"))


def test_a_rule_may_leave_its_date_on_a_free_day() -> None:
    still = replace(rule("D04"), roll_forward=False)
    assert compute(still, day("2024-04-12"), CALENDAR).due_on == day("2024-04-27")


def naive_working_days(start: date, step: int) -> list[date]:
    """All working days from start on, straight from the published lists."""
    published = country_holidays("VN", years=range(start.year - 1, start.year + 2))
    off = set(published) | {date(2026, 1, 2)}
    make_up = published.weekend_workdays | {date(2026, 1, 10)}
    days = [start + timedelta(days=step * n) for n in range(1, 260)]
    return [on for on in days if on in make_up or (on.weekday() < 5 and on not in off)]


@given(st.dates(date(2015, 11, 1), date(2026, 3, 31)), st.integers(1, 120), st.sampled_from(Direction))
def test_working_days_over_tet_agree_with_an_independent_list(start: date, n: int, direction: Direction) -> None:
    deadline = reckon(Unit.WORKDAY, n, direction, start, CALENDAR)
    assert deadline.due_on == naive_working_days(start, 1 if direction is Direction.AFTER else -1)[n - 1]
    assert not deadline.rolled


@given(st.dates(date(2009, 1, 1), date(2029, 12, 31)), st.integers(0, 365), st.sampled_from([Unit.DAY, Unit.WORKDAY]))
def test_the_explanation_adds_up(start: date, n: int, unit: Unit) -> None:
    for direction, sign in ((Direction.AFTER, 1), (Direction.BEFORE, -1)):
        deadline = reckon(unit, n, direction, start, CALENDAR)
        dates = [line.date for line in deadline.days]
        assert sum(line.counted for line in deadline.days) == n
        assert dates == [start + timedelta(days=sign * distance) for distance in range(len(dates))]
        assert dates[-1] == deadline.due_on
        assert CALENDAR.is_working(deadline.due_on)
        assert (deadline.due_on - deadline.raw_due_on).days * sign >= 0
        assert all(line.counted or line.reason for line in deadline.days), "every skipped day says why"


@given(st.dates(date(2009, 1, 1), date(2028, 12, 31)), st.integers(0, 200))
def test_counting_calendar_days_is_symmetric_before_it_moves(start: date, n: int) -> None:
    there = reckon(Unit.DAY, n, Direction.AFTER, start, CALENDAR).raw_due_on
    assert reckon(Unit.DAY, n, Direction.BEFORE, there, CALENDAR).raw_due_on == start


@given(st.dates(date(2009, 1, 1), date(2028, 12, 31)), st.integers(1, 200), st.sampled_from([Unit.DAY, Unit.WORKDAY]))
def test_a_longer_period_never_ends_earlier(start: date, n: int, unit: Unit) -> None:
    shorter, longer = (reckon(unit, it, Direction.AFTER, start, CALENDAR).due_on for it in (n, n + 1))
    assert shorter <= longer


@pytest.mark.parametrize("n", [-1, LONGEST + 1, 10**12])
def test_absurd_numbers_are_refused(n: int) -> None:
    with pytest.raises(Unreckonable) as refused:
        reckon(Unit.WORKDAY, n, Direction.AFTER, day("2024-04-12"), CALENDAR)
    assert refused.value.field == "n"


@given(
    st.one_of(st.dates(max_value=date(1, 2, 1)), st.dates(min_value=date(9999, 12, 1))),
    st.integers(0, LONGEST),
    st.sampled_from([Unit.DAY, Unit.WORKDAY, Unit.PERIOD]),
    st.sampled_from(Direction),
)
def test_near_the_ends_of_time_nothing_worse_than_a_refusal_happens(
    start: date, n: int, unit: Unit, direction: Direction
) -> None:
    with suppress(OutOfRange):
        reckon(unit, n, direction, start, CALENDAR)


@pytest.mark.parametrize(("code", "start"), [("D01", "0001-01-01"), ("D23", "9999-06-01")])
def test_yearly_and_monthly_rules_are_refused_there_too(code: str, start: str) -> None:
    with pytest.raises(OutOfRange) as refused:
        compute(rule(code), day(start), CALENDAR)
    assert refused.value.field == "from"


@pytest.mark.parametrize(
    ("code", "level", "field"),
    [("D20", None, "level"), ("D20", "planet", "level"), ("D02", "province", "extended")],
)
def test_a_question_that_lacks_something_says_what(code: str, level: str | None, field: str) -> None:
    with pytest.raises(Unreckonable) as refused:
        compute(rule(code), day("2024-04-12"), CALENDAR, level=level, extended=True)
    assert refused.value.field == field


def test_a_complex_explanation_to_the_council_takes_thirty_days() -> None:
    it = rule("D21", "2026-05-01")
    assert compute(it, day("2026-05-01"), CALENDAR).n == 15
    assert compute(it, day("2026-05-01"), CALENDAR, extended=True).n == 30


def test_a_date_beyond_the_entered_holidays_is_marked() -> None:
    assert compute(rule("D04"), day("2024-04-12"), CALENDAR).calendar_known
    assert not reckon(Unit.WORKDAY, 30, Direction.AFTER, day("2030-12-20"), CALENDAR).calendar_known


def test_several_rules_may_hang_on_one_event() -> None:
    ask = partial(applicable, RULES, on=day("2024-04-12"), trigger="session")
    assert [it.code for it in ask(regime="front")] == ["D02", "D03", "D04"]
    assert [it.code for it in ask(regime="state")] == ["D18"]
    assert ask(regime="party") == []


def test_a_rule_applies_only_while_it_is_in_force() -> None:
    assert choose(RULES, on=day("2017-06-14"), code="D02") is None
    assert choose(RULES, on=day("2026-02-28"), code="D18") is not None
    assert choose(RULES, on=day("2026-03-01"), code="D18") is None
    assert rule("D20", "2025-05-29").version == 1
    assert rule("D20", "2025-05-30").version == 2


def test_rules_without_a_number_never_bind() -> None:
    for code in ("D05", "D06", "D09"):
        assert choose(RULES, on=day("2024-04-12"), code=code) is None


def test_levels_choose_only_where_the_rule_distinguishes_them() -> None:
    ask = partial(choose, on=day("2024-04-12"), level="commune")
    assert ask(RULES, code="D20") is not None
    assert ask(RULES, code="D19") is not None
    assert ask([replace(rule("D20"), n={"province": 30})], code="D20") is None


def test_the_newest_version_wins() -> None:
    newer = replace(rule("D02"), n={"any": 10}, valid_from=day("2024-01-01"), version=2)
    for rules in ([*RULES, newer], [newer, *RULES]):
        assert choose(rules, on=day("2024-04-12"), code="D02") is newer
        assert choose(rules, on=day("2023-12-31"), code="D02") == rule("D02", "2023-12-31")


@pytest.mark.parametrize(
    ("done", "today", "expected"),
    [
        (None, "2024-05-02", Standing.UPCOMING),
        (None, "2024-05-03", Standing.OVERDUE),
        ("2024-05-02", "2024-06-01", Standing.MET),
        ("2024-05-03", "2024-06-01", Standing.LATE),
    ],
)
def test_the_due_day_itself_is_in_time(done: str | None, today: str, expected: Standing) -> None:
    assert standing(day("2024-05-02"), day(done) if done else None, day(today)) is expected
