"""Which operations a machine client reaches, by scope; every other answers 403 `insufficient_scope`."""

from app.core.principal import Principal
from app.domain.edxml import ClientScope

REACH: dict[ClientScope, set[str]] = {
    ClientScope.EDXML_PUSH: {"push_edxml"},
    ClientScope.EDXML_READ: {"list_edxml_messages", "get_edxml_message", "get_edxml_message_raw"},
    ClientScope.DISPATCH_RELAY: {
        "list_dispatches",
        "get_dispatch",
        "download_dispatch",
        "confirm_relay",
        "confirm_edxml_message",
    },
    ClientScope.WEBHOOKS_MANAGE: set(),
    ClientScope.CHANGES_READ: {"list_changes"},
}
"""By operation id; each room adds its own."""


def reaches(who: Principal, operation: str) -> bool:
    return any(operation in REACH[ClientScope(it)] for it in who.scopes)
