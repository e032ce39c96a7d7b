"""Who else takes part in a campaign, or must agree to it: partners, counterparts, their concurrence."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, case, cast, delete, func
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NeedsUnmet, NotVisible, fault
from app.core.principal import Principal
from app.domain.campaign import CampaignState, Outcome
from app.models.campaign import (
    Campaign,
    CampaignCounterpart,
    CampaignPartner,
    Concurrence,
    CounterpartCreate,
    CounterpartRead,
    PartnerCreate,
    PartnerRead,
    RefusalAnswer,
)
from app.policies.visibility import scoped
from app.services import carriage, steps
from app.services.campaigns.writing import ENDED, changed, editable, of_the_lead
from app.services.naming import require_bodies
from app.services.reading import Page, Projection, body_ref, civil_date, read_page
from app.services.unit_of_work import UnitOfWork

Participant = CampaignPartner | CampaignCounterpart


def _columns(model: Any) -> Any:
    def columns(who: Principal) -> dict[str, ColumnElement[Any]]:
        on = func.coalesce(col(model.answered_on), civil_date(model.created_at))
        answer = func.json_build_object(
            "text", col(model.answer_text), "document_id", col(model.answer_document_id), "on", col(model.answer_on)
        )
        return {
            "body": body_ref(col(model.body_id), on, who.today),
            "on": cast(col(model.answered_on), Date),
            "answer": case((col(model.answer_text).is_not(None), answer)),
        }

    return columns


PARTNERS = Projection(CampaignPartner, {"full": PartnerRead}, _columns(CampaignPartner))
COUNTERPARTS = Projection(CampaignCounterpart, {"full": CounterpartRead}, _columns(CampaignCounterpart))


async def page(uow: UnitOfWork, projection: Projection, campaign_id: UUID, page: Page) -> bytes:
    await steps.find(uow, Campaign, campaign_id)
    model: Any = projection.model
    return await read_page(
        uow, projection, page, where=[col(model.campaign_id) == campaign_id], filters={"campaign_id": campaign_id}
    )


async def add_partner(uow: UnitOfWork, campaign_id: UUID, payload: PartnerCreate, expected: int | None) -> UUID:
    """From here on the partner sees the campaign and takes part in everything that its side sees."""
    it = await of_the_lead(uow, campaign_id)
    if (made := await uow.claim()) is not None:
        return made
    steps.check_version(it, expected)
    _refuse_ended(it)
    await require_bodies(uow, {"/body_id": payload.body_id})
    if payload.body_id == it.lead_body_id or await _row(uow, CampaignPartner, it.id, payload.body_id):
        raise Conflict("already_participant")
    row = CampaignPartner(campaign_id=it.id, body_id=payload.body_id, role=payload.role)
    uow.add(row)
    await changed(uow, it, "campaign.add_partner", partner_body_id=str(payload.body_id))
    return it.id


async def add_counterpart(uow: UnitOfWork, campaign_id: UUID, payload: CounterpartCreate, expected: int | None) -> UUID:
    """Named before the consultation, or asked at once while it runs."""
    it = await of_the_lead(uow, campaign_id)
    if (made := await uow.claim()) is not None:
        return made
    steps.check_version(it, expected)
    if it.state not in (CampaignState.PROPOSED, CampaignState.CONSULTING):
        raise Conflict("not_editable", params={"state": it.state})
    await require_bodies(uow, {"/body_id": payload.body_id})
    if payload.body_id == it.lead_body_id or await _row(uow, CampaignCounterpart, it.id, payload.body_id):
        raise Conflict("already_participant")
    asked_on = uow.today if it.state == CampaignState.CONSULTING else None
    uow.add(CampaignCounterpart(campaign_id=it.id, asked_on=asked_on, **payload.model_dump()))
    await changed(uow, it, "campaign.add_counterpart", counterpart_body_id=str(payload.body_id))
    return it.id


def _refuse_ended(it: Campaign) -> None:
    if it.state in ENDED:
        raise Conflict("not_editable", params={"state": it.state})


async def remove(uow: UnitOfWork, model: Any, campaign_id: UUID, body_id: UUID, expected: int | None) -> None:
    """Only before the campaign starts: what a participant did afterwards stays."""
    it = await editable(uow, campaign_id, expected)
    row = await _row(uow, model, it.id, body_id)
    if row is None:
        raise NotVisible
    if it.state not in (CampaignState.PROPOSED, CampaignState.CONSULTING, CampaignState.PLANNED):
        raise Conflict("not_editable", params={"state": it.state})
    await uow.session.execute(delete(model).where(col(model.id) == row.id))
    await changed(uow, it, "campaign.remove_participant", body_id=str(body_id))


async def _row(uow: UnitOfWork, model: Any, campaign_id: UUID, body_id: UUID) -> Any:
    statement = scoped(model, uow.who).where(col(model.campaign_id) == campaign_id, col(model.body_id) == body_id)
    return (await uow.session.execute(statement)).scalars().first()


async def concur(uow: UnitOfWork, model: Any, campaign_id: UUID, body_id: UUID, payload: Concurrence) -> Any:
    """A participant's leader agrees or refuses, or the lead's side records the paper of one without an account."""
    it = await steps.find(uow, Campaign, campaign_id, lock=True)
    row = await _row(uow, model, it.id, body_id)
    if row is None:
        raise NotVisible
    await _may_concur(uow, it, row, payload)
    if await uow.claim() is not None:
        return row
    _check_answerable(it, row, payload)
    on = payload.on or uow.today
    await steps.event_date(uow, it, on)
    await carriage.carry(uow, it, documents=[payload.document_id])
    row.outcome, row.document_id, row.reason = payload.outcome, payload.document_id, payload.reason
    row.answered_on = on
    await _recorded(uow, it, row, payload.outcome)
    return row


async def _may_concur(uow: UnitOfWork, it: Campaign, row: Participant, payload: Concurrence) -> None:
    if payload.on_behalf is not None:
        if it.lead_body_id not in uow.who.records:
            raise Forbidden
        if await steps.has_active_account(uow, row.body_id):
            raise Conflict("has_own_account")
        return
    if row.body_id not in uow.who.leads:
        raise Forbidden


def _check_answerable(it: Campaign, row: Participant, payload: Concurrence) -> None:
    open_states = {CampaignState.CONSULTING}
    if isinstance(row, CampaignPartner):
        open_states |= {CampaignState.PROPOSED, CampaignState.PLANNED, CampaignState.UNDERWAY}
    if it.state not in open_states:
        raise Conflict("not_consulting", params={"state": it.state})
    if row.outcome is not None:
        raise Conflict("already_answered")
    if payload.outcome == Outcome.REFUSED and payload.reason is None:
        raise NeedsUnmet(action="refuse", unmet=[fault("/reason", "has_reason")])


async def answer_refusal(uow: UnitOfWork, model: Any, campaign_id: UUID, body_id: UUID, payload: RefusalAnswer) -> Any:
    """The lead answers a refusal in writing; of the Front's obligatory concurrence nothing takes the place."""
    it = await of_the_lead(uow, campaign_id)
    row = await _row(uow, model, it.id, body_id)
    if row is None:
        raise NotVisible
    if await uow.claim() is not None:
        return row
    if row.outcome != Outcome.REFUSED:
        raise Conflict("not_refused")
    if row.answer_text is not None:
        raise Conflict("already_answered")
    on = payload.on or uow.today
    await steps.event_date(uow, it, on)
    await carriage.carry(uow, it, documents=[payload.document_id])
    row.answer_text, row.answer_document_id, row.answer_on = payload.text, payload.document_id, on
    await _recorded(uow, it, row, "refusal_answered")
    return row


async def _recorded(uow: UnitOfWork, it: Campaign, row: Participant, what: str) -> None:
    uow.add(row)
    uow.record("campaign.concurrence", row, became=what, lead_body_id=it.lead_body_id)
    await changed(uow, it, "campaign.concurrence", body_id=str(row.body_id), outcome=what)
