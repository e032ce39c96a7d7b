"""Escalation by rule: whoever has not answered by the date a rule set is passed on to the next rung, once.

On the due date itself nothing happens: it lasts until its midnight (BLDS 2015 Đ148).
"""

import logging
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, literal, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.principal import NOBODY
from app.domain import escalation
from app.domain.recommendation import RecommendationState
from app.models.escalation import Escalation
from app.models.recommendation import Recommendation
from app.services.sweep.acting import clock
from app.services.sweep.climbing import Ladder, climb, read_ladder
from app.services.sweep.quiet import Tally, awaits_reply, watched

log = logging.getLogger("giamsat.sweep")

Sessions = async_sessionmaker[AsyncSession]
R = Recommendation
BATCH = 500


async def escalate(sessions: Sessions, on: date) -> Tally:
    """Batch by batch along the ids, each a transaction of its own that is short enough not to hold anybody up."""
    tally = Tally()
    async with sessions() as session:
        ladder = await read_ladder(clock(session, on))
    after: UUID = NOBODY
    while True:
        async with sessions() as session:
            ids = await _next(session, on, after)
        if not ids:
            return tally
        await _batch(sessions, on, ladder, ids, tally)
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


async def _batch(sessions: Sessions, on: date, ladder: Ladder, ids: Sequence[UUID], tally: Tally) -> None:
    """All at once; where that fails, halves are tried until the record at fault stands alone."""
    try:
        async with sessions.begin() as session:
            uow = clock(session, on)
            climbed = await climb(uow, ladder, ids, _unanswered(on))
            await uow.complete()
    except DBAPIError as error:
        if len(ids) == 1:
            tally.failed += 1
            log.warning("not escalated", extra={"id": str(ids[0]), "kind": type(error.orig).__name__})
            return
        middle = len(ids) // 2
        await _batch(sessions, on, ladder, ids[:middle], tally)
        await _batch(sessions, on, ladder, ids[middle:], tally)
        return
    tally.done += climbed.done
    tally.failed += len(climbed.left)
    for identifier, kind in climbed.left.items():
        log.warning("not escalated", extra={"id": str(identifier), "kind": kind})
