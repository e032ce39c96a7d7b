"""Who sees campaigns, delegations, engagements, findings and reports (api.md, Who sees what")."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, literal, not_, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.delegation import SECRETARIAT
from app.domain.finding import FindingKind, FindingState
from app.domain.report import ReportKind, ReportState
from app.domain.transfer import TransferRole
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner, CampaignSupervised, SubjectDocument
from app.models.delegation import Delegation, DelegationMember
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.finding import Finding, PendingEdit
from app.models.report import Report, ReportComment, ReportSignature
from app.policies import relations as r
from app.policies.relations import Condition, among
from app.policies.visibility.base import CARRIERS, NOW, VIEWS, Views


def campaigns(who: Principal) -> Views:
    ours = or_(
        among(Campaign.lead_body_id, who.reads),
        r.as_partner(Campaign.id, who),
        r.member_in(Campaign.id, who),
    )
    asked = r.asked(Campaign.id, who.reads)
    told = or_(
        r.supervised_in(Campaign.id, who.reads),
        and_(r.below(Campaign.lead_body_id, who.reads), col(Campaign.planned_on).is_not(None)),
    )
    if who.ended:
        ours = or_(ours, col(Campaign.id).in_(r.handed_over(who, TransferRole.CAMPAIGN_LEAD)))
    return [
        ("full", ours),
        ("counterpart", asked),
        ("party", told),
        ("addressee", r.addressed_in(Campaign.id, who.reads)),
    ]


def told(who: Principal) -> Condition:
    """Campaigns seen with more than an addressee sees: who reads the conclusion alone is not told kind, form, days."""
    return or_(*(condition for view, condition in VIEWS[Campaign](who) if view != "addressee"))


def delegations(who: Principal) -> Views:
    ours = or_(
        r.as_lead(Delegation.campaign_id, who),
        r.as_partner(Delegation.campaign_id, who),
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
        r.as_lead(Engagement.campaign_id, who),
        r.as_partner(Engagement.campaign_id, who),
        r.member(Engagement.delegation_id, who),
    )
    theirs = and_(among(Engagement.supervised_body_id, who.reads), col(Engagement.notified_on).is_not(None))
    if who.ended:
        theirs = or_(theirs, col(Engagement.id).in_(r.handed_over(who, TransferRole.SUPERVISED)))
    return [("full", ours), ("party", theirs)]


def _of_engagement(model: Any) -> Callable[[Principal], Views]:
    """What both sides of an engagement share: sessions with minutes, requests for revision."""

    def views(who: Principal) -> Views:
        both = or_(
            r.as_lead(model.campaign_id, who),
            r.as_partner(model.campaign_id, who),
            r.member_of_engagement(model.engagement_id, who),
            r.as_supervised(model.engagement_id, who),
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
        r.as_lead(Finding.campaign_id, who),
        r.as_partner(Finding.campaign_id, who),
        r.member_of_engagement(Finding.engagement_id, who),
    )
    signed_for = r.led(Finding.campaign_id, who.leads)
    return [("full", or_(_works_on_finding(who), and_(filed, or_(signed_for, and_(not_(sign), delegation)))))]


def pending_edits(who: Principal) -> Views:
    """What somebody would like the finding to say is not said yet: those who read it alone do not see that."""
    seen = select(col(Finding.id)).where(_works_on_finding(who))
    return [("full", col(PendingEdit.finding_id).in_(seen))]


def reports(who: Principal) -> Views:
    """A minority report goes to the leaders of its author's body alone (NQLT 403 Đ13)."""
    delegations_draft = and_(col(Report.kind) == ReportKind.RESULT_REPORT, col(Report.engagement_id).is_not(None))
    recorders = or_(r.as_lead(Report.campaign_id, who), r.member_of_engagement(Report.engagement_id, who, SECRETARIAT))
    drafts = or_(
        and_(not_(delegations_draft), among(Report.author_body_id, who.reads)),
        and_(delegations_draft, r.member_of_engagement(Report.engagement_id, who)),
        and_(col(Report.on_behalf).is_not(None), recorders),
    )
    ours = or_(
        r.as_lead(Report.campaign_id, who),
        r.as_partner(Report.campaign_id, who),
        r.member_in(Report.campaign_id, who),
    )
    campaign_wide = and_(col(Report.engagement_id).is_(None), r.supervised_in(Report.campaign_id, who.reads))
    theirs = or_(r.as_supervised(Report.engagement_id, who), campaign_wide)
    outside = or_(
        r.addressed_in(Report.campaign_id, who.reads),
        col(Report.campaign_id).in_(select(col(Campaign.id)).where(r.below(Campaign.lead_body_id, who.reads))),
    )
    own = col(Report.kind) == ReportKind.MINORITY_REPORT
    circulated = and_(col(Report.circulated_on).is_not(None), not_(own), or_(ours, theirs))
    issued = and_(col(Report.issued_on).is_not(None), or_(ours, theirs, outside))
    return [("full", or_(drafts, circulated, issued)), ("public", and_(_published(), literal(bool(who.reads))))]


def _published() -> Condition:
    """And its moment has come: until then only those know who work on it."""
    begun = or_(col(Report.publish_at).is_(None), col(Report.publish_at) <= NOW)
    return and_(col(Report.state) == ReportState.PUBLISHED, begun)


def published_reports(who: Principal) -> Views:
    """What anybody may read, signed in or not."""
    return [("public", _published())]


def report_comments(who: Principal) -> Views:
    """For those who work on the report, not for those who only read its conclusion."""
    both = select(col(Report.id)).where(
        or_(
            r.as_lead(Report.campaign_id, who),
            r.as_partner(Report.campaign_id, who),
            r.member_in(Report.campaign_id, who),
            r.as_supervised(Report.engagement_id, who),
        )
    )
    return [("full", col(ReportComment.report_id).in_(both))]


def report_signatures(who: Principal) -> Views:
    """A reserved opinion is printed in the report: whoever reads the one reads the other."""
    read = select(col(Report.id)).where(reports(who)[0][1])
    return [("full", col(ReportSignature.report_id).in_(read))]


def of_campaign(model: Any) -> Callable[[Principal], Views]:
    def views(who: Principal) -> Views:
        full = select(col(Campaign.id)).where(campaigns(who)[0][1])
        return [("full", col(model.campaign_id).in_(full))]

    return views


def _own_concurrence(model: Any) -> Callable[[Principal], Views]:
    """An asked body sees its own answer, not those of others."""

    def views(who: Principal) -> Views:
        full = of_campaign(model)(who)[0][1]
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


VIEWS.update(
    {
        Campaign: campaigns,
        CampaignPartner: _own_concurrence(CampaignPartner),
        CampaignCounterpart: _own_concurrence(CampaignCounterpart),
        CampaignSupervised: of_campaign(CampaignSupervised),
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
    }
)
CARRIERS.update(
    {
        "campaign": Campaign,
        "delegation": Delegation,
        "engagement": Engagement,
        "session": WorkingSession,
        "finding": Finding,
        "report": Report,
    }
)
