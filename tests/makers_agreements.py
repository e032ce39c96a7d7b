"""Smallest valid rows of agreements: Ban Dân vận, the Front and the Farmers' Union are bound for five years."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.agreement import AgreementState
from app.models.agreement import Agreement, AgreementParty, AgreementReview, Commitment
from tests.makers import keep
from tests.world import World

SIGNED_ON = date(2024, 1, 15)


async def an_agreement(session: AsyncSession, world: World, *bodies: str, **fields: Any) -> Agreement:
    """In force 2024–2028, kept by the first of its parties."""
    parties = bodies or ("lead", "partner", "partner_b")
    values: dict[str, Any] = {
        "title": "Quy chế phối hợp giai đoạn 2024–2028",
        "lead_body_id": world.body[parties[0]],
        "focal_body_id": world.body["verifier"],
        "term_from": date(2024, 1, 1),
        "term_to": date(2028, 12, 31),
        "content_groups": ["Giám sát, phản biện xã hội"],
        "signed_on": SIGNED_ON,
        "state": AgreementState.IN_FORCE,
    }
    agreement = Agreement(**{**values, **fields})
    await keep(session, agreement)
    await keep(session, *(AgreementParty(agreement_id=agreement.id, body_id=world.body[it]) for it in parties))
    return agreement


async def a_commitment(session: AsyncSession, world: World, agreement: Agreement, **fields: Any) -> Commitment:
    values: dict[str, Any] = {
        "agreement_id": agreement.id,
        "body_id": world.body["partner"],
        "text": "Mỗi năm tổ chức ít nhất một cuộc giám sát chung",
        "due_on": date(2024, 12, 31),
    }
    commitment = Commitment(**{**values, **fields})
    await keep(session, commitment)
    return commitment


async def a_review(session: AsyncSession, world: World, agreement: Agreement, **fields: Any) -> AgreementReview:
    values: dict[str, Any] = {
        "agreement_id": agreement.id,
        "period_from": date(2024, 1, 1),
        "period_to": date(2024, 12, 31),
        "indicators": [{"name": "Cuộc giám sát chung", "value": 2, "unit": "cuộc", "scope": "toàn tỉnh"}],
        "reviewed_on": date(2024, 12, 31),
    }
    review = AgreementReview(**{**values, **fields})
    await keep(session, review)
    return review
