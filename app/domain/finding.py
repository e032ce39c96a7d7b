"""The life of a finding (kết quả, tồn tại, hạn chế) filed by a member of a delegation. Source: api.md, section 5."""

from dataclasses import dataclass
from enum import StrEnum
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
    pending_edits: int = 0


@need()
def is_violation_sign(facts: FindingFacts) -> bool:
    return bool(facts.it.kind == FindingKind.VIOLATION_SIGN)


S = FindingState
SECRETARIAT = frozenset({Actor.SECRETARY_HEAD})

FINDING = Lifecycle(
    "finding",
    FindingState,
    S.DRAFT,
    (
        step(S.DRAFT, "submit", S.SUBMITTED, by={Actor.AUTHOR}),
        step(S.SUBMITTED, "accept", S.ACCEPTED, by=SECRETARIAT),
        step(S.SUBMITTED, "return", S.DRAFT, by=SECRETARIAT),
        step((S.DRAFT, S.SUBMITTED), "withdraw", S.WITHDRAWN, by={Actor.AUTHOR}),
        step(S.SUBMITTED, "not_pursued", S.SUBMITTED, by={Actor.LEAD_LEADER}, needs=(is_violation_sign,)),
        step(S.ACCEPTED, "not_pursued", S.ACCEPTED, by={Actor.LEAD_LEADER}, needs=(is_violation_sign,)),
    ),
)

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
