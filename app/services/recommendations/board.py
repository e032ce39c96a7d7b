"""What is open of a body, as issuer or as addressee, soonest due first: for the terminal of whoever runs the house."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.recommendation import TERMINAL, Overdue, next_step, overdue
from app.models.body import BodyName
from app.models.recommendation import Recommendation
from app.policies.visibility import unscoped

R = Recommendation


@dataclass(frozen=True)
class Line:
    number: int | None
    addressee: str
    owner: str
    action: str
    due_on: date | None
    state: str
    overdue: Overdue
    paused: bool
    step: str
    by: str


@dataclass(frozen=True)
class Board:
    body: str
    on: date
    lines: list[Line]


async def read_board(session: AsyncSession, named: str, on: date) -> Board | None:
    """Of the body that bears this id, or bears or bore this symbol or short name."""
    body = await _named(session, named)
    if body is None:
        return None
    to = aliased(BodyName)
    newest = select(col(to.short_name)).where(col(to.body_id) == col(R.addressee_id))
    addressee = newest.order_by(col(to.valid_from).desc()).limit(1).scalar_subquery()
    ours = or_(col(R.issuer_body_id) == body.body_id, col(R.addressee_id) == body.body_id)
    waiting = unscoped(R, reason="the board of a body").where(ours, col(R.state).not_in(TERMINAL))
    rows = await session.execute(waiting.add_columns(addressee).order_by(col(R.due_sort), col(R.id)))
    return Board(body.name, on, [_line(it, name or "–", on) for it, name in rows])


async def _named(session: AsyncSession, named: str) -> BodyName | None:
    try:
        wanted = col(BodyName.body_id) == UUID(named)
    except ValueError:
        wanted = or_(col(BodyName.symbol) == named, col(BodyName.short_name) == named)
    newest = select(BodyName).where(wanted).order_by(col(BodyName.valid_from).desc()).limit(1)
    return (await session.execute(newest)).scalars().first()


def _line(it: Recommendation, addressee: str, on: date) -> Line:
    step, by = next_step(it.state, it.reply_status)
    return Line(
        number=it.number,
        addressee=addressee,
        owner=it.owner_name or "–",
        action=it.action,
        due_on=it.due_on,
        state=it.state,
        overdue=overdue(it.state, it.reply_status or "", it.reply_due_on, it.due_on, on, it.paused_since),
        paused=it.paused_since is not None,
        step=step,
        by=by,
    )
