"""Being told: changes, the stream, webhooks, e-mail, the calendar."""

from tests.contracts.probes.probe import Probe, each

PROBES: list[Probe] = [
    *each("list_changes", "create_event_ticket"),
    Probe("open_events", query={"ticket": "x"}),
]
