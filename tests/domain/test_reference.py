from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from app.domain.deadlines import Direction, Unit
from app.reference import Place, load_places, load_rules

RULES = load_rules()
PLACES = {place.code: place for place in load_places()}


def test_every_row_of_the_dossier_is_there_with_both_languages_and_a_basis() -> None:
    codes = {rule.code for rule in RULES}
    assert {f"D{n:02d}" for n in range(1, 26)} <= codes
    assert all(rule.what_vi and rule.what_en and rule.legal_basis and rule.responsible for rule in RULES)


def test_versions_of_a_rule_follow_each_other_without_overlap() -> None:
    for code in {rule.code for rule in RULES}:
        versions = sorted((rule for rule in RULES if rule.code == code), key=lambda rule: rule.version)
        assert [rule.version for rule in versions] == list(range(1, len(versions) + 1))
        for older, newer in pairwise(versions):
            assert older.valid_to is not None
            assert older.valid_to < newer.valid_from


@pytest.mark.parametrize(
    ("code", "regime", "trigger", "unit", "n", "direction"),
    [
        ("D02", "front", "session", Unit.DAY, 15, Direction.BEFORE),
        ("D03", "front", "session", Unit.DAY, 7, Direction.BEFORE),
        ("D04", "front", "session", Unit.DAY, 15, Direction.AFTER),
        ("D08", "front", "draft_submission", Unit.DAY, 15, Direction.BEFORE),
        ("D11", "grassroots", "activity_start", Unit.WORKDAY, 5, Direction.BEFORE),
        ("D12", "grassroots", "recommendation_received", Unit.DAY, 15, Direction.AFTER),
        ("D14", "grassroots", "project_start", Unit.DAY, 45, Direction.BEFORE),
        ("D15", "grassroots", "recommendation_received", Unit.DAY, 15, Direction.AFTER),
        ("D17", "state", "delegation_decided", Unit.DAY, 15, Direction.AFTER),
        ("D18", "state", "session", Unit.DAY, 10, Direction.BEFORE),
        ("D24", "grassroots", "decision", Unit.WORKDAY, 5, Direction.AFTER),
        ("P01", "any", "recommendation_issued", Unit.WORKDAY, 5, Direction.AFTER),
    ],
)
def test_the_numbers_of_the_law(code: str, regime: str, trigger: str, unit: Unit, n: int, direction: Direction) -> None:
    rule = next(rule for rule in RULES if rule.code == code)
    assert (rule.regime, rule.trigger, rule.unit, rule.n, rule.direction) == (
        regime,
        trigger,
        unit,
        {"any": n},
        direction,
    )


def test_what_the_system_itself_decided_does_not_pose_as_law() -> None:
    own = [rule for rule in RULES if rule.responsible in ("system", "partner")]
    assert {rule.legal_basis for rule in own} == {"Quy ước của hệ thống"}
    assert {"D25", "P01", "P02", "P03"} <= {rule.code for rule in own}


def test_thirty_four_provinces_and_their_communes() -> None:
    kinds = Counter(place.kind for place in PLACES.values())
    assert kinds == {"province": 27, "city": 7, "commune": 2621, "ward": 687, "special_zone": 13}
    assert len(PLACES) == len(load_places()) == 34 + 3321


def test_every_commune_lies_in_a_province_listed_before_it() -> None:
    seen: set[str] = set()
    for code, place in PLACES.items():
        assert len(code) == (2 if place.parent_code is None else 5)
        assert place.parent_code is None or place.parent_code in seen
        seen.add(code)
    parents = {place.parent_code for place in PLACES.values()} - {None}
    assert parents == {code for code in PLACES if len(code) == 2}


@pytest.mark.parametrize(
    ("code", "full_name", "parent"),
    [
        ("46", "Thành phố Huế", None),
        ("19867", "Xã Quảng Điền", "46"),
        ("19885", "Xã Đan Điền", "46"),
        ("44", "Tỉnh Quảng Trị", None),
        ("40", "Tỉnh Nghệ An", None),
        ("11", "Tỉnh Điện Biên", None),
        ("51", "Tỉnh Quảng Ngãi", None),
        ("75", "Thành phố Đồng Nai", None),
        ("38", "Tỉnh Thanh Hóa", None),
        ("79", "Thành phố Hồ Chí Minh", None),
    ],
)
def test_codes_of_our_places(code: str, full_name: str, parent: str | None) -> None:
    place = PLACES[code]
    assert (place.full_name, place.parent_code) == (full_name, parent)
    assert place.full_name.endswith(place.name)


def test_dong_nai_kept_its_code_when_it_became_a_city() -> None:
    place: Place = PLACES["75"]
    assert (place.kind, place.former_kind, place.former_full_name) == ("city", "province", "Tỉnh Đồng Nai")
    assert (place.valid_from, place.changed_on) == (date(2025, 7, 1), date(2026, 4, 30))
