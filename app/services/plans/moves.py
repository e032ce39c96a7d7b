"""The moves of a plan: whom it asks, what is then in force, and how its next edition begins."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import col

from app.core.errors import invalid
from app.domain.campaign import Outcome
from app.domain.plan import PLAN, PlanFacts
from app.models.document import Document
from app.models.plan import Plan, PlanConcurrence, PlanItem, PlanItemPartner, PlanItemSupervised
from app.policies.visibility import unscoped
from app.services import carriage, deadlines, steps
from app.services.naming import each, require_bodies
from app.services.plans.writing import ISSUE_IN_TIME, SYSTEM
from app.services.unit_of_work import UnitOfWork


async def advance(uow: UnitOfWork, plan_id: UUID, move: Any, expected: int | None) -> None:
    it = await steps.find(uow, Plan, plan_id, lock=True)
    case = steps.Case(it, PLAN, lead_body_id=it.body_id, facts=_facts, effects=EFFECTS, own_date="issued_on")
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Plan, move: Any) -> PlanFacts:
    await carriage.check_visible(uow, Document, [move.document_id])
    row = (await uow.session.execute(select(*_counts(it)).execution_options(scope=SYSTEM))).one()
    return PlanFacts(it, move, has_document=move.document_id is not None, **row._mapping)


def _counts(it: Plan) -> list[ColumnElement[Any]]:
    asked = (col(PlanConcurrence.plan_id) == it.id, col(PlanConcurrence.edition) == it.edition)
    refused = and_(col(PlanConcurrence.outcome) == Outcome.REFUSED, col(PlanConcurrence.answer_text).is_(None))
    items = (col(PlanItem.plan_id) == it.id, col(PlanItem.dropped_on).is_(None))
    counts = {
        "items": _count(PlanItem, *items),
        "incomplete": _count(PlanItem, *items, _incomplete()),
        "outstanding": _count(PlanConcurrence, *asked, col(PlanConcurrence.outcome).is_(None)),
        "unanswered_refusals": _count(PlanConcurrence, *asked, refused),
    }
    return [value.label(name) for name, value in counts.items()]


def _count(model: Any, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def _incomplete() -> ColumnElement[bool]:
    """The subject is the plan's own body where the item names no other; the object is named in words or by id."""
    named = select(col(PlanItemSupervised.item_id)).where(col(PlanItemSupervised.item_id) == col(PlanItem.id)).exists()
    return or_(col(PlanItem.time_from).is_(None), and_(col(PlanItem.object).is_(None), ~named))


async def _ask(uow: UnitOfWork, it: Plan, move: Any, on: date) -> None:
    """Ask these counterparts about this edition; a round that was returned begins anew."""
    ids = list(dict.fromkeys(move.counterpart_body_ids))
    await require_bodies(uow, each("/counterpart_body_ids", ids))
    if it.body_id in ids:
        raise invalid(f"/counterpart_body_ids/{ids.index(it.body_id)}", "asks_itself")
    for row in await _asked(uow, it):
        await uow.session.delete(row)
    await uow.session.flush()
    uow.add(
        *(
            PlanConcurrence(plan_id=it.id, edition=it.edition, body_id=body_id, asked_on=on, due_on=move.due_on)
            for body_id in ids
        )
    )
    await uow.session.flush()


async def _asked(uow: UnitOfWork, it: Plan) -> list[PlanConcurrence]:
    rows = unscoped(PlanConcurrence, reason=SYSTEM).where(
        col(PlanConcurrence.plan_id) == it.id, col(PlanConcurrence.edition) == it.edition
    )
    return list((await uow.session.execute(rows)).scalars())


async def _issue(uow: UnitOfWork, it: Plan, move: Any, on: date) -> None:
    """From here on every body reads this edition, with its paper."""
    issued_on = move.issued_on or on
    if issued_on > on:
        raise invalid("/issued_on", "later_than_on", on=on.isoformat())
    await carriage.carry(uow, it, documents=[move.document_id], view="party")
    it.issued_edition, it.issued_on, it.document_id = it.edition, issued_on, move.document_id
    await deadlines.met(uow, it.id, ISSUE_IN_TIME, on=issued_on)
    await _put_in_force(uow, it)


async def _put_in_force(uow: UnitOfWork, it: Plan) -> None:
    rows = unscoped(PlanItem, reason=SYSTEM).where(col(PlanItem.plan_id) == it.id).order_by(col(PlanItem.id))
    items = list((await uow.session.execute(rows.with_for_update())).scalars())
    supervised = await _bodies(uow, PlanItemSupervised, items)
    partners = await _bodies(uow, PlanItemPartner, items)
    for item in items:
        dropped = item.dropped_on is not None
        item.issued = None if dropped else _in_force(item, supervised.get(item.id, []), partners.get(item.id, []))


async def _bodies(uow: UnitOfWork, model: Any, items: list[PlanItem]) -> dict[UUID, list[str]]:
    rows = select(col(model.item_id), col(model.body_id)).where(col(model.item_id).in_([it.id for it in items]))
    found: dict[UUID, list[str]] = {}
    for item_id, body_id in await uow.session.execute(rows.execution_options(scope=SYSTEM)):
        found.setdefault(item_id, []).append(str(body_id))
    return found


def _in_force(item: PlanItem, supervised: list[str], partners: list[str]) -> dict[str, Any]:
    assert item.time_from is not None
    assert item.time_to is not None
    return {
        "kind": item.kind,
        "form": item.form,
        "content": item.content,
        "time": {"from": item.time_from.isoformat(), "to": item.time_to.isoformat()},
        "subject": item.subject,
        "object": item.object,
        "supervised_body_ids": supervised,
        "partner_body_ids": partners,
    }


async def _revise(uow: UnitOfWork, it: Plan, move: Any, on: date) -> None:
    """The edition in force stays what others read until the next is issued, again with agreement (NQLT 403 Đ3(5))."""
    it.edition += 1


EFFECTS: dict[str, steps.Effect] = {"consult": _ask, "issue": _issue, "revise": _revise}
