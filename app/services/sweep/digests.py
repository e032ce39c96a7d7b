"""What a night has to tell, told once to the people of each body instead of record by record."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, distinct, func, literal, null, or_, select, text, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.recommendation import TERMINAL
from app.models.account import Membership
from app.models.body import ActsThrough, Body
from app.models.escalation import Escalation
from app.models.history import OutboxMessage
from app.models.recommendation import Recommendation, Reminder
from app.models.sweep import Digest
from app.services import queue

R = Recommendation
LONG = text("SET LOCAL statement_timeout = '120s'")
"""A first night may have a hundred thousand messages to sum up."""

CHUNK = 1000


async def tell(session: AsyncSession, run_id: UUID, on: date) -> int:
    """Also of what an earlier run did and could not tell. Whoever comes second waits, then finds nothing untold."""
    await session.execute(LONG)
    news = _news(run_id)
    kind = news.c.kind
    counts = (
        func.count(distinct(news.c.recommendation_id)).filter(kind == word)
        for word in ("upcoming", "overdue", "escalated")
    )
    readers = _readers(on)
    rows: Select[Any] = (
        select(func.uuidv7(), func.clock_timestamp(), literal(run_id), readers.c.body_id, *counts)
        .select_from(news.join(readers, readers.c.side == news.c.side))
        .group_by(readers.c.body_id)
    )
    columns = ["id", "created_at", "run_id", "body_id", "upcoming", "overdue", "escalated"]
    await session.execute(insert(Digest).from_select(columns, rows))
    return await _announce(session, run_id)


def _news(run_id: UUID) -> Any:
    """Each untold reminder and escalation of what is still open, by the side it is news for."""
    reminded = (
        update(Reminder)
        .where(col(Reminder.clock).is_not(None), col(Reminder.digested_in_id).is_(None))
        .values(digested_in_id=run_id)
        .returning(col(Reminder.recommendation_id), col(Reminder.offset_days))
        .cte("reminded")
    )
    climbed = (
        update(Escalation)
        .where(col(Escalation.by_clock), col(Escalation.digested_in_id).is_(None))
        .values(digested_in_id=run_id)
        .returning(col(Escalation.recommendation_id))
        .cte("climbed")
    )
    still = col(R.state).not_in(TERMINAL)
    late = reminded.c.offset_days < 0
    to = {"addressee": col(R.addressee_id), "issuer": col(R.issuer_body_id), "superior": col(R.escalated_to_id)}
    of_reminder = and_(col(R.id) == reminded.c.recommendation_id, still)
    of_climb = and_(col(R.id) == climbed.c.recommendation_id, still)
    return union_all(
        select(to["addressee"].label("side"), col(R.id).label("recommendation_id"), literal("upcoming").label("kind"))
        .join(reminded, of_reminder)
        .where(~late),
        *(
            select(to[it], col(R.id), literal("overdue")).join(reminded, of_reminder).where(late)
            for it in ("addressee", "issuer")
        ),
        *(select(side, col(R.id), literal("escalated")).join(climbed, of_climb) for side in to.values()),
    ).subquery("news")


def _readers(on: date) -> Any:
    """For each side the bodies whose people read for it: itself, and the offices through which it acts that day."""
    acting = and_(
        col(ActsThrough.valid_from) <= on, or_(col(ActsThrough.valid_to).is_(None), col(ActsThrough.valid_to) >= on)
    )
    readers = union_all(
        select(col(Body.id).label("side"), col(Body.id).label("body_id")),
        select(col(ActsThrough.organ_id), col(ActsThrough.office_id)).where(acting),
    ).subquery("reading")
    peopled = select(literal(1)).where(
        col(Membership.body_id) == readers.c.body_id, col(Membership.accepted_at).is_not(None)
    )
    return select(readers.c.side, readers.c.body_id).where(peopled.exists()).subquery("readers")


async def _announce(session: AsyncSession, run_id: UUID) -> int:
    """A message for each digest; who is told, and by what ways, is decided as for any other."""
    payload = func.jsonb_build_object("was", null(), "became", null(), "by_body_id", null())
    rows = select(
        func.uuidv7(),
        func.clock_timestamp(),
        literal("digest.tell"),
        literal("digest"),
        col(Digest.id),
        payload,
        literal(0),
    ).where(col(Digest.run_id) == run_id)
    columns = ["id", "created_at", "type", "subject_type", "subject_id", "payload", "attempts"]
    made = insert(OutboxMessage).from_select(columns, rows).returning(col(OutboxMessage.id))
    ids = list((await session.execute(made)).scalars())
    for start in range(0, len(ids), CHUNK):
        await queue.enqueue(session, queue.DELIVER, ids[start : start + CHUNK])
    return len(ids)
