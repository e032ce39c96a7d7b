"""Agreement with a plan: each counterpart concurs or refuses in writing, and a refusal is answered in writing."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, case, cast, func
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NeedsUnmet, NotVisible, fault
from app.core.principal import Principal
from app.domain.campaign import Outcome
from app.domain.plan import PlanState
from app.models.campaign import RefusalAnswer
from app.models.plan import Plan, PlanConcurrence, PlanConcurrenceCreate, PlanConcurrenceRead
from app.policies.visibility import scoped
from app.services import carriage, steps
from app.services.plans.writing import changed, ours
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    row = PlanConcurrence
    answer = func.json_build_object(
        "text", col(row.answer_text), "document_id", col(row.answer_document_id), "on", col(row.answer_on)
    )
    return {
        "body": body_ref(col(row.body_id), col(row.asked_on), who.today),
        "on": cast(col(row.answered_on), Date),
        "answer": case((col(row.answer_text).is_not(None), answer)),
    }


CONCURRENCES = Projection(PlanConcurrence, {"full": PlanConcurrenceRead}, _columns)


async def page(uow: UnitOfWork, plan_id: UUID, page: Page) -> bytes:
    """Those asked about every edition, the newest first."""
    await steps.find(uow, Plan, plan_id)
    ours = [col(PlanConcurrence.plan_id) == plan_id]
    return await read_page(uow, CONCURRENCES, page, where=ours, filters={"plan_id": plan_id})


async def _row(uow: UnitOfWork, it: Plan, body_id: UUID) -> PlanConcurrence:
    """Of a body that is asked about the present edition."""
    asked = scoped(PlanConcurrence, uow.who).where(
        col(PlanConcurrence.plan_id) == it.id,
        col(PlanConcurrence.edition) == it.edition,
        col(PlanConcurrence.body_id) == body_id,
    )
    row = (await uow.session.execute(asked)).scalars().first()
    if row is None:
        raise NotVisible
    return row


async def concur(uow: UnitOfWork, plan_id: UUID, payload: PlanConcurrenceCreate) -> UUID:
    """By the counterpart's leader, or from its paper by the planning body where it has no account."""
    it = await steps.find(uow, Plan, plan_id, lock=True)
    row = await _row(uow, it, payload.body_id or await _asked_body(uow, it))
    await _may_concur(uow, it, row, payload)
    if await uow.claim() is not None:
        return row.id
    if it.state != PlanState.CONSULTING:
        raise Conflict("not_consulting", params={"state": it.state})
    if row.outcome is not None:
        raise Conflict("already_answered")
    if payload.outcome == Outcome.REFUSED and payload.reason is None:
        raise NeedsUnmet(action="refuse", unmet=[fault("/reason", "has_reason")])
    row.answered_on = await steps.event_date(uow, it, payload.on)
    await carriage.carry(uow, it, documents=[payload.document_id])
    row.outcome, row.document_id, row.reason = payload.outcome, payload.document_id, payload.reason
    await _recorded(uow, it, row, payload.outcome)
    return row.id


async def _asked_body(uow: UnitOfWork, it: Plan) -> UUID:
    """The one among the caller's bodies that is asked; NotVisible when none is."""
    asked = scoped(PlanConcurrence, uow.who).where(
        col(PlanConcurrence.plan_id) == it.id,
        col(PlanConcurrence.edition) == it.edition,
        col(PlanConcurrence.body_id).in_(uow.who.bodies),
    )
    row = (await uow.session.execute(asked)).scalars().first()
    if row is not None:
        return row.body_id
    raise Forbidden if it.body_id in uow.who.bodies else NotVisible


async def _may_concur(uow: UnitOfWork, it: Plan, row: PlanConcurrence, payload: PlanConcurrenceCreate) -> None:
    if payload.on_behalf is None:
        if row.body_id not in uow.who.leads:
            raise Forbidden
        return
    if it.body_id not in uow.who.records:
        raise Forbidden
    if await steps.has_active_account(uow, row.body_id):
        raise Conflict("has_own_account")


async def answer_refusal(uow: UnitOfWork, plan_id: UUID, body_id: UUID, payload: RefusalAnswer) -> UUID:
    it = await ours(uow, plan_id)
    row = await _row(uow, it, body_id)
    if await uow.claim() is not None:
        return row.id
    if row.outcome != Outcome.REFUSED:
        raise Conflict("not_refused")
    if row.answer_text is not None:
        raise Conflict("already_answered")
    on = await steps.event_date(uow, it, payload.on)
    await carriage.carry(uow, it, documents=[payload.document_id])
    row.answer_text, row.answer_document_id, row.answer_on = payload.text, payload.document_id, on
    await _recorded(uow, it, row, "refusal_answered")
    return row.id


async def _recorded(uow: UnitOfWork, it: Plan, row: PlanConcurrence, what: str) -> None:
    uow.add(row)
    uow.record("plan.concurrence", row, became=what, lead_body_id=it.body_id)
    await changed(uow, it, "plan.concurrence", body_id=str(row.body_id), outcome=what)
