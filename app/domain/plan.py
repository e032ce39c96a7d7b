"""The life of a yearly plan of supervision and social criticism (kế hoạch giám sát, phản biện xã hội năm).

Sources: api.md, section 4; NQLT 403/2017 Đ3: chosen together (khoản 1), agreed with the state bodies of the level and
issued in Quarter IV of the year before (khoản 3), adjusted with renewed agreement (khoản 5).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class PlanState(StrEnum):
    DRAFT = "draft"
    CONSULTING = "consulting"
    ISSUED = "issued"


class ApprovalStep(StrEnum):
    """What usually goes before the plan itself: 59-CV/TU approved what 90/TB-MTTQ-BTT then announced.

    Beside it the Front proposes topics to the council's own programme of that year (Luật 87/2015/QH13 Đ58).
    """

    PROPOSAL = "proposal"
    PARTY_APPROVAL = "party_approval"
    NOTICE = "notice"
    COUNCIL_PROPOSAL = "council_proposal"


@dataclass
class PlanFacts:
    """What the needs of a plan's steps look at; `incomplete` are items that do not say all that the law asks for."""

    it: Any
    payload: Any
    items: int = 0
    incomplete: int = 0
    outstanding: int = 0
    unanswered_refusals: int = 0
    has_document: bool = False


@need()
def plan_has_items(facts: PlanFacts) -> bool:
    return facts.items > 0


@need()
def plan_items_complete(facts: PlanFacts) -> bool:
    """Content, form, time, subject and supervised or criticised party (NQLT 403 Đ3(4))."""
    return facts.incomplete == 0


@need()
def plan_counterparts_answered(facts: PlanFacts) -> bool:
    return facts.outstanding == 0


@need()
def plan_refusals_answered(facts: PlanFacts) -> bool:
    return facts.unanswered_refusals == 0


@need("/document_id")
def plan_has_document(facts: PlanFacts) -> bool:
    return facts.has_document


S = PlanState

PLAN = Lifecycle(
    "plan",
    PlanState,
    S.DRAFT,
    (
        step(S.DRAFT, "consult", S.CONSULTING, by={Actor.LEAD}, needs=(plan_has_items, plan_items_complete)),
        step(S.CONSULTING, "return", S.DRAFT, by={Actor.LEAD}),
        step(
            S.CONSULTING,
            "issue",
            S.ISSUED,
            by={Actor.LEAD},
            needs=(plan_counterparts_answered, plan_refusals_answered, plan_has_document),
        ),
        step(S.ISSUED, "revise", S.DRAFT, by={Actor.LEAD}),
    ),
)
