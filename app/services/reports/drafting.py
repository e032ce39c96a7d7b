"""Generating the draft of a result report: what is known of the campaign, put under its headings."""

from uuid import UUID

from app.domain.report import ReportKind
from app.domain.report_draft import Material, sections
from app.models.report import DraftReport
from app.services.reports.authors import (
    Subject,
    require_author,
    require_open,
    subject_of_campaign,
    subject_of_engagement,
)
from app.services.reports.material import gather
from app.services.reports.writing import draft
from app.services.unit_of_work import UnitOfWork


async def of_engagement(uow: UnitOfWork, engagement_id: UUID, asked: DraftReport) -> UUID:
    return await _generate(uow, await subject_of_engagement(uow, engagement_id), asked)


async def of_campaign(uow: UnitOfWork, campaign_id: UUID, asked: DraftReport) -> UUID:
    return await _generate(uow, await subject_of_campaign(uow, campaign_id), asked)


async def _generate(uow: UnitOfWork, subject: Subject, asked: DraftReport) -> UUID:
    await require_author(uow, subject, ReportKind.RESULT_REPORT)
    if (made := await uow.claim()) is not None:
        return made
    require_open(subject, ReportKind.RESULT_REPORT)
    material = await gather(uow, subject)
    title = asked.title or _title(material, subject)
    report = await draft(uow, subject, ReportKind.RESULT_REPORT, title, sections(material))
    return report.id


def _title(material: Material, subject: Subject) -> str | None:
    """None: the usual title of a campaign-wide report."""
    if subject.engagement is None:
        return None
    return f"Báo cáo kết quả giám sát đối với {material.parties[0].name}"[:500]
