"""May this caller know that a row exists, and how much of it? One function per model (api.md, "Who sees what").

Each gives its views, widest first. What no row names is seen by nobody; hidden and absent are the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, literal_column, not_, or_, select, true
from sqlmodel import SQLModel, col

from app.core.principal import Duty, Principal
from app.domain.delegation import SECRETARIAT
from app.domain.finding import FindingKind, FindingState
from app.domain.report import ReportKind, ReportState
from app.models.account import Account, Invitation, Membership, MembershipDuty, SessionFamily
from app.models.body import Body, BodyName, LineageEvent, Place
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner, CampaignSupervised, SubjectDocument
from app.models.deadline import CalendarDay, Rule
from app.models.delegation import Delegation, DelegationMember
from app.models.document import Attachment, Carriage, Document
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.escalation import Escalation
from app.models.finding import Finding, PendingEdit
from app.models.history import AuditEvent, Notification
from app.models.recommendation import Progress, Recommendation, Reminder
from app.models.report import Report, ReportComment, ReportSignature
from app.models.sweep import Digest
from app.policies import relations as r
from app.policies.actions import papers
from app.policies.relations import Condition, among

View = str
Views = list[tuple[View, Condition]]
M = TypeVar("M", bound=SQLModel)


def campaigns(who: Principal) -> Views:
    ours = or_(
        among(Campaign.lead_body_id, who.reads),
        r.partnered(Campaign.id, who.reads),
        r.member_in(Campaign.id, who),
    )
    asked = r.asked(Campaign.id, who.reads)
    told = or_(
        r.supervised_in(Campaign.id, who.reads),
        and_(r.below(Campaign.lead_body_id, who.reads), col(Campaign.planned_on).is_not(None)),
    )
    return [
        ("full", ours),
        ("counterpart", asked),
        ("party", told),
        ("addressee", r.addressed_in(Campaign.id, who.reads)),
    ]


def delegations(who: Principal) -> Views:
    ours = or_(
        r.led(Delegation.campaign_id, who.reads),
        r.partnered(Delegation.campaign_id, who.reads),
        r.member(Delegation.id, who),
    )
    planned_below = select(col(Campaign.id)).where(
        r.below(Campaign.lead_body_id, who.reads), col(Campaign.planned_on).is_not(None)
    )
    deciding = select(col(Campaign.id)).where(among(Campaign.deciding_body_id, who.reads))
    notified = select(col(Engagement.delegation_id)).where(
        among(Engagement.supervised_body_id, who.reads), col(Engagement.notified_on).is_not(None)
    )
    told = or_(
        col(Delegation.id).in_(notified),
        col(Delegation.campaign_id).in_(planned_below),
        col(Delegation.campaign_id).in_(deciding),
    )
    return [("full", ours), ("party", told)]


def engagements(who: Principal) -> Views:
    ours = or_(
        r.led(Engagement.campaign_id, who.reads),
        r.partnered(Engagement.campaign_id, who.reads),
        r.member(Engagement.delegation_id, who),
    )
    theirs = and_(among(Engagement.supervised_body_id, who.reads), col(Engagement.notified_on).is_not(None))
    return [("full", ours), ("party", theirs)]


def _of_engagement(model: Any) -> Callable[[Principal], Views]:
    """What both sides of an engagement share: sessions with minutes, requests for revision."""

    def views(who: Principal) -> Views:
        both = or_(
            r.led(model.campaign_id, who.reads),
            r.partnered(model.campaign_id, who.reads),
            r.member_of_engagement(model.engagement_id, who),
            r.supervised(model.engagement_id, who.reads),
        )
        return [("full", both)]

    return views


def _works_on_finding(who: Principal) -> Condition:
    """Its author, the head and the secretary: who may edit it."""
    own = and_(col(Finding.author_account_id) == who.account_id, among(Finding.author_body_id, who.reads))
    return or_(own, r.member_of_engagement(Finding.engagement_id, who, SECRETARIAT))


def findings(who: Principal) -> Views:
    """A sign of violation is for its author, head, secretary and the lead's leaders only."""
    filed = col(Finding.state).in_([FindingState.SUBMITTED, FindingState.ACCEPTED])
    sign = col(Finding.kind) == FindingKind.VIOLATION_SIGN
    delegation = or_(
        r.led(Finding.campaign_id, who.reads),
        r.partnered(Finding.campaign_id, who.reads),
        r.member_of_engagement(Finding.engagement_id, who),
    )
    signed_for = r.led(Finding.campaign_id, who.leads)
    return [("full", or_(_works_on_finding(who), and_(filed, or_(signed_for, and_(not_(sign), delegation)))))]


