"""Who sees briefings and what was proposed at them: the chair and the participants; a proposal also its addressee."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.models.briefing import Briefing, BriefingConclusion, BriefingParticipant
from app.models.proposal import Proposal
from app.policies.relations import ACTORS, Condition, among
from app.policies.visibility.base import CARRIERS, VIEWS, Views


def takes_part(briefing: Any, bodies: Iterable[UUID]) -> Condition:
    attended = select(col(BriefingParticipant.briefing_id)).where(among(BriefingParticipant.body_id, bodies))
    return or_(among(briefing.chair_body_id, bodies), col(briefing.id).in_(attended))


def carried_over(briefing: Any) -> Condition:
    """The proposal was noted at an earlier briefing of the same chair and was not closed before this one."""
    return and_(
        col(Proposal.chair_body_id) == briefing.chair_body_id,
        col(Proposal.briefing_id) != briefing.id,
        col(Proposal.noted_on) <= briefing.scheduled_on,
        or_(col(Proposal.closed_on).is_(None), col(Proposal.closed_on) >= briefing.scheduled_on),
    )


def briefings(who: Principal) -> Views:
    asked = select(col(Proposal.briefing_id)).where(among(Proposal.to_body_id, who.reads))
    return [("full", takes_part(Briefing, who.reads)), ("party", col(Briefing.id).in_(asked))]


def proposals(who: Principal) -> Views:
    """With the briefing at which it was made, or one to whose agenda it was carried over."""
    later = aliased(Briefing)
    made_at = select(col(Briefing.id)).where(takes_part(Briefing, who.reads))
    carried = select(col(later.id)).where(carried_over(later), takes_part(later, who.reads)).correlate(Proposal)
    asked = among(Proposal.to_body_id, who.reads)
    return [("full", or_(asked, col(Proposal.briefing_id).in_(made_at), carried.exists()))]


def _of_briefing(model: Any) -> Callable[[Principal], Views]:
    def views(who: Principal) -> Views:
        full = select(col(Briefing.id)).where(takes_part(Briefing, who.reads))
        return [("full", col(model.briefing_id).in_(full))]

    return views


def _chair(who: Principal) -> dict[Actor, Condition]:
    return {Actor.LEAD: among(Briefing.chair_body_id, who.acts)}


def _answerer(who: Principal) -> dict[Actor, Condition]:
    return {Actor.LEAD: among(Proposal.chair_body_id, who.acts)}


VIEWS.update(
    {
        Briefing: briefings,
        BriefingParticipant: _of_briefing(BriefingParticipant),
        BriefingConclusion: _of_briefing(BriefingConclusion),
        Proposal: proposals,
    }
)
ACTORS.update({Briefing: _chair, Proposal: _answerer})
CARRIERS.update({"briefing": Briefing, "proposal": Proposal})
