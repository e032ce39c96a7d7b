"""The moves of a briefing's lifecycle: what each needs to know, and what it does beside changing the state."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.briefing import BRIEFING, BriefingFacts
from app.domain.proposal import ProposalState
from app.domain.recommendation import TERMINAL, Origin
from app.models.briefing import Briefing, BriefingMove, BriefingParticipant
from app.models.proposal import Proposal
from app.models.recommendation import Recommendation
from app.services import carriage, steps
from app.services.unit_of_work import UnitOfWork


async def advance(uow: UnitOfWork, briefing_id: UUID, move: BriefingMove, expected: int | None) -> None:
    it = await steps.find(uow, Briefing, briefing_id, lock=True)
    case = steps.Case(it, BRIEFING, lead_body_id=it.chair_body_id, facts=_facts, effects=EFFECTS)
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Briefing, move: BriefingMove) -> BriefingFacts:
    counts = {
        "participants": select(func.count(col(BriefingParticipant.id))).where(
            col(BriefingParticipant.briefing_id) == it.id
        ),
        "unanswered": select(func.count(col(Proposal.id))).where(
            col(Proposal.briefing_id) == it.id, col(Proposal.state) == ProposalState.OPEN
        ),
        "running": select(func.count(col(Recommendation.id))).where(
            col(Recommendation.origin) == Origin.BRIEFING,
            col(Recommendation.origin_id) == it.id,
            col(Recommendation.issuer_body_id) == it.chair_body_id,
            col(Recommendation.state).not_in(TERMINAL),
        ),
    }
    labelled = (counted.scalar_subquery().label(name) for name, counted in counts.items())
    row = (await uow.session.execute(select(*labelled).execution_options(scope="rule over one briefing"))).one()
    return BriefingFacts(it, move, **row._mapping)


async def _hold(uow: UnitOfWork, it: Briefing, move: Any, on: date) -> None:
    await _carry(uow, it, move, on)
    it.held_on = on


async def _carry(uow: UnitOfWork, it: Briefing, move: Any, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])


EFFECTS: dict[str, steps.Effect] = {"hold": _hold, "call_off": _carry, "conclude": _carry, "close": _carry}
