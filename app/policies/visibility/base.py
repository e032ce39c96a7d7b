"""What every room's visibility is made of: views, paths, the registers, and where each SELECT starts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select, true
from sqlmodel import SQLModel, col

from app.core.clock import utcnow
from app.core.principal import Duty, Principal
from app.models.base import instant
from app.policies import shapes
from app.policies.relations import Condition, among

View = str
Views = list[tuple[View, Condition]]
M = TypeVar("M", bound=SQLModel)

NOW = bindparam("now", callable_=utcnow, type_=instant())
"""The instant of the request. Kept statements may hold no instant of their own: it is asked for at every run."""

VIEWS: dict[type[SQLModel], Callable[[Principal], Views]] = {}
"""Every model that is read; of all but the OPEN ones the tripwire of the tests refuses a SELECT not scoped."""

OPEN: set[type[SQLModel]] = set()
"""Models that anybody may read."""

CARRIERS: dict[str, type[SQLModel]] = {}
"""Models whose records carry papers and files, by the name of their kind."""


def administered(body_id: Any, who: Principal) -> Condition:
    """Of the body for which the caller signed in, whose administrator they are."""
    return col(body_id) == who.body_id if who.holds(Duty.ADMINISTRATOR) else false()


@dataclass(frozen=True)
class Path:
    """One way by which rows become visible: `column` is one of `keys`, and `gate` holds.

    A predicate that joins many ways by OR has no index of its own. Given as paths, a list walks each way by the index
    on (column, id) and takes the newest of all, however few rows of a large table the caller sees.
    """

    view: View
    column: Any
    keys: Select[Any] | tuple[UUID, ...]
    gate: Condition | None = None

    @property
    def condition(self) -> Condition:
        reached = among(self.column, self.keys) if isinstance(self.keys, tuple) else col(self.column).in_(self.keys)
        return reached if self.gate is None else and_(reached, self.gate)


PATHS: dict[type[SQLModel], Callable[[Principal], list[Path]]] = {}
"""Models whose lists are walked path by path."""


def visible(model: type[SQLModel], who: Principal) -> ColumnElement[bool]:
    return or_(*(condition for _, condition in VIEWS[model](who)))


def scoped(model: type[M], who: Principal) -> Select[M]:
    """Where every list, detail, search, export and statistic starts."""
    return select(model).where(visible(model, who)).execution_options(scope="scoped")


def unscoped(model: type[M], *, reason: str) -> Select[M]:
    """For system code that acts for no caller or checks a rule across tenants; greppable, and the reason is kept."""
    return select(model).execution_options(scope=reason)


def kept_views(name: str, views: Callable[[Principal], Views]) -> Callable[[Principal], Views]:
    """The same views, built once for each shape of caller."""
    kept = shapes.once(name, lambda who: dict(views(who)))
    return lambda who: list(kept(who).items())


def open_to_all(*models: type[SQLModel]) -> None:
    """Register what has no secrets: names, places, rules of law."""
    for model in models:
        OPEN.add(model)
        VIEWS[model] = lambda who: [("full", true())]
