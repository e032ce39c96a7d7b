"""A coordination agreement (quy chế phối hợp): drafted, signed, in force, reviewed, ended or succeeded by the next.

Sources: domain.md, section 12, row 7; api.md, section 4.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step

NOTICE = timedelta(days=180)
"""So long before the end of the term a successor should be in draft; a convention of this product, not of law."""


class AgreementState(StrEnum):
    DRAFTING = "drafting"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    REVIEWED = "reviewed"
    ENDED = "ended"
    SUCCEEDED = "succeeded"


RUNNING = frozenset({AgreementState.SIGNED, AgreementState.IN_FORCE, AgreementState.REVIEWED})


@dataclass
class AgreementFacts:
    it: Any
    payload: Any
    parties: int = 0
    reviews: int = 0
    successor_state: str | None = None
    today: date = date.min


@need("/parties")
def has_two_parties(facts: AgreementFacts) -> bool:
    return facts.parties >= 2


@need("/term")
def has_term(facts: AgreementFacts) -> bool:
    return facts.it.term_from is not None


@need("/term/from")
def term_begun(facts: AgreementFacts) -> bool:
    return facts.it.term_from is not None and facts.it.term_from <= (facts.payload.on or facts.today)


@need("/reviews")
def has_review(facts: AgreementFacts) -> bool:
    return facts.reviews > 0


@need("/successor_id")
def successor_signed(facts: AgreementFacts) -> bool:
    return facts.successor_state is not None and facts.successor_state != AgreementState.DRAFTING


S = AgreementState

AGREEMENT = Lifecycle(
    "agreement",
    AgreementState,
    S.DRAFTING,
    (
        step(S.DRAFTING, "sign", S.SIGNED, by={Actor.LEAD_LEADER}, needs=(has_two_parties, has_term)),
        step(S.SIGNED, "enter_into_force", S.IN_FORCE, by={Actor.LEAD}, needs=(term_begun,)),
        step(S.IN_FORCE, "review", S.REVIEWED, by={Actor.LEAD}, needs=(has_review,)),
        step((S.DRAFTING, S.SIGNED, S.IN_FORCE, S.REVIEWED), "end", S.ENDED, by={Actor.LEAD_LEADER}),
        step((S.IN_FORCE, S.REVIEWED), "succeed", S.SUCCEEDED, by={Actor.LEAD}, needs=(successor_signed,)),
    ),
)
