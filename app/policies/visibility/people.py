"""Who sees accounts, memberships, notifications and the audit; bodies, places and law are open to all."""

from sqlalchemy import and_, false, or_, select
from sqlmodel import col

from app.core.principal import Duty, Principal
from app.models.account import Account, Invitation, Membership, MembershipDuty, SessionFamily
from app.models.body import Body, BodyName, LineageEvent, Place
from app.models.campaign import Campaign, CampaignPartner
from app.models.deadline import CalendarDay, Rule
from app.models.history import AuditEvent, Notification
from app.policies.relations import among
from app.policies.visibility.base import VIEWS, Views, administered, open_to_all, visible


def accounts(who: Principal) -> Views:
    """An administrator knows its body's people, and not yet somebody who has only been asked to join."""
    joined = col(Membership.accepted_at).is_not(None)
    people = select(col(Membership.account_id)).where(administered(Membership.body_id, who), joined)
    return [("full", or_(col(Account.id) == who.account_id, col(Account.id).in_(people)))]


def memberships(who: Principal) -> Views:
    """A registrar sees who administers which body, since it names the first."""
    own = col(Membership.account_id) == who.account_id
    administering = select(col(MembershipDuty.membership_id)).where(col(MembershipDuty.duty) == Duty.ADMINISTRATOR)
    registered = col(Membership.id).in_(administering) if who.holds(Duty.REGISTRAR) else false()
    return [("full", or_(own, administered(Membership.body_id, who), registered))]


def membership_duties(who: Principal) -> Views:
    seen = select(col(Membership.id)).where(visible(Membership, who))
    return [("full", col(MembershipDuty.membership_id).in_(seen))]


def invitations(who: Principal) -> Views:
    """Those of the caller's body; a registrar sees the ones it sent itself."""
    sent = col(Invitation.invited_by_id) == who.account_id if who.holds(Duty.REGISTRAR) else false()
    return [("full", or_(administered(Invitation.body_id, who), sent))]


def session_families(who: Principal) -> Views:
    return [("full", col(SessionFamily.account_id) == who.account_id)]


def notifications(who: Principal) -> Views:
    own = and_(col(Notification.account_id) == who.account_id, among(Notification.body_id, who.bodies))
    return [("full", own)]


def audit_events(who: Principal) -> Views:
    """An auditor sees the acts of its own body's accounts, and others' acts on what its body leads."""
    if not who.holds(Duty.AUDITOR):
        return [("full", false())]
    own = among(AuditEvent.body_id, who.bodies)
    return [("full", own), ("party", among(AuditEvent.lead_body_id, who.bodies))]


def delegates(who: Principal) -> Views:
    """The people of partners, whom the lead may put on a delegation; one's own people too."""
    led_here = select(col(Campaign.id)).where(among(Campaign.lead_body_id, who.acts))
    partners = select(col(CampaignPartner.body_id)).where(col(CampaignPartner.campaign_id).in_(led_here))
    ours = or_(among(Membership.body_id, who.acts), col(Membership.body_id).in_(partners))
    serving = and_(
        col(Membership.accepted_at).is_not(None),
        or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > who.today),
    )
    return [("full", and_(ours, serving))]


VIEWS.update(
    {
        Account: accounts,
        Membership: memberships,
        MembershipDuty: membership_duties,
        Invitation: invitations,
        SessionFamily: session_families,
        Notification: notifications,
        AuditEvent: audit_events,
    }
)
open_to_all(Body, BodyName, Place, LineageEvent, Rule, CalendarDay)
