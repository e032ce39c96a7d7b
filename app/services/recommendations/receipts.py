"""The addressee has the paper: the day that was assumed at issue gives way to the day that is known.

What counts from the receipt counts anew: a reply clock that nothing else has started since, and the dates that a rule
had reckoned from the assumed day. A date that people have set stays theirs.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from uuid import UUID

from sqlmodel import col

from app.domain import deadlines
from app.domain.calendar import Unreckonable
from app.domain.recommendation import TERMINAL, FollowUpClock, RecommendationState
from app.models.due_change import DueChangeCause
from app.models.recommendation import Recommendation
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services import calendars
from app.services.recommendations import dates
from app.services.unit_of_work import UnitOfWork

CLOSED = (*TERMINAL, RecommendationState.DRAFT)


async def know(uow: UnitOfWork, recommendation_ids: Collection[UUID], on: date) -> None:
    """Of those that run and whose receipt is not known so far; the first news of it counts."""
    if not recommendation_ids:
        return
    carried = unscoped(Recommendation, reason="the clocks of what an addressee has received").where(
        among(Recommendation.id, recommendation_ids), col(Recommendation.state).not_in(CLOSED)
    )
    rows = await uow.session.execute(carried.order_by(col(Recommendation.id)).with_for_update(of=Recommendation))
    for it in rows.scalars():
        if it.received_assumed or it.received_on is None:
            await _know(uow, it, on)


async def _know(uow: UnitOfWork, it: Recommendation, on: date) -> None:
    assumed, it.received_on, it.received_assumed = it.received_on, on, False
    if assumed is not None and assumed != on:
        for clock in dates.running(it):
            if clock is FollowUpClock.COMPLETION or it.reply_from == assumed:
                await _recount(uow, it, clock, assumed, on)
    if it.reply_from in (assumed, None):
        it.reply_from = on
    uow.record("recommendation.receive", it, lead_body_id=it.issuer_body_id, received_on=on.isoformat())


async def _recount(uow: UnitOfWork, it: Recommendation, clock: FollowUpClock, assumed: date, on: date) -> None:
    rule = await dates.rule_of(uow, it, clock)
    if rule is None:
        return
    calendar = await calendars.calendar(uow)
    with suppress(Unreckonable):
        if deadlines.compute(rule, assumed, calendar).due_on == dates.due_of(it, clock):
            due_on = deadlines.compute(rule, on, calendar).due_on
            dates.move(uow, it, clock, due_on, DueChangeCause.RECEIPT, on)
