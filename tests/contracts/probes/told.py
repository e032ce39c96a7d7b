"""Being told: changes, the stream, webhooks, e-mail, the calendar."""

from tests.contracts.probes.probe import Probe, each, on

WEBHOOKS: list[Probe] = [
    Probe("list_webhooks"),
    Probe("create_webhook", body={"url": "https://vanban.example.vn/giamsat"}),
    *on("get_webhook", "webhook"),
    *on("update_webhook", "webhook", body={"active": False}),
    *on("rotate_webhook_secret", "webhook", body={}),
    *on("ping_webhook", "webhook"),
    *on("list_webhook_deliveries", "webhook"),
    *on("replay_webhook", "webhook", body={"from": "2024-01-01T00:00:00Z"}),
    *on("delete_webhook", "webhook"),
]

PREFERENCES: list[Probe] = [
    Probe("get_notification_preferences"),
    Probe("set_notification_preferences", body={"email": "lan.tran@example.vn"}),
]

CALENDAR: list[Probe] = [*each("get_calendar", "create_calendar_feed", "delete_calendar_feed")]

PROBES: list[Probe] = [
    *CALENDAR,
    *PREFERENCES,
    *WEBHOOKS,
    *each("list_changes", "create_event_ticket"),
    Probe("open_events", query={"ticket": "x"}),
]
