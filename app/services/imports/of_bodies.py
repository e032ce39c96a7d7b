"""Bodies for the register, by the registrar; parents may stand anywhere in the same table."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Invalid, fault
from app.models.body import Body, BodyCreate, BodyName, BodyUpdate
from app.policies.actions import may_keep_register
from app.services import bodies
from app.services.imports.columns import KEY, Column, Table
from app.services.imports.lines import Line
from app.services.imports.offers import Offer, given
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork

NAMES = ("name", "short_name", "symbol")

BODIES = Table(
    "bodies",
    (
        Column(KEY, required=True, width=16),
        Column("name", required=True, width=50),
        Column("short_name", required=True, width=24),
        Column("symbol", width=14),
        Column("kind", "code", required=True, vocabulary="body_kind", width=34),
        Column("level", "code", required=True, vocabulary="level", width=14),
        Column("parent", "body", pointers=("/parent_id",), width=50),
        Column("place_code", "place", width=16),
        Column("valid_from", "date", required=True, width=16),
    ),
)


def _shape(line: Line) -> dict[str, Any]:
    shaped = given(line, *NAMES, "kind", "level", "place_code", "valid_from")
    return shaped | ({"parent_id": line.values["parent"]} if "parent" in line.values else {})


async def _create(uow: UnitOfWork, lines: Sequence[Line]) -> list[UUID]:
    return await bodies.create_each(uow, [it.payload for it in lines])


async def _update(uow: UnitOfWork, line: Line, body_id: UUID) -> UUID:
    """A name or a beginning is no cell to be overwritten: names are dated, and an end is an event."""
    it = await find(uow, Body, body_id)
    await _refuse_other_names(uow, it, line.payload)
    changes = line.payload.model_dump(include={"kind", "level", "parent_id", "place_code"}, exclude_none=True)
    await bodies.update(uow, body_id, BodyUpdate(**changes), it.version)
    return body_id


async def _refuse_other_names(uow: UnitOfWork, it: Body, payload: BodyCreate) -> None:
    borne = select(BodyName).where(col(BodyName.body_id) == it.id).order_by(col(BodyName.valid_from))
    first, *_ = (await uow.session.execute(borne)).scalars().all()
    other = [fault(f"/{name}", "name_is_dated") for name in NAMES if getattr(payload, name) != getattr(first, name)]
    if payload.valid_from != it.valid_from:
        other.append(fault("/valid_from", "beginning_is_fixed"))
    if other:
        raise Invalid(*other)


OFFER = Offer(
    table=BODIES,
    model=Body,
    payload=BodyCreate,
    may=may_keep_register,
    shape=_shape,
    create=_create,
    update=_update,
    on="valid_from",
    inside="parent",
)
