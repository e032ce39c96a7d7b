"""Who writes a report: the supervised party its own, the delegation its engagement's, the lead all others."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.domain.campaign import CampaignForm, CampaignState
from app.domain.engagement import EngagementState
from app.domain.lifecycle import Actor
from app.domain.report import ReportKind
from app.models.campaign import Campaign
from app.models.document import Document
from app.models.engagement import Engagement
from app.models.moves import OnBehalf
from app.models.report import Report
from app.policies.visibility import unscoped
from app.services.reading import actors_of
from app.services.steps import find, has_active_account
from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Subject:
    """What a report is about; `engagement` None: the whole campaign."""

    campaign: Campaign
    engagement: Engagement | None = None

    @property
    def engagement_id(self) -> UUID | None:
        return self.engagement.id if self.engagement else None

    def author(self, kind: str) -> UUID:
        own = kind == ReportKind.SELF_REPORT and self.engagement is not None
        return self.engagement.supervised_body_id if own and self.engagement else self.campaign.lead_body_id


async def subject_of_engagement(uow: UnitOfWork, engagement_id: UUID) -> Subject:
    """The engagement, locked: one draft at a time, and no draft for one that ends meanwhile."""
    engagement = await find(uow, Engagement, engagement_id, lock=True)
    return Subject(await _campaign(uow, engagement.campaign_id), engagement)


async def subject_of_campaign(uow: UnitOfWork, campaign_id: UUID) -> Subject:
    return Subject(await find(uow, Campaign, campaign_id))


async def subject_of(uow: UnitOfWork, report: Report) -> Subject:
    """For whoever sees the report, whatever they see of its campaign."""
    engagement = None
    if report.engagement_id is not None:
        statement = unscoped(Engagement, reason="the subject of a report").where(
            col(Engagement.id) == report.engagement_id
        )
        engagement = (await uow.session.execute(statement)).scalar_one()
    return Subject(await _campaign(uow, report.campaign_id), engagement)


async def _campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    statement = unscoped(Campaign, reason="the subject of a report").where(col(Campaign.id) == campaign_id)
    return (await uow.session.execute(statement)).scalar_one()


async def require_author(uow: UnitOfWork, subject: Subject, kind: str, on_behalf: OnBehalf | None = None) -> None:
    """Forbidden, unless the caller writes reports of this kind about this subject, itself or on a paper."""
    if on_behalf is not None:
        await require_recorder(uow, subject)
        await find(uow, Document, on_behalf.document_id)
    elif not await _writes(uow, subject, kind):
        raise Forbidden


async def _writes(uow: UnitOfWork, subject: Subject, kind: str) -> bool:
    if kind == ReportKind.RESULT_REPORT and subject.engagement is not None:
        return Actor.SECRETARY_HEAD in await actors_of(uow, subject.engagement)
    return subject.author(kind) in uow.who.acts


async def require_recorder(uow: UnitOfWork, subject: Subject) -> None:
    """The lead's side records what a supervised party without an account sent on paper (api.md, section 1)."""
    if subject.engagement is None:
        raise Forbidden
    secretariat = Actor.SECRETARY_HEAD in await actors_of(uow, subject.engagement)
    if subject.campaign.lead_body_id not in uow.who.records and not secretariat:
        raise Forbidden
    if await has_active_account(uow, subject.engagement.supervised_body_id):
        raise Conflict("has_own_account")


WRITTEN_WHILE = frozenset({CampaignState.UNDERWAY, CampaignState.REPORTED, CampaignState.CONCLUDED})
ENDED = frozenset({EngagementState.FINALISED, EngagementState.DISCONTINUED})


def require_open(subject: Subject, kind: str) -> None:
    """Reports are written while the work they are about goes on; what follows from it (a conclusion) also later."""
    state = subject.campaign.state
    if kind == ReportKind.MINORITY_REPORT and subject.campaign.form != CampaignForm.STATE_PARTICIPATION:
        raise Conflict("other_form", params={"form": subject.campaign.form})
    if state not in WRITTEN_WHILE or (kind == ReportKind.RESULT_REPORT and state != CampaignState.UNDERWAY):
        raise Conflict("campaign_not_underway", params={"state": state})
    if subject.engagement is None or kind not in {ReportKind.SELF_REPORT, ReportKind.RESULT_REPORT}:
        return
    if subject.engagement.state in ENDED:
        raise Conflict("engagement_final")
    if kind == ReportKind.SELF_REPORT and subject.engagement.state == EngagementState.PREPARING:
        raise Conflict("engagement_not_notified")
