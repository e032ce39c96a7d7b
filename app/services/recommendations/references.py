"""What a recommendation names: bodies, findings, rules. Everything named must exist for the caller, or it is 404."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.core.errors import NotVisible, invalid
from app.models.body import Body
from app.models.deadline import Rule
from app.models.finding import Finding
from app.models.parts import DueBasis
from app.policies.visibility import visible
from app.services.unit_of_work import UnitOfWork


async def stated_basis(uow: UnitOfWork, basis: DueBasis | None) -> dict[str, Any] | None:
    """The basis as it is kept: a rule with the version and the law it stood on that day, or the words."""
    if basis is None:
        return None
    if basis.rule_id is None:
        return {"text": basis.text}
    rule = await rule_known(uow, basis.rule_id)
    return {
        "rule_id": str(rule.id),
        "code": rule.code,
        "rule_version": rule.rule_version,
        "legal_basis": rule.legal_basis,
    }


async def rule_known(uow: UnitOfWork, rule_id: UUID) -> Rule:
    """A national rule, or a local one of the caller's body."""
    rule = await uow.session.get(Rule, rule_id)
    if rule is None or rule.body_id not in (None, *uow.who.bodies):
        raise NotVisible
    return rule


async def bodies_exist(uow: UnitOfWork, ids: Iterable[UUID | None]) -> None:
    """Every signed-in caller may read the register of bodies."""
    named = {it for it in ids if it is not None}
    if not named:
        return
    known = select(func.count()).select_from(Body).where(col(Body.id).in_(named))
    if (await uow.session.execute(known)).scalar_one() != len(named):
        raise NotVisible


async def findings_exist(uow: UnitOfWork, ids: list[UUID], campaign_id: UUID | None) -> None:
    if not ids:
        return
    if campaign_id is None:
        raise invalid("/finding_ids", "campaign_missing")
    known = (
        select(func.count())
        .select_from(Finding)
        .where(col(Finding.id).in_(ids), col(Finding.campaign_id) == campaign_id, visible(Finding, uow.who))
        .execution_options(scope="scoped")
    )
    if (await uow.session.execute(known)).scalar_one() != len(set(ids)):
        raise NotVisible
