"""Campaigns as they are proposed and changed by an officer or leader of the lead."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, Invalid, fault, invalid
from app.domain.body import PARTY_KINDS
from app.domain.campaign import CampaignState, Regime, suits
from app.models.agreement import Agreement, AgreementParty
from app.models.body import Body
from app.models.campaign import Campaign, CampaignCreate, CampaignSupervised, CampaignUpdate
from app.models.plan import Plan, PlanItem
from app.services import steps
from app.services.naming import each, require_bodies
from app.services.unit_of_work import UnitOfWork


async def create(uow: UnitOfWork, payload: CampaignCreate) -> UUID:
    lead_body_id = payload.lead_body_id or uow.who.body_id
    if lead_body_id not in uow.who.acts:
        raise Forbidden("not_lead")
    _check_hidden(uow, payload, lead_body_id)
    if (made := await uow.claim()) is not None:
        return made
    suits(payload.kind, payload.regime, payload.form, payload.ground, refuse=_refuse)
    await _check_references(uow, payload, lead_body_id)
    await _check_regime(uow, payload.regime, payload.supervised_body_ids)
    it = Campaign(
        kind=payload.kind,
        regime=payload.regime,
        form=payload.form,
        title=payload.title,
        lead_body_id=lead_body_id,
        ground=payload.ground,
    )
    _write(it, payload, payload.model_fields_set | {"scope", "outline", "topic_codes"})
    if it.deciding_body_id is None:
        it.deciding_body_id = lead_body_id
    uow.add(it)
    await uow.session.flush()
    await _set_supervised(uow, it.id, payload.supervised_body_ids)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    uow.record("campaign.create", it, became=it.state, lead_body_id=lead_body_id)
    return it.id


def _refuse(field: str) -> None:
    raise invalid(f"/{field}", "contradiction")


def _check_hidden(uow: UnitOfWork, payload: Any, lead_body_id: UUID) -> None:
    """Kept out of overlap reports by a leader, and only what no plan announced: ad-hoc supervision."""
    if not payload.hidden_from_overlap:
        return
    if lead_body_id not in uow.who.leads:
        raise Forbidden
    if payload.plan_item_id is not None:
        raise invalid("/hidden_from_overlap", "contradiction")


async def _check_references(uow: UnitOfWork, payload: Any, lead_body_id: UUID) -> None:
    """Bodies are public to whoever is signed in, so an unknown one is a fault of the field; campaigns must be seen."""
    supervised = each("/supervised_body_ids", payload.supervised_body_ids or ())
    await require_bodies(uow, {**supervised, "/deciding_body_id": payload.deciding_body_id})
    if payload.previous_campaign_id is not None:
        await steps.find(uow, Campaign, payload.previous_campaign_id)
    if payload.plan_item_id is not None:
        await _check_plan(uow, payload.plan_item_id, lead_body_id)
    if payload.agreement_id is not None:
        await _check_agreement(uow, payload.agreement_id, lead_body_id)


async def _check_plan(uow: UnitOfWork, item_id: UUID, lead_body_id: UUID) -> None:
    """Everybody reads a plan in force; a campaign carries out its lead's own."""
    item = await steps.find(uow, PlanItem, item_id)
    if (await steps.find(uow, Plan, item.plan_id)).body_id != lead_body_id:
        raise invalid("/plan_item_id", "other_plan")


async def _check_agreement(uow: UnitOfWork, agreement_id: UUID, lead_body_id: UUID) -> None:
    """A focal body sees an agreement without being bound by it: its campaigns do not run under that."""
    await steps.find(uow, Agreement, agreement_id)
    party = select(col(AgreementParty.id)).where(
        col(AgreementParty.agreement_id) == agreement_id, col(AgreementParty.body_id) == lead_body_id
    )
    if (await uow.session.execute(party.execution_options(scope="is the lead bound?"))).first() is None:
        raise invalid("/agreement_id", "not_party")


