"""Experts and member bodies who are asked for their opinion, and their recusal."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.models.account import Membership
from app.models.draft import AssignmentCreate, Draft, DraftAssignment, Recusal
from app.services import bodies, steps
from app.services.leads import lead_of
from app.services.unit_of_work import UnitOfWork


async def assign(uow: UnitOfWork, draft_id: UUID, payload: AssignmentCreate) -> UUID:
    draft = await steps.find(uow, Draft, draft_id)
    lead = await lead_of(uow, draft.campaign_id)
    if lead not in uow.who.acts:
        raise Forbidden
    await bodies.check_known(uow, [payload.body_id])
    await _check_account(uow, payload)
    if (made := await uow.claim()) is not None:
        return made
    if payload.body_id == draft.drafting_body_id:
        raise invalid("/body_id", "drafting_body_assigned")
    it = DraftAssignment(
        draft_id=draft.id,
        body_id=payload.body_id,
        account_id=payload.account_id,
        person=payload.person.model_dump() if payload.person else None,
        task=payload.task,
        due_on=payload.due_on,
    )
    uow.add(it)
    await uow.session.flush()
    uow.record("draft_assignment.assign", it, lead_body_id=lead)
    return it.id


async def _check_account(uow: UnitOfWork, payload: AssignmentCreate) -> None:
    """An account is named together with a body whose member it is."""
    if payload.account_id is None:
        return
    member = select(col(Membership.id)).where(
        col(Membership.account_id) == payload.account_id,
        col(Membership.body_id) == payload.body_id,
        col(Membership.accepted_at).is_not(None),
    )
    if (await uow.session.execute(member.execution_options(scope="is the expert of this body?"))).first() is None:
        raise NotVisible


async def recuse(uow: UnitOfWork, assignment_id: UUID, payload: Recusal, expected: int | None) -> None:
    """By whoever was asked, or by the lead for them; what they gave before stays."""
    it = await steps.find(uow, DraftAssignment, assignment_id, lock=True)
    draft = await uow.session.get_one(Draft, it.draft_id)
    lead = await lead_of(uow, draft.campaign_id)
    own = it.account_id == uow.who.account_id or (it.account_id is None and it.body_id in uow.who.acts)
    if not own and lead not in uow.who.acts:
        raise Forbidden
    if await uow.claim() is not None:
        return
    steps.check_version(it, expected)
    if it.recused_on is not None:
        raise Conflict("already_recused")
    on = payload.on or uow.today
    steps.not_in_the_future(uow, on)
    it.recused_on, it.recusal_reason = on, payload.reason
    await uow.session.flush()
    uow.record("draft_assignment.recuse", it, lead_body_id=lead)
