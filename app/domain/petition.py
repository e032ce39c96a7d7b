"""A petition (đơn, kiến nghị của công dân): received, classified, forwarded hop by hop, answered, the citizen told.

Sources: domain.md, section 13 (seed 2: eight petitions forwarded and settled); api.md, section 4.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step

SMALLEST_CELL = 5
"""A figure below it could be somebody: it is shown to the bodies on the path alone."""


class PetitionKind(StrEnum):
    """What classification tells apart, because each has a procedure of its own."""

    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    REFLECTION = "reflection"


class PetitionChannel(StrEnum):
    PAPER = "paper"
    IN_PERSON = "in_person"
    PHONE = "phone"
    ONLINE = "online"


class PetitionState(StrEnum):
    RECEIVED = "received"
    CLASSIFIED = "classified"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    INFORMED = "informed"
    CLOSED = "closed"


@dataclass
class PetitionFacts:
    """`target_open`: the petition into which this one is merged stands for itself."""

    it: Any
    payload: Any
    target_open: bool = True


@need("/identity_reason")
def identity_reasoned(facts: PetitionFacts) -> bool:
    return not facts.payload.with_identity or bool(facts.payload.identity_reason)


@need("/into_id")
def target_stands_for_itself(facts: PetitionFacts) -> bool:
    return facts.target_open


S = PetitionState
RECEIVER_MAY_END = (S.RECEIVED, S.CLASSIFIED, S.FORWARDED)

PETITION = Lifecycle(
    "petition",
    PetitionState,
    S.RECEIVED,
    (
        step(S.RECEIVED, "classify", S.CLASSIFIED, by={Actor.LEAD}),
        step(
            (S.CLASSIFIED, S.FORWARDED),
            "forward",
            S.FORWARDED,
            by={Actor.LEAD, Actor.ADDRESSEE},
            needs=(identity_reasoned,),
        ),
        step((S.CLASSIFIED, S.FORWARDED), "answer", S.ANSWERED, by={Actor.ADDRESSEE}),
        step(S.ANSWERED, "inform", S.INFORMED, by={Actor.LEAD, Actor.ADDRESSEE}),
        step(S.INFORMED, "close", S.CLOSED, by={Actor.LEAD, Actor.ADDRESSEE}),
        step(RECEIVER_MAY_END, "merge", S.CLOSED, by={Actor.LEAD}, needs=(target_stands_for_itself,)),
        step(RECEIVER_MAY_END, "set_aside", S.CLOSED, by={Actor.LEAD}),
    ),
)
