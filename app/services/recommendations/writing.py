"""Drafts of recommendations: made and changed by officers and leaders of the lead, until the leader issues them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NeedsUnmet, NotVisible, fault, invalid
from app.domain.campaign import CampaignState
from app.domain.recommendation import Origin, RecommendationState
from app.models.agreement import Agreement
from app.models.base import Row
from app.models.body import Body
from app.models.briefing import Briefing
from app.models.campaign import Campaign
from app.models.draft import Draft
from app.models.engagement import Engagement, WorkingSession
from app.models.petition import Petition
from app.models.recommendation import NO_DUE_DATE, Content, Recommendation, RecommendationCreate, RecommendationUpdate
from app.models.report import Report
from app.policies.visibility import unscoped
from app.services.lineage import Kin
from app.services.recommendations import references
from app.services.steps import check_version, find, write_transition
from app.services.unit_of_work import UnitOfWork

DRAFTED_FROM = frozenset({CampaignState.UNDERWAY, CampaignState.REPORTED, CampaignState.CONCLUDED})
SOURCES: dict[Origin, type[Row]] = {
    Origin.REPORT: Report,
    Origin.SESSION: WorkingSession,
    Origin.BRIEFING: Briefing,
    Origin.CRITICISM: Draft,
    Origin.AGREEMENT: Agreement,
    Origin.PETITION: Petition,
}


async def create(uow: UnitOfWork, payload: RecommendationCreate) -> UUID:
    """A draft of the campaign's lead; without a campaign, of the caller's own body."""
    return (await create_each(uow, [payload]))[0]


async def create_each(uow: UnitOfWork, payloads: Sequence[RecommendationCreate]) -> list[UUID]:
    """Drafts, all of them or none, in as many statements as one; a retry gives the first that was made."""
    places: dict[tuple[UUID | None, UUID | None], Place] = {}
    for payload in payloads:
        where = payload.campaign_id, payload.engagement_id
        places[where] = places.get(where) or await _place(uow, payload)
    if any(it.issuer not in uow.who.acts for it in places.values()):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return [made]
    placed = [(it, places[it.campaign_id, it.engagement_id]) for it in payloads]
    for payload, place in placed:
        _far_enough(payload, place.campaign, place.engagement)
        await _source_exists(uow, payload)
    kin = Kin(uow)
    await references.bodies_exist(uow, [body for it in payloads for body in _bodies(it)])
    return await _keep(uow, [await _drafted(uow, kin, payload, place) for payload, place in placed])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft belongs, and whose it is: the lead's of its campaign, without one the caller's own body's."""

    issuer: UUID
    campaign_id: UUID | None
    campaign: Campaign | None = None
    engagement: Engagement | None = None


async def _place(uow: UnitOfWork, payload: RecommendationCreate) -> Place:
    engagement = await _engagement(uow, payload)
    campaign_id = engagement.campaign_id if engagement else payload.campaign_id
    campaign = await find(uow, Campaign, campaign_id) if campaign_id else None
    return Place(campaign.lead_body_id if campaign else uow.who.body_id, campaign_id, campaign, engagement)


async def draft(
    uow: UnitOfWork, payload: RecommendationCreate, *, issuer: UUID, campaign_id: UUID | None = None
) -> UUID:
    """For whoever may ask it of the issuer: a request for a draft, or the step of another record that makes one."""
    await references.bodies_exist(uow, _bodies(payload))
    return (await _keep(uow, [await _drafted(uow, Kin(uow), payload, Place(issuer, campaign_id))]))[0]


async def _drafted(uow: UnitOfWork, kin: Kin, payload: RecommendationCreate, place: Place) -> Recommendation:
    await _others_exist(uow, payload, place.issuer, place.campaign_id)
    content = await _content(uow, payload)
    verifier = payload.verifier_body_id or await _default_verifier(uow, kin, place.issuer, payload.addressee_id)
    it = Recommendation(
        origin=payload.origin,
        origin_id=payload.origin_id,
        campaign_id=place.campaign_id,
        engagement_id=payload.engagement_id,
        issuer_body_id=place.issuer,
        **{**content, "verifier_body_id": verifier},
    )
    await _check_verifier(kin, it)
    return it


async def _keep(uow: UnitOfWork, drafts: Sequence[Recommendation]) -> list[UUID]:
    uow.add(*drafts)
    await uow.session.flush()
    for it in drafts:
        uow.record("recommendation.create", it, became=it.state, lead_body_id=it.issuer_body_id)
        await write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return [it.id for it in drafts]


