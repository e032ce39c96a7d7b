"""What belongs to one recommendation and has a life of its own: extensions, pauses, incoming replies."""

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col

from app.core.errors import NotVisible
from app.models.base import Entity, ListQuery
from app.models.recommendation import Recommendation
from app.services import steps
from app.services.reading import Page, Projection, read_page
from app.services.unit_of_work import UnitOfWork

P = TypeVar("P", bound=Entity)


async def listed(uow: UnitOfWork, projection: Projection, recommendation_id: UUID, query: ListQuery) -> bytes:
    """Of one recommendation, newest first; for those outside its full view there are none."""
    await steps.find(uow, Recommendation, recommendation_id)
    model: Any = projection.model
    where = [col(model.recommendation_id) == recommendation_id]
    return await read_page(uow, projection, Page.of(query), where=where, filters={"of": recommendation_id})


async def part(uow: UnitOfWork, model: type[P], recommendation_id: UUID, part_id: UUID, *, lock: bool = False) -> P:
    """NotVisible also where it belongs to another recommendation."""
    it = await steps.find(uow, model, part_id, lock=lock)
    if it.recommendation_id != recommendation_id:  # type: ignore[attr-defined]
        raise NotVisible
    return it


async def keep(uow: UnitOfWork, parent: Recommendation, it: Any, action: str, move: Any, on: Any) -> UUID:
    """A part begins its history; the parent's version moves with it."""
    uow.add(it)
    steps.touch(parent)
    await uow.session.flush()
    name = type(it).__tablename__
    uow.record(f"{name}.{action}", it, became=it.state, lead_body_id=parent.issuer_body_id)
    await steps.write_transition(uow, it, action, was=None, became=it.state, on=on, move=move, case=None)
    return UUID(str(it.id))


async def advance(uow: UnitOfWork, parent: Recommendation, case: steps.Case, move: Any, expected: int | None) -> None:
    """A step of a part is also a change of its recommendation."""
    await steps.advance(uow, case, move, expected)
    if uow.replay is None:
        steps.touch(parent)


async def parent_of(uow: UnitOfWork, it: Any) -> Recommendation:
    """Of a part whose recommendation was found and locked before it."""
    return await uow.session.get_one(Recommendation, it.recommendation_id)
