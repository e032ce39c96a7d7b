"""What a recommendation names: bodies, findings, rules. Everything named must exist for the caller, or it is 404."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select
from sqlmodel import col

from app.core.errors import NotVisible, invalid
from app.models.body import Body, LineageLink
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


async def predecessors(uow: UnitOfWork, body_id: UUID) -> set[UUID]:
    return await _lineage(uow, body_id, backwards=True)


async def kin(uow: UnitOfWork, body_id: UUID) -> set[UUID]:
    """The body, everything it came from and everything that came of it."""
    return {body_id} | await predecessors(uow, body_id) | await _lineage(uow, body_id, backwards=False)


async def _lineage(uow: UnitOfWork, body_id: UUID, *, backwards: bool) -> set[UUID]:
    """Along the events, generation by generation; UNION ends even where bodies merge and divide in a circle."""
    chain = select(literal(body_id, Uuid).label("body_id")).cte("chain", recursive=True)
    here, there = LineageLink.__table__.alias(), LineageLink.__table__.alias()  # type: ignore[attr-defined]
    step = (
        select(there.c.body_id)
        .select_from(here.join(there, here.c.event_id == there.c.event_id))
        .where(here.c.body_id == chain.c.body_id, here.c.successor.is_(backwards), there.c.successor.is_(not backwards))
    )
    chain = chain.union(step)
    found = await uow.session.execute(select(chain.c.body_id).where(chain.c.body_id != body_id))
    return set(found.scalars())