async def update(uow: UnitOfWork, recommendation_id: UUID, payload: RecommendationUpdate, expected: int | None) -> None:
    """Only a draft changes; what was issued is changed by `amend`, in answer to an objection."""
    it = await find(uow, Recommendation, recommendation_id, lock=True)
    if it.issuer_body_id not in uow.who.acts:
        raise Forbidden
    check_version(it, expected)
    if it.state != RecommendationState.DRAFT:
        raise Conflict("immutable")
    await references.bodies_exist(uow, _bodies(payload))
    await _others_exist(uow, payload, it.issuer_body_id, it.campaign_id)
    for name, value in (await _content(uow, payload)).items():
        setattr(it, name, value)
    await _check_verifier(Kin(uow), it)
    await uow.session.flush()
    uow.record("recommendation.update", it, lead_body_id=it.issuer_body_id, fields=sorted(payload.model_fields_set))


async def _engagement(uow: UnitOfWork, payload: RecommendationCreate) -> Engagement | None:
    """What the origin asks for is a matter of shape, and said before anything is looked up."""
    if payload.origin == Origin.REPORT and payload.campaign_id is None:
        raise invalid("/campaign_id", "missing")
    if payload.origin == Origin.SESSION and payload.engagement_id is None:
        raise invalid("/engagement_id", "missing")
    if payload.engagement_id is None:
        return None
    engagement = await find(uow, Engagement, payload.engagement_id)
    if payload.campaign_id not in (None, engagement.campaign_id):
        raise NotVisible
    return engagement


def _far_enough(payload: RecommendationCreate, campaign: Campaign | None, engagement: Engagement | None) -> None:
    """Origin `report` from `underway`; a promise from `notified` (api.md, section 14)."""
    if payload.origin == Origin.REPORT and campaign is not None and campaign.state not in DRAFTED_FROM:
        raise NeedsUnmet(action="create", unmet=[fault("/campaign_id", "campaign_begun")])
    if payload.origin == Origin.SESSION and engagement is not None and engagement.notified_on is None:
        raise NeedsUnmet(action="create", unmet=[fault("/engagement_id", "engagement_notified")])


async def _source_exists(uow: UnitOfWork, payload: RecommendationCreate) -> None:
    """Petitions and agreements are not kept yet, so none can be named."""
    """Criticisms and petitions are not kept yet, so none can be named."""
    """Criticisms are not kept yet, so none can be named."""
    if payload.origin_id is None:
        return
    if payload.origin not in SOURCES:
        raise NotVisible
    await find(uow, SOURCES[payload.origin], payload.origin_id)


def _bodies(payload: RecommendationCreate | RecommendationUpdate) -> list[UUID | None]:
    return [payload.addressee_id, payload.verifier_body_id, payload.proposer_body_id, *payload.copy_to]


async def _others_exist(
    uow: UnitOfWork, payload: RecommendationCreate | RecommendationUpdate, issuer: UUID, campaign_id: UUID | None
) -> None:
    await references.findings_exist(uow, payload.finding_ids, campaign_id)
    if payload.series_id is not None:
        await _series_is_ours(uow, payload.series_id, issuer)


async def _series_is_ours(uow: UnitOfWork, series_id: UUID, issuer: UUID) -> None:
    """The client names a new series; one that another body uses is as good as absent."""
    others = unscoped(Recommendation, reason="a series has one issuer").where(
        col(Recommendation.series_id) == series_id, col(Recommendation.issuer_body_id) != issuer
    )
    if (await uow.session.execute(others.limit(1))).first() is not None:
        raise NotVisible


async def _content(uow: UnitOfWork, payload: Content) -> dict[str, Any]:
    """The columns of what was sent; `due_sort` follows `due_on`."""
    sent = payload.model_fields_set & {*Content.model_fields, "action", "verifier_body_id"}
    columns: dict[str, Any] = {name: getattr(payload, name) for name in sent}
    if "owner" in columns:
        owner = columns.pop("owner")
        columns |= {"owner_name": owner and owner.name, "owner_title": owner and owner.title}
    for name in sent & {"copy_to", "finding_ids"}:
        columns[name] = [str(it) for it in dict.fromkeys(columns[name])]
    for name in sent & {"due_basis", "reply_due_basis"}:
        columns[name] = await references.stated_basis(uow, columns[name])
    if "due_on" in columns:
        columns["due_sort"] = columns["due_on"] or NO_DUE_DATE
    return columns


async def _default_verifier(uow: UnitOfWork, kin: Kin, issuer: UUID, addressee: UUID | None) -> UUID:
    """The issuer; where issuer and addressee have become one body, the issuer's superior."""
    if addressee is None or addressee not in await kin.of(issuer):
        return issuer
    body = await uow.session.get_one(Body, issuer)
    return body.parent_id or issuer


async def _check_verifier(kin: Kin, it: Recommendation) -> None:
    """Nobody verifies their own work: not the addressee, not what it came from, not what came of it."""
    if it.addressee_id is not None and it.addressee_id in await kin.of(it.verifier_body_id):
        raise invalid("/verifier_body_id", "verifier_is_addressee")