def pending_edits(who: Principal) -> Views:
    """What somebody would like the finding to say is not said yet: those who read it alone do not see that."""
    seen = select(col(Finding.id)).where(_works_on_finding(who))
    return [("full", col(PendingEdit.finding_id).in_(seen))]


def reports(who: Principal) -> Views:
    delegations_draft = and_(col(Report.kind) == ReportKind.RESULT_REPORT, col(Report.engagement_id).is_not(None))
    recorders = or_(
        r.led(Report.campaign_id, who.reads), r.member_of_engagement(Report.engagement_id, who, SECRETARIAT)
    )
    drafts = or_(
        and_(not_(delegations_draft), among(Report.author_body_id, who.reads)),
        and_(delegations_draft, r.member_of_engagement(Report.engagement_id, who)),
        and_(col(Report.on_behalf).is_not(None), recorders),
    )
    ours = or_(
        r.led(Report.campaign_id, who.reads),
        r.partnered(Report.campaign_id, who.reads),
        r.member_in(Report.campaign_id, who),
    )
    campaign_wide = and_(col(Report.engagement_id).is_(None), r.supervised_in(Report.campaign_id, who.reads))
    theirs = or_(r.supervised(Report.engagement_id, who.reads), campaign_wide)
    outside = or_(
        r.addressed_in(Report.campaign_id, who.reads),
        col(Report.campaign_id).in_(select(col(Campaign.id)).where(r.below(Campaign.lead_body_id, who.reads))),
    )
    circulated = and_(col(Report.circulated_on).is_not(None), or_(ours, theirs))
    issued = and_(col(Report.issued_on).is_not(None), or_(ours, theirs, outside))
    published = and_(col(Report.state) == ReportState.PUBLISHED, literal(bool(who.reads)))
    return [("full", or_(drafts, circulated, issued)), ("public", published)]


def published_reports(who: Principal) -> Views:
    """What anybody may read, signed in or not."""
    return [("public", col(Report.state) == ReportState.PUBLISHED)]


def report_comments(who: Principal) -> Views:
    """For those who work on the report, not for those who only read its conclusion."""
    both = select(col(Report.id)).where(
        or_(
            r.led(Report.campaign_id, who.reads),
            r.partnered(Report.campaign_id, who.reads),
            r.member_in(Report.campaign_id, who),
            r.supervised(Report.engagement_id, who.reads),
        )
    )
    return [("full", col(ReportComment.report_id).in_(both))]


def report_signatures(who: Principal) -> Views:
    """A reserved opinion is printed in the report: whoever reads the one reads the other."""
    read = select(col(Report.id)).where(reports(who)[0][1])
    return [("full", col(ReportSignature.report_id).in_(read))]


@dataclass(frozen=True)
class Path:
    """One way by which rows become visible: `column` is one of `keys`, and `gate` holds.

    A predicate that joins many ways by OR has no index of its own. Given as paths, a list walks each way by the index
    on (column, id) and takes the newest of all, however few rows of a large table the caller sees.
    """

    view: View
    column: Any
    keys: Select[Any] | tuple[UUID, ...]
    gate: Condition | None = None

    @property
    def condition(self) -> Condition:
        reached = among(self.column, self.keys) if isinstance(self.keys, tuple) else col(self.column).in_(self.keys)
        return reached if self.gate is None else and_(reached, self.gate)


