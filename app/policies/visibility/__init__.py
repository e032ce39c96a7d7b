"""May this caller know that a row exists, and how much of it? One function per model (api.md, "Who sees what").

Each gives its views, widest first. What no row names is seen by nobody; hidden and absent are the same answer.
Each room of the house registers its models here in a module of its own.
"""

from importlib import import_module
from pkgutil import iter_modules

from app.policies.visibility.base import (
    CARRIERS,
    OPEN,
    PATHS,
    VIEWS,
    Path,
    View,
    Views,
    open_to_all,
    scoped,
    unscoped,
    visible,
)

__all__ = [
    "CARRIERS",
    "OPEN",
    "PATHS",
    "VIEWS",
    "Path",
    "View",
    "Views",
    "open_to_all",
    "scoped",
    "unscoped",
    "visible",
]

for _room in iter_modules(__path__):
    import_module(f"{__name__}.{_room.name}")
