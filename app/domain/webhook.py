"""When a webhook is called, and what becomes of it."""

from enum import StrEnum


class WebhookState(StrEnum):
    """`disabled` by us, after long failure; `paused` by its owner."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class WebhookDeliveryState(StrEnum):
    """`dead`: tried for three days, or its webhook was no longer active; a replay revives it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


def wants(event_types: list[str], event: str) -> bool:
    """`recommendation.issue`, `recommendation.*`, or nothing at all for everything."""
    kind = event.partition(".")[0]
    return not event_types or event in event_types or f"{kind}.*" in event_types