def recommendation_paths(who: Principal) -> list[Path]:
    """By side, never by 'can see the campaign': the issuer's side sees all, the others from issue on."""
    rec, ours = Recommendation, who.reads
    issued = col(rec.issued_on).is_not(None)
    escalated = and_(issued, col(rec.escalation_level) > literal_column("0"))  # as its partial index has it
    return [
        Path("full", rec.issuer_body_id, ours),
        Path("full", rec.campaign_id, r.joined_campaigns(ours)),
        Path("full", rec.addressee_id, ours, issued),
        Path("full", rec.verifier_body_id, ours, issued),
        Path("full", rec.engagement_id, r.notified_engagements(ours), issued),
        Path("party", rec.issuer_body_id, r.subordinates(ours), issued),
        Path("party", rec.proposer_body_id, ours, issued),
        Path("party", rec.addressee_id, r.subordinates(ours), escalated),
        Path("party", rec.escalated_to_id, ours, escalated),
    ]


def recommendations(who: Principal) -> Views:
    paths = recommendation_paths(who)
    return [(view, or_(*(it.condition for it in paths if it.view == view))) for view in ("full", "party")]


PATHS: dict[type[SQLModel], Callable[[Principal], list[Path]]] = {Recommendation: recommendation_paths}
"""Models whose lists are walked path by path."""


def _of_recommendation(model: Any) -> Callable[[Principal], Views]:
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


CARRIERS: dict[str, type[SQLModel]] = {
    "campaign": Campaign,
    "delegation": Delegation,
    "engagement": Engagement,
    "session": WorkingSession,
    "finding": Finding,
    "report": Report,
    "recommendation": Recommendation,
}


def _carried(thing: Any, who: Principal) -> Condition:
    """Some record that the caller sees widely enough carries it."""
    seen: list[Condition] = []
    for name, model in CARRIERS.items():
        views = VIEWS[model](who)
        for label, condition in views:
            enough = true() if label == "full" else col(Carriage.view) == "party"
            ids = select(model.id).where(condition)  # type: ignore[attr-defined]
            seen.append(and_(col(Carriage.subject_type) == name, enough, col(Carriage.subject_id).in_(ids)))
    return exists().where(thing, or_(*seen))


def documents(who: Principal) -> Views:
    """The registrar, who reads no record, knows the papers of the registry: lineage events cite them."""
    carried = _carried(col(Carriage.document_id) == col(Document.id), who)
    return [("full", among(Document.owner_body_id, papers(who))), ("party", carried)]


def attachments(who: Principal) -> Views:
    carried = _carried(col(Carriage.attachment_id) == col(Attachment.id), who)
    of_document = col(Attachment.document_id).in_(select(col(Document.id)).where(visible(Document, who)))
    return [("full", or_(among(Attachment.owner_body_id, papers(who)), carried, of_document))]


def _administers(body_id: Any, who: Principal) -> Condition:
    return col(body_id) == who.body_id if who.holds(Duty.ADMINISTRATOR) else false()


def accounts(who: Principal) -> Views:
    """An administrator knows its body's people, and not yet somebody who has only been asked to join."""
    joined = col(Membership.accepted_at).is_not(None)
    administered = select(col(Membership.account_id)).where(_administers(Membership.body_id, who), joined)
    return [("full", or_(col(Account.id) == who.account_id, col(Account.id).in_(administered)))]


def memberships(who: Principal) -> Views:
    """A registrar sees who administers which body, since it names the first."""
    own = col(Membership.account_id) == who.account_id
    administering = select(col(MembershipDuty.membership_id)).where(col(MembershipDuty.duty) == Duty.ADMINISTRATOR)
    registered = col(Membership.id).in_(administering) if who.holds(Duty.REGISTRAR) else false()
    return [("full", or_(own, _administers(Membership.body_id, who), registered))]


