"""While a campaign is suspended its clocks stand still: its own, of its engagements, and of what it has asked for."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select
from sqlmodel import col

from app.domain import pause
from app.domain.calendar import OutOfRange
from app.domain.deadlines import Unit
from app.domain.engagement import ENGAGEMENT, RevisionRequestState
from app.models.campaign import Campaign
from app.models.engagement import Engagement, RevisionRequest
from app.models.history import Transition
from app.policies.visibility import unscoped
from app.services import calendars, deadlines
from app.services.recommendations import pauses
from app.services.unit_of_work import UnitOfWork

WHY = "runs with its campaign"
E, Q = Engagement, RevisionRequest


async def stop(uow: UnitOfWork, campaign: Campaign, document_id: UUID, on: date) -> None:
    await pauses.suspend_with(uow, campaign, document_id, on)
    await deadlines.stop(uow, _subjects(campaign), on)


async def run_again(uow: UnitOfWork, campaign: Campaign, on: date) -> None:
    """The dates that the delegation set itself move as those of the rules do."""
    await pauses.resume_with(uow, campaign, on)
    await deadlines.run_again(uow, _subjects(campaign), on)
    since = await _suspended_on(uow, campaign)
    open_work = unscoped(Engagement, reason=WHY).where(
        col(E.campaign_id) == campaign.id, col(E.state).not_in(list(ENGAGEMENT.final))
    )
    asked = unscoped(RevisionRequest, reason=WHY).where(
        col(Q.campaign_id) == campaign.id, col(Q.state) == RevisionRequestState.OPEN
    )
    await _move(uow, open_work.order_by(col(E.id)), ("self_report_due_on", "comments_due_on"), since, on)
    await _move(uow, asked.order_by(col(Q.id)), ("due_on",), since, on)


def _subjects(campaign: Campaign) -> Any:
    engagements = select(col(E.id)).where(col(E.campaign_id) == campaign.id)
    return engagements.union_all(select(literal(campaign.id, Uuid))).execution_options(scope=WHY)


async def _suspended_on(uow: UnitOfWork, campaign: Campaign) -> date:
    last = select(func.max(col(Transition.on_date))).where(
        col(Transition.subject_id) == campaign.id, col(Transition.action) == "suspend"
    )
    return (await uow.session.execute(last)).scalar_one() or uow.today


async def _move(uow: UnitOfWork, rows: Any, names: tuple[str, ...], since: date, on: date) -> None:
    calendar = await calendars.calendar(uow)
    for it in (await uow.session.execute(rows.with_for_update())).scalars():
        for name in names:
            due_on = getattr(it, name)
            if due_on is None or due_on < since:
                continue
            with suppress(OutOfRange):
                setattr(it, name, pause.later(due_on, Unit.DAY, since, pause.last_day(since, on), calendar))
