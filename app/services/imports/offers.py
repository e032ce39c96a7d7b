"""What an import of one kind is: its table, who may bring it, and the services that make and change its records."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.principal import Principal
from app.models.base import Payload
from app.services.imports.columns import Table
from app.services.imports.lines import Line
from app.services.unit_of_work import UnitOfWork

LookUp = Callable[[UnitOfWork, Sequence[Line]], Awaitable[None]]


@dataclass(frozen=True)
class Offer:
    """`create` takes rows that were found sound, with what the API would have been sent as their `payload`.

    `on` is the field with the day for which names of bodies count, today without one; `inside` the field by which one
    row of a table names another; `look_up` finds records of the caller that cells name.
    """

    table: Table
    model: Any
    payload: type[Payload]
    may: Callable[[Principal], bool]
    shape: Callable[[Line], dict[str, Any]]
    create: Callable[[UnitOfWork, Sequence[Line]], Awaitable[Sequence[UUID]]]
    update: Callable[[UnitOfWork, Line, UUID], Awaitable[UUID]]
    look_up: LookUp | None = None
    on: str | None = None
    inside: str | None = None


def given(line: Line, *fields: str) -> dict[str, Any]:
    """Those of these fields that the row says something for: an empty cell leaves what is there."""
    return {it: line.values[it] for it in fields if it in line.values}
