"""What a participant puts before a briefing, and the chair's answer: noted stays on the agenda until it is closed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.briefing import BriefingState
from app.domain.lifecycle import Actor, Lifecycle, need, step


class ProposalState(StrEnum):
    OPEN = "open"
    NOTED = "noted"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"


@dataclass
class ProposalFacts:
    it: Any
    payload: Any
    briefing_state: str


@need()
def briefing_held(facts: ProposalFacts) -> bool:
    return facts.briefing_state != BriefingState.SCHEDULED


S = ProposalState

PROPOSAL = Lifecycle(
    "proposal",
    ProposalState,
    S.OPEN,
    (
        step(S.OPEN, "note", S.NOTED, by={Actor.LEAD}, needs=(briefing_held,)),
        step((S.OPEN, S.NOTED), "take_up", S.TAKEN_UP, by={Actor.LEAD}, needs=(briefing_held,)),
        step((S.OPEN, S.NOTED), "decline", S.DECLINED, by={Actor.LEAD}, needs=(briefing_held,)),
    ),
)
