"""May this caller do this? What no lifecycle row decides."""

from uuid import UUID

from app.core.principal import Duty, Principal
from app.domain.edxml import ClientScope


def may_keep_register(who: Principal) -> bool:
    """Bodies, names, places, lineage, national rules and the calendar are the registrar's alone (api.md, section 2)."""
    return who.holds(Duty.REGISTRAR)


def papers(who: Principal) -> tuple[UUID, ...]:
    """Bodies whose papers the caller registers and reads; the registrar's are those of the registry."""
    return who.bodies if who.records or who.holds(Duty.REGISTRAR) else ()


def exchanges(who: Principal) -> tuple[UUID, ...]:
    """Bodies whose electronic messages the caller reads: people who keep papers, and clients that may read."""
    reads = who.records or ClientScope.EDXML_READ in who.scopes
    return who.bodies if reads else ()


def may_bring_messages(who: Principal) -> bool:
    return bool(who.records) or ClientScope.EDXML_PUSH in who.scopes
