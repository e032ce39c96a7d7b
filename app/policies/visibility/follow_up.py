"""Who sees recommendations and what is done about them: by side, never by campaign."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, literal, literal_column, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.domain.transfer import TransferRole
from app.models.due_change import DueChange
from app.models.effectiveness_check import EffectivenessCheck
from app.models.escalation import Escalation
from app.models.extension import Extension
from app.models.incoming_reply import IncomingReply
from app.models.pause import Pause
from app.models.progress_schedule import ProgressDue
from app.models.recommendation import Progress, Recommendation, Reminder
from app.models.sweep import Digest
from app.policies import relations as r
from app.policies.relations import Condition, among
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
            Path("full", rec.campaign_id, r.handed_over(who, TransferRole.CAMPAIGN_LEAD, TransferRole.PARTNER)),
            Path("full", rec.engagement_id, r.handed_over(who, TransferRole.SUPERVISED), issued),
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


def incoming_replies(who: Principal) -> Views:
    """The issuer's side: what a paper says is known only once it has been read."""
    ours = [it.condition for it in recommendation_paths(who)[:2]]
    seen = select(col(Recommendation.id)).where(or_(*ours))
    return [("full", col(IncomingReply.recommendation_id).in_(seen))]


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
        Extension: of_recommendation(Extension),
        Pause: of_recommendation(Pause),
        DueChange: of_recommendation(DueChange),
        EffectivenessCheck: of_recommendation(EffectivenessCheck),
        ProgressDue: of_recommendation(ProgressDue),
        IncomingReply: incoming_replies,
    }
)


def _sides_of(model: Any) -> Callable[[Principal], dict[Actor, Condition]]:
    """The actors of a part are those of its recommendation."""

    def actors(who: Principal) -> dict[Actor, Condition]:
        sides = r.ACTORS[Recommendation](who)
        return {
            actor: col(model.recommendation_id).in_(select(col(Recommendation.id)).where(condition))
            for actor, condition in sides.items()
        }

    return actors


r.ACTORS.update({model: _sides_of(model) for model in (Extension, Pause, IncomingReply, EffectivenessCheck)})
PATHS[Recommendation] = recommendation_paths
CARRIERS.update({"recommendation": Recommendation, "incoming_reply": IncomingReply})
