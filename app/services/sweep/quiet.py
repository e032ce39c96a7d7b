"""When is the clock silent about a recommendation, and which of them does it look at?"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, and_, exists, literal, or_
from sqlmodel import col

from app.domain.incoming_reply import IncomingReplyState
from app.domain.recommendation import REPLY_CLOCK_RUNS, RecommendationState, ReplyStatus
from app.models.incoming_reply import IncomingReply
from app.models.pause import Pause
from app.models.recommendation import Recommendation

R = Recommendation

OPEN = (RecommendationState.ISSUED, RecommendationState.REPLIED, RecommendationState.ESCALATED)
"""Where the addressee is the one to act: not while the lead weighs an objection or the verifier looks at a claim."""


@dataclass
class Tally:
    """What a part of the sweep did, and how many records it had to leave."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.done + other.done, self.failed + other.failed)


def watched(on: date) -> ColumnElement[bool]:
    """Open that day, and nothing is waiting that would make a message wrong: no paper to be read, no pause."""
    day = literal(on, Date)
    unread = exists().where(
        col(IncomingReply.recommendation_id) == col(R.id), col(IncomingReply.state) == IncomingReplyState.RECEIVED
    )
    paused = exists().where(
        col(Pause.recommendation_id) == col(R.id), col(Pause.from_on) <= day, col(Pause.to_on) >= day
    )
    going = or_(col(R.paused_since).is_(None), col(R.paused_since) > day)
    return and_(col(R.state).in_(OPEN), col(R.issued_on) <= day, going, ~paused, ~unread)


def awaits_reply() -> ColumnElement[bool]:
    return and_(col(R.state).in_(REPLY_CLOCK_RUNS), col(R.reply_status) == ReplyStatus.AWAITING)
