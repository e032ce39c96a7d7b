"""Does the result last? Planned by the lead for what was closed, concluded with evidence by whoever looked."""

from datetime import date
from typing import Any
from uuid import UUID

from app.core.errors import Conflict, Forbidden, invalid
from app.domain.effectiveness_check import EFFECTIVENESS_CHECK, EffectivenessCheckFacts
from app.domain.recommendation import RecommendationState
from app.models.effectiveness_check import (
    CancelCheck,
    ConcludeCheck,
    EffectivenessCheck,
    EffectivenessCheckCreate,
    EffectivenessCheckMove,
    EffectivenessCheckRead,
)
from app.models.recommendation import Recommendation
from app.services import carriage, steps
from app.services.reading import Projection
from app.services.recommendations import parts
from app.services.unit_of_work import UnitOfWork

CLOSED = frozenset({RecommendationState.RESOLVED, RecommendationState.UNRESOLVED})

EFFECTIVENESS_CHECKS = Projection(
    model=EffectivenessCheck, reads={"full": EffectivenessCheckRead}, lifecycle=lambda kind: EFFECTIVENESS_CHECK
)


async def plan(uow: UnitOfWork, recommendation_id: UUID, payload: EffectivenessCheckCreate) -> UUID:
    """By an officer or leader of the lead, once the recommendation is resolved or left unresolved."""
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    if parent.issuer_body_id not in uow.who.acts:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    if parent.state not in CLOSED:
        raise Conflict("not_closed", extra={"state": parent.state})
    on = await steps.event_date(uow, parent, payload.on)
    if payload.due_on < on:
        raise invalid("/due_on", "before_event", on=on.isoformat())
    it = EffectivenessCheck(
        recommendation_id=parent.id,
        due_on=payload.due_on,
        question=payload.question,
        account_id=uow.who.account_id,
    )
    return await parts.keep(uow, parent, it, "plan", payload, on)


async def advance(
    uow: UnitOfWork, recommendation_id: UUID, check_id: UUID, move: EffectivenessCheckMove, expected: int | None
) -> None:
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    it = await parts.part(uow, EffectivenessCheck, recommendation_id, check_id, lock=True)
    effects: dict[str, steps.Effect] = {"conclude": _conclude, "cancel": _cancel}
    case = steps.Case(it, EFFECTIVENESS_CHECK, lead_body_id=parent.issuer_body_id, facts=_facts, effects=effects)
    await parts.advance(uow, parent, case, move, expected)


async def _facts(uow: UnitOfWork, it: EffectivenessCheck, move: Any) -> EffectivenessCheckFacts:
    return EffectivenessCheckFacts(it, move)


async def _conclude(uow: UnitOfWork, it: EffectivenessCheck, move: ConcludeCheck, on: date) -> None:
    """A relapse opens nothing by itself: to ask for the work again is the leader's `reopen`."""
    parent = await parts.parent_of(uow, it)
    await carriage.carry(uow, parent, documents=[move.document_id])
    it.evidence = await carriage.carry_evidence(uow, parent, move.evidence)
    it.outcome, it.note, it.decided_on = move.outcome, move.note, on


async def _cancel(uow: UnitOfWork, it: EffectivenessCheck, move: CancelCheck, on: date) -> None:
    await carriage.carry(uow, await parts.parent_of(uow, it), documents=[move.document_id])
    it.note, it.decided_on = move.reason, on
