"""Which webhooks a message of the outbox is for: those that ask for its kind, of bodies that see its record."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core.clock import today, utcnow
from app.core.ids import new_id
from app.core.principal import NOBODY, READING, Principal
from app.domain.webhook import WebhookDeliveryState, WebhookState, wants
from app.models.body import ActsThrough
from app.models.history import OutboxMessage
from app.models.webhook import Webhook, WebhookDelivery
from app.policies.visibility import scoped
from app.services import queue
from app.services.changes.kinds import TOLD

SOURCE = "urn:giamsat"


def cloud_event(identifier: UUID, event: str, at: datetime, kind: str, record_id: UUID, version: int) -> str:
    """CloudEvents 1.0, structured JSON: which record did what; the receiver reads it with rights of its own."""
    document = {
        "specversion": "1.0",
        "id": str(identifier),
        "source": SOURCE,
        "type": event,
        "subject": f"{kind}/{record_id}",
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": {"type": kind, "id": str(record_id), "version": version},
    }
    return orjson.dumps(document).decode()


async def fan_out(session: AsyncSession, message: OutboxMessage) -> None:
    """One delivery for each webhook, once: the message is locked by whoever tells of it."""
    model = TOLD.get(message.subject_type)
    if model is None:
        return
    asking = [(it, organs) for it, organs in await _active(session) if wants(it.event_types, message.type)]
    readers = {it.body_id: _readers_of(it.body_id, organs) for it, organs in asking}
    seen = {body_id: await _version(session, model, message.subject_id, who) for body_id, who in readers.items()}
    rows = [_delivery(it, message, version) for it, _ in asking if (version := seen[it.body_id]) is not None]
    if rows:
        made = insert(WebhookDelivery).values(rows)
        await session.execute(made.on_conflict_do_nothing(index_elements=["webhook_id", "outbox_message_id"]))
        await queue.enqueue(session, queue.CALL, [it["id"] for it in rows])


async def _active(session: AsyncSession) -> list[tuple[Webhook, list[UUID]]]:
    """With the organs that act through their bodies today."""
    on = today()
    acting = (
        col(ActsThrough.office_id) == col(Webhook.body_id),
        col(ActsThrough.valid_from) <= on,
        or_(col(ActsThrough.valid_to).is_(None), col(ActsThrough.valid_to) >= on),
    )
    organs = select(func.array_agg(col(ActsThrough.organ_id))).where(*acting).correlate(Webhook).scalar_subquery()
    active = select(Webhook, organs).where(col(Webhook.state) == WebhookState.ACTIVE).order_by(col(Webhook.id))
    rows = await session.execute(active.execution_options(scope="whose programs must be told?"))
    return [(webhook, list(organs or ())) for webhook, organs in rows]


def _readers_of(body_id: UUID, organs: list[UUID]) -> Principal:
    """What everybody who reads for the body sees, and no single person more than the others."""
    return Principal(NOBODY, body_id, READING, (body_id, *organs), today(), NOBODY)


async def _version(session: AsyncSession, model: Any, record_id: UUID, who: Principal) -> int | None:
    """None when the body does not see the record."""
    it = (await session.execute(scoped(model, who).where(col(model.id) == record_id))).scalars().first()
    return None if it is None else getattr(it, "version", 1)


def _delivery(webhook: Webhook, message: OutboxMessage, version: int) -> dict[str, Any]:
    event = cloud_event(message.id, message.type, message.created_at, message.subject_type, message.subject_id, version)
    return {
        "id": new_id(),
        "created_at": utcnow(),
        "webhook_id": webhook.id,
        "outbox_message_id": message.id,
        "type": message.type,
        "content": event,
        "state": WebhookDeliveryState.WAITING,
        "attempts": 0,
        "next_try_at": utcnow(),
    }
