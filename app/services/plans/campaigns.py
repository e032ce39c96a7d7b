"""A campaign that carries out an item of the plan: what the plan says is taken from it, the rest is asked."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.models.campaign import CampaignCreate, CampaignPartner, Window
from app.models.plan import CampaignFromItem, Plan, PlanItem, PlanItemPartner, PlanItemSupervised
from app.services import steps
from app.services.campaigns import writing
from app.services.plans.writing import SYSTEM
from app.services.unit_of_work import UnitOfWork


async def propose(uow: UnitOfWork, item_id: UUID, payload: CampaignFromItem) -> UUID:
    item = await steps.find(uow, PlanItem, item_id)
    plan = await steps.find(uow, Plan, item.plan_id)
    if plan.body_id not in uow.who.acts:
        raise Forbidden("not_lead")
    if item.issued is None or item.dropped_on is not None:
        raise Conflict("item_not_in_force")
    proposal = CampaignCreate(
        kind=item.kind,
        regime=item.regime,
        form=item.form,
        ground=payload.ground or item.ground,
        title=payload.title or item.content[:500],
        topic=payload.topic or item.content,
        scope=payload.scope,
        review_period=payload.review_period,
        window=_window(item),
        lead_body_id=plan.body_id,
        plan_item_id=item.id,
        supervised_body_ids=await _bodies(uow, PlanItemSupervised, item),
    )
    made = await writing.create(uow, proposal)
    if uow.replay is None:
        partners = await _bodies(uow, PlanItemPartner, item)
        uow.add(
            *(CampaignPartner(campaign_id=made, body_id=body_id) for body_id in partners if body_id != plan.body_id)
        )
        await uow.session.flush()
    return made


def _window(item: PlanItem) -> Window | None:
    if item.time_from is None or item.time_to is None:
        return None
    return Window(starts_on=item.time_from, ends_on=item.time_to)


async def _bodies(uow: UnitOfWork, model: Any, item: PlanItem) -> list[UUID]:
    rows = select(col(model.body_id)).where(col(model.item_id) == item.id).execution_options(scope=SYSTEM)
    return list((await uow.session.execute(rows)).scalars())
