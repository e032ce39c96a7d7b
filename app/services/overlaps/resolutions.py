"""What a body does about an overlap: asks the other to join, moves its own time, or says why both are needed."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.core.errors import Conflict, NotVisible, invalid
from app.domain.overlap import JoinRole, ResolutionKind
from app.models.campaign import Campaign, CampaignPartner
from app.models.overlap import Join, Justify, OverlapResolution, Resolve, Shift
from app.models.plan import Plan, PlanItem, PlanItemPartner
from app.services import carriage, steps
from app.services.campaigns import writing as campaigns
from app.services.overlaps.others import SYSTEM
from app.services.overlaps.questions import Question
from app.services.overlaps.reports import question_of_campaign, question_of_item, reports_of
from app.services.plans import writing as plans
from app.services.unit_of_work import UnitOfWork


async def of_campaign(uow: UnitOfWork, campaign_id: UUID, overlap_id: UUID, how: Resolve) -> UUID:
    it = await campaigns.of_the_lead(uow, campaign_id)
    if (made := await uow.claim()) is not None:
        return made
    if it.state in campaigns.ENDED:
        raise Conflict("not_editable", params={"state": it.state})
    lead = await _other_lead(uow, await question_of_campaign(uow, it), overlap_id)
    row = await _settle(uow, it, it.lead_body_id, overlap_id, how)
    if isinstance(how, Join):
        await _invite(uow, it, lead, how.role)
    if isinstance(how, Shift):
        it.window_from, it.window_to = how.window.starts_on, how.window.ends_on
    await campaigns.changed(uow, it, "campaign.resolve_overlap", resolution=how.kind)
    return row.id


async def of_item(uow: UnitOfWork, item_id: UUID, overlap_id: UUID, how: Resolve) -> UUID:
    """While the plan is drafted; an item that counterparts were asked about is first returned or revised."""
    seen = await steps.find(uow, PlanItem, item_id)
    plan = await plans.ours(uow, seen.plan_id)
    it = await steps.find(uow, PlanItem, item_id, lock=True)
    if (made := await uow.claim()) is not None:
        return made
    if not isinstance(how, Justify):
        plans.require_draft(plan)
    lead = await _other_lead(uow, await question_of_item(uow, it), overlap_id)
    row = await _settle(uow, plan, plan.body_id, overlap_id, how)
    if isinstance(how, Join):
        await _add_partner(uow, it, lead)
    if isinstance(how, Shift):
        _move(plan, it, how)
    await plans.changed(uow, plan, "plan.resolve_overlap", item_id=str(it.id), resolution=how.kind)
    return row.id


async def _other_lead(uow: UnitOfWork, question: Question, overlap_id: UUID) -> UUID:
    """Whose work it is; NotVisible when the report shows no such overlap (any more)."""
    (report,), _ = await reports_of(uow, [question])
    for overlap in report:
        if overlap.id == overlap_id:
            return overlap.lead_body.id
    raise NotVisible


async def _settle(uow: UnitOfWork, carrier: Any, body_id: UUID, overlap_id: UUID, how: Resolve) -> OverlapResolution:
    await carriage.carry(uow, carrier, documents=[how.document_id])
    row = OverlapResolution(
        overlap_id=overlap_id,
        body_id=body_id,
        account_id=uow.who.account_id,
        kind=ResolutionKind(how.kind),
        justification=how.justification if isinstance(how, Justify) else None,
        document_id=how.document_id,
        on_date=uow.today,
    )
    uow.add(row)
    await uow.session.flush()
    uow.record("overlap.resolve", row, became=how.kind, lead_body_id=body_id)
    return row


async def _invite(uow: UnitOfWork, it: Campaign, lead_body_id: UUID, role: JoinRole) -> None:
    """The other lead becomes a partner, and concurs or refuses as partners do."""
    if lead_body_id == it.lead_body_id:
        raise invalid("/kind", "own_work")
    known = exists().where(col(CampaignPartner.campaign_id) == it.id, col(CampaignPartner.body_id) == lead_body_id)
    if (await uow.session.execute(select(known).execution_options(scope=SYSTEM))).scalar_one():
        raise Conflict("already_participant")
    uow.add(CampaignPartner(campaign_id=it.id, body_id=lead_body_id, role=role))


async def _add_partner(uow: UnitOfWork, it: PlanItem, lead_body_id: UUID) -> None:
    known = exists().where(col(PlanItemPartner.item_id) == it.id, col(PlanItemPartner.body_id) == lead_body_id)
    if (await uow.session.execute(select(known).execution_options(scope=SYSTEM))).scalar_one():
        raise Conflict("already_participant")
    steps.touch(it)
    uow.add(PlanItemPartner(item_id=it.id, body_id=lead_body_id))


def _move(plan: Plan, it: PlanItem, how: Shift) -> None:
    if not how.window.starts_on.year <= plan.year <= how.window.ends_on.year:
        raise invalid("/window", "outside_year", year=plan.year)
    it.time_from, it.time_to = how.window.starts_on, how.window.ends_on
