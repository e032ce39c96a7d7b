"""The whole file of a campaign for one reader: every record as this caller sees it, and the papers they carry."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import col

from app.adapters.archive import Entry
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner, SubjectDocument
from app.models.campaign_form import (
    CampaignBoard,
    CampaignHostStep,
    CampaignParticipation,
    CampaignRecord,
    Nomination,
)
from app.models.delegation import Delegation, DelegationMember
from app.models.document import Attachment, Carriage, Document
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.finding import Finding
from app.models.recommendation import Progress, Recommendation, Reminder
from app.models.report import Report, ReportComment, ReportSignature
from app.policies.relations import Condition, among
from app.services import packing, steps, timeline
from app.services.campaigns.boards import CAMPAIGN_BOARD
from app.services.campaigns.host_steps import HOST_STEPS
from app.services.campaigns.participants import COUNTERPARTS, PARTNERS
from app.services.campaigns.participation import NOMINATIONS, PARTICIPATION
from app.services.campaigns.reading import CAMPAIGNS
from app.services.campaigns.records import RECORDS
from app.services.campaigns.subject_documents import SUBJECT_DOCUMENTS
from app.services.delegations.reading import DELEGATIONS, MEMBERS
from app.services.documents import DOCUMENT
from app.services.engagements.reading import ENGAGEMENTS
from app.services.engagements.revision_requests import REVISION_REQUESTS
from app.services.engagements.sessions import SESSIONS
from app.services.findings.reading import FINDINGS
from app.services.packing import Package
from app.services.reading import Projection
from app.services.recommendations.reading import PROGRESS, RECOMMENDATIONS, REMINDERS
from app.services.reports.reading import COMMENTS, REPORTS, SIGNATURES
from app.services.unit_of_work import UnitOfWork

Records = dict[str, list[dict[str, Any]]]
PARTS: dict[str, tuple[Projection, Any, type[Any] | None]] = {
    "partners": (PARTNERS, CampaignPartner.campaign_id, None),
    "counterparts": (COUNTERPARTS, CampaignCounterpart.campaign_id, None),
    "subject_documents": (SUBJECT_DOCUMENTS, SubjectDocument.campaign_id, None),
    "board": (CAMPAIGN_BOARD, CampaignBoard.campaign_id, None),
    "participation": (PARTICIPATION, CampaignParticipation.campaign_id, None),
    "host_steps": (HOST_STEPS, CampaignHostStep.campaign_id, None),
    "nominations": (NOMINATIONS, Nomination.campaign_id, None),
    "records": (RECORDS, CampaignRecord.campaign_id, None),
    "delegations": (DELEGATIONS, Delegation.campaign_id, None),
    "members": (MEMBERS, DelegationMember.delegation_id, Delegation),
    "engagements": (ENGAGEMENTS, Engagement.campaign_id, None),
    "sessions": (SESSIONS, WorkingSession.campaign_id, None),
    "revision_requests": (REVISION_REQUESTS, RevisionRequest.campaign_id, None),
    "findings": (FINDINGS, Finding.campaign_id, None),
    "reports": (REPORTS, Report.campaign_id, None),
    "signatures": (SIGNATURES, ReportSignature.report_id, Report),
    "comments": (COMMENTS, ReportComment.report_id, Report),
    "recommendations": (RECOMMENDATIONS, Recommendation.campaign_id, None),
    "progress": (PROGRESS, Progress.recommendation_id, Recommendation),
    "reminders": (REMINDERS, Reminder.recommendation_id, Recommendation),
}
"""How each part is shown, the column by which its rows belong, and to what unless it is the campaign itself."""


async def of(uow: UnitOfWork, campaign_id: UUID) -> Package:
    await steps.find(uow, Campaign, campaign_id)
    campaigns: list[dict[str, Any]] = orjson.loads(await packing.every(uow, CAMPAIGNS, col(Campaign.id) == campaign_id))
    records = {
        name: orjson.loads(await packing.every(uow, shown, _belonging(column, parent, campaign_id)))
        for name, (shown, column, parent) in PARTS.items()
    }
    lines = (await uow.session.execute(timeline.told(uow, campaign_id))).all()
    documents, loose, entries = await _papers(uow, {"campaigns": campaigns, **records})
    index = {
        "campaign": campaigns[0],
        **records,
        "timeline": [orjson.loads(line) for *_, line in lines],
        "documents": documents,
        "attachments": loose,
    }
    return Package(f"ho-so-cuoc-giam-sat-{campaign_id}.zip", packing.written(index), entries)


def _belonging(column: Any, parent: Any, campaign_id: UUID) -> Condition:
    if parent is None:
        return col(column) == campaign_id
    return col(column).in_(select(col(parent.id)).where(col(parent.campaign_id) == campaign_id))


async def _papers(uow: UnitOfWork, records: Records) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Entry]]:
    """Documents with their files, files that records carry by themselves, and both as entries of the archive."""
    papers, loose = await _carried(uow, records)
    documents = orjson.loads(await packing.every(uow, DOCUMENT, among(Document.id, papers)))
    kept = await packing.files(uow, [UUID(it["id"]) for it in documents], loose)
    entries = []
    for place, paper in enumerate(documents, start=1):
        theirs = [one for one in kept if str(one.document_id) == paper["id"]]
        packed, paper["files"] = packing.packed(f"van-ban/{place:03d}", theirs)
        entries += packed
    packed, described = packing.packed("tep-kem-theo", [one for one in kept if _alone(one, documents)])
    return documents, described, entries + packed


def _alone(file: Attachment, documents: list[dict[str, Any]]) -> bool:
    return all(str(file.document_id) != paper["id"] for paper in documents)


async def _carried(uow: UnitOfWork, records: Records) -> tuple[list[UUID], list[UUID]]:
    """Papers and files of the records that are shown, as widely as each is shown."""
    shown = [it for rows in records.values() for it in rows if "id" in it]
    whole = [UUID(it["id"]) for it in shown if it.get("view") == "full"]
    rows = await uow.session.execute(
        select(col(Carriage.document_id), col(Carriage.attachment_id)).where(_open(shown, whole))
    )
    pairs = rows.all()
    return [paper for paper, _ in pairs if paper], [file for _, file in pairs if file]


def _open(shown: list[dict[str, Any]], whole: list[UUID]) -> ColumnElement[bool]:
    partly = and_(among(Carriage.subject_id, [UUID(it["id"]) for it in shown]), col(Carriage.view) == "party")
    return or_(among(Carriage.subject_id, whole), partly)
