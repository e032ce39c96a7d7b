"""Agreement before a campaign, and its own steps once what they need is there."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.campaign import CampaignState, Outcome
from app.domain.engagement import ENGAGEMENT
from app.domain.lifecycle import Actor
from app.domain.recommendation import TERMINAL
from app.domain.report import ReportKind, ReportState
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner
from app.models.engagement import Engagement
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.policies.relations import ACTORS, Condition, among
from app.services.tasks.asks import Ask

C = Campaign


def asks(who: Principal) -> Iterator[Ask]:
    yield from _concurrences(who)
    sides = ACTORS[Campaign](who)
    waiting = {
        "plan": (CampaignState.CONSULTING, Actor.LEAD, _all_agreed()),
        "report": (CampaignState.UNDERWAY, Actor.LEAD, _field_work_done()),
        "conclude": (CampaignState.REPORTED, Actor.LEAD_LEADER, _conclusion_issued()),
        "close": (CampaignState.CONCLUDED, Actor.LEAD, ~_something_asked()),
    }
    for action, (state, actor, ready) in waiting.items():
        yield Ask(action, C, col(C.title), (sides[actor], col(C.state) == state, ready), col(C.window_to))


def _concurrences(who: Principal) -> Iterator[Ask]:
    """A leader answers for the asked body; a refusal is answered in writing by the lead (api.md, section 14)."""
    consulting = col(C.state) == CampaignState.CONSULTING
    asked = select(col(CampaignCounterpart.campaign_id)).where(
        among(CampaignCounterpart.body_id, who.leads),
        col(CampaignCounterpart.asked_on).is_not(None),
        col(CampaignCounterpart.outcome).is_(None),
    )
    invited = select(col(CampaignPartner.campaign_id)).where(
        among(CampaignPartner.body_id, who.leads), col(CampaignPartner.outcome).is_(None)
    )
    by = select(col(CampaignCounterpart.due_on)).where(
        col(CampaignCounterpart.campaign_id) == col(C.id), among(CampaignCounterpart.body_id, who.leads)
    )
    ours = or_(col(C.id).in_(asked), col(C.id).in_(invited))
    yield Ask("concur", C, col(C.title), (consulting, ours), by.limit(1).scalar_subquery())
    lead = ACTORS[Campaign](who)[Actor.LEAD]
    yield Ask("answer_refusal", C, col(C.title), (lead, consulting, _refused()))


def _refused() -> Condition:
    return exists().where(
        col(CampaignCounterpart.campaign_id) == col(C.id),
        col(CampaignCounterpart.outcome) == Outcome.REFUSED,
        col(CampaignCounterpart.answer_text).is_(None),
    )


def _all_agreed() -> Condition:
    unanswered = exists().where(
        col(CampaignCounterpart.campaign_id) == col(C.id),
        col(CampaignCounterpart.asked_on).is_not(None),
        col(CampaignCounterpart.outcome).is_(None),
    )
    return and_(~unanswered, ~_refused())


def _field_work_done() -> Condition:
    ours = col(Engagement.campaign_id) == col(C.id)
    running = exists().where(ours, col(Engagement.state).not_in(list(ENGAGEMENT.final)))
    adopted = exists().where(
        col(Report.campaign_id) == col(C.id),
        col(Report.engagement_id).is_(None),
        col(Report.kind) == ReportKind.RESULT_REPORT,
        col(Report.state) == ReportState.ADOPTED,
    )
    return and_(~running, adopted)


def _conclusion_issued() -> Condition:
    """Or, where the Front joined another body, its own leaders have the minority report (NQLT 403 Đ13)."""
    concluded = and_(
        col(Report.kind).in_([ReportKind.CONCLUSION, ReportKind.NOTICE]), col(Report.issued_on).is_not(None)
    )
    minority = and_(col(Report.kind) == ReportKind.MINORITY_REPORT, col(Report.state) == ReportState.CIRCULATED)
    return exists().where(col(Report.campaign_id) == col(C.id), or_(concluded, minority))


def _something_asked() -> Condition:
    ours = col(Recommendation.campaign_id) == col(C.id)
    return exists().where(ours, col(Recommendation.state).not_in(list(TERMINAL)))
