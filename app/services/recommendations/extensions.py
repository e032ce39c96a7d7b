"""More time: asked by the addressee before the date has passed, granted, shortened or refused by the lead's leader."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from app.core.errors import Conflict, NeedsUnmet, fault
from app.core.principal import Principal
from app.domain.extension import EXTENSION, ExtensionFacts, ExtensionState, latest
from app.domain.recommendation import FollowUpClock
from app.models.due_change import DueChangeCause
from app.models.extension import Extension, ExtensionCreate, ExtensionMove, ExtensionRead, GrantExtension
from app.models.recommendation import Recommendation
from app.policies.visibility import unscoped
from app.services import calendars, carriage, steps
from app.services.reading import Projection, body_ref
from app.services.recommendations import dates, parts
from app.services.recommendations.follow_up import reporter, require_open
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"body": body_ref(col(Extension.body_id), col(Extension.requested_on), who.today)}


EXTENSIONS = Projection(
    model=Extension, reads={"full": ExtensionRead}, columns=_columns, lifecycle=lambda kind: EXTENSION
)


async def ask(uow: UnitOfWork, recommendation_id: UUID, payload: ExtensionCreate) -> UUID:
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    addressee = await reporter(uow, parent, payload)
    if (made := await uow.claim()) is not None:
        return made
    on = await steps.event_date(uow, parent, payload.on)
    was_due_on = await _due(uow, parent, payload, on)
    behalf = payload.on_behalf
    await carriage.carry(uow, parent, documents=[payload.document_id, behalf.document_id if behalf else None])
    it = Extension(
        recommendation_id=parent.id,
        clock=payload.clock,
        was_due_on=was_due_on,
        until=payload.until,
        reason=payload.reason,
        document_id=payload.document_id,
        requested_on=on,
        body_id=addressee,
        account_id=uow.who.account_id,
        on_behalf=behalf.model_dump(mode="json") if behalf else None,
    )
    return await parts.keep(uow, parent, it, "request", payload, on)


async def _due(uow: UnitOfWork, parent: Recommendation, payload: ExtensionCreate, on: date) -> date:
    """The date that stands, which more time can still be asked for; its last day is still in time."""
    require_open(parent)
    due_on = dates.due_of(parent, payload.clock)
    if due_on is None or payload.clock not in dates.running(parent):
        raise Conflict("clock_not_running")
    if due_on < on:
        raise Conflict("date_expired", params={"due_on": due_on.isoformat()})
    if await _waiting(uow, parent.id, payload.clock):
        raise Conflict("extension_open")
    if payload.until <= due_on:
        raise NeedsUnmet(action="request", unmet=[fault("/until", "later_than_due")])
    farthest = await _farthest(uow, parent, payload.clock, due_on)
    if farthest is not None and payload.until > farthest:
        raise Conflict("beyond_limit", params={"latest": farthest.isoformat()}, extra={"latest": farthest.isoformat()})
    return due_on


async def _waiting(uow: UnitOfWork, recommendation_id: UUID, clock: FollowUpClock) -> bool:
    asked = unscoped(Extension, reason="one request at a time, whoever made it").where(
        col(Extension.recommendation_id) == recommendation_id,
        col(Extension.clock) == clock,
        col(Extension.state) == ExtensionState.REQUESTED,
    )
    return (await uow.session.execute(asked.limit(1))).first() is not None


async def _farthest(uow: UnitOfWork, parent: Recommendation, clock: FollowUpClock, due_on: date) -> date | None:
    """Where the rule that set the date limits extensions: reckoned from the date before all of them (D20)."""
    rule, start = await dates.rule_of(uow, parent, clock), dates.start_of(parent, clock)
    if rule is None or rule.extension_limit is None or start is None:
        return None
    granted = select(col(Extension.was_due_on)).where(
        col(Extension.recommendation_id) == parent.id,
        col(Extension.clock) == clock,
        col(Extension.state) == ExtensionState.GRANTED,
    )
    known = await uow.session.execute(granted.order_by(col(Extension.id)).execution_options(scope="the first date"))
    first = known.scalars().first() or due_on
    return latest(rule.unit, rule.extension_limit, start, first, await calendars.calendar(uow))


async def advance(
    uow: UnitOfWork, recommendation_id: UUID, extension_id: UUID, move: ExtensionMove, expected: int | None
) -> None:
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    it = await parts.part(uow, Extension, recommendation_id, extension_id, lock=True)
    case = steps.Case(
        it,
        EXTENSION,
        lead_body_id=parent.issuer_body_id,
        facts=_facts,
        effects={"grant": _grant, "refuse": _decide, "withdraw": _carry},
        represented=parent.addressee_id,
    )
    await parts.advance(uow, parent, case, move, expected)


async def _facts(uow: UnitOfWork, it: Extension, move: Any) -> ExtensionFacts:
    parent = await parts.parent_of(uow, it)
    return ExtensionFacts(it, move, running=it.clock in dates.running(parent), due_on=dates.due_of(parent, it.clock))


async def _grant(uow: UnitOfWork, it: Extension, move: GrantExtension, on: date) -> None:
    """The new date keeps its basis; who is told of the recommendation learns of it too."""
    parent = await parts.parent_of(uow, it)
    it.granted_until = move.until or it.until
    was = dates.due_of(parent, it.clock)
    dates.move(uow, parent, it.clock, it.granted_until, DueChangeCause.EXTENSION, on, it.id)
    await _decide(uow, it, move, on)
    told = {"clock": it.clock, "due_on": it.granted_until.isoformat(), "was_due_on": was.isoformat() if was else None}
    uow.record("recommendation.extend", parent, lead_body_id=parent.issuer_body_id, **told)


async def _decide(uow: UnitOfWork, it: Extension, move: Any, on: date) -> None:
    it.decided_on, it.decision_reason, it.decision_document_id = on, move.reason, move.document_id
    await _carry(uow, it, move, on)


async def _carry(uow: UnitOfWork, it: Extension, move: Any, on: date) -> None:
    behalf = getattr(move, "on_behalf", None)
    papers = [move.document_id, behalf.document_id if behalf else None]
    await carriage.carry(uow, await parts.parent_of(uow, it), documents=papers)
