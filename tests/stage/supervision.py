"""The running campaign with all that hangs on it, and others named by what is special about them."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.campaign import CampaignState
from app.domain.delegation import DelegationState
from app.domain.engagement import EngagementState
from app.domain.finding import FindingKind, FindingState
from app.domain.recommendation import RecommendationState
from app.domain.report import ReportKind, ReportState
from app.models.campaign import CampaignCounterpart, CampaignSupervised, SubjectDocument
from app.models.delegation import DelegationMember
from app.models.document import Attachment, AttachmentState
from app.models.engagement import RevisionRequest
from app.models.finding import PendingEdit
from app.models.report import ReportComment, ReportSignature
from tests import makers
from tests.stage.stage import Stage
from tests.world import World

DAY = date(2024, 4, 12)


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    await _before_the_campaign(session, world, stage)
    campaign = stage.put("campaign", await makers.a_campaign(session, world))
    await makers.keep(session, CampaignSupervised(campaign_id=campaign.id, body_id=world.body["supervised"]))
    subject = SubjectDocument(campaign_id=campaign.id, symbol="62-KL/TW", normalised="62-KL/TW")
    await makers.keep(session, subject)
    stage.put("subject_document", subject)
    delegation = stage.put("delegation", await makers.a_delegation(session, world, campaign))
    engagement = stage.put(
        "engagement", await makers.an_engagement(session, world, delegation, state=EngagementState.COMMENTING)
    )
    hidden = await makers.an_engagement(
        session,
        world,
        delegation,
        supervised_body_id=world.body["addressee_superior"],
        state=EngagementState.PREPARING,
        notified_on=None,
        received_on=None,
    )
    stage.put("engagement_unnotified", hidden)
    stage.put("session", await makers.a_session(session, world, engagement))
    await _findings(session, world, stage, engagement)
    await _reports(session, world, stage, campaign, engagement)
    await _recommendations(session, world, stage, campaign, engagement)
    await _papers(session, world, stage)


async def _before_the_campaign(session: AsyncSession, world: World, stage: Stage) -> None:
    proposed = await makers.a_campaign(session, world, state=CampaignState.PROPOSED, planned_on=None)
    stage.put("campaign_proposed", proposed)
    asked = await makers.a_campaign(session, world, state=CampaignState.CONSULTING, planned_on=None)
    stage.put("campaign_consulting", asked)
    row = CampaignCounterpart(campaign_id=asked.id, body_id=world.body["counterpart"], asked_on=DAY, due_on=DAY)
    await makers.keep(session, row)
    planned = await makers.a_campaign(session, world, state=CampaignState.PLANNED)
    stage.put("campaign_planned", planned)
    forming = await makers.a_delegation(
        session, world, planned, state=DelegationState.FORMING, decided_on=None, decision=None
    )
    stage.put("delegation_forming", forming)
    seat = DelegationMember(
        delegation_id=forming.id,
        person_name="Phan Văn Lộc",
        body_id=world.body["lead"],
        duty="member",
        valid_from=DAY,
    )
    await makers.keep(session, seat)
    stage.put("member", seat)


async def _findings(session: AsyncSession, world: World, stage: Stage, engagement: Any) -> None:
    for name, fields in {
        "finding": {},
        "finding_draft": {"state": FindingState.DRAFT},
        "finding_sign": {"kind": FindingKind.VIOLATION_SIGN},
        "finding_accepted": {"state": FindingState.ACCEPTED},
    }.items():
        stage.put(name, await makers.a_finding(session, world, engagement, **fields))
    edit = PendingEdit(
        finding_id=stage.ids["finding"],
        account_id=world.account["member_a"],
        body_id=world.body_of("member_a"),
        base_version=1,
        fields={"content": "Nội dung khác"},
        colliding=["content"],
    )
    await makers.keep(session, edit)
    stage.put("pending_edit", edit)


async def _reports(session: AsyncSession, world: World, stage: Stage, campaign: Any, engagement: Any) -> None:
    of_engagement = {"engagement_id": engagement.id}
    theirs = {"kind": ReportKind.SELF_REPORT, "author_body_id": world.body["supervised"], **of_engagement}
    concluded = {"kind": ReportKind.CONCLUSION, "issued_on": DAY, "adopted_on": DAY, "number": 3, "hash": "0" * 64}
    frozen = {"circulated_on": DAY, "hash": "0" * 64, "state": ReportState.CIRCULATED}
    for name, fields in {
        "report_draft": {**of_engagement, "number": 2},
        "report_whole_draft": {},
        "report": {**of_engagement, **frozen},
        "self_report_draft": {**theirs, "number": 2},
        "self_report": {**theirs, **frozen},
        "conclusion_draft": {"kind": ReportKind.CONCLUSION},
        "conclusion": {**concluded, "state": ReportState.ISSUED},
        "conclusion_published": {**concluded, "state": ReportState.PUBLISHED, "published_on": DAY, "number": 4},
    }.items():
        stage.put(name, await makers.a_report(session, world, campaign, **fields))
    comment = ReportComment(
        report_id=stage.ids["report"],
        text="Số xã là 3",
        commented_on=DAY,
        account_id=world.account["supervised"],
        body_id=world.body["supervised"],
    )
    signature = ReportSignature(
        report_id=stage.ids["report"],
        body_id=world.body["partner"],
        account_id=world.account["partner"],
        hash="0" * 64,
        signed_on=DAY,
    )
    request = RevisionRequest(
        engagement_id=engagement.id,
        campaign_id=campaign.id,
        reason="Rà soát số liệu",
        requested_on=DAY,
        due_on=date(2024, 4, 26),
        due_basis={"text": "Kết luận của Trưởng đoàn"},
    )
    await makers.keep(session, comment, signature, request)
    stage.put("comment", comment)
    stage.put("revision_request", request)


async def _recommendations(session: AsyncSession, world: World, stage: Stage, campaign: Any, engagement: Any) -> None:
    draft = {"state": RecommendationState.DRAFT, "issued_on": None, "reply_status": None, "number": None}
    for name, fields in {
        "recommendation": {},
        "recommendation_draft": draft,
        "recommendation_of_engagement": {"engagement_id": engagement.id, "addressee_id": world.body["supervised"]},
        "recommendation_escalated": {"state": RecommendationState.ESCALATED, "escalation_level": 1},
        "recommendation_verifying": {
            "state": RecommendationState.VERIFYING,
            "verifier_body_id": world.body["verifier"],
        },
    }.items():
        stage.put(name, await makers.a_recommendation(session, world, campaign, **fields))


async def _papers(session: AsyncSession, world: World, stage: Stage) -> None:
    stage.put("document", await makers.a_document(session, world))
    stage.put("document_foreign", await makers.a_document(session, world, owner="stranger"))
    attachment = Attachment(
        owner_body_id=world.body["lead"],
        account_id=world.account["lead_clerk"],
        file_name="bien-ban.txt",
        media_type="text/plain",
        size=3,
        sha256="0" * 64,
        state=AttachmentState.STORED,
    )
    await makers.keep(session, attachment)
    stage.put("attachment", attachment)
