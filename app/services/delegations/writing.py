"""Delegations as they are formed: by an officer or leader of the lead, while the campaign is planned or underway."""

from uuid import UUID

from app.core.errors import Conflict, Forbidden
from app.domain.campaign import CampaignState
from app.domain.delegation import DelegationState
from app.models.campaign import Campaign
from app.models.delegation import Delegation, DelegationCreate, DelegationUpdate
from app.services import steps
from app.services.leads import campaign_of
from app.services.unit_of_work import UnitOfWork

AT_WORK = frozenset({CampaignState.PLANNED, CampaignState.UNDERWAY})


async def create(uow: UnitOfWork, payload: DelegationCreate) -> UUID:
    campaign = await steps.find(uow, Campaign, payload.campaign_id)
    if campaign.lead_body_id not in uow.who.acts:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    refuse_idle(campaign)
    it = Delegation(campaign_id=campaign.id, name=payload.name)
    uow.add(it)
    await uow.session.flush()
    uow.record("delegation.create", it, became=it.state, lead_body_id=campaign.lead_body_id)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return it.id


def refuse_idle(campaign: Campaign) -> None:
    """Delegations and engagements are made between the plan and the report."""
    if campaign.state not in AT_WORK:
        raise Conflict("campaign_not_at_work", params={"state": campaign.state})


async def of_the_lead(uow: UnitOfWork, delegation_id: UUID) -> tuple[Delegation, Campaign]:
    """The delegation, locked, for an officer or leader of its lead."""
    it = await steps.find(uow, Delegation, delegation_id, lock=True)
    campaign = await campaign_of(uow, it.campaign_id)
    if campaign.lead_body_id not in uow.who.acts:
        raise Forbidden
    return it, campaign


async def update(uow: UnitOfWork, delegation_id: UUID, payload: DelegationUpdate, expected: int | None) -> None:
    """The decision gives the name; until then it may change."""
    it, campaign = await of_the_lead(uow, delegation_id)
    steps.check_version(it, expected)
    if it.state != DelegationState.FORMING:
        raise Conflict("not_editable", params={"state": it.state})
    it.name = payload.name
    await changed(uow, it, campaign)
    uow.record("delegation.update", it, lead_body_id=campaign.lead_body_id)


async def changed(uow: UnitOfWork, it: Delegation, campaign: Campaign) -> None:
    steps.touch(it)
    await uow.session.flush()
