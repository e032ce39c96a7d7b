"""Days that do not count: the clocks stand still from the first of them, and the dates move once the last is known."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import Principal
from app.domain import pause as domain
from app.domain.calendar import OutOfRange
from app.domain.pause import PAUSE, PauseFacts, PauseReason, PauseState
from app.domain.recommendation import TERMINAL, RecommendationState
from app.models.campaign import Campaign
from app.models.due_change import DueChangeCause
from app.models.pause import Pause, PauseCreate, PauseRead, Resume
from app.models.recommendation import Recommendation
from app.policies.visibility import unscoped
from app.services import calendars, carriage, steps
from app.services.reading import Projection
from app.services.recommendations import dates, parts
from app.services.recommendations.follow_up import require_open
from app.services.unit_of_work import UnitOfWork

R = Recommendation


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    first: Any = col(Pause.from_on)
    last: Any = col(Pause.to_on)
    return {"from_": first, "to": last}


PAUSES = Projection(model=Pause, reads={"full": PauseRead}, columns=_columns, lifecycle=lambda kind: PAUSE)


async def pause(uow: UnitOfWork, recommendation_id: UUID, payload: PauseCreate) -> UUID:
    """By an officer or leader of the lead, for a listed reason and with its document."""
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    if parent.issuer_body_id not in uow.who.acts:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    require_open(parent)
    from_on = await _first_day(uow, parent, payload)
    await carriage.carry(uow, parent, documents=[payload.document_id])
    it = Pause(
        recommendation_id=parent.id,
        from_on=from_on,
        to_on=payload.to,
        account_id=uow.who.account_id,
        state=PauseState.ENDED if payload.to else PauseState.RUNNING,
        **payload.model_dump(include={"reason", "note", "document_id"}),
    )
    await _stop(uow, parent, it)
    return await parts.keep(uow, parent, it, "start", payload, min(from_on, uow.today))


async def _first_day(uow: UnitOfWork, parent: Recommendation, payload: PauseCreate) -> date:
    """Not before the issue; ahead of today only where its end is known; never twice on one day."""
    from_on = payload.from_ or uow.today
    if payload.to is not None and payload.to < from_on:
        raise invalid("/to", "period_reversed")
    if payload.to is None:
        steps.not_in_the_future(uow, from_on, "/from")
    if parent.issued_on is not None and from_on < parent.issued_on:
        raise invalid("/from", "before_issue", issued_on=parent.issued_on.isoformat())
    meets = unscoped(Pause, reason="pauses of one recommendation do not overlap").where(
        col(Pause.recommendation_id) == parent.id,
        or_(col(Pause.to_on).is_(None), col(Pause.to_on) >= from_on),
        *([] if payload.to is None else [col(Pause.from_on) <= payload.to]),
    )
    if (await uow.session.execute(meets.limit(1))).first() is not None:
        raise Conflict("already_paused")
    return from_on


async def _stop(uow: UnitOfWork, parent: Recommendation, it: Pause) -> None:
    """A pause whose end is known moves the dates at once; of another nobody knows yet by how much."""
    if it.to_on is None:
        parent.paused_since = it.from_on
    else:
        await _move_dates(uow, parent, it, uow.today)


async def advance(uow: UnitOfWork, recommendation_id: UUID, pause_id: UUID, move: Resume, expected: int | None) -> None:
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    it = await parts.part(uow, Pause, recommendation_id, pause_id, lock=True)
    case = steps.Case(it, PAUSE, lead_body_id=parent.issuer_body_id, facts=_facts, effects={"resume": _resume})
    await parts.advance(uow, parent, case, move, expected)


async def _facts(uow: UnitOfWork, it: Pause, move: Any) -> PauseFacts:
    return PauseFacts(it, move)


async def _resume(uow: UnitOfWork, it: Pause, move: Any, on: date) -> None:
    if on < it.from_on:
        raise steps.before_previous_step(it.from_on)
    parent = await parts.parent_of(uow, it)
    await carriage.carry(uow, parent, documents=[move.document_id])
    await _run_again(uow, parent, it, on)


async def _run_again(uow: UnitOfWork, parent: Recommendation, it: Pause, on: date) -> None:
    it.to_on = domain.last_day(it.from_on, on)
    parent.paused_since = None
    await _move_dates(uow, parent, it, on)


async def _move_dates(uow: UnitOfWork, parent: Recommendation, it: Pause, on: date) -> None:
    """Each clock that runs, by the paused days in its own unit; what had passed before the pause stays passed."""
    assert it.to_on is not None
    calendar = await calendars.calendar(uow)
    for clock in dates.running(parent):
        due_on = dates.due_of(parent, clock)
        assert due_on is not None
        with suppress(OutOfRange):
            unit = await dates.unit_of(uow, parent, clock)
            moved = domain.later(due_on, unit, it.from_on, it.to_on, calendar)
            if moved != due_on:
                dates.move(uow, parent, clock, moved, DueChangeCause.PAUSE, on, it.id)


async def suspend_with(uow: UnitOfWork, campaign: Campaign, document_id: UUID, on: date) -> None:
    """The clocks of everything the campaign has asked for stop with it; what stands still already is left alone."""
    running = unscoped(Recommendation, reason="stops with its campaign").where(
        col(R.campaign_id) == campaign.id,
        col(R.state).not_in([*TERMINAL, RecommendationState.DRAFT]),
        col(R.paused_since).is_(None),
    )
    for parent in await _locked(uow, running):
        it = Pause(
            recommendation_id=parent.id,
            campaign_id=campaign.id,
            reason=PauseReason.CAMPAIGN_SUSPENDED,
            document_id=document_id,
            from_on=on,
            account_id=uow.who.account_id,
        )
        parent.paused_since = on
        await parts.keep(uow, parent, it, "start", None, on)


async def resume_with(uow: UnitOfWork, campaign: Campaign, on: date) -> None:
    stopped = unscoped(Pause, reason="runs again with its campaign").where(
        col(Pause.campaign_id) == campaign.id, col(Pause.state) == PauseState.RUNNING
    )
    pauses = {it.recommendation_id: it for it in (await uow.session.execute(stopped)).scalars()}
    parents = unscoped(Recommendation, reason="runs again with its campaign").where(col(R.id).in_(pauses))
    for parent in await _locked(uow, parents):
        it = pauses[parent.id]
        await _run_again(uow, parent, it, on)
        was, it.state = it.state, PauseState.ENDED
        steps.touch(parent)
        await uow.session.flush()
        uow.record("pause.resume", it, was=was, became=it.state, lead_body_id=parent.issuer_body_id)
        await steps.write_transition(uow, it, "resume", was=was, became=it.state, on=on, move=None, case=None)


async def _locked(uow: UnitOfWork, rows: Any) -> list[Recommendation]:
    found = await uow.session.execute(rows.order_by(col(R.id)).with_for_update(of=R))
    return list(found.scalars())
