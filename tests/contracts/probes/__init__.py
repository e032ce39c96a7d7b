"""The probes of the authorisation matrix, room by room: each module here gives its own as `PROBES`."""

from importlib import import_module
from pkgutil import iter_modules

from tests.contracts.probes.probe import Probe

ROOMS: dict[str, list[Probe]] = {
    it.name: import_module(f"{__name__}.{it.name}").PROBES for it in iter_modules(__path__) if it.name != "probe"
}
PROBES: list[Probe] = [it for probes in ROOMS.values() for it in probes]
