"""The moves of an agreement's lifecycle: what each needs to know, and what it does beside changing the state."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.agreement import AGREEMENT, AgreementFacts
from app.models.agreement import Agreement, AgreementMove, AgreementParty, AgreementReview, Sign, Succeed
from app.services import carriage, steps
from app.services.agreements import writing
from app.services.unit_of_work import UnitOfWork


async def advance(uow: UnitOfWork, agreement_id: UUID, move: AgreementMove, expected: int | None) -> None:
    it = await steps.find(uow, Agreement, agreement_id, lock=True)
    case = steps.Case(it, AGREEMENT, lead_body_id=it.lead_body_id, facts=_facts, effects=EFFECTS)
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Agreement, move: AgreementMove) -> AgreementFacts:
    chosen = getattr(move, "successor_id", None)
    successor_id = await writing.successor(uow, it, chosen) if chosen else it.successor_id
    counts = {
        "parties": select(func.count(col(AgreementParty.id))).where(col(AgreementParty.agreement_id) == it.id),
        "reviews": select(func.count(col(AgreementReview.id))).where(col(AgreementReview.agreement_id) == it.id),
        "successor_state": select(col(Agreement.state)).where(col(Agreement.id) == successor_id),
    }
    labelled = (counted.scalar_subquery().label(name) for name, counted in counts.items())
    row = (await uow.session.execute(select(*labelled).execution_options(scope=writing.SYSTEM))).one()
    return AgreementFacts(it, move, today=uow.today, **row._mapping)


async def _sign(uow: UnitOfWork, it: Agreement, move: Sign, on: date) -> None:
    await _carry(uow, it, move, on)
    it.signed_on, it.document_id = on, move.document_id or it.document_id


async def _end(uow: UnitOfWork, it: Agreement, move: Any, on: date) -> None:
    await _carry(uow, it, move, on)
    it.ended_on = on


async def _succeed(uow: UnitOfWork, it: Agreement, move: Succeed, on: date) -> None:
    await _end(uow, it, move, on)
    it.successor_id = move.successor_id or it.successor_id


async def _carry(uow: UnitOfWork, it: Agreement, move: Any, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])


EFFECTS: dict[str, steps.Effect] = {
    "sign": _sign,
    "enter_into_force": _carry,
    "review": _carry,
    "end": _end,
    "succeed": _succeed,
}
