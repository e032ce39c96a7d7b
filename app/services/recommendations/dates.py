"""The two dates of a recommendation, the history of each, and in what they are counted."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.domain.deadlines import Rule, Unit
from app.domain.recommendation import REPLY_CLOCK_RUNS, TERMINAL, FollowUpClock, RecommendationState, ReplyStatus
from app.models.due_change import DueChange, DueChangeCause
from app.models.recommendation import Recommendation
from app.services import calendars
from app.services.unit_of_work import UnitOfWork

GIVEN = (DueChangeCause.PAUSE, DueChangeCause.EXTENSION)
"""Time that was given for this once: a clock that starts again does not give it again."""


def due_of(it: Recommendation, clock: FollowUpClock) -> date | None:
    return it.reply_due_on if clock is FollowUpClock.REPLY else it.due_on


def start_of(it: Recommendation, clock: FollowUpClock) -> date | None:
    """The day from which the date counts."""
    return it.reply_from if clock is FollowUpClock.REPLY else it.received_on or it.issued_on


def running(it: Recommendation) -> list[FollowUpClock]:
    """The clocks that count against the addressee as the recommendation stands."""
    if it.state in {*TERMINAL, RecommendationState.DRAFT}:
        return []
    awaited = it.state in REPLY_CLOCK_RUNS and it.reply_status == ReplyStatus.AWAITING
    waiting = {FollowUpClock.REPLY: awaited, FollowUpClock.COMPLETION: True}
    return [clock for clock, runs in waiting.items() if runs and due_of(it, clock) is not None]


def move(
    uow: UnitOfWork,
    it: Recommendation,
    clock: FollowUpClock,
    due_on: date,
    because: DueChangeCause,
    on: date,
    record_id: UUID | None = None,
) -> None:
    """Set a date, and keep the one that stood before it; what is only being made had none."""
    was = due_of(it, clock)
    if clock is FollowUpClock.REPLY:
        it.reply_due_on = due_on
    else:
        it.due_on, it.due_sort, it.due_set_on = due_on, due_on, on
    if was == due_on or it not in uow.session:
        return
    uow.add(
        DueChange(
            recommendation_id=it.id,
            clock=clock,
            was_due_on=was,
            due_on=due_on,
            because=because,
            record_id=record_id,
            changed_on=on,
        )
    )


async def history(uow: UnitOfWork, recommendation_id: UUID) -> list[DueChange]:
    """Oldest first."""
    kept = select(DueChange).where(col(DueChange.recommendation_id) == recommendation_id)
    kept = kept.order_by(col(DueChange.id)).execution_options(scope="the dates of a recommendation that was found")
    return list((await uow.session.execute(kept)).scalars())


async def given_for_reply(uow: UnitOfWork, it: Recommendation) -> timedelta:
    """How much of the present reply period was added by pauses and extensions."""
    changes = [one for one in await history(uow, it.id) if one.clock is FollowUpClock.REPLY and one.because in GIVEN]
    present = [one for one in changes if it.reply_from is None or one.changed_on >= it.reply_from]
    return sum((one.due_on - one.was_due_on for one in present if one.was_due_on), timedelta())


async def rule_of(uow: UnitOfWork, it: Recommendation, clock: FollowUpClock) -> Rule | None:
    """The version that set the date, where a rule did."""
    basis: dict[str, Any] = (it.reply_due_basis if clock is FollowUpClock.REPLY else it.due_basis) or {}
    named = (basis.get("code"), basis.get("rule_version"))
    versions = [rule for rule in await calendars.rules(uow) if (rule.code, rule.version) == named]
    own = [rule for rule in versions if rule.body_id in (it.issuer_body_id, None)]
    return max(own, key=lambda rule: rule.body_id is not None, default=None)


async def unit_of(uow: UnitOfWork, it: Recommendation, clock: FollowUpClock) -> Unit:
    rule = await rule_of(uow, it, clock)
    return Unit.WORKDAY if rule is not None and rule.unit is Unit.WORKDAY else Unit.DAY
