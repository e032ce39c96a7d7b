"""Minutes and opinions of a campaign without engagements: what it is reported on."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.core.principal import Principal
from app.domain.campaign import WITHOUT_ENGAGEMENTS, CampaignState
from app.models.board import BoardConfirmation
from app.models.campaign import Campaign, CampaignPartner
from app.models.campaign_form import CampaignRecord, Nomination, RecordCreate, RecordFilter, RecordRead
from app.policies.relations import among
from app.services import carriage, steps
from app.services.campaigns.boards import refuse_other_form
from app.services.campaigns.writing import changed
from app.services.naming import require_bodies
from app.services.reading import Page, Projection, read_page
from app.services.unit_of_work import UnitOfWork

R = CampaignRecord


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    author = ("name", col(R.author_name), "title", col(R.author_title), "body_id", col(R.author_body_id))
    confirmed = select(col(BoardConfirmation.confirmed_on)).where(col(BoardConfirmation.record_id) == col(R.id))
    return {"author": func.json_build_object(*author), "confirmed_on": confirmed.correlate(R).scalar_subquery()}


RECORDS = Projection(CampaignRecord, {"full": RecordRead}, _columns)


async def page(uow: UnitOfWork, campaign_id: UUID, asked: RecordFilter) -> bytes:
    await steps.find(uow, Campaign, campaign_id)
    where = [col(R.campaign_id) == campaign_id]
    if asked.kind:
        where.append(col(R.kind).in_(asked.kind))
    filters = {"campaign_id": campaign_id, **asked.filters()}
    return await read_page(uow, RECORDS, Page.of(asked), where=where, filters=filters)


async def add(uow: UnitOfWork, campaign_id: UUID, payload: RecordCreate) -> UUID:
    """By the lead or a partner, for a board takes its own minutes; append-only, like sessions."""
    it = await steps.find(uow, Campaign, campaign_id, lock=True)
    nomination = await _nomination(uow, it, payload.nomination_id)
    if not await _takes_part(uow, it):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    refuse_other_form(it, *WITHOUT_ENGAGEMENTS)
    if it.state != CampaignState.UNDERWAY:
        raise Conflict("campaign_not_underway", params={"state": it.state})
    steps.not_in_the_future(uow, payload.held_on, "/held_on")
    row = await _drawn_up(uow, it, payload, nomination)
    await carriage.carry(uow, it, documents=[payload.document_id])
    uow.add(row)
    uow.record("campaign_record.create", row, lead_body_id=it.lead_body_id, campaign_id=str(it.id), kind=row.kind)
    await changed(uow, it, "campaign.add_record", kind=row.kind)
    return row.id


async def _drawn_up(
    uow: UnitOfWork, it: Campaign, payload: RecordCreate, nomination: Nomination | None
) -> CampaignRecord:
    author = payload.author or nomination
    assert author is not None
    await require_bodies(uow, {"/author/body_id": author.body_id})
    return CampaignRecord(
        campaign_id=it.id,
        author_name=author.name,
        author_title=author.title,
        author_body_id=author.body_id,
        **payload.model_dump(exclude={"author"}),
    )


async def _nomination(uow: UnitOfWork, it: Campaign, nomination_id: UUID | None) -> Nomination | None:
    if nomination_id is None:
        return None
    nomination = await steps.find(uow, Nomination, nomination_id)
    if nomination.campaign_id != it.id:
        raise NotVisible
    return nomination


async def _takes_part(uow: UnitOfWork, it: Campaign) -> bool:
    partner = exists().where(col(CampaignPartner.campaign_id) == it.id, among(CampaignPartner.body_id, uow.who.acts))
    joined = await uow.session.execute(select(partner).execution_options(scope="who takes part in a campaign"))
    return it.lead_body_id in uow.who.acts or bool(joined.scalar_one())
