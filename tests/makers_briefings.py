"""Smallest valid rows of briefings: the chair is Ban Dân vận, the Front and the Farmers' Union take part."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.briefing import BriefingKind, BriefingState
from app.models.briefing import Briefing, BriefingConclusion, BriefingParticipant
from app.models.proposal import Proposal
from tests.makers import keep
from tests.world import World

HELD_ON = date(2024, 3, 20)


async def a_briefing(session: AsyncSession, world: World, *bodies: str, **fields: Any) -> Briefing:
    """Held on 20/03/2024 with both partners, unless told otherwise."""
    values: dict[str, Any] = {
        "kind": BriefingKind.PERIODIC_BRIEFING,
        "title": "Giao ban quý I với Mặt trận và các đoàn thể",
        "chair_body_id": world.body["lead"],
        "period_from": date(2024, 1, 1),
        "period_to": HELD_ON,
        "scheduled_on": HELD_ON,
        "held_on": HELD_ON,
        "agenda": ["Tình hình quý I"],
        "state": BriefingState.HELD,
    }
    briefing = Briefing(**{**values, **fields})
    await keep(session, briefing)
    taking_part = bodies or ("partner", "partner_b")
    await keep(
        session, *(BriefingParticipant(briefing_id=briefing.id, body_id=world.body[body]) for body in taking_part)
    )
    return briefing


async def a_proposal(session: AsyncSession, world: World, briefing: Briefing, **fields: Any) -> Proposal:
    """Of the Farmers' Union, to the provincial People's Committee, which is no participant."""
    values: dict[str, Any] = {
        "briefing_id": briefing.id,
        "chair_body_id": briefing.chair_body_id,
        "proposer_body_id": world.body["partner_b"],
        "to_body_id": world.body["counterpart"],
        "text": "Bố trí kinh phí cho đại hội cấp tỉnh",
    }
    proposal = Proposal(**{**values, **fields})
    await keep(session, proposal)
    return proposal


async def a_conclusion(session: AsyncSession, world: World, briefing: Briefing, **fields: Any) -> BriefingConclusion:
    values: dict[str, Any] = {
        "briefing_id": briefing.id,
        "text": "Xây dựng quy chế làm việc của người đứng đầu",
        "to_body_id": world.body["partner"],
        "due_on": date(2024, 6, 30),
    }
    conclusion = BriefingConclusion(**{**values, **fields})
    await keep(session, conclusion)
    return conclusion
