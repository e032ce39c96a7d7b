"""Recommendations, as drafts of the lead of their campaign."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col

from app.core.errors import Invalid, fault
from app.domain.written import spelled
from app.models.campaign import Campaign
from app.models.recommendation import Recommendation, RecommendationCreate, RecommendationUpdate
from app.policies.relations import among
from app.policies.visibility import scoped
from app.services.imports.columns import KEY, Column, Table
from app.services.imports.lines import Line
from app.services.imports.offers import Offer, given
from app.services.imports.references import among_folded, as_id, choose
from app.services.recommendations import writing
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork

RECOMMENDATIONS = Table(
    "recommendations",
    (
        Column(KEY, required=True, width=16),
        Column("campaign", "record", required=True, pointers=("/campaign_id",), width=50),
        Column("action", required=True, width=70),
        Column("addressee", "body", pointers=("/addressee_id",), width=50),
        Column("owner_name", pointers=("/owner/name",), width=26),
        Column("owner_title", pointers=("/owner/title",), width=26),
        Column("expected_result", width=50),
        Column("measure", width=30),
        Column("reply_due_on", "date", width=16),
        Column("reply_due_basis", pointers=("/reply_due_basis",), width=40),
        Column("due_on", "date", width=16),
        Column("due_basis", pointers=("/due_basis",), width=40),
        Column("copy_to", "bodies", width=50),
        Column("verifier", "body", pointers=("/verifier_body_id",), width=50),
    ),
)
BODIES = {"addressee": "addressee_id", "verifier": "verifier_body_id"}


def _shape(line: Line) -> dict[str, Any]:
    values = line.values
    shaped = {"campaign_id": values.get("campaign")}
    shaped |= given(line, "action", "expected_result", "measure", "reply_due_on", "due_on", "copy_to")
    shaped |= {name: values[it] for it, name in BODIES.items() if it in values}
    shaped |= {it: {"text": values[it]} for it in ("reply_due_basis", "due_basis") if it in values}
    if owner := {it: values[f"owner_{it}"] for it in ("name", "title") if f"owner_{it}" in values}:
        shaped["owner"] = owner
    return shaped


async def _look_up(uow: UnitOfWork, lines: Sequence[Line]) -> None:
    """A campaign by its id or its title, of those that the caller sees."""
    texts = {it.texts["campaign"] for it in lines if "campaign" in it.texts}
    if not texts:
        return
    ids = [it for it in map(as_id, texts) if it is not None]
    asked = scoped(Campaign, uow.who).with_only_columns(col(Campaign.id), col(Campaign.title))
    rows = await uow.session.execute(asked.where(or_(among(Campaign.id, ids), among_folded(Campaign.title, texts))))
    found = {it: (f"{title} ({it})", {spelled(title)}) for it, title in rows}
    choose(lines, "campaign", found, "no_campaign")


async def _create(uow: UnitOfWork, lines: Sequence[Line]) -> list[UUID]:
    return await writing.create_each(uow, [it.payload for it in lines])


async def _update(uow: UnitOfWork, line: Line, recommendation_id: UUID) -> UUID:
    it, payload = await find(uow, Recommendation, recommendation_id), line.payload
    if payload.campaign_id != it.campaign_id:
        raise Invalid(fault("/campaign_id", "belongs_elsewhere"))
    changes = payload.model_dump(exclude_unset=True, exclude={"campaign_id"})
    await writing.update(uow, recommendation_id, RecommendationUpdate(**changes), it.version)
    return recommendation_id


OFFER = Offer(
    table=RECOMMENDATIONS,
    model=Recommendation,
    payload=RecommendationCreate,
    may=lambda who: bool(who.acts),
    shape=_shape,
    create=_create,
    update=_update,
    look_up=_look_up,
)
