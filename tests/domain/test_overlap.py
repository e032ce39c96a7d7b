"""Overlap is the same from both sides, and tells subjects apart by what they are about, not by how they are titled."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import new_id
from app.core.text import fold
from app.domain.overlap import Relation, Work, pair, quarters, similarity, weigh

SPRING = (date(2024, 3, 1), date(2024, 6, 30))
works = st.builds(
    lambda start, days, topic: Work(start, date.fromordinal(start.toordinal() + days), topic),
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.integers(0, 400),
    st.text("abcd ", max_size=30),
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Giám sát việc cấp giấy chứng nhận quyền sử dụng đất", "giấy chứng nhận quyền sử dụng đất", 1.0),
        ("đất đai", "Giám sát công tác quản lý đất đai trên địa bàn tỉnh", 1.0),
        ("Giám sát việc thực hiện chính sách dân tộc", "Giám sát việc thực hiện bảo hiểm xã hội", 0.0),
        ("", "đất đai", 0.0),
    ],
)
def test_topics_are_compared_by_words_and_not_by_formulas(one: str, other: str, alike: float) -> None:
    assert similarity(fold(one), fold(other)) == alike


@given(works, works)
def test_an_overlap_weighs_the_same_from_both_sides(one: Work, other: Work) -> None:
    assert weigh(one, other) == weigh(other, one)
    assert 0 <= weigh(one, other).score <= 100


def test_what_to_do_follows_from_why() -> None:
    ours = Work(*SPRING, fold("cấp giấy chứng nhận quyền sử dụng đất"))
    assert weigh(ours, Work(*SPRING, ours.topic)).suggestion == "join"
    assert weigh(ours, Work(*SPRING, fold("bảo hiểm y tế"))).suggestion == "shift"
    later = Work(date(2024, 6, 25), date(2024, 12, 31), fold("bảo hiểm y tế"))
    assert weigh(ours, later).suggestion == "proceed"
    assert weigh(ours, Work(*SPRING, fold("bảo hiểm y tế")), Relation.SUBORDINATE).suggestion == "proceed"
    assert weigh(ours, later, Relation.PREDECESSOR).reasons == ["predecessor", "window"]


def test_the_name_of_an_overlap_is_that_of_the_pair() -> None:
    one, other = new_id(), new_id()
    assert pair(one, other) == pair(other, one) != pair(one, one)
    assert quarters(*SPRING) == ["2024Q1", "2024Q2"]
