"""Smallest valid rows of the Delegation 133 story, in any state; every maker commits to the test's savepoint."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.campaign import CampaignForm, CampaignKind, CampaignState, Ground, Outcome, Regime
from app.domain.delegation import DelegationDuty, DelegationState
from app.domain.engagement import EngagementState
from app.domain.finding import FindingKind, FindingState
from app.domain.number_book import BookDirection, NumberingStyle
from app.domain.recommendation import Implementation, Origin, RecommendationState, ReplyStatus
from app.domain.report import ReportKind, ReportState
from app.models.campaign import Campaign, CampaignPartner
from app.models.delegation import Delegation, DelegationMember
from app.models.document import Document
from app.models.engagement import Engagement, WorkingSession
from app.models.finding import Finding
from app.models.number_book import NumberBook
from app.models.recommendation import Recommendation
from app.models.report import Report
from tests.world import World

DECIDED_ON = date(2024, 2, 20)


async def keep(session: AsyncSession, *rows: Any) -> None:
    session.add_all(rows)
    await session.commit()


async def a_document(session: AsyncSession, world: World, owner: str = "lead", **fields: Any) -> Document:
    values: dict[str, Any] = {
        "owner_body_id": world.body[owner],
        "kind": "KH",
        "symbol": "12-KH/BDVTU",
        "symbol_normalised": "12-KH/BDVTU",
        "number": 12,
        "issuer_body_id": world.body[owner],
        "issued_on": DECIDED_ON,
        "abstract": "Kế hoạch giám sát việc thực hiện Kết luận 62-KL/TW",
    }
    document = Document(**{**values, **fields})
    await keep(session, document)
    return document


async def a_campaign(session: AsyncSession, world: World, **fields: Any) -> Campaign:
    """Underway, led by Ban Dân vận, with both partners concurring."""
    values: dict[str, Any] = {
        "kind": CampaignKind.SUPERVISION,
        "regime": Regime.PARTY,
        "form": CampaignForm.DELEGATION,
        "ground": Ground.PROGRAMME,
        "title": "Giám sát việc thực hiện Kết luận 62-KL/TW",
        "topic": "Đổi mới nội dung và phương thức hoạt động của Mặt trận và các đoàn thể",
        "review_from": date(2021, 1, 1),
        "review_to": date(2023, 12, 31),
        "window_from": date(2024, 3, 1),
        "window_to": date(2024, 6, 30),
        "outline": {"items": [{"key": "I", "title": "Kết quả thực hiện", "asks": "Nêu rõ kết quả"}]},
        "lead_body_id": world.body["lead"],
        "deciding_body_id": world.body["lead"],
        "state": CampaignState.UNDERWAY,
        "planned_on": date(2024, 2, 15),
    }
    campaign = Campaign(**{**values, **fields})
    await keep(session, campaign)
    for part in ("partner", "partner_b"):
        await keep(
            session,
            CampaignPartner(campaign_id=campaign.id, body_id=world.body[part], outcome=Outcome.CONCURRED),
        )
    return campaign


SEATS = {
    "head": DelegationDuty.HEAD,
    "secretary": DelegationDuty.SECRETARY,
    "member_a": DelegationDuty.MEMBER,
    "member_b": DelegationDuty.MEMBER,
}


async def a_delegation(
    session: AsyncSession, world: World, campaign: Campaign, *, seated: bool = True, **fields: Any
) -> Delegation:
    """Đoàn giám sát 133, decided, with head, secretary and a member of each partner unless not `seated`."""
    values: dict[str, Any] = {
        "campaign_id": campaign.id,
        "name": "Đoàn giám sát 133",
        "decision": {"symbol": "133-QĐ/BDVTU", "issued_on": str(DECIDED_ON), "issuer_body_id": str(world.body["lead"])},
        "decided_on": DECIDED_ON,
        "state": DelegationState.DECIDED,
    }
    delegation = Delegation(**{**values, **fields})
    await keep(session, delegation)
    for part, duty in SEATS.items() if seated else ():
        seat = DelegationMember(
            delegation_id=delegation.id,
            account_id=world.account[part],
            person_name=part,
            body_id=world.body_of(part),
            duty=duty,
            valid_from=DECIDED_ON,
        )
        await keep(session, seat)
    return delegation


async def an_engagement(session: AsyncSession, world: World, delegation: Delegation, **fields: Any) -> Engagement:
    """With Ban Thường vụ Huyện ủy Quảng Điền; notified unless told otherwise."""
    values: dict[str, Any] = {
        "campaign_id": delegation.campaign_id,
        "delegation_id": delegation.id,
        "supervised_body_id": world.body["supervised"],
        "state": EngagementState.NOTIFIED,
        "notified_on": date(2024, 3, 18),
        "received_on": date(2024, 3, 20),
        "session_planned_on": date(2024, 4, 12),
    }
    engagement = Engagement(**{**values, **fields})
    await keep(session, engagement)
    return engagement


async def a_session(session: AsyncSession, world: World, engagement: Engagement, **fields: Any) -> WorkingSession:
    values: dict[str, Any] = {
        "engagement_id": engagement.id,
        "campaign_id": engagement.campaign_id,
        "held_on": date(2024, 4, 12),
        "place": "Huyện ủy Quảng Điền",
        "chair": {"name": "Nguyễn Xuân Dương", "title": "Trưởng đoàn", "body_id": str(world.body["lead"])},
        "minutes_text": "Thông qua dự thảo báo cáo kết quả giám sát.",
    }
    held = WorkingSession(**{**values, **fields})
    await keep(session, held)
    return held


async def a_finding(session: AsyncSession, world: World, engagement: Engagement, **fields: Any) -> Finding:
    """A limitation filed by member_a, submitted, with a note as evidence."""
    values: dict[str, Any] = {
        "campaign_id": engagement.campaign_id,
        "engagement_id": engagement.id,
        "author_account_id": world.account["member_a"],
        "author_body_id": world.body_of("member_a"),
        "kind": FindingKind.LIMITATION,
        "content": "Một số phong trào thi đua chưa bền vững",
        "evidence": [{"kind": "note", "text": "Biên bản khảo sát"}],
        "state": FindingState.SUBMITTED,
        "first_digest": "0" * 64,
    }
    finding = Finding(**{**values, **fields})
    await keep(session, finding)
    return finding


async def a_report(session: AsyncSession, world: World, campaign: Campaign, **fields: Any) -> Report:
    """A campaign-wide result report in draft unless told otherwise."""
    values: dict[str, Any] = {
        "kind": ReportKind.RESULT_REPORT,
        "campaign_id": campaign.id,
        "author_body_id": world.body["lead"],
        "title": "Báo cáo kết quả giám sát",
        "sections": [{"key": "I", "title": "Kết quả", "content": "…", "finding_ids": [], "clause": "I"}],
        "state": ReportState.DRAFT,
    }
    report = Report(**{**values, **fields})
    await keep(session, report)
    return report


async def a_recommendation(session: AsyncSession, world: World, campaign: Campaign, **fields: Any) -> Recommendation:
    """Issued to Phòng Nội vụ, verified by the lead, unless told otherwise."""
    due_on = fields.pop("due_on", date(2024, 12, 31))
    values: dict[str, Any] = {
        "number": 1,
        "origin": Origin.REPORT,
        "campaign_id": campaign.id,
        "issuer_body_id": world.body["lead"],
        "addressee_id": world.body["addressee"],
        "verifier_body_id": world.body["lead"],
        "owner_name": "Trương Duy Hải",
        "owner_title": "Phó Bí thư Thường trực",
        "action": "Cụ thể hóa các văn bản về công tác Mặt trận và đoàn thể",
        "expected_result": "Có kế hoạch hằng năm được ban hành",
        "issued_on": date(2024, 5, 20),
        "reply_due_on": date(2024, 6, 20),
        "due_on": due_on,
        "due_sort": due_on,
        "due_basis": {"text": "Thông báo kết luận của Đoàn giám sát 133"},
        "state": RecommendationState.ISSUED,
        "reply_status": ReplyStatus.AWAITING,
        "implementation": Implementation.NOT_STARTED,
    }
    recommendation = Recommendation(**{**values, **fields})
    await keep(session, recommendation)
    return recommendation


async def a_number_book(session: AsyncSession, world: World, **fields: Any) -> NumberBook:
    """The lead's plans of a Party term."""
    values: dict[str, Any] = {
        "body_id": world.body["lead"],
        "direction": BookDirection.OUTGOING,
        "style": NumberingStyle.PARTY,
        "kind": "KH",
        "organ": "BDVTU",
        "period_from": date(2020, 10, 1),
        "period_to": date(2025, 9, 30),
    }
    book = NumberBook(**{**values, **fields})
    await keep(session, book)
    return book