def membership_duties(who: Principal) -> Views:
    seen = select(col(Membership.id)).where(visible(Membership, who))
    return [("full", col(MembershipDuty.membership_id).in_(seen))]


def invitations(who: Principal) -> Views:
    """Those of the caller's body; a registrar sees the ones it sent itself."""
    sent = col(Invitation.invited_by_id) == who.account_id if who.holds(Duty.REGISTRAR) else false()
    return [("full", or_(_administers(Invitation.body_id, who), sent))]


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


def _of_campaign(model: Any) -> Callable[[Principal], Views]:
    def views(who: Principal) -> Views:
        full = select(col(Campaign.id)).where(campaigns(who)[0][1])
        return [("full", col(model.campaign_id).in_(full))]

    return views


def _own_concurrence(model: Any) -> Callable[[Principal], Views]:
    """An asked body sees its own answer, not those of others."""

    def views(who: Principal) -> Views:
        full = _of_campaign(model)(who)[0][1]
        return [("full", or_(full, among(model.body_id, who.reads)))]

    return views


def subject_documents(who: Principal) -> Views:
    seen = select(col(Campaign.id)).where(or_(*(condition for _, condition in campaigns(who)[:3])))
    return [("full", col(SubjectDocument.campaign_id).in_(seen))]


def delegation_members(who: Principal) -> Views:
    """As widely as the delegation: outside it, names, bodies and duties."""
    return [
        (view, col(DelegationMember.delegation_id).in_(select(col(Delegation.id)).where(condition)))
        for view, condition in delegations(who)
    ]


def open_to_all(who: Principal) -> Views:
    """Structure and law: whoever is signed in reads them."""
    return [("full", literal(who.signed_in))]


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


OPEN: tuple[type[SQLModel], ...] = (Body, BodyName, Place, LineageEvent, Rule, CalendarDay)

VIEWS: dict[type[SQLModel], Callable[[Principal], Views]] = {
    Campaign: campaigns,
    CampaignPartner: _own_concurrence(CampaignPartner),
    CampaignCounterpart: _own_concurrence(CampaignCounterpart),
    CampaignSupervised: _of_campaign(CampaignSupervised),
    SubjectDocument: subject_documents,
    Delegation: delegations,
    DelegationMember: delegation_members,
    Engagement: engagements,
    WorkingSession: _of_engagement(WorkingSession),
    RevisionRequest: _of_engagement(RevisionRequest),
    Finding: findings,
    PendingEdit: pending_edits,
    Report: reports,
    ReportComment: report_comments,
    ReportSignature: report_signatures,
    Recommendation: recommendations,
    Progress: _of_recommendation(Progress),
    Reminder: _of_recommendation(Reminder),
    Escalation: escalations,
    Digest: digests,
    Document: documents,
    Attachment: attachments,
    Account: accounts,
    Membership: memberships,
    MembershipDuty: membership_duties,
    Invitation: invitations,
    SessionFamily: session_families,
    Notification: notifications,
    AuditEvent: audit_events,
    **dict.fromkeys(OPEN, open_to_all),
}
"""Every model that is read; of all but the OPEN ones the tripwire of the tests refuses a SELECT not scoped."""


def visible(model: type[SQLModel], who: Principal) -> ColumnElement[bool]:
    return or_(*(condition for _, condition in VIEWS[model](who)))


def scoped(model: type[M], who: Principal) -> Select[M]:
    """Where every list, detail, search, export and statistic starts."""
    return select(model).where(visible(model, who)).execution_options(scope="scoped")


def unscoped(model: type[M], *, reason: str) -> Select[M]:
    """For system code that acts for no caller or checks a rule across tenants; greppable, and the reason is kept."""
    return select(model).execution_options(scope=reason)
