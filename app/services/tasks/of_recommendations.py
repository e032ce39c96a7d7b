"""What a recommendation asks: of its addressee, of its verifier, and of the lead that issued it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Date, and_, exists, func, literal, not_, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.effectiveness_check import EffectivenessCheckState
from app.domain.extension import ExtensionState
from app.domain.incoming_reply import IncomingReplyState
from app.domain.lifecycle import Actor
from app.domain.recommendation import OPEN, REPLY_CLOCK_RUNS, Origin, RecommendationState, ReplyStatus
from app.models.campaign import Campaign
from app.models.effectiveness_check import EffectivenessCheck
from app.models.extension import Extension
from app.models.incoming_reply import IncomingReply
from app.models.progress_schedule import ProgressDue
from app.models.recommendation import Recommendation
from app.policies.relations import ACTORS, Condition
from app.services.tasks.asks import Ask

R = Recommendation
AHEAD = timedelta(days=15)
"""From when on a report that is due asks for somebody."""
S = RecommendationState


def asks(who: Principal) -> Iterator[Ask]:
    sides = ACTORS[Recommendation](who)
    promise = and_(col(R.origin) == Origin.SESSION, col(R.reply_due_on).is_(None))
    awaited = and_(col(R.state).in_(REPLY_CLOCK_RUNS), col(R.reply_status) == ReplyStatus.AWAITING, not_(promise))
    accepted = col(R.reply_status).in_([ReplyStatus.ACCEPTED, ReplyStatus.PARTLY_ACCEPTED])
    kept = and_(promise, col(R.reply_status) == ReplyStatus.AWAITING)
    promised = and_(col(R.state).in_(OPEN), or_(accepted, kept))
    others_claim = col(R.claimed_by_id).is_distinct_from(who.account_id)
    explained = and_(col(R.state) == S.REPLIED, col(R.reply_status) != ReplyStatus.ACCEPTED)
    yield _ask("reply", (sides[Actor.ADDRESSEE], awaited), col(R.reply_due_on), col(R.reply_due_basis))
    yield _ask("claim_done", (sides[Actor.ADDRESSEE], promised), col(R.due_on), col(R.due_basis))
    yield _ask("verify", (sides[Actor.VERIFIER], col(R.state) == S.VERIFYING, others_claim))
    yield _ask("decide_dispute", (sides[Actor.LEAD], col(R.state) == S.DISPUTED))
    yield _ask("consider_reply", (sides[Actor.LEAD], explained))
    yield _ask("decide_extension", (sides[Actor.LEAD_LEADER], _has(Extension, ExtensionState.REQUESTED)), col(R.due_on))
    yield _ask("classify_reply", (sides[Actor.LEAD], _has(IncomingReply, IncomingReplyState.RECEIVED)))
    planned = _has(EffectivenessCheck, EffectivenessCheckState.PLANNED)
    yield _ask("check_effect", (sides[Actor.LEAD], planned), _soonest(EffectivenessCheck, planned_only=True))
    soon = _soonest(ProgressDue) <= literal(who.today, Date) + AHEAD.days
    reporting = (sides[Actor.ADDRESSEE], col(R.state).in_(OPEN), soon)
    yield _ask("report_progress", reporting, _soonest(ProgressDue))
    yield _ask("issue", (sides[Actor.LEAD_LEADER], col(R.state) == S.DRAFT, _complete()))


def _soonest(part: Any, *, planned_only: bool = False) -> Any:
    """The nearest day of a part that nobody has met yet."""
    open_part = part.state == EffectivenessCheckState.PLANNED if planned_only else part.progress_id.is_(None)
    days = select(func.min(col(part.due_on))).where(part.recommendation_id == col(R.id), open_part)
    return days.correlate(Recommendation).scalar_subquery()


def _has(part: Any, state: str) -> Condition:
    return exists().where(part.recommendation_id == col(R.id), part.state == state)


def _ask(action: str, where: tuple[Condition, ...], due_on: Any = None, basis: Any = None) -> Ask:
    rule = None if basis is None else basis["code"].astext
    return Ask(action, R, col(R.action), where, due_on, rule)


def _complete() -> Condition:
    """A draft that waits only for its issue: nothing is missing in it, and its campaign has come far enough."""
    filled = (R.addressee_id, R.owner_name, R.expected_result, R.due_on, R.due_basis)
    reported = select(col(Campaign.id)).where(col(Campaign.state).in_(["reported", "concluded"]))
    far_enough = or_(col(R.origin) != Origin.REPORT, col(R.campaign_id).in_(reported))
    return and_(*(col(column).is_not(None) for column in filled), far_enough)
