"""What cells of tables come to, however people write it."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.written import day, integer, several, spelled, tidy, truth


@pytest.mark.parametrize("text", ["12/04/2024", "12-4-2024", "12.04.2024", "2024-04-12", "2024-04-12T00:00:00"])
def test_a_day_is_day_first_or_iso(text: str) -> None:
    assert day(text) == date(2024, 4, 12)


@pytest.mark.parametrize("text", ["31/02/2024", "04/13/2024", "45394", "12/04/24", "mai", "", "2024-13-01", "0/0/0000"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day(text) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_as_vietnamese_write_it(on: date) -> None:
    assert day(on.strftime("%d/%m/") + f"{on.year:04}") == on


@pytest.mark.parametrize(
    ("text", "meant"), [("Có", True), ("x", True), ("TRUE", True), ("Không", False), ("0", False), ("?", None)]
)
def test_yes_and_no(text: str, meant: bool | None) -> None:
    assert truth(text) is meant


@pytest.mark.parametrize(("text", "meant"), [("12", 12), ("12.0", 12), ("12.5", None), ("1e3", None), ("mười", None)])
def test_whole_numbers(text: str, meant: int | None) -> None:
    assert integer(text) == meant


def test_spellings_of_one_name_are_one_and_other_names_are_others() -> None:
    assert spelled("Văn phòng xã  HÒA An") == spelled("văn phòng xã hoà an")
    assert spelled(unicodedata.normalize("NFD", "Huế")) == spelled("Huế")
    assert spelled("Tân Lập") != spelled("Tân Láp")
    assert spelled("Đông Hà") != spelled("Dong Ha")


@given(st.text())
def test_spelling_and_tidying_end_where_they_are(text: str) -> None:
    assert spelled(spelled(text)) == spelled(spelled(spelled(text)))
    assert tidy(tidy(text)) == tidy(text)


def test_several_names_in_one_cell() -> None:
    assert several("Sở Nội vụ, phòng A;\nUBND xã;; ") == ["Sở Nội vụ, phòng A", "UBND xã"]
