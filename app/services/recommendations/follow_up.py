"""What is told about a recommendation between its moves: progress, reminders, and the dates it runs against."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.domain import deadlines
from app.domain.recommendation import REPLY_CLOCK_RUNS, TERMINAL, FollowUpClock, RecommendationState, ReplyStatus
from app.models.base import ListQuery, Row
from app.models.due_change import DueChange, DueChangeRead
from app.models.recommendation import (
    BasisRead,
    FollowUpDeadline,
    Progress,
    ProgressCreate,
    Recommendation,
    Reminder,
    ReminderCreate,
)
from app.services import carriage, steps
from app.services.reading import Page, Projection, read_page
from app.services.recommendations import dates, due_reports
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork


async def list_of(uow: UnitOfWork, projection: Projection, recommendation_id: UUID, query: ListQuery) -> bytes:
    """Progress or reminders of one recommendation; for those outside its full view there are none."""
    await find(uow, Recommendation, recommendation_id)
    model: Any = projection.model
    where = [col(model.recommendation_id) == recommendation_id]
    return await read_page(uow, projection, Page.of(query), where=where, filters={"of": recommendation_id})


async def report_progress(uow: UnitOfWork, recommendation_id: UUID, payload: ProgressCreate) -> UUID:
    """By the addressee, or from its paper by the lead's side; moves nothing."""
    it = await find(uow, Recommendation, recommendation_id, lock=True)
    addressee = await reporter(uow, it, payload)
    if (made := await uow.claim()) is not None:
        return made
    require_open(it)
    reported_on = await steps.event_date(uow, it, payload.on)
    behalf = payload.on_behalf
    progress = Progress(
        recommendation_id=it.id,
        account_id=uow.who.account_id,
        body_id=addressee,
        percent=payload.percent,
        note=payload.note,
        evidence=await carriage.carry_evidence(uow, it, payload.evidence),
        reported_on=reported_on,
        on_behalf=behalf.model_dump(mode="json") if behalf else None,
    )
    await carriage.carry(uow, it, documents=[behalf.document_id if behalf else None], view="party")
    made = await _keep(uow, it, progress, "recommendation.progress")
    await due_reports.answer_with(uow, progress)
    return made


async def reporter(uow: UnitOfWork, it: Recommendation, payload: Any) -> UUID:
    """The addressee, whether it speaks for itself or the lead's side records from its paper."""
    if it.addressee_id is None:
        raise Forbidden
    if payload.on_behalf is None and it.addressee_id in uow.who.acts:
        return it.addressee_id
    if payload.on_behalf is None or it.issuer_body_id not in uow.who.records:
        raise Forbidden
    if await steps.has_active_account(uow, it.addressee_id):
        raise Conflict("has_own_account")
    return it.addressee_id


async def remind(uow: UnitOfWork, recommendation_id: UUID, payload: ReminderCreate) -> UUID:
    """By hand, by an officer or leader of the lead; with a document it counts as written."""
    it = await find(uow, Recommendation, recommendation_id, lock=True)
    if it.issuer_body_id not in uow.who.acts:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    require_open(it)
    reminder = Reminder(
        recommendation_id=it.id,
        account_id=uow.who.account_id,
        body_id=it.issuer_body_id,
        reminded_on=await steps.event_date(uow, it, payload.on),
        note=payload.note,
        document_id=payload.document_id,
    )
    await carriage.carry(uow, it, documents=[payload.document_id], view="party")
    return await _keep(uow, it, reminder, "recommendation.remind")


def require_open(it: Recommendation) -> None:
    """Nobody is urged, and nothing is reported, before the issue or after the end."""
    if it.state in {*TERMINAL, RecommendationState.DRAFT}:
        raise Conflict("not_running")


async def _keep(uow: UnitOfWork, it: Recommendation, child: Row, action: str) -> UUID:
    """Append-only: the parent's version moves with it, so that who watches the parent sees it."""
    uow.add(child)
    steps.touch(it)
    await uow.session.flush()
    uow.record(action, child, lead_body_id=it.issuer_body_id, recommendation_id=str(it.id))
    return child.id


async def clocks(uow: UnitOfWork, recommendation_id: UUID) -> bytes:
    """By when it is to be answered and carried out, and how each date stands today."""
    it = await find(uow, Recommendation, recommendation_id)
    changes = await dates.history(uow, it.id)
    told = (_reply_clock(it, changes, uow.today), _completion_clock(it, changes, uow.today))
    items = [clock.model_dump(mode="json") for clock in told if clock is not None]
    return orjson.dumps({"items": items, "next_cursor": None})


def _reply_clock(it: Recommendation, changes: list[DueChange], today: date) -> FollowUpDeadline | None:
    if it.reply_due_on is None:
        return None
    awaited = it.reply_status in (None, ReplyStatus.AWAITING)
    met_on = None if awaited else it.first_replied_on
    return FollowUpDeadline(
        clock=FollowUpClock.REPLY,
        from_on=it.reply_from,
        due_on=it.reply_due_on,
        basis=_basis(it.reply_due_basis),
        met_on=met_on,
        state=deadlines.standing(it.reply_due_on, met_on, _counting_day(it, today)),
        running=awaited and it.state in REPLY_CLOCK_RUNS and it.paused_since is None,
        **_past(it, FollowUpClock.REPLY, it.reply_due_on, changes),
    )


def _completion_clock(it: Recommendation, changes: list[DueChange], today: date) -> FollowUpDeadline | None:
    if it.due_on is None:
        return None
    return FollowUpDeadline(
        clock=FollowUpClock.COMPLETION,
        from_on=it.issued_on,
        due_on=it.due_on,
        basis=_basis(it.due_basis),
        met_on=it.resolved_on,
        state=deadlines.standing(it.due_on, it.resolved_on, _counting_day(it, today)),
        running=it.state not in {*TERMINAL, RecommendationState.DRAFT} and it.paused_since is None,
        **_past(it, FollowUpClock.COMPLETION, it.due_on, changes),
    )


def _counting_day(it: Recommendation, today: date) -> date:
    """While the clocks stand still, it stays the day on which they stopped."""
    return today if it.paused_since is None else min(today, it.paused_since)


def _past(it: Recommendation, clock: FollowUpClock, due_on: date, changes: list[DueChange]) -> dict[str, Any]:
    """What the date was before, oldest first."""
    own = [one for one in changes if one.clock == clock]
    first = next((one.was_due_on for one in own if one.was_due_on is not None), due_on)
    told = [DueChangeRead.model_validate(one, from_attributes=True) for one in own]
    return {"first_due_on": first, "paused_since": it.paused_since, "changes": told}


def _basis(stored: dict[str, Any] | None) -> BasisRead | None:
    return None if stored is None else BasisRead.model_validate(stored)
