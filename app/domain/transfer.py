"""A transfer: a role that an ended body held in open work passes to what came of it, when the sides have confirmed.

Sources: domain.md, sections 3.10 and 10; api.md, sections 3 and 14.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.lifecycle import Actor, Lifecycle, need, step


class TransferRole(StrEnum):
    """`issuer` is the lead of a recommendation whose campaign has ended, or that has none."""

    CAMPAIGN_LEAD = "campaign_lead"
    ISSUER = "issuer"
    PARTNER = "partner"
    SUPERVISED = "supervised"
    ADDRESSEE = "addressee"
    VERIFIER = "verifier"
    PETITION_HOLDER = "petition_holder"
    AGREEMENT_PARTY = "agreement_party"
    BOARD_FRONT = "board_front"


class TransferState(StrEnum):
    PROPOSED = "proposed"
    HALF_CONFIRMED = "half_confirmed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class TransferSide(StrEnum):
    """Who confirms: the present lead, the leader of the successor, the registrar."""

    LEAD = "lead"
    SUCCESSOR = "successor"
    REGISTRAR = "registrar"


class ClockPolicy(StrEnum):
    """What becomes of the dates of a recommendation: they stay, or run again from the confirmation."""

    KEEP = "keep"
    RESTART = "restart"


class Ending(StrEnum):
    """Why a recommendation was withdrawn by something other than its lead's wish."""

    DIVIDED = "divided"


READ_ONLY_DAYS = 90
"""So long the accounts of an ended body still read (api.md, section 2)."""

LEAD_ROLES = frozenset(
    {
        TransferRole.CAMPAIGN_LEAD,
        TransferRole.ISSUER,
        TransferRole.PETITION_HOLDER,
        TransferRole.AGREEMENT_PARTY,
        TransferRole.BOARD_FRONT,
    }
)
"""What a body answers for itself; in all other roles there is a lead that it answers to."""

S = TransferState
UNSETTLED = frozenset({S.PROPOSED, S.HALF_CONFIRMED})


def sides(role: TransferRole, candidates: Iterable[UUID], lead_body_id: UUID) -> tuple[TransferSide, ...]:
    """Whose word is needed. A lead is its own successor's affair and the registry's; the rest is for the present lead,
    and the registry besides where the lead may receive it itself: nobody alone confirms to itself."""
    if role in LEAD_ROLES:
        return TransferSide.SUCCESSOR, TransferSide.REGISTRAR
    if lead_body_id in candidates:
        return TransferSide.LEAD, TransferSide.REGISTRAR
    return (TransferSide.LEAD,)


@dataclass
class TransferFacts:
    subject_open: bool
    claim_settled: bool = True


@need()
def subject_open(facts: TransferFacts) -> bool:
    """What has ended in the meantime is not handed over; such a transfer is rejected."""
    return facts.subject_open


@need("/to_body_ids")
def claim_settled(facts: TransferFacts) -> bool:
    """Work that the ended body has claimed done is verified, rejected or returned before what is left is divided."""
    return facts.claim_settled


CONFIRMABLE = (subject_open, claim_settled)
ALL_SIDES = frozenset({Actor.LEAD, Actor.SUCCESSOR_LEADER, Actor.REGISTRAR})
BY_LEAD = frozenset({Actor.LEAD, Actor.REGISTRAR})

TRANSFER = Lifecycle(
    "transfer",
    TransferState,
    S.PROPOSED,
    (
        step(S.PROPOSED, "confirm", S.HALF_CONFIRMED, by=ALL_SIDES, needs=CONFIRMABLE),
        step(S.HALF_CONFIRMED, "confirm", S.CONFIRMED, by=ALL_SIDES, needs=CONFIRMABLE),
        step((S.PROPOSED, S.HALF_CONFIRMED, S.REJECTED), "redirect", S.PROPOSED, by=ALL_SIDES, needs=(subject_open,)),
        step((S.PROPOSED, S.HALF_CONFIRMED), "reject", S.REJECTED, by=ALL_SIDES),
    ),
)
"""Where two sides must confirm."""

TRANSFER_BY_LEAD = Lifecycle(
    "transfer_by_lead",
    TransferState,
    S.PROPOSED,
    (
        step((S.PROPOSED, S.HALF_CONFIRMED), "confirm", S.CONFIRMED, by={Actor.LEAD}, needs=CONFIRMABLE),
        step((S.PROPOSED, S.HALF_CONFIRMED, S.REJECTED), "redirect", S.PROPOSED, by=BY_LEAD, needs=(subject_open,)),
        step((S.PROPOSED, S.HALF_CONFIRMED), "reject", S.REJECTED, by=BY_LEAD),
    ),
    passive=frozenset({S.HALF_CONFIRMED}),
)
"""Where the present lead decides. Half confirmed only if another side had to confirm before the lead changed."""


def lifecycle_of(two_sided: bool | str) -> Lifecycle:
    return TRANSFER if two_sided in (True, "true") else TRANSFER_BY_LEAD
