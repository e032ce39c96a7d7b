"""When progress is to be reported: a changed schedule replaces only the days ahead that nobody has answered."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain import progress_schedule as domain
from app.domain.calendar import OutOfRange
from app.models.progress_schedule import (
    ProgressDue,
    ProgressDueRead,
    ProgressDueStanding,
    ProgressSchedulePut,
    ProgressScheduleRead,
)
from app.models.recommendation import Recommendation
from app.policies.relations import Condition
from app.policies.visibility import VIEWS, scoped
from app.services import calendars, steps
from app.services.recommendations.follow_up import require_open
from app.services.unit_of_work import UnitOfWork

D = ProgressDue
OF_PARENT = "the schedule of a recommendation that was found"


async def put(uow: UnitOfWork, recommendation_id: UUID, payload: ProgressSchedulePut, expected: int | None) -> int:
    """By an officer or leader of the lead; days that have passed, or were answered, stay as they are."""
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    if parent.issuer_body_id not in uow.who.acts:
        raise Forbidden
    if expected is not None:
        steps.check_version(parent, expected)
    require_open(parent)
    wanted = await _days(uow, parent, payload)
    ahead = (col(D.recommendation_id) == parent.id, col(D.due_on) >= uow.today, col(D.progress_id).is_(None))
    await uow.session.execute(delete(D).where(*ahead))
    kept = select(col(D.due_on)).where(col(D.recommendation_id) == parent.id).execution_options(scope=OF_PARENT)
    known = set((await uow.session.execute(kept)).scalars())
    new = sorted(it for it in wanted if it not in known and it >= uow.today)
    uow.add(*(ProgressDue(recommendation_id=parent.id, due_on=it) for it in new))
    steps.touch(parent)
    await uow.session.flush()
    told = [it.isoformat() for it in new]
    uow.record("recommendation.schedule_progress", parent, lead_body_id=parent.issuer_body_id, dates=told)
    return parent.version


async def _days(uow: UnitOfWork, parent: Recommendation, payload: ProgressSchedulePut) -> Sequence[date]:
    if payload.every is None or payload.starts_on is None:
        return payload.dates
    until = payload.until or parent.due_on
    if until is None:
        raise Conflict("no_last_day")
    try:
        return domain.days(payload.every, payload.starts_on, until, await calendars.calendar(uow))
    except OutOfRange as error:
        raise invalid("/starts_on", "beyond_calendar") from error


async def read(uow: UnitOfWork, recommendation_id: UUID) -> tuple[ProgressScheduleRead, int]:
    """With the version of the recommendation, of which it is a part."""
    parent = await steps.find(uow, Recommendation, recommendation_id)
    if not await _sees_in_full(uow, recommendation_id):
        raise NotVisible
    rows = select(D).where(col(D.recommendation_id) == parent.id).order_by(col(D.due_on))
    found = (await uow.session.execute(rows.execution_options(scope=OF_PARENT))).scalars()
    dates = [
        ProgressDueRead(due_on=it.due_on, progress_id=it.progress_id, state=_standing(it, uow.today)) for it in found
    ]
    told = ProgressScheduleRead(
        recommendation_id=parent.id,
        view="full",
        next_due_on=next((it.due_on for it in dates if it.progress_id is None), None),
        overdue=sum(it.state == ProgressDueStanding.OVERDUE for it in dates),
        dates=dates,
    )
    return told, parent.version


async def _sees_in_full(uow: UnitOfWork, recommendation_id: UUID) -> bool:
    """Progress is between the sides; a superior knows the letter and its end."""
    full: Condition = dict(VIEWS[Recommendation](uow.who))["full"]
    seen = scoped(Recommendation, uow.who).where(col(Recommendation.id) == recommendation_id, full)
    return (await uow.session.execute(seen)).first() is not None


def _standing(it: ProgressDue, today: date) -> ProgressDueStanding:
    if it.progress_id is not None:
        return ProgressDueStanding.ANSWERED
    return ProgressDueStanding.DUE if today <= it.due_on else ProgressDueStanding.OVERDUE
