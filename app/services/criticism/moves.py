"""The moves of a draft's lifecycle: what each needs to know, and what it does beside changing the state."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.core.errors import NotVisible
from app.domain.draft import DRAFT, DraftFacts
from app.models.campaign import Campaign
from app.models.draft import Draft, DraftReminder, DraftSession
from app.models.opinion import Opinion
from app.services import carriage, steps
from app.services.criticism import drafts
from app.services.leads import lead_of
from app.services.unit_of_work import UnitOfWork

SYSTEM = "rule across the opinions of one draft"
OWN_DATES = {"hold_session": "held_on", "issue_document": "issued_on"}


async def advance(uow: UnitOfWork, draft_id: UUID, move: Any, expected: int | None) -> None:
    it = await steps.find(uow, Draft, draft_id, lock=True)
    case = steps.Case(
        it=it,
        lifecycle=DRAFT,
        lead_body_id=await lead_of(uow, it.campaign_id),
        facts=_facts,
        effects=EFFECTS,
        represented=it.drafting_body_id,
        own_date=OWN_DATES.get(move.action),
    )
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Draft, move: Any) -> DraftFacts:
    form = select(col(Campaign.form)).where(col(Campaign.id) == it.campaign_id).scalar_subquery()
    unanswered = select(func.count()).where(col(Opinion.draft_id) == it.id, col(Opinion.answer_kind).is_(None))
    reminders = select(func.count()).where(col(DraftReminder.draft_id) == it.id)
    counted = select(form, unanswered.scalar_subquery(), reminders.scalar_subquery())
    form_of, open_ones, reminded = (await uow.session.execute(counted.execution_options(scope=SYSTEM))).one()
    return DraftFacts(move, form_of, unanswered=open_ones, reminders=reminded)


async def _open(uow: UnitOfWork, it: Draft, move: Any, on: date) -> None:
    await drafts.begin_round(uow, it, on, move.closes_on)


async def _hold_session(uow: UnitOfWork, it: Draft, move: Any, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id], view="party")
    uow.add(
        DraftSession(
            draft_id=it.id,
            held_on=on,
            place=move.place,
            steps=[step.model_dump(mode="json") for step in move.steps],
            attendance=[person.model_dump(mode="json") for person in move.attendance],
            minutes=move.minutes,
            document_id=move.document_id,
        )
    )


async def _issue_document(uow: UnitOfWork, it: Draft, move: Any, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id], view="party")
    it.document_issued_on = on
    it.criticism_document_id = move.document_id


async def _reply(uow: UnitOfWork, it: Draft, move: Any, on: date) -> None:
    papers = [move.document_id, move.on_behalf.document_id if move.on_behalf else None]
    await carriage.carry(uow, it, documents=papers, view="party")
    it.reply_document_id = move.document_id


async def _promulgate(uow: UnitOfWork, it: Draft, move: Any, on: date) -> None:
    """The final text, and which opinions it took in."""
    await carriage.carry(uow, it, documents=[move.document_id], view="party")
    it.final_document_id = move.document_id
    it.promulgated_on = on
    named = {taken.opinion_id: taken for taken in move.opinions}
    ours = select(Opinion).where(col(Opinion.draft_id) == it.id, col(Opinion.id).in_(named))
    found = list((await uow.session.execute(ours.execution_options(scope=SYSTEM))).scalars())
    if {opinion.id for opinion in found} != set(named):
        raise NotVisible
    for opinion in found:
        opinion.taken_in = named[opinion.id].taken_in
        opinion.final_clause = named[opinion.id].final_clause


EFFECTS: dict[str, steps.Effect] = {
    "open": _open,
    "hold_session": _hold_session,
    "issue_document": _issue_document,
    "reply": _reply,
    "promulgate": _promulgate,
}
