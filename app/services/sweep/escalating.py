"""Escalation by rule: whoever has not answered by the date a rule set is passed on to the next rung, once.

On the due date itself nothing happens: it lasts until its midnight (BLDS 2015 Đ148).
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, literal, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.errors import AppError
from app.core.principal import NOBODY
from app.domain import escalation
from app.domain.recommendation import RecommendationState
from app.models.deadline import Rule
from app.models.escalation import Escalation
from app.models.recommendation import Escalate, Recommendation
from app.policies.visibility import unscoped
from app.services import steps
from app.services.recommendations.moves import case_of
from app.services.sweep.acting import clock
from app.services.sweep.quiet import Tally, awaits_reply, watched
from app.services.unit_of_work import UnitOfWork

log = logging.getLogger("giamsat.sweep")

Sessions = async_sessionmaker[AsyncSession]
R = Recommendation
BATCH = 50


async def escalate(sessions: Sessions, on: date) -> Tally:
    """Batch by batch along the ids, each a transaction of its own that is short enough not to hold anybody up."""
    tally = Tally()
    after: UUID = NOBODY
    while True:
        async with sessions.begin() as session:
            ids = await _next(session, on, after)
            uow = clock(session, on)
            for it in ids:
                await _one(uow, it, tally)
            await uow.complete()
        if not ids:
            return tally
        after = ids[-1]


async def _next(session: AsyncSession, on: date, after: UUID) -> Sequence[UUID]:
    ids = select(col(R.id)).where(_unanswered(on), col(R.id) > after).order_by(col(R.id)).limit(BATCH)
    return (await session.execute(ids.execution_options(scope="the nightly clock"))).scalars().all()


def _unanswered(on: date) -> ColumnElement[bool]:
    """A date that a rule set has passed: of the reply, or of the rung on which it waits. Dates set by hand wait."""
    by_rule = col(R.reply_due_basis)["code"].astext.is_not(None)
    day = literal(on, Date)
    first = and_(col(R.state) == RecommendationState.ISSUED, col(R.reply_due_on) < day)
    waited = (
        select(literal(1))
        .where(
            col(Escalation.recommendation_id) == col(R.id),
            col(Escalation.level) == col(R.escalation_level),
            col(Escalation.due_on) < day,
        )
        .exists()
    )
    next_rung = and_(col(R.state) == RecommendationState.ESCALATED, col(R.escalation_level) < escalation.TOP, waited)
    return and_(watched(on), awaits_reply(), by_rule, or_(first, next_rung))


async def _one(uow: UnitOfWork, recommendation_id: UUID, tally: Tally) -> None:
    """In a savepoint of its own: what cannot be escalated is left, said in the log, and does not stop the rest."""
    try:
        async with uow.session.begin_nested():
            tally.done += await _climb(uow, recommendation_id)
    except (AppError, DBAPIError) as error:
        tally.failed += 1
        kind = error.code if isinstance(error, AppError) else type(error.orig).__name__
        log.warning("not escalated", extra={"id": str(recommendation_id), "kind": kind})


async def _climb(uow: UnitOfWork, recommendation_id: UUID) -> bool:
    """False where another run, or a reply, came first: the lock waits for it, then the condition is asked again."""
    on = uow.today
    waiting = unscoped(Recommendation, reason="the nightly clock").where(
        col(R.id) == recommendation_id, _unanswered(on)
    )
    it = (await uow.session.execute(waiting.with_for_update(of=R))).scalars().first()
    if it is None:
        return False
    uow.who = replace(uow.who, bodies=(it.issuer_body_id,))
    move = Escalate(action="escalate", on=on, rule_id=await _rule(uow, it), reason=_reason(it))
    await steps.tick(uow, case_of(it), move)
    return True


async def _rule(uow: UnitOfWork, it: Recommendation) -> UUID | None:
    """The version under which the date was set; it may have been replaced since."""
    basis: dict[str, Any] = it.reply_due_basis or {}
    pinned = select(col(Rule.id)).where(
        col(Rule.code) == basis["code"],
        col(Rule.rule_version) == basis.get("rule_version"),
        or_(col(Rule.body_id) == it.issuer_body_id, col(Rule.body_id).is_(None)),
    )
    own_first = col(Rule.body_id).nulls_last()
    return (await uow.session.execute(pinned.order_by(own_first).limit(1))).scalar_one_or_none()


def _reason(it: Recommendation) -> str:
    basis: dict[str, Any] = it.reply_due_basis or {}
    return f"chưa có văn bản trả lời, quá thời hạn theo {basis.get('legal_basis') or basis['code']}"
