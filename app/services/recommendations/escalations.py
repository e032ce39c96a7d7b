"""A rung of the ladder climbed, by hand or by the clock: its letter, who gets a copy, and how long it waits."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.core.clock import utcnow
from app.core.ids import new_id
from app.domain import deadlines, escalation
from app.domain.calendar import Unreckonable
from app.domain.escalation import Letter, Rung
from app.models.body import Body, BodyName
from app.models.deadline import Rule
from app.models.escalation import Escalation
from app.models.recommendation import Recommendation
from app.policies.relations import among
from app.services import calendars
from app.services.unit_of_work import UnitOfWork


async def climb(
    uow: UnitOfWork, it: Recommendation, *, to_body_id: UUID, rule: Rule | None, reason: str | None, on: date
) -> None:
    """The superior of the lead gets a copy; a rung for which no rule sets a number waits for the lead."""
    assert it.addressee_id is not None
    copies = await _copies(uow, it)
    values = rung_values(
        it,
        to_body_id=to_body_id,
        copies=copies,
        names=await names(uow, [it.issuer_body_id, to_body_id, it.addressee_id, *copies], on),
        wait=await waiting(uow, it.issuer_body_id, escalation.rung(it.escalation_level + 1), on),
        rule_id=rule.id if rule else None,
        reason=reason or (f"quá thời hạn trả lời theo {rule.legal_basis}" if rule else ""),
        by_clock=not uow.who.signed_in,
        on=on,
    )
    uow.add(Escalation(**values))
    it.escalated_to_id, it.escalation_level = to_body_id, values["level"]


def rung_values(
    it: Any,
    *,
    to_body_id: UUID,
    copies: list[UUID],
    names: dict[UUID, str],
    wait: deadlines.Deadline | None,
    rule_id: UUID | None,
    reason: str,
    by_clock: bool,
    on: date,
) -> dict[str, Any]:
    """The row of the next rung of a recommendation, with its letter."""
    rung = escalation.rung(it.escalation_level + 1)
    due_on = wait.due_on if wait else None
    letter = _letter(it, rung, names, to_body_id, copies, reason, on, due_on)
    return {
        "id": new_id(),
        "created_at": utcnow(),
        "recommendation_id": it.id,
        "level": it.escalation_level + 1,
        "rung": rung,
        "by_clock": by_clock,
        "escalated_on": on,
        "to_body_id": to_body_id,
        "copy_to": [str(copy) for copy in copies],
        "reason": reason,
        "rule_id": rule_id,
        "due_on": due_on,
        "due_basis": _basis(wait),
        "letter_subject": escalation.subject(letter),
        "letter_text": escalation.text(letter),
    }


async def waiting(uow: UnitOfWork, issuer: UUID | None, rung: Rung, on: date) -> deadlines.Deadline | None:
    """Until when a rung waits that is climbed on a day."""
    rule = await calendars.rule(uow, escalation.WAITING, on, body_id=issuer)
    if rule is None:
        return None
    try:
        return deadlines.compute(rule, on, await calendars.calendar(uow), level=rung)
    except Unreckonable:
        return None


def _basis(wait: deadlines.Deadline | None) -> dict[str, Any] | None:
    if wait is None:
        return None
    return {"code": wait.rule, "rule_version": wait.rule_version, "legal_basis": wait.legal_basis}


async def _copies(uow: UnitOfWork, it: Recommendation) -> list[UUID]:
    above = select(col(Body.parent_id)).where(col(Body.id) == it.issuer_body_id, col(Body.parent_id).is_not(None))
    return [parent for parent in (await uow.session.execute(above)).scalars() if parent is not None]


def _letter(
    it: Any,
    rung: Rung,
    names: dict[UUID, str],
    to_body_id: UUID,
    copies: list[UUID],
    reason: str,
    on: date,
    answer_by: date | None,
) -> Letter:
    return Letter(
        rung=rung,
        on=on,
        sender=names[it.issuer_body_id],
        recipient=names[to_body_id],
        addressee=names[it.addressee_id],
        copies=tuple(names[copy] for copy in copies),
        number=it.number,
        issued_on=it.issued_on,
        action=it.action,
        reply_due_on=it.reply_due_on,
        reason=reason,
        answer_by=answer_by,
    )


async def names(uow: UnitOfWork, ids: list[UUID], on: date) -> dict[UUID, str]:
    """The names of that day; a body first named later is called by its first name."""
    then = (col(BodyName.valid_from) <= on).desc(), func.abs(col(BodyName.valid_from) - on)
    named = select(col(BodyName.body_id), col(BodyName.name)).where(among(BodyName.body_id, ids)).order_by(*then)
    found: dict[UUID, str] = {}
    for body_id, name in await uow.session.execute(named):
        found.setdefault(body_id, name)
    return found
