"""The reference data an installation starts with: deadline rules, administrative units, the working-day calendar.

Only the first filling: after it the database is the truth, and a registrar keeps it.
"""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.board import Quorum
from app.domain.deadlines import ANY, Direction, Rule, Unit

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative unit; the code is its identity and outlives a change of kind.

    `kind` is province, city, commune, ward or special_zone; `parent_code` is the province's, None for provinces.
    Before `changed_on` the unit was of `former_kind` and bore `former_full_name`.
    """

    code: str
    kind: str
    name: str
    full_name: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None
    former_kind: str | None
    former_full_name: str | None
    changed_on: date | None
    source: str


def load_rules() -> list[Rule]:
    """The national rules and the system's conventions, in the order of their codes and versions."""
    with (_HERE / "rules.toml").open("rb") as file:
        return [_rule(row) for row in tomllib.load(file)["rule"]]


@cache
def load_quorums() -> tuple[Quorum, ...]:
    """How many seats the law asks of a grassroots board, in the order of their codes."""
    with (_HERE / "quorums.toml").open("rb") as file:
        return tuple(Quorum(**row) for row in tomllib.load(file)["quorum"])


def load_places() -> list[Place]:
    """One row per code, provinces before communes."""
    with (_HERE / "places.csv").open(encoding="utf-8", newline="") as file:
        return [_place(row) for row in csv.DictReader(file)]


def _rule(row: dict[str, Any]) -> Rule:
    n = row.pop("n", {})
    limit = row.pop("extension_limit", None)
    return Rule(
        unit=Unit(row.pop("unit")),
        direction=Direction(row.pop("direction", Direction.AFTER)),
        n=n if isinstance(n, dict) else {ANY: n},
        extension_limit=None if limit is None else Fraction(limit),
        **row,
    )


def _place(row: dict[str, str]) -> Place:
    return Place(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        full_name=row["full_name"],
        parent_code=row["parent_code"] or None,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        former_kind=row["former_kind"] or None,
        former_full_name=row["former_full_name"] or None,
        changed_on=_date(row["changed_on"]),
        source=row["source"],
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
