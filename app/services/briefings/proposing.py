"""Proposals as they are put before a briefing, and the chair's answers to them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.domain.briefing import BriefingState
from app.domain.proposal import PROPOSAL, ProposalFacts
from app.domain.recommendation import Origin
from app.models.body import Body
from app.models.briefing import Briefing, BriefingParticipant
from app.models.proposal import Proposal, ProposalCreate, ProposalMove, TakeUp
from app.services import carriage, lineage, steps
from app.services.recommendations import writing as recommendations
from app.services.unit_of_work import UnitOfWork

SYSTEM = "rule over one briefing"


async def propose(uow: UnitOfWork, briefing_id: UUID, payload: ProposalCreate) -> UUID:
    """By a participant for itself; the chair's side, its clerk too, records for any of them."""
    briefing = await steps.find(uow, Briefing, briefing_id, lock=True)
    proposer = payload.proposer_body_id or uow.who.body_id
    records = briefing.chair_body_id in uow.who.records
    if not records and (proposer not in uow.who.acts or not await _participates(uow, briefing, proposer)):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    if briefing.state not in (BriefingState.SCHEDULED, BriefingState.HELD):
        raise Conflict("briefing_not_at_work", params={"state": briefing.state})
    it = await put(uow, briefing, payload)
    steps.touch(briefing)
    await uow.session.flush()
    return it.id


async def put(uow: UnitOfWork, briefing: Briefing, payload: ProposalCreate) -> Proposal:
    proposer = payload.proposer_body_id or uow.who.body_id
    if not await _participates(uow, briefing, proposer):
        raise invalid("/proposer_body_id", "not_participant")
    it = Proposal(
        briefing_id=briefing.id,
        chair_body_id=briefing.chair_body_id,
        proposer_body_id=proposer,
        to_body_id=await _addressee(uow, payload.to_body_id or briefing.chair_body_id),
        text=payload.text,
    )
    uow.add(it)
    await uow.session.flush()
    uow.record("proposal.create", it, became=it.state, lead_body_id=briefing.chair_body_id)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return it


async def _participates(uow: UnitOfWork, briefing: Briefing, body_id: UUID) -> bool:
    """The chair may put something before its own briefing."""
    attends = exists().where(
        col(BriefingParticipant.briefing_id) == briefing.id, col(BriefingParticipant.body_id) == body_id
    )
    if body_id == briefing.chair_body_id:
        return True
    return bool((await uow.session.execute(select(attends).execution_options(scope=SYSTEM))).scalar_one())


async def _addressee(uow: UnitOfWork, body_id: UUID) -> UUID:
    if await uow.session.get(Body, body_id) is None:
        raise invalid("/to_body_id", "not_visible")
    return body_id


async def advance(uow: UnitOfWork, proposal_id: UUID, move: ProposalMove, expected: int | None) -> None:
    it = await steps.find(uow, Proposal, proposal_id, lock=True)
    case = steps.Case(it, PROPOSAL, lead_body_id=it.chair_body_id, facts=_facts, effects=EFFECTS)
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Proposal, move: ProposalMove) -> ProposalFacts:
    state = select(col(Briefing.state)).where(col(Briefing.id) == it.briefing_id).execution_options(scope=SYSTEM)
    return ProposalFacts(it, move, briefing_state=(await uow.session.execute(state)).scalar_one())


async def _note(uow: UnitOfWork, it: Proposal, move: Any, on: date) -> None:
    await _answer(uow, it, move)
    it.noted_on = on


async def _decline(uow: UnitOfWork, it: Proposal, move: Any, on: date) -> None:
    await _answer(uow, it, move)
    it.closed_on = on


async def _take_up(uow: UnitOfWork, it: Proposal, move: TakeUp, on: date) -> None:
    """The chair recommends it; the proposer keeps its name on it, and verifies what the chair asks of itself."""
    await _answer(uow, it, move)
    it.closed_on = on
    uow.stand_for("proposal", it.id)
    stated: dict[str, Any] = {"addressee_id": it.to_body_id, "proposer_body_id": it.proposer_body_id}
    if it.chair_body_id in await lineage.kin(uow, it.to_body_id):
        stated["verifier_body_id"] = it.proposer_body_id
    draft = move.draft(Origin.BRIEFING, it.briefing_id, it.text, **stated)
    it.recommendation_id = await recommendations.draft(uow, draft, issuer=it.chair_body_id)


async def _answer(uow: UnitOfWork, it: Proposal, move: Any) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])
    it.reason = move.reason


EFFECTS: dict[str, steps.Effect] = {"note": _note, "take_up": _take_up, "decline": _decline}
