"""A later look at what was closed: does the result last?"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, step


class EffectivenessCheckState(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Effect(StrEnum):
    """What a check finds; a relapse is a ground for opening the recommendation again, which a leader decides."""

    LASTING = "lasting"
    PARTLY_LASTING = "partly_lasting"
    RELAPSED = "relapsed"


@dataclass
class EffectivenessCheckFacts:
    it: Any
    payload: Any


S = EffectivenessCheckState

EFFECTIVENESS_CHECK = Lifecycle(
    "effectiveness_check",
    EffectivenessCheckState,
    S.PLANNED,
    (
        step(S.PLANNED, "conclude", S.DONE, by={Actor.LEAD}),
        step(S.PLANNED, "cancel", S.CANCELLED, by={Actor.LEAD}),
    ),
)
