"""Social criticism of one draft text (phản biện xã hội), from its arrival to what became of the opinions.

Sources: api.md, section 7; Luật MTTQ Đ32–36; NQLT 403/2017 Đ14–19.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.campaign import CampaignForm
from app.domain.lifecycle import Actor, Lifecycle, need, step


class DraftState(StrEnum):
    DRAFT_RECEIVED = "draft_received"
    OPINIONS_OPEN = "opinions_open"
    SESSION_HELD = "session_held"
    DOCUMENT_ISSUED = "document_issued"
    REPLIED = "replied"
    PROMULGATED = "promulgated"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class Criterion(StrEnum):
    """What a criticism looks at (Luật MTTQ Đ33(2))."""

    NECESSITY = "necessity"
    CONFORMITY = "conformity"
    FEASIBILITY = "feasibility"
    IMPACT = "impact"
    BALANCE_OF_INTERESTS = "balance_of_interests"


class AnchorState(StrEnum):
    """Whether the place an opinion speaks of still stands in the newest version."""

    ANCHORED = "anchored"
    CARRIED = "carried"
    ORPHANED = "orphaned"


class SessionStep(StrEnum):
    """Steps of a conference (NQLT 403 Đ15) and of a dialogue (Đ19); the criticism document follows both."""

    OPEN = "open"
    STATE_AIM = "state_aim"
    PRESENT = "present"
    ORIENT = "orient"
    DISCUSS = "discuss"
    QUESTION = "question"
    EXPLAIN = "explain"
    CONCLUDE = "conclude"
    AUTHORITY_SPEAKS = "authority_speaks"


P = SessionStep
ORDER: Final[dict[str, tuple[SessionStep, ...]]] = {
    CampaignForm.CONFERENCE: (P.OPEN, P.PRESENT, P.ORIENT, P.DISCUSS, P.EXPLAIN, P.CONCLUDE),
    CampaignForm.DIALOGUE: (P.STATE_AIM, P.PRESENT, P.QUESTION, P.EXPLAIN, P.CONCLUDE, P.AUTHORITY_SPEAKS),
}
OPTIONAL: Final = frozenset({P.AUTHORITY_SPEAKS})
"""The issuing authority speaks if it takes part (Đ19)."""


def in_order(form: str, steps: Sequence[str]) -> bool:
    """Every step of the form, once, in its order."""
    whole = ORDER.get(form, ())
    return [it for it in whole if it in steps or it not in OPTIONAL] == list(steps)


@dataclass
class DraftFacts:
    payload: Any
    form: str
    unanswered: int = 0
    reminders: int = 0


@need()
def form_has_session(facts: DraftFacts) -> bool:
    return facts.form in ORDER


@need("/steps")
def session_steps_in_order(facts: DraftFacts) -> bool:
    return in_order(facts.form, [it.step for it in facts.payload.steps])


@need()
def form_is_written(facts: DraftFacts) -> bool:
    return facts.form == CampaignForm.WRITTEN


@need()
def every_opinion_answered(facts: DraftFacts) -> bool:
    """Accepted, or explained in writing (Luật MTTQ Đ36(3)); one silence keeps the reply open."""
    return facts.unanswered == 0


@need()
def drafting_body_reminded(facts: DraftFacts) -> bool:
    return facts.reminders > 0


S = DraftState
OPEN = (S.DRAFT_RECEIVED, S.OPINIONS_OPEN, S.SESSION_HELD, S.DOCUMENT_ISSUED, S.REPLIED)
TAKES_OPINIONS = frozenset({S.OPINIONS_OPEN, S.SESSION_HELD})
ISSUED = frozenset({S.DOCUMENT_ISSUED, S.REPLIED, S.PROMULGATED, S.CLOSED})
"""Its criticism document is out: the drafting body sees the opinions in it."""

DRAFT = Lifecycle(
    "draft",
    DraftState,
    S.DRAFT_RECEIVED,
    (
        step(S.DRAFT_RECEIVED, "open", S.OPINIONS_OPEN, by={Actor.LEAD}),
        step(
            S.OPINIONS_OPEN,
            "hold_session",
            S.SESSION_HELD,
            by={Actor.LEAD},
            needs=(form_has_session, session_steps_in_order),
        ),
        step(S.SESSION_HELD, "issue_document", S.DOCUMENT_ISSUED, by={Actor.LEAD_LEADER}),
        step(S.OPINIONS_OPEN, "issue_document", S.DOCUMENT_ISSUED, by={Actor.LEAD_LEADER}, needs=(form_is_written,)),
        step(S.DOCUMENT_ISSUED, "reply", S.REPLIED, by={Actor.DRAFTING_BODY}, needs=(every_opinion_answered,)),
        step(S.REPLIED, "promulgate", S.PROMULGATED, by={Actor.LEAD}),
        step((S.REPLIED, S.PROMULGATED), "close", S.CLOSED, by={Actor.LEAD}),
        step(S.DOCUMENT_ISSUED, "settle_unreplied", S.CLOSED, by={Actor.LEAD_LEADER}, needs=(drafting_body_reminded,)),
        step(OPEN, "abandon", S.ABANDONED, by={Actor.LEAD}),
    ),
)
