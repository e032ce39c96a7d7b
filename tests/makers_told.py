"""Webhooks and what was sent to them."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.models.webhook import Webhook, WebhookDelivery
from app.services.webhooks.keeping import new_secret
from app.services.webhooks.telling import cloud_event
from tests.makers import keep
from tests.world import World


async def a_webhook(session: AsyncSession, world: World, part: str = "administrator", **fields: Any) -> Webhook:
    values: dict[str, Any] = {
        "body_id": world.body_of(part),
        "url": "https://vanban.example.vn/giamsat",
        "secret": new_secret(),
    }
    webhook = Webhook(**{**values, **fields})
    await keep(session, webhook)
    return webhook


async def a_delivery(session: AsyncSession, webhook: Webhook, **fields: Any) -> WebhookDelivery:
    """A ping that waits."""
    content = cloud_event(webhook.id, "webhook.ping", utcnow(), "webhook", webhook.id, 1)
    values: dict[str, Any] = {"webhook_id": webhook.id, "type": "webhook.ping", "content": content}
    delivery = WebhookDelivery(**{**values, "next_try_at": utcnow(), **fields})
    await keep(session, delivery)
    return delivery
