"""The moves of a finding, and where a sign of violation goes."""

from datetime import date
from typing import Any
from uuid import UUID

from app.core.errors import Conflict, Forbidden, MoveNotAllowed, NeedsUnmet, fault
from app.domain.finding import FINDING, FindingFacts, FindingState, is_violation_sign
from app.domain.lifecycle import Actor
from app.models.finding import Finding, FindingSubmit, ReferralCreate
from app.services import carriage, steps
from app.services.findings.editing import refuse_waiting
from app.services.findings.setting import Setting, setting_around
from app.services.reading import actors_of
from app.services.recommendations.references import bodies_exist
from app.services.unit_of_work import UnitOfWork

REFERRERS = frozenset({Actor.LEAD_LEADER, Actor.HEAD})
FILED = frozenset({FindingState.SUBMITTED, FindingState.ACCEPTED})


async def advance(uow: UnitOfWork, finding_id: UUID, move: Any, expected: int | None) -> UUID:
    where = await setting_around(uow, finding_id)
    it = await steps.find(uow, Finding, finding_id, lock=True)
    await steps.advance(uow, _case(it, where), move, expected)
    return it.id


async def submit_once(uow: UnitOfWork, finding_id: UUID, move: FindingSubmit) -> Finding:
    """Of a batch, whose items are idempotent: what its author has submitted already is left as it is."""
    where = await setting_around(uow, finding_id)
    it = await steps.find(uow, Finding, finding_id, lock=True)
    if it.state in FILED and it.author_account_id == uow.who.account_id:
        return it
    await steps.advance(uow, _case(it, where), move, it.version)
    return it


def _case(it: Finding, where: Setting) -> steps.Case:
    return steps.Case(it, FINDING, lead_body_id=where.lead_body_id, facts=_facts, effects=EFFECTS)


async def _facts(uow: UnitOfWork, it: Finding, move: Any) -> FindingFacts:
    return FindingFacts(it, move)


async def _accept(uow: UnitOfWork, it: Finding, move: Any, on: date) -> None:
    await refuse_waiting(uow, it.id)


async def _not_pursued(uow: UnitOfWork, it: Finding, move: Any, on: date) -> None:
    it.not_pursued_reason = move.reason


EFFECTS: dict[str, steps.Effect] = {"accept": _accept, "not_pursued": _not_pursued}


async def refer(uow: UnitOfWork, finding_id: UUID, payload: ReferralCreate) -> UUID:
    """Send a sign of violation to the body competent for it: by a leader of the lead, or the head."""
    where = await setting_around(uow, finding_id)
    it = await steps.find(uow, Finding, finding_id, lock=True)
    if not await actors_of(uow, it) & REFERRERS:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    await bodies_exist(uow, [payload.to_body_id])
    await carriage.carry(uow, it, documents=[payload.document_id])
    _check_referable(it)
    on = await steps.event_date(uow, it, payload.on)
    it.referral = {**payload.model_dump(mode="json"), "on": on.isoformat()}
    await uow.session.flush()
    await steps.write_transition(uow, it, "refer", was=it.state, became=it.state, on=on, move=payload, case=None)
    uow.record("finding.refer", it, was=it.state, became=it.state, lead_body_id=where.lead_body_id)
    return it.id


def _check_referable(it: Finding) -> None:
    if it.state not in FILED:
        raise MoveNotAllowed(action="refer", state=it.state, allowed=FINDING.allowed(it.state))
    if not is_violation_sign.holds(FindingFacts(it, None)):
        raise NeedsUnmet(action="refer", unmet=[fault("", is_violation_sign.code)])
    if it.referral is not None:
        raise Conflict("already_referred")
