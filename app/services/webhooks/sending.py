"""Tries a delivery: taken for a while in one transaction, called outside of any, its outcome kept in another.

A worker that dies in between leaves it taken; when that time is over another tries it again, under the same id.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters import webhook_http
from app.adapters.webhook_http import Guard, Outcome
from app.core.clock import utcnow
from app.domain.retries import pause
from app.domain.webhook import WebhookDeliveryState, WebhookState
from app.models.history import OutboxMessage
from app.models.webhook import Webhook, WebhookDelivery
from app.policies.visibility import unscoped
from app.services import queue

Sessions = async_sessionmaker[AsyncSession]

TAKEN_FOR = timedelta(seconds=30)
DISABLED_AFTER = timedelta(days=5)

D = WebhookDelivery


@dataclass(frozen=True)
class Try:
    """What is needed to call, without holding a transaction."""

    id: UUID
    webhook_id: UUID
    url: str
    content: str
    secrets: list[str]
    attempts: int


async def send(sessions: Sessions, delivery_id: UUID, guard: Guard) -> None:
    async with sessions.begin() as session:
        taken = await _take(session, delivery_id)
    if taken is None:
        return
    headers = webhook_http.signed(str(taken.id), utcnow(), taken.content, taken.secrets)
    outcome = await webhook_http.call(taken.url, taken.content, headers, guard)
    async with sessions.begin() as session:
        await _keep(session, taken, outcome)


async def _take(session: AsyncSession, delivery_id: UUID) -> Try | None:
    """None when it is not due, another has it, or its webhook is no longer called."""
    now = utcnow()
    due = (col(D.id) == delivery_id, col(D.state) == WebhookDeliveryState.WAITING, col(D.next_try_at) <= now)
    taking = update(D).where(*due).values(attempts=D.attempts + 1, next_try_at=now + TAKEN_FOR, tried_at=now)
    row = (await session.execute(taking.returning(col(D.webhook_id), col(D.content), col(D.attempts)))).one_or_none()
    if row is None:
        return None
    it = await _webhook(session, row.webhook_id)
    if it.state != WebhookState.ACTIVE:
        await _set(session, delivery_id, state=WebhookDeliveryState.DEAD, next_try_at=None, failure="webhook_inactive")
        return None
    return Try(delivery_id, it.id, it.url, row.content, _secrets(it, now), row.attempts)


def _secrets(it: Webhook, now: datetime) -> list[str]:
    """The new one first."""
    overlapping = it.previous_secret is not None and it.previous_until is not None and it.previous_until > now
    return [it.secret, *([it.previous_secret] if overlapping and it.previous_secret else [])]


async def _webhook(session: AsyncSession, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    statement = unscoped(Webhook, reason="a delivery is tried").where(col(Webhook.id) == webhook_id)
    return (await session.execute(statement.with_for_update() if lock else statement)).scalar_one()


async def _keep(session: AsyncSession, tried: Try, outcome: Outcome) -> None:
    now = utcnow()
    if outcome.arrived:
        done = {"state": WebhookDeliveryState.DELIVERED, "delivered_at": now, "next_try_at": None}
        await _set(session, tried.id, status=outcome.status, failure=None, **done)
        failing = update(Webhook).where(col(Webhook.id) == tried.webhook_id, col(Webhook.failing_since).is_not(None))
        await session.execute(failing.values(failing_since=None))
        return
    wait = pause(tried.attempts, random.random())  # noqa: S311 - spreads load, guards nothing
    again = {"next_try_at": now + wait} if wait else {"state": WebhookDeliveryState.DEAD, "next_try_at": None}
    await _set(session, tried.id, status=outcome.status, failure=outcome.failure, **again)
    await _note_failure(session, tried.webhook_id, now, gone=outcome.gone)


async def _note_failure(session: AsyncSession, webhook_id: UUID, now: datetime, *, gone: bool) -> None:
    """Disable a webhook to which nothing has come for days, or that asks for it, and tell its administrators."""
    it = await _webhook(session, webhook_id, lock=True)
    it.failing_since = it.failing_since or now
    if it.state != WebhookState.ACTIVE or not (gone or now - it.failing_since > DISABLED_AFTER):
        return
    it.state = WebhookState.DISABLED
    payload = {"was": "active", "became": "disabled", "by_body_id": None}
    message = OutboxMessage(type="webhook.disable", subject_type="webhook", subject_id=it.id, payload=payload)
    session.add(message)
    await session.flush()
    await queue.enqueue(session, queue.DELIVER, [message.id])


async def _set(session: AsyncSession, delivery_id: UUID, **values: object) -> None:
    await session.execute(update(D).where(col(D.id) == delivery_id).values(**values))


async def requeue_due(session: AsyncSession) -> int:
    due = (col(D.state) == WebhookDeliveryState.WAITING, col(D.next_try_at) <= utcnow())
    return await queue.again(session, queue.CALL, select(col(D.id)).where(*due).order_by(col(D.next_try_at)))
