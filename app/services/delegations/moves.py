"""The moves of a delegation's lifecycle: decided by the lead or the deciding body, dissolved by the lead."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import col

from app.core.errors import invalid
from app.domain.delegation import DELEGATION, DelegationDuty, DelegationFacts
from app.domain.engagement import ENGAGEMENT
from app.models.body import Body
from app.models.delegation import Decide, Delegation, DelegationMember
from app.models.engagement import Engagement
from app.services import carriage, steps
from app.services.leads import campaign_of
from app.services.unit_of_work import UnitOfWork

SYSTEM = "rule over the members and engagements of one delegation"


async def advance(uow: UnitOfWork, delegation_id: UUID, move: Any, expected: int | None) -> None:
    it = await steps.find(uow, Delegation, delegation_id, lock=True)
    campaign = await campaign_of(uow, it.campaign_id)
    case = steps.Case(
        it, DELEGATION, lead_body_id=campaign.lead_body_id, facts=_facts, effects=EFFECTS, own_date="issued_on"
    )
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Delegation, move: Any) -> DelegationFacts:
    decided_on = move.issued_on if isinstance(move, Decide) else uow.today
    member = col(DelegationMember.delegation_id) == it.id
    heads = exists().where(
        member, col(DelegationMember.duty) == DelegationDuty.HEAD, col(DelegationMember.recused).is_(False)
    )
    not_in_being = or_(
        col(Body.valid_from) > decided_on, and_(col(Body.valid_to).is_not(None), col(Body.valid_to) < decided_on)
    )
    strangers = exists().where(member, col(Body.id) == col(DelegationMember.body_id), not_in_being)
    open_work = select(func.count()).where(
        col(Engagement.delegation_id) == it.id, col(Engagement.state).not_in(list(ENGAGEMENT.final))
    )
    flags = select(heads, ~strangers, open_work.scalar_subquery()).execution_options(scope=SYSTEM)
    has_head, in_being, engagements_open = (await uow.session.execute(flags)).one()
    return DelegationFacts(
        it,
        move,
        has_head=has_head,
        decision_document=_decision_document(move) is not None,
        member_bodies_in_being=in_being,
        engagements_open=engagements_open,
    )


def _decision_document(move: Any) -> UUID | None:
    if not isinstance(move, Decide):
        return None
    return move.decision.document_id or move.document_id


async def _decide(uow: UnitOfWork, it: Delegation, move: Decide, on: date) -> None:
    if move.issued_on > on:
        raise invalid("/decision/issued_on", "later_than_on", on=on.isoformat())
    if await uow.session.get(Body, move.decision.issuer_body_id) is None:
        raise invalid("/decision/issuer_body_id", "not_visible")
    document_id = _decision_document(move)
    await carriage.carry(uow, it, documents=[document_id], view="party")
    it.decision = {**move.decision.model_dump(mode="json"), "document_id": str(document_id)}
    it.decided_on = move.issued_on


EFFECTS: dict[str, steps.Effect] = {"decide": _decide}
