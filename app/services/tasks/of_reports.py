"""Signatures asked of partners, and reports that are ready for the step of the one who adopts or issues them."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.campaign import CampaignState
from app.domain.engagement import EngagementState, RevisionRequestState
from app.domain.lifecycle import Actor
from app.domain.report import ReportKind, ReportState
from app.models.campaign import Campaign, CampaignPartner
from app.models.engagement import Engagement, RevisionRequest
from app.models.report import Report, ReportSignature
from app.policies import relations as r
from app.policies.relations import ACTORS, Condition, among
from app.services.tasks.asks import Ask

P = Report


def asks(who: Principal) -> Iterator[Ask]:
    circulated = and_(col(P.kind) == ReportKind.RESULT_REPORT, col(P.state) == ReportState.CIRCULATED)
    signed = exists().where(col(ReportSignature.report_id) == col(P.id), among(ReportSignature.body_id, who.leads))
    yield Ask("sign", P, col(P.title), (r.partnered(P.campaign_id, who.leads), circulated, ~signed))
    sides = ACTORS[Report](who)
    adopting = or_(sides[Actor.HEAD], sides[Actor.FOR_THE_HEAD], sides[Actor.LEAD_LEADER])
    ready = (circulated, _everybody_signed(), _work_is_over(), ~_revision_open())
    yield Ask("adopt", P, col(P.title), (adopting, *ready))
    adopted = and_(col(P.kind) != ReportKind.RESULT_REPORT, col(P.state) == ReportState.ADOPTED)
    reported = select(col(Campaign.id)).where(col(Campaign.state) == CampaignState.REPORTED)
    yield Ask("issue", P, col(P.title), (sides[Actor.LEAD_LEADER], adopted, col(P.campaign_id).in_(reported)))


def _everybody_signed() -> Condition:
    signed = exists().where(
        col(ReportSignature.report_id) == col(P.id), col(ReportSignature.body_id) == col(CampaignPartner.body_id)
    )
    unsigned = ~signed.correlate(Report, CampaignPartner)
    return ~exists().where(col(CampaignPartner.campaign_id) == col(P.campaign_id), unsigned)


def _work_is_over() -> Condition:
    """An engagement's report waits for `finalise`, a campaign-wide one for nothing else."""
    finalised = select(col(Engagement.id)).where(col(Engagement.state) == EngagementState.FINALISED)
    return or_(col(P.engagement_id).is_(None), col(P.engagement_id).in_(finalised))


def _revision_open() -> Condition:
    asked = (
        col(RevisionRequest.campaign_id) == col(P.campaign_id),
        col(RevisionRequest.state) == RevisionRequestState.OPEN,
        or_(col(P.engagement_id).is_(None), col(RevisionRequest.engagement_id) == col(P.engagement_id)),
    )
    return exists().where(*asked)
