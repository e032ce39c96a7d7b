"""The life of a delegation (đoàn giám sát) and what its members are in it. Source: NQLT 403 Đ6–7; api.md, section 5."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class DelegationState(StrEnum):
    FORMING = "forming"
    DECIDED = "decided"
    DISSOLVED = "dissolved"


class DelegationDuty(StrEnum):
    HEAD = "head"
    DEPUTY_HEAD = "deputy_head"
    SECRETARY = "secretary"
    MEMBER = "member"


SECRETARIAT = frozenset({DelegationDuty.HEAD, DelegationDuty.DEPUTY_HEAD, DelegationDuty.SECRETARY})


@dataclass
class DelegationFacts:
    it: Any
    payload: Any
    has_head: bool = False
    decision_document: bool = False
    member_bodies_in_being: bool = True
    engagements_open: int = 0


@need()
def has_head(facts: DelegationFacts) -> bool:
    return facts.has_head


@need("/decision/document_id")
def has_decision_document(facts: DelegationFacts) -> bool:
    return facts.decision_document


@need()
def member_bodies_in_being(facts: DelegationFacts) -> bool:
    """Members belong to bodies that exist on the day of the decision (domain.md, section 5)."""
    return facts.member_bodies_in_being


@need()
def delegation_work_ended(facts: DelegationFacts) -> bool:
    return facts.engagements_open == 0


S = DelegationState

DELEGATION = Lifecycle(
    "delegation",
    DelegationState,
    S.FORMING,
    (
        step(
            S.FORMING,
            "decide",
            S.DECIDED,
            by={Actor.LEAD_LEADER, Actor.DECIDER_LEADER},
            needs=(has_head, has_decision_document, member_bodies_in_being),
        ),
        step((S.FORMING, S.DECIDED), "dissolve", S.DISSOLVED, by={Actor.LEAD_LEADER}, needs=(delegation_work_ended,)),
    ),
)
