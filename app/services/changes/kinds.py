"""Of which records changes are told, and which tables decide who sees them. Their triggers are in the migrations."""

from sqlmodel import SQLModel

from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner, SubjectDocument
from app.models.delegation import Delegation, DelegationMember
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.escalation import Escalation
from app.models.finding import Finding, PendingEdit
from app.models.recommendation import Progress, Recommendation, Reminder
from app.models.report import Report, ReportComment, ReportSignature
from app.models.transfer import Transfer

TOLD: dict[str, type[SQLModel]] = {
    str(model.__tablename__): model
    for model in (
        Campaign,
        Delegation,
        Engagement,
        WorkingSession,
        RevisionRequest,
        Finding,
        PendingEdit,
        Report,
        ReportComment,
        ReportSignature,
        Recommendation,
        Progress,
        Reminder,
        Escalation,
        Transfer,
    )
}

KEPT: list[type[SQLModel]] = [*TOLD.values(), CampaignPartner, CampaignCounterpart, SubjectDocument, DelegationMember]
"""Every table whose past rows can be restored from the log."""
