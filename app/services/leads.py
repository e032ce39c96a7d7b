"""The campaign of a record that was found already: who sees a part of it need not see all of it."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.models.campaign import Campaign
from app.policies.visibility import unscoped
from app.services.unit_of_work import UnitOfWork


async def campaign_of(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    by_record = unscoped(Campaign, reason="the campaign of a record already found")
    return (await uow.session.execute(by_record.where(col(Campaign.id) == campaign_id))).scalar_one()


async def lead_of(uow: UnitOfWork, campaign_id: UUID) -> UUID:
    lead = select(col(Campaign.lead_body_id)).where(col(Campaign.id) == campaign_id)
    return (await uow.session.execute(lead.execution_options(scope="the lead of a record already found"))).scalar_one()
