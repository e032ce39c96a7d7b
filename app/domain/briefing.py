"""A briefing (giao ban) or working session between bodies: called, held, concluded, and closed when followed up.

Sources: domain.md, section 12 (proposals recorded without result); api.md, section 4.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class BriefingKind(StrEnum):
    PERIODIC_BRIEFING = "periodic_briefing"
    WORKING_SESSION = "working_session"


class BriefingState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    CONCLUDED = "concluded"
    CLOSED = "closed"


@dataclass
class BriefingFacts:
    """`unanswered` proposals were made here; `running` recommendations came of it and have not ended."""

    it: Any
    payload: Any
    participants: int = 0
    unanswered: int = 0
    running: int = 0


@need("/participants")
def has_participants(facts: BriefingFacts) -> bool:
    return facts.participants > 0


@need()
def proposals_answered(facts: BriefingFacts) -> bool:
    """One that is noted has its answer: it stays on the next agenda."""
    return facts.unanswered == 0


@need()
def follow_up_ended(facts: BriefingFacts) -> bool:
    return facts.running == 0


S = BriefingState

BRIEFING = Lifecycle(
    "briefing",
    BriefingState,
    S.SCHEDULED,
    (
        step(S.SCHEDULED, "hold", S.HELD, by={Actor.LEAD}, needs=(has_participants,)),
        step(S.SCHEDULED, "call_off", S.CLOSED, by={Actor.LEAD}),
        step(S.HELD, "conclude", S.CONCLUDED, by={Actor.LEAD}, needs=(proposals_answered,)),
        step(S.CONCLUDED, "close", S.CLOSED, by={Actor.LEAD}, needs=(follow_up_ended,)),
    ),
)
