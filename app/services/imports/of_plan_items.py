"""Items of yearly plans, by officers and leaders of the planning body, while the plan is a draft."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col

from app.core.errors import Invalid, fault
from app.models.plan import Plan, PlanItem, PlanItemCreate, PlanItemUpdate
from app.policies.visibility import scoped
from app.services.imports.columns import KEY, Column, Table
from app.services.imports.lines import Line
from app.services.imports.offers import Offer, given
from app.services.plans import writing
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork

PLAN_ITEMS = Table(
    "plan_items",
    (
        Column(KEY, required=True, width=16),
        Column("year", "integer", required=True, pointers=("/plan_id",), width=10),
        Column("body", "body", width=40),
        Column("content", required=True, width=70),
        Column("form", "code", required=True, vocabulary="campaign_form", width=30),
        Column("regime", "code", vocabulary="regime", width=24),
        Column("ground", "code", vocabulary="ground", width=40),
        Column("time_from", "date", pointers=("/time/from", "/time"), width=16),
        Column("time_to", "date", pointers=("/time/to",), width=16),
        Column("subject", width=40),
        Column("object", width=40),
        Column("supervised_bodies", "bodies", pointers=("/supervised_body_ids",), width=50),
        Column("partner_bodies", "bodies", pointers=("/partner_body_ids",), width=50),
    ),
)


def _shape(line: Line) -> dict[str, Any]:
    values = line.values
    shaped = {"plan_id": values.get("plan"), **given(line, "content", "form", "regime", "ground", "subject", "object")}
    if time := {end: values[it] for it, end in (("time_from", "from"), ("time_to", "to")) if it in values}:
        shaped["time"] = time
    for side in ("supervised", "partner"):
        if f"{side}_bodies" in values:
            shaped[f"{side}_body_ids"] = values[f"{side}_bodies"]
    return shaped


async def _look_up(uow: UnitOfWork, lines: Sequence[Line]) -> None:
    """The plan of a year, of the body that the row names or for which the caller acts."""
    years = {it.values["year"] for it in lines if 2000 <= it.values.get("year", 0) <= 2200}
    found = scoped(Plan, uow.who).where(col(Plan.body_id).in_(uow.who.acts), col(Plan.year).in_(years))
    plans = (await uow.session.execute(found)).scalars().all()
    for line in lines:
        body_id, year = line.values.get("body"), line.values.get("year")
        mine = [it for it in plans if it.year == year and body_id in (None, it.body_id)]
        own = [it for it in mine if it.body_id == uow.who.body_id] or mine
        if len(own) == 1:
            line.values["plan"] = own[0].id
        elif year is not None:
            line.blame(PLAN_ITEMS.of("year"), fault("", "several_plans" if own else "no_plan", year=year))


async def _create(uow: UnitOfWork, lines: Sequence[Line]) -> list[UUID]:
    return [await writing.add_item(uow, it.payload) for it in lines]


async def _update(uow: UnitOfWork, line: Line, item_id: UUID) -> UUID:
    it, payload = await find(uow, PlanItem, item_id), line.payload
    if payload.plan_id != it.plan_id:
        raise Invalid(fault("/plan_id", "belongs_elsewhere"))
    if payload.regime not in (None, it.regime):
        raise Invalid(fault("/regime", "fixed_once_made"))
    changes = payload.model_dump(exclude_unset=True, exclude={"plan_id", "regime"}, by_alias=True)
    await writing.update_item(uow, item_id, PlanItemUpdate(**changes), it.version)
    return item_id


OFFER = Offer(
    table=PLAN_ITEMS,
    model=PlanItem,
    payload=PlanItemCreate,
    may=lambda who: bool(who.acts),
    shape=_shape,
    create=_create,
    update=_update,
    look_up=_look_up,
)
