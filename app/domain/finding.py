"""The life of a finding (kết quả, tồn tại, hạn chế) filed by a member of a delegation. Source: api.md, section 5.

Members file and edit on bad networks: an edit may be made on a version that others have changed since. What does not
touch the same field is merged; what does waits for a person, whole, and nothing of it is lost or half applied.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class FindingKind(StrEnum):
    STRENGTH = "strength"
    LIMITATION = "limitation"
    VIOLATION = "violation"
    VIOLATION_SIGN = "violation_sign"
    CAUSE_OBJECTIVE = "cause_objective"
    CAUSE_SUBJECTIVE = "cause_subjective"
    LESSON = "lesson"


class Severity(StrEnum):
    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"


class FindingState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class PendingEditState(StrEnum):
    PENDING = "pending"
    TAKEN = "taken"
    DROPPED = "dropped"
    COMBINED = "combined"


@dataclass
class FindingFacts:
    it: Any
    payload: Any


@need()
def is_violation_sign(facts: FindingFacts) -> bool:
    return bool(facts.it.kind == FindingKind.VIOLATION_SIGN)


@dataclass(frozen=True, slots=True)
class Merge:
    """`changes` are the fields that the edit would really change; `colliding` those that others changed since."""

    changes: Mapping[str, Any]
    colliding: tuple[str, ...]


def merge(now: Mapping[str, Any], edit: Mapping[str, Any], changed_at: Mapping[str, int], base: int) -> Merge:
    """Lay an edit made on version `base` over the record as it is now.

    `changed_at` tells at which version a field last changed. Two people who wrote the same value do not collide.
    """
    changes = {name: value for name, value in edit.items() if now[name] != value}
    return Merge(changes, tuple(sorted(name for name in changes if changed_at.get(name, 1) > base)))


def changed_in(changed_at: Mapping[str, int], names: Iterable[str], version: int) -> dict[str, int]:
    """The versions of the fields after `names` have changed in `version`."""
    return {**changed_at, **dict.fromkeys(names, version)}


def lies_outside(occurred_on: date | None, review_from: date | None, review_to: date | None) -> bool:
    """Whether something happened outside the years examined; it may then be told as context alone."""
    if occurred_on is None:
        return False
    early = review_from is not None and occurred_on < review_from
    return early or (review_to is not None and occurred_on > review_to)


S = FindingState
SECRETARIAT = frozenset({Actor.SECRETARY_HEAD})

ORDINARY = (
    step(S.DRAFT, "submit", S.SUBMITTED, by={Actor.AUTHOR}),
    step(S.SUBMITTED, "accept", S.ACCEPTED, by=SECRETARIAT),
    step(S.SUBMITTED, "return", S.DRAFT, by=SECRETARIAT),
    step((S.DRAFT, S.SUBMITTED), "withdraw", S.WITHDRAWN, by={Actor.AUTHOR}),
)

FINDING = Lifecycle(
    "finding",
    FindingState,
    S.DRAFT,
    (
        *ORDINARY,
        step(S.SUBMITTED, "not_pursued", S.SUBMITTED, by={Actor.LEAD_LEADER}, needs=(is_violation_sign,)),
        step(S.ACCEPTED, "not_pursued", S.ACCEPTED, by={Actor.LEAD_LEADER}, needs=(is_violation_sign,)),
    ),
)


@cache
def offered_to(kind: str) -> Lifecycle:
    """The steps worth offering for a kind: only a sign of violation is pursued or not."""
    return FINDING if kind == FindingKind.VIOLATION_SIGN else Lifecycle("finding", FindingState, S.DRAFT, ORDINARY)


PENDING_EDIT = Lifecycle(
    "pending_edit",
    PendingEditState,
    PendingEditState.PENDING,
    (
        step(PendingEditState.PENDING, "take", PendingEditState.TAKEN, by={Actor.SECRETARY_HEAD, Actor.AUTHOR}),
        step(PendingEditState.PENDING, "drop", PendingEditState.DROPPED, by={Actor.SECRETARY_HEAD, Actor.AUTHOR}),
        step(PendingEditState.PENDING, "combine", PendingEditState.COMBINED, by={Actor.SECRETARY_HEAD, Actor.AUTHOR}),
    ),
)
