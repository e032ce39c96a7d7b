"""Findings of a delegation's members, as drafts of whoever brings the table."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import col

from app.core.errors import Invalid, fault
from app.domain.written import spelled
from app.models.body import BodyName
from app.models.delegation import Delegation
from app.models.engagement import Engagement
from app.models.finding import Finding, FindingCreate, FindingUpdate
from app.policies.relations import among
from app.policies.visibility import visible
from app.services.findings import editing, filing
from app.services.imports.columns import KEY, Column, Table
from app.services.imports.lines import Line
from app.services.imports.offers import Offer, given
from app.services.imports.references import among_folded, as_id, choose
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork

FINDINGS = Table(
    "findings",
    (
        Column(KEY, required=True, width=16),
        Column("engagement", "record", required=True, pointers=("/engagement_id",), width=50),
        Column("kind", "code", required=True, vocabulary="finding_kind", width=24),
        Column("content", required=True, width=80),
        Column("clause", width=10),
        Column("severity", "code", vocabulary="severity", width=16),
        Column("occurred_on", "date", width=16),
        Column("context", "truth", width=12),
        Column("place_code", "place", width=24),
        Column("extent", "integer", width=10),
        Column("criterion_document", pointers=("/criteria/*/document",), width=30),
        Column("criterion_article", pointers=("/criteria/*/article",), width=10),
        Column("criterion_clause", pointers=("/criteria/*/clause",), width=10),
        Column("evidence", width=50),
    ),
)
CRITERION = ("document", "article", "clause")
FIELDS = ("kind", "content", "clause", "severity", "occurred_on", "context", "place_code", "extent")


def _shape(line: Line) -> dict[str, Any]:
    values = line.values
    shaped = {"engagement_id": values.get("engagement"), **given(line, *FIELDS)}
    if criterion := {it: values[f"criterion_{it}"] for it in CRITERION if f"criterion_{it}" in values}:
        shaped["criteria"] = [criterion]
    if "evidence" in values:
        shaped["evidence"] = [{"kind": "note", "text": values["evidence"]}]
    return shaped


async def _look_up(uow: UnitOfWork, lines: Sequence[Line]) -> None:
    """An engagement by its id, or by a name of its supervised body; the delegation tells several apart."""
    texts = {it.texts["engagement"] for it in lines if "engagement" in it.texts}
    if not texts:
        return
    found: dict[UUID, tuple[str, set[str]]] = {}
    for identifier, delegation, name, short in await uow.session.execute(_engagements(uow, texts)):
        found.setdefault(identifier, (f"{delegation} – {name}", set()))[1].update({spelled(name), spelled(short)})
    choose(lines, "engagement", found, "no_engagement")


def _engagements(uow: UnitOfWork, texts: set[str]) -> Select[*tuple[Any, ...]]:
    """Of those that the caller sees; a person who is supervised is named by nobody here."""
    ids = [it for it in map(as_id, texts) if it is not None]
    named = or_(among_folded(BodyName.name, texts), among_folded(BodyName.short_name, texts))
    return (
        select(col(Engagement.id), col(Delegation.name), col(BodyName.name), col(BodyName.short_name))
        .join(Delegation, col(Delegation.id) == col(Engagement.delegation_id))
        .join(BodyName, col(BodyName.body_id) == col(Engagement.supervised_body_id))
        .where(visible(Engagement, uow.who), or_(among(Engagement.id, ids), named))
        .execution_options(scope="scoped")
    )


async def _create(uow: UnitOfWork, lines: Sequence[Line]) -> list[UUID]:
    settings: filing.Settings = {}
    return [(await filing.create(uow, it.payload, settings)).id for it in lines]


async def _update(uow: UnitOfWork, line: Line, finding_id: UUID) -> UUID:
    it, payload = await find(uow, Finding, finding_id), line.payload
    if payload.engagement_id != it.engagement_id:
        raise Invalid(fault("/engagement_id", "belongs_elsewhere"))
    changes = payload.model_dump(exclude_unset=True, exclude={"engagement_id"})
    await editing.update(uow, finding_id, FindingUpdate(**changes), it.version)
    return finding_id


OFFER = Offer(
    table=FINDINGS,
    model=Finding,
    payload=FindingCreate,
    may=lambda who: bool(who.acts),
    shape=_shape,
    create=_create,
    update=_update,
    look_up=_look_up,
)
