"""May this caller know that a row exists, and how much of it? One function per model (api.md, "Who sees what").

Each gives its views, widest first. What no row names is seen by nobody; hidden and absent are the same answer.
Each room of the house registers its models here in a module of its own. What the rooms register is built once for
each shape of caller (policies.shapes): it depends on nothing but the caller.
"""

from importlib import import_module
from pkgutil import iter_modules

from app.policies import shapes
from app.policies.relations import ACTORS
from app.policies.visibility.base import (
    CARRIERS,
    OPEN,
    PATHS,
    VIEWS,
    Path,
    View,
    Views,
    kept_views,
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
VIEWS.update({model: kept_views(model.__name__, views) for model, views in VIEWS.items()})
ACTORS.update({model: shapes.once(f"{model.__name__} as", actors) for model, actors in ACTORS.items()})
