"""Smallest valid rows of what happens to a recommendation between its moves."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.pause import PauseReason
from app.domain.recommendation import FollowUpClock
from app.models.effectiveness_check import EffectivenessCheck
from app.models.extension import Extension
from app.models.incoming_reply import IncomingReply
from app.models.pause import Pause
from app.models.recommendation import Recommendation
from tests.makers import a_document, keep
from tests.world import World


async def an_extension(session: AsyncSession, world: World, parent: Recommendation, **fields: Any) -> Extension:
    """Asked by the addressee until a quarter after the date that stands."""
    values: dict[str, Any] = {
        "recommendation_id": parent.id,
        "clock": FollowUpClock.COMPLETION,
        "was_due_on": parent.due_on,
        "until": date(2025, 3, 31),
        "reason": "Chờ hướng dẫn của cấp trên",
        "requested_on": date(2024, 12, 1),
        "body_id": parent.addressee_id,
        "account_id": world.account["addressee"],
    }
    it = Extension(**{**values, **fields})
    await keep(session, it)
    return it


async def a_pause(session: AsyncSession, world: World, parent: Recommendation, **fields: Any) -> Pause:
    values: dict[str, Any] = {
        "recommendation_id": parent.id,
        "reason": PauseReason.OBJECTIVE_OBSTACLE,
        "document_id": (await a_document(session, world)).id,
        "from_on": date(2024, 10, 1),
        "account_id": world.account["lead_officer"],
    }
    it = Pause(**{**values, **fields})
    parent.paused_since = it.from_on if it.to_on is None else None
    await keep(session, it, parent)
    return it


async def a_check(session: AsyncSession, world: World, parent: Recommendation, **fields: Any) -> EffectivenessCheck:
    values: dict[str, Any] = {
        "recommendation_id": parent.id,
        "due_on": date(2025, 6, 30),
        "account_id": world.account["lead_officer"],
    }
    it = EffectivenessCheck(**{**values, **fields})
    await keep(session, it)
    return it


async def an_incoming_reply(
    session: AsyncSession, world: World, parent: Recommendation, **fields: Any
) -> IncomingReply:
    values: dict[str, Any] = {
        "recommendation_id": parent.id,
        "document_id": (await a_document(session, world)).id,
        "received_on": date(2024, 6, 12),
        "account_id": world.account["lead_clerk"],
    }
    it = IncomingReply(**{**values, **fields})
    await keep(session, it)
    return it
