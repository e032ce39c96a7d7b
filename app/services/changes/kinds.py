"""Of which records changes are told, and which tables decide who sees them. Their triggers are in the migrations."""

from sqlmodel import SQLModel

from app.models.account import Account, Invitation, Membership, MembershipDuty, SessionFamily
from app.models.agreement import Agreement, AgreementParty, AgreementReview, Commitment
from app.models.board import Board, BoardConfirmation, BoardMember, BoardPaper
from app.models.board_result import BoardResult, ProjectCount
from app.models.briefing import Briefing, BriefingConclusion, BriefingParticipant
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner, CampaignSupervised, SubjectDocument
from app.models.campaign_form import (
    CampaignBoard,
    CampaignHostStep,
    CampaignParticipation,
    CampaignRecord,
    Nomination,
)
from app.models.delegation import Delegation, DelegationMember
from app.models.dispatch import AxisAccount, AxisItem, Dispatch, DispatchCopy
from app.models.document import Attachment, Carriage, Document
from app.models.draft import Draft, DraftAssignment, DraftReminder, DraftRound, DraftSession, DraftVersion
from app.models.due_change import DueChange
from app.models.edxml import EdxmlDelivery, EdxmlMessage, EdxmlReceipt, EdxmlStatus
from app.models.effectiveness_check import EffectivenessCheck
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.escalation import Escalation
from app.models.export import Export
from app.models.extension import Extension
from app.models.finding import Finding, PendingEdit
from app.models.history import AuditEvent, Notification
from app.models.import_ import ExternalKey, Import, ImportFault, ImportRow
from app.models.incoming_reply import IncomingReply
from app.models.machine_client import MachineClient
from app.models.mail import NotificationPreference
from app.models.number_book import DocumentNumber, NumberBook
from app.models.opinion import Opinion
from app.models.overlap import OverlapResolution
from app.models.pause import Pause
from app.models.petition import IdentityDisclosure, Petition, PetitionForward, PetitionIdentity
from app.models.plan import Plan, PlanApproval, PlanConcurrence, PlanItem, PlanItemPartner, PlanItemSupervised
from app.models.progress_schedule import ProgressDue
from app.models.proposal import Proposal
from app.models.recommendation import Progress, Recommendation, Reminder
from app.models.report import Report, ReportComment, ReportSignature
from app.models.reporting_period import ReportingLine, ReportingPeriod
from app.models.sweep import Digest
from app.models.template import PaperTemplate
from app.models.transfer import Transfer, TransferCandidate, TransferConfirmation
from app.models.webhook import Webhook, WebhookDelivery

Models = tuple[type[SQLModel], ...]

_SUPERVISION: Models = (
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
)
_FOLLOW_UP: Models = (
    Recommendation,
    Progress,
    Reminder,
    Escalation,
    Extension,
    Pause,
    DueChange,
    ProgressDue,
    EffectivenessCheck,
    IncomingReply,
    Transfer,
)
_YEAR: Models = (
    Plan,
    PlanItem,
    PlanConcurrence,
    Agreement,
    Commitment,
    AgreementReview,
    Briefing,
    BriefingConclusion,
    Proposal,
    Petition,
    PetitionForward,
    Draft,
    DraftVersion,
    DraftRound,
    DraftSession,
    DraftReminder,
    DraftAssignment,
    Opinion,
    Board,
)
_PAPERS: Models = (Document, Dispatch, DispatchCopy)

TOLD: dict[str, type[SQLModel]] = {str(it.__tablename__): it for it in (*_SUPERVISION, *_FOLLOW_UP, *_YEAR, *_PAPERS)}

RELATIONS: Models = (
    CampaignPartner,
    CampaignCounterpart,
    SubjectDocument,
    DelegationMember,
    AgreementParty,
    BriefingParticipant,
    Carriage,
)
"""What decides who sees records, or is read with one, without being one that clients keep."""

KEPT: Models = (*TOLD.values(), *RELATIONS)
"""Every table whose past rows can be restored from the log."""

_WITH_ITS_RECORD = "read with the record it is a part of, whose version it raises"
_AT_THE_DESK = "worked on at a desk that needs the network: nobody keeps a copy"
_PEOPLE = "people, their rights and their sign-ins are asked for, never copied"
_SECRET = "read by nobody, or only by an act that leaves a trace"  # noqa: S105
_TOLD_OTHERWISE = "news itself, or the log of it"
_SELDOM = "changes once in months, and is read anew when it is opened"

UNTOLD: dict[type[SQLModel], str] = {
    CampaignPartner: _WITH_ITS_RECORD,
    CampaignCounterpart: _WITH_ITS_RECORD,
    CampaignSupervised: _WITH_ITS_RECORD,
    SubjectDocument: _WITH_ITS_RECORD,
    DelegationMember: _WITH_ITS_RECORD,
    PlanApproval: _WITH_ITS_RECORD,
    PlanItemPartner: _WITH_ITS_RECORD,
    PlanItemSupervised: _WITH_ITS_RECORD,
    AgreementParty: _WITH_ITS_RECORD,
    BriefingParticipant: _WITH_ITS_RECORD,
    TransferCandidate: _WITH_ITS_RECORD,
    TransferConfirmation: _WITH_ITS_RECORD,
    Attachment: "named by the paper or the record that carries it, and the same for ever once it has arrived",
    OverlapResolution: "read in the report of overlaps, which is reckoned anew each time",
    CampaignBoard: _WITH_ITS_RECORD,
    CampaignParticipation: _WITH_ITS_RECORD,
    CampaignHostStep: _WITH_ITS_RECORD,
    Nomination: _WITH_ITS_RECORD,
    CampaignRecord: _WITH_ITS_RECORD,
    BoardMember: _WITH_ITS_RECORD,
    BoardPaper: _WITH_ITS_RECORD,
    BoardConfirmation: _WITH_ITS_RECORD,
    BoardResult: "figures are read where they are counted, and stand beside the records that say how they came about",
    ProjectCount: _SELDOM,
    ReportingPeriod: _SELDOM,
    ReportingLine: _SELDOM,
    PaperTemplate: _SELDOM,
    NumberBook: _AT_THE_DESK,
    DocumentNumber: _AT_THE_DESK,
    EdxmlMessage: _AT_THE_DESK,
    EdxmlDelivery: _AT_THE_DESK,
    EdxmlReceipt: _AT_THE_DESK,
    EdxmlStatus: _AT_THE_DESK,
    AxisAccount: _AT_THE_DESK,
    AxisItem: _AT_THE_DESK,
    Export: _AT_THE_DESK,
    Import: _AT_THE_DESK,
    ImportRow: _AT_THE_DESK,
    ImportFault: _AT_THE_DESK,
    ExternalKey: _AT_THE_DESK,
    Account: _PEOPLE,
    Membership: _PEOPLE,
    MembershipDuty: _PEOPLE,
    Invitation: _PEOPLE,
    SessionFamily: _PEOPLE,
    MachineClient: _PEOPLE,
    NotificationPreference: _PEOPLE,
    PetitionIdentity: _SECRET,
    IdentityDisclosure: _SECRET,
    AuditEvent: _TOLD_OTHERWISE,
    Notification: _TOLD_OTHERWISE,
    Digest: _TOLD_OTHERWISE,
    Webhook: _TOLD_OTHERWISE,
    WebhookDelivery: _TOLD_OTHERWISE,
}
"""The protected records of which no changes are told, and why not."""
