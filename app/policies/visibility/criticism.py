"""Who sees drafts and opinions: the lead, the drafting body, an expert its own assignment (api.md, section 2).

The drafting body reads opinions only once they stand in the issued criticism document.
"""

from typing import Any

from sqlalchemy import and_, false, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.draft import ISSUED
from app.domain.lifecycle import Actor
from app.models.draft import Draft, DraftAssignment, DraftReminder, DraftRound, DraftSession, DraftVersion
from app.models.opinion import Opinion
from app.policies import relations as r
from app.policies.relations import ACTORS, Condition, among
from app.policies.visibility.base import CARRIERS, NOW, VIEWS, Views


def _assigned(who: Principal) -> Condition:
    """The caller's own assignments: theirs by name, or their body's as a whole."""
    whole = and_(col(DraftAssignment.account_id).is_(None), col(DraftAssignment.person).is_(None))
    asked = or_(
        and_(col(DraftAssignment.account_id) == who.account_id, among(DraftAssignment.body_id, who.reads)),
        and_(whole, among(DraftAssignment.body_id, who.reads)),
    )
    return and_(asked, col(DraftAssignment.recused_on).is_(None))


def assigned_to(draft_id: Any, who: Principal) -> Condition:
    return col(draft_id).in_(select(col(DraftAssignment.draft_id)).where(_assigned(who)))


def drafts(who: Principal) -> Views:
    theirs = or_(among(Draft.drafting_body_id, who.reads), assigned_to(Draft.id, who))
    return [("full", r.led(Draft.campaign_id, who.reads)), ("party", theirs)]


def _with_draft(model: Any) -> Any:
    def views(who: Principal) -> Views:
        seen = select(col(Draft.id)).where(or_(*(condition for _, condition in drafts(who))))
        return [("full", col(model.draft_id).in_(seen))]

    return views


def draft_sessions(who: Principal) -> Views:
    """Both sides were there."""
    both = or_(r.led(Draft.campaign_id, who.reads), among(Draft.drafting_body_id, who.reads))
    return [("full", col(DraftSession.draft_id).in_(select(col(Draft.id)).where(both)))]


def draft_reminders(who: Principal) -> Views:
    both = or_(r.led(Draft.campaign_id, who.reads), among(Draft.drafting_body_id, who.reads))
    return [("full", col(DraftReminder.draft_id).in_(select(col(Draft.id)).where(both)))]


def draft_assignments(who: Principal) -> Views:
    led = select(col(Draft.id)).where(r.led(Draft.campaign_id, who.reads))
    own = col(DraftAssignment.account_id) == who.account_id
    bodies = among(DraftAssignment.body_id, who.reads) if who.reads else false()
    whole = and_(bodies, col(DraftAssignment.account_id).is_(None), col(DraftAssignment.person).is_(None))
    return [("full", or_(col(DraftAssignment.draft_id).in_(led), and_(own, bodies), whole))]


def opinions(who: Principal) -> Views:
    own = col(Opinion.assignment_id).in_(select(col(DraftAssignment.id)).where(_assigned(who)))
    told = select(col(Draft.id)).where(
        among(Draft.drafting_body_id, who.reads), col(Draft.state).in_([str(it) for it in sorted(ISSUED)])
    )
    return [("full", or_(r.led(Opinion.campaign_id, who.reads), own)), ("party", col(Opinion.draft_id).in_(told))]


def published_matrices(who: Principal) -> Views:
    """What anybody may read, signed in or not."""
    begun = or_(col(Draft.publish_at).is_(None), col(Draft.publish_at) <= NOW)
    return [("public", and_(col(Draft.published_on) <= who.today, begun))]


def _actors(who: Principal) -> dict[Actor, Condition]:
    return {
        Actor.LEAD: r.led(Draft.campaign_id, who.acts),
        Actor.LEAD_LEADER: r.led(Draft.campaign_id, who.leads),
        Actor.DRAFTING_BODY: among(Draft.drafting_body_id, who.acts),
    }


VIEWS.update(
    {
        Draft: drafts,
        DraftVersion: _with_draft(DraftVersion),
        DraftRound: _with_draft(DraftRound),
        DraftSession: draft_sessions,
        DraftReminder: draft_reminders,
        DraftAssignment: draft_assignments,
        Opinion: opinions,
    }
)
ACTORS[Draft] = _actors
CARRIERS["draft"] = Draft
