"""Who sees webhooks and their deliveries: the administrators of their body; who sees an e-mail address: its person."""

from sqlalchemy import select
from sqlmodel import col

from app.core.principal import Principal
from app.models.mail import NotificationPreference
from app.models.webhook import Webhook, WebhookDelivery
from app.policies.visibility.base import VIEWS, Views, administered, visible


def webhooks(who: Principal) -> Views:
    return [("full", administered(Webhook.body_id, who))]


def webhook_deliveries(who: Principal) -> Views:
    seen = select(col(Webhook.id)).where(visible(Webhook, who))
    return [("full", col(WebhookDelivery.webhook_id).in_(seen))]


def notification_preferences(who: Principal) -> Views:
    return [("full", col(NotificationPreference.account_id) == who.account_id)]


VIEWS.update(
    {
        Webhook: webhooks,
        WebhookDelivery: webhook_deliveries,
        NotificationPreference: notification_preferences,
    }
)
