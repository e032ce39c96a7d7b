"""Form 4: whose supervision the Front joins, and whom it nominates to take part (NQLT 403 Đ12–13)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlmodel import col

from app.core.errors import Conflict, NotVisible, invalid
from app.core.principal import Principal
from app.domain.campaign import CampaignForm
from app.models.campaign import Campaign
from app.models.campaign_form import (
    CampaignParticipation,
    Host,
    Nomination,
    NominationCreate,
    NominationRead,
    ParticipationRead,
)
from app.services import carriage, steps
from app.services.campaigns.boards import BEFORE_START, SYSTEM, one, only, refuse_other_form
from app.services.campaigns.writing import ENDED, changed, editable, of_the_lead
from app.services.naming import require_bodies
from app.services.reading import Page, Projection, body_ref, civil_date, read_page
from app.services.unit_of_work import UnitOfWork

N = Nomination
LATER = Nomination.__table__.alias("later")  # type: ignore[attr-defined]


def _participation_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = civil_date(CampaignParticipation.created_at)
    return {"host_body": body_ref(col(CampaignParticipation.host_body_id), on, who.today)}


def _nomination_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    person = ("name", col(N.name), "title", col(N.title), "body_id", col(N.body_id))
    return {
        "person": func.json_build_object(*person),
        "body": body_ref(col(N.body_id), col(N.nominated_on), who.today),
        "on": cast(col(N.nominated_on), Date),
        "replaced_by_id": select(LATER.c.id).where(LATER.c.replaces_id == col(N.id)).correlate(N).scalar_subquery(),
    }


PARTICIPATION = Projection(CampaignParticipation, {"full": ParticipationRead}, _participation_columns)
NOMINATIONS = Projection(Nomination, {"full": NominationRead}, _nomination_columns)


async def of_campaign(uow: UnitOfWork, campaign_id: UUID) -> steps.Part:
    """NotVisible while no host is named."""
    return await only(uow, CampaignParticipation, campaign_id)


async def put(uow: UnitOfWork, campaign_id: UUID, payload: Host, expected: int | None) -> steps.Part:
    it = await editable(uow, campaign_id, expected)
    refuse_other_form(it, CampaignForm.STATE_PARTICIPATION)
    if it.state not in BEFORE_START:
        raise Conflict("not_editable", params={"state": it.state})
    await require_bodies(uow, {"/host_body_id": payload.host_body_id})
    if payload.host_body_id == it.lead_body_id:
        raise invalid("/host_body_id", "host_is_lead")
    row = await one(uow, CampaignParticipation, it.id)
    row = row or CampaignParticipation(campaign_id=it.id, host_body_id=payload.host_body_id)
    row.host_body_id, row.organ, row.programme = payload.host_body_id, payload.organ, payload.programme
    row.invitation_document_id = payload.invitation_document_id
    await carriage.carry(uow, it, documents=[payload.invitation_document_id])
    uow.add(row)
    await changed(uow, it, "campaign.put_participation", host_body_id=str(row.host_body_id))
    return row.id, it.version


async def nominations_page(uow: UnitOfWork, campaign_id: UUID, page: Page) -> bytes:
    await steps.find(uow, Campaign, campaign_id)
    ours = [col(N.campaign_id) == campaign_id]
    return await read_page(uow, NOMINATIONS, page, where=ours, filters={"campaign_id": campaign_id})


async def nominate(uow: UnitOfWork, campaign_id: UUID, payload: NominationCreate) -> UUID:
    """Also while the host is at work: who falls out is replaced, and stays the author of what they said.

    Often on a day before the campaign was planned here: the host invites when its own programme says so.
    """
    it = await of_the_lead(uow, campaign_id)
    await _find_replaced(uow, it, payload.replaces_id)
    if (made := await uow.claim()) is not None:
        return made
    refuse_other_form(it, CampaignForm.STATE_PARTICIPATION)
    if it.state in ENDED:
        raise Conflict("not_editable", params={"state": it.state})
    await _check(uow, payload)
    row = Nomination(
        campaign_id=it.id,
        document_id=payload.document_id,
        nominated_on=payload.on or uow.today,
        replaces_id=payload.replaces_id,
        **payload.person.model_dump(),
    )
    await carriage.carry(uow, it, documents=[payload.document_id])
    uow.add(row)
    uow.record("nomination.create", row, lead_body_id=it.lead_body_id, campaign_id=str(it.id))
    await changed(uow, it, "campaign.nominate")
    return row.id


async def _find_replaced(uow: UnitOfWork, it: Campaign, nomination_id: UUID | None) -> None:
    if nomination_id is not None and (await steps.find(uow, Nomination, nomination_id)).campaign_id != it.id:
        raise NotVisible


async def _check(uow: UnitOfWork, payload: NominationCreate) -> None:
    await require_bodies(uow, {"/person/body_id": payload.person.body_id})
    steps.not_in_the_future(uow, payload.on or uow.today)
    if payload.replaces_id is None:
        return
    taken = select(col(N.id)).where(col(N.replaces_id) == payload.replaces_id).execution_options(scope=SYSTEM)
    if (await uow.session.execute(taken)).first() is not None:
        raise Conflict("already_replaced")
