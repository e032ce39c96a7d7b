"""Merging edits of a finding: nothing is lost or half applied, and order matters only where fields are the same."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding import changed_in, lies_outside, merge

NAMES = ("content", "clause", "severity", "extent")
VALUES = st.integers(0, 3)
records = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))
edits = st.dictionaries(st.sampled_from(NAMES), VALUES)
BASE = 4


def applied(
    record: dict[str, Any], changed_at: dict[str, int], edit: dict[str, Any], base: int, version: int
) -> tuple[dict[str, Any], dict[str, int]]:
    """What the service does with a merge: all of it, or nothing when anything collides."""
    merged = merge(record, edit, changed_at, base)
    if merged.colliding:
        return record, changed_at
    return {**record, **merged.changes}, changed_in(changed_at, merged.changes, version)


@given(records, edits, st.dictionaries(st.sampled_from(NAMES), st.integers(1, BASE)))
def test_an_edit_of_the_present_version_never_collides(
    record: dict[str, int], edit: dict[str, int], changed_at: dict[str, int]
) -> None:
    merged = merge(record, edit, changed_at, BASE)
    assert not merged.colliding
    assert {**record, **merged.changes} == {**record, **edit}


@given(records, edits, edits)
def test_two_edits_of_one_version_collide_exactly_where_they_disagree(
    record: dict[str, int], first: dict[str, int], second: dict[str, int]
) -> None:
    after, changed_at = applied(record, {}, first, BASE, BASE + 1)
    disputed = {it for it in NAMES if after[it] != record[it] and it in second and second[it] != after[it]}
    assert set(merge(after, second, changed_at, BASE).colliding) == disputed


@given(records, edits, edits)
def test_edits_of_different_fields_give_the_same_in_either_order(
    record: dict[str, int], first: dict[str, int], second: dict[str, int]
) -> None:
    second = {name: value for name, value in second.items() if name not in first}
    one, two = applied(record, {}, first, BASE, BASE + 1), applied(record, {}, second, BASE, BASE + 1)
    assert applied(*one, second, BASE, BASE + 2)[0] == applied(*two, first, BASE, BASE + 2)[0]


@given(records, edits, edits)
def test_an_edit_is_applied_whole_or_not_at_all(
    record: dict[str, int], first: dict[str, int], second: dict[str, int]
) -> None:
    before, changed_at = applied(record, {}, first, BASE, BASE + 1)
    after, _ = applied(before, changed_at, second, BASE, BASE + 2)
    assert after in (before, {**before, **second})


@given(records, edits)
def test_sending_an_edit_again_changes_nothing(record: dict[str, int], edit: dict[str, int]) -> None:
    after, changed_at = applied(record, {}, edit, BASE, BASE + 1)
    again = merge(after, edit, changed_at, BASE)
    assert (again.changes, again.colliding) == ({}, ())


@pytest.mark.parametrize(
    ("occurred_on", "outside"),
    [
        (None, False),
        (date(2021, 1, 1), False),
        (date(2023, 12, 31), False),
        (date(2020, 12, 31), True),
        (date(2024, 1, 1), True),
    ],
)
def test_the_review_period_includes_both_its_days(occurred_on: date | None, outside: bool) -> None:
    assert lies_outside(occurred_on, date(2021, 1, 1), date(2023, 12, 31)) is outside


def test_without_a_review_period_nothing_lies_outside() -> None:
    assert not lies_outside(date(1990, 1, 1), None, None)