async def _check_regime(uow: UnitOfWork, regime: str, body_ids: list[UUID]) -> None:
    """Party organisations are not among those whom the Front supervises (Luật MTTQ Đ26(1))."""
    if regime != Regime.FRONT or not body_ids:
        return
    party = select(col(Body.id)).where(col(Body.id).in_(body_ids), col(Body.kind).in_(PARTY_KINDS))
    found = set((await uow.session.execute(party)).scalars())
    if found:
        places = [i for i, it in enumerate(body_ids) if it in found]
        raise Invalid(*(fault(f"/supervised_body_ids/{i}", "regime_mismatch") for i in places), code="regime_mismatch")


def _write(it: Campaign, payload: Any, names: set[str]) -> None:
    """The named fields of a payload into the row's columns."""
    for name in names & {
        "title",
        "ground",
        "topic",
        "topic_codes",
        "deciding_body_id",
        "previous_campaign_id",
        "plan_item_id",
        "agreement_id",
        "hidden_from_overlap",
    }:
        setattr(it, name, getattr(payload, name))
    for name in names & {"scope", "outline"}:
        setattr(it, name, getattr(payload, name).model_dump(mode="json"))
    if "review_period" in names:
        period = payload.review_period
        it.review_from, it.review_to = (period.from_, period.to) if period else (None, None)
    if "window" in names:
        window = payload.window
        it.window_from, it.window_to = (window.starts_on, window.ends_on) if window else (None, None)


async def _set_supervised(uow: UnitOfWork, campaign_id: UUID, body_ids: list[UUID]) -> None:
    gone = delete(CampaignSupervised).where(col(CampaignSupervised.campaign_id) == campaign_id)
    await uow.session.execute(gone)
    uow.add(*(CampaignSupervised(campaign_id=campaign_id, body_id=it) for it in dict.fromkeys(body_ids)))
    await uow.session.flush()


BEFORE_PLANNED = frozenset({CampaignState.PROPOSED, CampaignState.CONSULTING})
ENDED = frozenset({CampaignState.CONCLUDED, CampaignState.CLOSED, CampaignState.CANCELLED})


async def update(uow: UnitOfWork, campaign_id: UUID, payload: CampaignUpdate, expected: int | None) -> UUID:
    """Until planned everything may change; afterwards window, outline and scope until the campaign has ended."""
    it = await editable(uow, campaign_id, expected)
    _check_hidden(uow, payload, it.lead_body_id)
    names = set(payload.model_fields_set)
    fixed = names - {"window", "outline", "scope", "topic_codes", "hidden_from_overlap"}
    if it.state in ENDED or (fixed and it.state not in BEFORE_PLANNED):
        raise Conflict("not_editable", params={"state": it.state})
    if "title" in names and payload.title is None:
        raise invalid("/title", "missing")
    suits(it.kind, it.regime, it.form, payload.ground, refuse=_refuse)
    await _check_references(uow, payload, it.lead_body_id)
    await _check_regime(uow, it.regime, payload.supervised_body_ids)
    _write(it, payload, names)
    if "supervised_body_ids" in names:
        await _set_supervised(uow, it.id, payload.supervised_body_ids)
    await changed(uow, it, "campaign.update", fields=sorted(names))
    return it.id


async def of_the_lead(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """The campaign, locked, for an officer or leader of its lead."""
    it = await steps.find(uow, Campaign, campaign_id, lock=True)
    if it.lead_body_id not in uow.who.acts:
        raise Forbidden
    return it


async def editable(uow: UnitOfWork, campaign_id: UUID, expected: int | None) -> Campaign:
    """The same at the version they saw; for what is not retried by Idempotency-Key."""
    it = await of_the_lead(uow, campaign_id)
    steps.check_version(it, expected)
    return it


async def changed(uow: UnitOfWork, it: Campaign, action: str, **details: Any) -> None:
    steps.touch(it)
    await uow.session.flush()
    uow.record(action, it, lead_body_id=it.lead_body_id, **details)
