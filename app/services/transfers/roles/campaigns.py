"""Lead, partner and supervised party of a campaign that is not closed yet."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlmodel import col

from app.domain.campaign import CAMPAIGN
from app.domain.engagement import EngagementState
from app.domain.transfer import LEAD_ROLES, TransferRole
from app.models.body import Body
from app.models.campaign import Campaign, CampaignPartner
from app.models.engagement import Engagement
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.models.transfer import Transfer, TransferConfirmation
from app.policies.visibility import unscoped
from app.services.transfers import offers
from app.services.transfers.offers import change
from app.services.transfers.roles.role import ROLES, Role, holders, pass_drafts, pass_seats
from app.services.unit_of_work import UnitOfWork

R = Recommendation
RUNNING = col(Campaign.state).not_in(list(CAMPAIGN.final))


async def _lead(uow: UnitOfWork, it: Transfer, campaign: Campaign, word: TransferConfirmation, on: date) -> None:
    """With it go what the lead issued and verifies, its drafts, its people's seats, its say over other transfers."""
    heir = word.to_body_ids[0]
    campaign.lead_body_id = heir
    if campaign.deciding_body_id == it.from_body_id:
        campaign.deciding_body_id = heir
    await _pass_recommendations(uow, it, heir)
    partnership = delete(CampaignPartner).where(
        col(CampaignPartner.campaign_id) == campaign.id, col(CampaignPartner.body_id) == heir
    )
    await change(uow, partnership)
    await pass_drafts(uow, it, heir, col(Report.campaign_id) == campaign.id)
    await pass_seats(uow, it, heir, campaign.id, on)
    await _present_lead(uow, campaign.id, heir)


async def _pass_recommendations(uow: UnitOfWork, it: Transfer, heir: UUID) -> None:
    of_campaign = col(R.campaign_id) == it.subject_id
    verified = update(R).where(of_campaign, col(R.verifier_body_id) == it.from_body_id)
    issued = update(R).where(of_campaign, col(R.issuer_body_id) == it.from_body_id)
    issuer = func.coalesce(col(R.first_issuer_id), col(R.issuer_body_id))
    await change(uow, verified.values(verifier_body_id=heir, version=R.version + 1))
    await change(uow, issued.values(issuer_body_id=heir, first_issuer_id=issuer, version=R.version + 1))
    superior = (await uow.session.get_one(Body, heir)).parent_id
    if superior is not None:
        own = update(R).where(of_campaign, col(R.addressee_id) == heir, col(R.verifier_body_id) == heir)
        await change(uow, own.values(verifier_body_id=superior))


async def _present_lead(uow: UnitOfWork, campaign_id: UUID, heir: UUID) -> None:
    """Other transfers of this work are now the heir's to confirm."""
    works = [
        select(col(model.id)).where(col(model.campaign_id) == campaign_id) for model in (Engagement, Recommendation)
    ]
    of_campaign = or_(col(Transfer.subject_id) == campaign_id, *(col(Transfer.subject_id).in_(ids) for ids in works))
    others = (of_campaign, col(Transfer.subject_type).not_in(list(LEAD_ROLES)))
    await change(uow, update(Transfer).where(*others).values(lead_body_id=heir, version=Transfer.version + 1))
    await offers.settle_sides(uow, *others)


async def _partner(uow: UnitOfWork, it: Transfer, campaign: Campaign, word: TransferConfirmation, on: date) -> None:
    """Its agreement stays given; where the heir already takes part, the two become one."""
    heir = word.to_body_ids[0]
    ours = col(CampaignPartner.campaign_id) == campaign.id
    former = (ours, col(CampaignPartner.body_id) == it.from_body_id)
    if heir == campaign.lead_body_id or await _takes_part(uow, ours, heir):
        await change(uow, delete(CampaignPartner).where(*former))
    else:
        await change(uow, update(CampaignPartner).where(*former).values(body_id=heir))
    await pass_seats(uow, it, heir, campaign.id, on)


async def _takes_part(uow: UnitOfWork, ours: Any, heir: UUID) -> bool:
    present = unscoped(CampaignPartner, reason="does the heir take part already?")
    return (await uow.session.execute(present.where(ours, col(CampaignPartner.body_id) == heir))).first() is not None


async def _supervised(
    uow: UnitOfWork, it: Transfer, engagement: Engagement, word: TransferConfirmation, on: date
) -> None:
    heir = word.to_body_ids[0]
    engagement.supervised_body_id = heir
    await pass_drafts(uow, it, heir, col(Report.engagement_id) == engagement.id)


LEAD = Campaign.lead_body_id
PARTNERS = holders(TransferRole.PARTNER, Campaign.id, CampaignPartner.body_id, LEAD).join(
    Campaign, col(Campaign.id) == col(CampaignPartner.campaign_id)
)
SUPERVISED = holders(
    TransferRole.SUPERVISED,
    Engagement.id,
    Engagement.supervised_body_id,
    LEAD,
    told=col(Engagement.notified_on).is_not(None),
).join(Campaign, col(Campaign.id) == col(Engagement.campaign_id))

ROLES[TransferRole.CAMPAIGN_LEAD] = Role(
    Campaign, holders(TransferRole.CAMPAIGN_LEAD, Campaign.id, LEAD, LEAD).where(RUNNING), _lead
)
ROLES[TransferRole.PARTNER] = Role(Campaign, PARTNERS.where(RUNNING), _partner)
ROLES[TransferRole.SUPERVISED] = Role(
    Engagement, SUPERVISED.where(RUNNING, col(Engagement.state) != EngagementState.DISCONTINUED), _supervised
)
