"""Who sees recommendations and what is done about them: by side, never by campaign."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, literal, literal_column, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.transfer import TransferRole
from app.models.escalation import Escalation
from app.models.recommendation import Progress, Recommendation, Reminder
from app.models.sweep import Digest
from app.policies import relations as r
from app.policies.relations import among
from app.policies.visibility.base import CARRIERS, PATHS, VIEWS, Path, Views


def recommendation_paths(who: Principal) -> list[Path]:
    """By side, never by 'can see the campaign': the issuer's side sees all, the others from issue on."""
    rec, ours = Recommendation, who.reads
    issued = col(rec.issued_on).is_not(None)
    escalated = and_(issued, col(rec.escalation_level) > literal_column("0"))  # as its partial index has it
    divided = select(col(rec.divided_from_id)).where(
        among(rec.addressee_id, ours), col(rec.divided_from_id).is_not(None)
    )
    paths = [
        Path("full", rec.issuer_body_id, ours),
        Path("full", rec.campaign_id, r.joined_campaigns(ours)),
        Path("full", rec.addressee_id, ours, issued),
        Path("full", rec.verifier_body_id, ours, issued),
        Path("full", rec.engagement_id, r.notified_engagements(ours), issued),
        Path("party", rec.issuer_body_id, r.subordinates(ours), issued),
        Path("party", rec.proposer_body_id, ours, issued),
        Path("party", rec.addressee_id, r.subordinates(ours), escalated),
        Path("party", rec.escalated_to_id, ours, escalated),
        Path("full", rec.id, divided),
    ]
    if who.ended:
        roles = (TransferRole.ISSUER, TransferRole.ADDRESSEE, TransferRole.VERIFIER)
        paths += [
            Path("full", rec.id, r.handed_over(who, *roles)),
            Path("full", rec.campaign_id, r.handed_over(who, TransferRole.CAMPAIGN_LEAD)),
        ]
    return paths


def recommendations(who: Principal) -> Views:
    paths = recommendation_paths(who)
    return [(view, or_(*(it.condition for it in paths if it.view == view))) for view in ("full", "party")]


def of_recommendation(model: Any) -> Callable[[Principal], Views]:
    def views(who: Principal) -> Views:
        seen = select(col(Recommendation.id)).where(recommendations(who)[0][1])
        return [("full", col(model.recommendation_id).in_(seen))]

    return views


def escalations(who: Principal) -> Views:
    """With its letter, for whoever sees the recommendation at all: a superior from its own escalation on."""
    seen = select(col(Recommendation.id)).where(or_(*(condition for _, condition in recommendations(who))))
    return [("full", col(Escalation.recommendation_id).in_(seen))]


def digests(who: Principal) -> Views:
    """For the people of exactly this body: those of an office get one of their own, its organs' matters included."""
    return [("full", and_(col(Digest.body_id) == who.body_id, literal(bool(who.reads))))]


VIEWS.update(
    {
        Recommendation: recommendations,
        Progress: of_recommendation(Progress),
        Reminder: of_recommendation(Reminder),
        Escalation: escalations,
        Digest: digests,
    }
)
PATHS[Recommendation] = recommendation_paths
CARRIERS["recommendation"] = Recommendation
