"""Administrative units: 34 provinces and 3,321 communes with their official codes."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import col

from app.core.errors import invalid
from app.models.base import search_expression
from app.models.body import Body, Place, PlaceFilter, PlaceRead
from app.policies.relations import among
from app.services.reading import Page, Projection, matching, read_page
from app.services.unit_of_work import UnitOfWork

PLACE = Projection(model=Place, reads={"full": PlaceRead})


async def listing(uow: UnitOfWork, query: PlaceFilter) -> bytes:
    """By code, the order of the official list."""
    where = []
    if query.q is not None:
        where.append(matching(search_expression("full_name"), query.q))
    if query.parent_code:
        where.append(col(Place.parent_code).in_(query.parent_code))
    if query.kind:
        where.append(col(Place.kind).in_(query.kind))
    return await read_page(uow, PLACE, Page.of(query, sort="code"), where=where, filters=query.filters())


def bodies_at(levels: Sequence[str], codes: Sequence[str]) -> Select[Any]:
    """Bodies of one of these levels, at one of these places; a province includes its communes. Nothing asked: all."""
    found = select(col(Body.id))
    if levels:
        found = found.where(col(Body.level).in_(levels))
    if codes:
        below = select(col(Place.code)).where(or_(col(Place.code).in_(codes), col(Place.parent_code).in_(codes)))
        found = found.where(col(Body.place_code).in_(below))
    return found


def is_one_of(column: Any, ids: Sequence[UUID], levels: Sequence[str], codes: Sequence[str]) -> ColumnElement[bool]:
    """The body is one of these, of these levels, at these places; what is not asked does not narrow."""
    found: list[ColumnElement[bool]] = [among(column, ids)] if ids else []
    if levels or codes:
        found.append(col(column).in_(bodies_at(levels, codes)))
    return and_(*found)


async def check_known(uow: UnitOfWork, codes: Iterable[str | None], pointer: str) -> None:
    """Refuses a code that no place has or had."""
    wanted = {code for code in codes if code is not None}
    if not wanted:
        return
    known = await uow.session.execute(select(col(Place.code)).where(col(Place.code).in_(wanted)))
    if unknown := wanted - set(known.scalars()):
        raise invalid(pointer, "unknown_place", place_code=min(unknown))
