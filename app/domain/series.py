"""One text to several addressees: the whole is as far as its slowest part, so a series shows its worst."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.recommendation import Implementation, Overdue, RecommendationState, ReplyStatus

S = RecommendationState

STATES: Sequence[str] = (
    S.UNRESOLVED,
    S.ESCALATED,
    S.DISPUTED,
    S.DRAFT,
    S.ISSUED,
    S.REPLIED,
    S.VERIFYING,
    S.RESOLVED,
    S.WITHDRAWN,
)
REPLIES: Sequence[str] = (
    ReplyStatus.AWAITING,
    ReplyStatus.EXPLAINED,
    ReplyStatus.PARTLY_ACCEPTED,
    ReplyStatus.ACCEPTED,
)
IMPLEMENTATIONS: Sequence[str] = (
    Implementation.NOT_DONE,
    Implementation.UNSATISFACTORY,
    Implementation.NOT_STARTED,
    Implementation.IN_PROGRESS,
    Implementation.PARTLY_DONE,
    Implementation.DONE,
)
LATENESS: Sequence[str] = (Overdue.COMPLETION, Overdue.REPLY, Overdue.NONE)
"""Each axis from its worst to its best."""


@dataclass(frozen=True, slots=True)
class Standing:
    state: str
    reply_status: str | None
    implementation: str | None
    overdue: str


def worst(members: Sequence[Standing]) -> Standing:
    """Axis by axis; what was withdrawn counts only where nothing else is left."""
    counted = [it for it in members if it.state != S.WITHDRAWN] or members
    state = _worst(STATES, (it.state for it in counted))
    assert state is not None
    return Standing(
        state,
        _worst(REPLIES, (it.reply_status for it in counted)),
        _worst(IMPLEMENTATIONS, (it.implementation for it in counted)),
        _worst(LATENESS, (it.overdue for it in counted)) or Overdue.NONE,
    )


def _worst(order: Sequence[str], values: Iterable[str | None]) -> str | None:
    return min((it for it in values if it is not None), key=order.index, default=None)
