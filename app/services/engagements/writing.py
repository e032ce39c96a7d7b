"""Engagements as the lead names supervised parties, and as their dates are corrected."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col

from app.core.errors import Conflict, Forbidden, Invalid, fault, invalid
from app.domain.body import PARTY_KINDS
from app.domain.campaign import Regime
from app.domain.delegation import DelegationState
from app.domain.engagement import ENGAGEMENT, EngagementState
from app.domain.lifecycle import Actor
from app.models.body import Body
from app.models.campaign import Campaign
from app.models.engagement import Engagement, EngagementCreate, EngagementUpdate, Supervised
from app.policies.visibility import unscoped
from app.services import steps
from app.services.delegations.members import refuse_members_of
from app.services.delegations.writing import of_the_lead, refuse_idle
from app.services.engagements import clocks
from app.services.leads import campaign_of
from app.services.reading import actors_of
from app.services.unit_of_work import UnitOfWork

EDITORS = frozenset({Actor.LEAD, Actor.SECRETARY_HEAD})


async def create(uow: UnitOfWork, payload: EngagementCreate) -> UUID:
    delegation, campaign = await of_the_lead(uow, payload.delegation_id)
    if (made := await uow.claim()) is not None:
        return made
    refuse_idle(campaign)
    if delegation.state == DelegationState.DISSOLVED:
        raise Conflict("not_editable", params={"state": delegation.state})
    it = Engagement(
        campaign_id=campaign.id,
        delegation_id=delegation.id,
        supervised_body_id=payload.supervised.party_body_id,
        session_planned_on=payload.session_planned_on,
    )
    await _name_party(uow, it, campaign, payload.supervised, payload.session_planned_on or delegation.decided_on)
    uow.add(it)
    await uow.session.flush()
    uow.record("engagement.create", it, became=it.state, lead_body_id=campaign.lead_body_id)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return it.id


async def _name_party(
    uow: UnitOfWork, it: Engagement, campaign: Campaign, supervised: Supervised, on: date | None
) -> None:
    await _require_party(uow, campaign, supervised, on or uow.today)
    await refuse_members_of(uow, it.delegation_id, supervised.party_body_id)
    it.supervised_body_id = supervised.party_body_id
    person = supervised.person
    it.supervised_person = {"name": person.name, "post": person.post} if person else None


async def _require_party(uow: UnitOfWork, campaign: Campaign, supervised: Supervised, on: date) -> None:
    """In the register and in being on the day of the work, not the lead, and supervised by a regime that may."""
    known = unscoped(Body, reason="the register is open to whoever is signed in")
    body = (await uow.session.execute(known.where(col(Body.id) == supervised.party_body_id))).scalars().first()
    if body is None:
        raise invalid(supervised.pointer, "not_visible")
    if body.id == campaign.lead_body_id:
        raise invalid(supervised.pointer, "supervises_itself")
    if campaign.regime == Regime.FRONT and body.kind in PARTY_KINDS:
        raise Invalid(fault(supervised.pointer, "regime_mismatch"), code="regime_mismatch")
    if on < body.valid_from or (body.valid_to is not None and body.valid_to < on):
        raise invalid(supervised.pointer, "body_not_in_being", on=on.isoformat())


async def update(uow: UnitOfWork, engagement_id: UUID, payload: EngagementUpdate, expected: int | None) -> None:
    it = await steps.find(uow, Engagement, engagement_id, lock=True)
    if not EDITORS & await actors_of(uow, it):
        raise Forbidden
    steps.check_version(it, expected)
    sent = payload.model_dump(exclude_unset=True, exclude={"supervised"})
    _refuse_untimely(uow, it, payload, sent)
    campaign = await campaign_of(uow, it.campaign_id)
    if payload.supervised is not None:
        await _name_party(uow, it, campaign, payload.supervised, it.session_planned_on)
    for name, value in sent.items():
        setattr(it, name, value)
    if sent.keys() & {"session_planned_on", "received_on"}:
        await clocks.plan_session(uow, it)
    steps.touch(it)
    await uow.session.flush()
    uow.record("engagement.update", it, lead_body_id=campaign.lead_body_id, fields=sorted(payload.model_fields_set))


def _refuse_untimely(uow: UnitOfWork, it: Engagement, payload: EngagementUpdate, sent: dict[str, Any]) -> None:
    """The party is fixed by the notice; what only the notice or the draft begins cannot be dated before it."""
    if it.state in ENGAGEMENT.final:
        raise Conflict("engagement_final")
    if it.state == EngagementState.PREPARING:
        if sent.keys() - {"session_planned_on"}:
            raise Conflict("engagement_not_notified")
        return
    if "supervised" in payload.model_fields_set:
        raise Conflict("not_editable", params={"state": it.state})
    if "comments_due_on" in sent and it.state != EngagementState.COMMENTING:
        raise Conflict("not_editable", params={"state": it.state})
    if missing := [name for name, value in sent.items() if value is None]:
        raise Invalid(*(fault(f"/{name}", "missing") for name in missing))
    check_receipt(uow, it.notified_on, sent.get("received_on"))


def check_receipt(uow: UnitOfWork, sent_on: date | None, received_on: date | None) -> None:
    """Papers arrive not before they are sent, and not in the future."""
    if received_on is None:
        return
    steps.not_in_the_future(uow, received_on, "/received_on")
    if sent_on is not None and received_on < sent_on:
        raise invalid("/received_on", "earlier_than_on", on=sent_on.isoformat())
