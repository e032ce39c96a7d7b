"""How many programmes and projects an area has: what the form on investment boards asks besides their work."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import Principal
from app.domain.body import BodyKind
from app.models.board_result import (
    ProjectCount,
    ProjectCountCreate,
    ProjectCountFilter,
    ProjectCountRead,
    ProjectCountUpdate,
)
from app.models.body import Body
from app.policies.relations import Condition
from app.services import steps
from app.services.places import is_one_of
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.unit_of_work import UnitOfWork

P = ProjectCount


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"front_body": body_ref(col(P.front_body_id), col(P.counted_on), who.today)}


PROJECT_COUNTS = Projection(ProjectCount, {"full": ProjectCountRead}, _columns)


def holding(on: Any) -> Condition:
    """The newest of each Front by that day."""
    newer = aliased(ProjectCount)
    later = select(col(newer.id)).where(
        col(newer.front_body_id) == col(P.front_body_id),
        col(newer.counted_on) > col(P.counted_on),
        col(newer.counted_on) <= on,
    )
    return and_(col(P.counted_on) <= on, ~later.correlate_except(newer).exists())


async def page(uow: UnitOfWork, asked: ProjectCountFilter) -> bytes:
    sides = (asked.front_body_id, asked.front_level, asked.front_place_code)
    where: list[Condition] = [is_one_of(P.front_body_id, *sides)] if any(sides) else []
    if asked.holding_on is not None:
        where.append(holding(asked.holding_on))
    return await read_page(uow, PROJECT_COUNTS, Page.of(asked), where=where, filters=asked.filters())


async def count(uow: UnitOfWork, payload: ProjectCountCreate) -> UUID:
    front_id = payload.front_body_id or uow.who.body_id
    if front_id not in uow.who.acts:
        raise Forbidden
    front = await uow.session.get_one(Body, front_id)
    if front.kind != BodyKind.FRONT_COMMITTEE:
        raise invalid("/front_body_id", "not_a_front")
    if (made := await uow.claim()) is not None:
        return made
    counted_on = payload.counted_on or uow.today
    steps.not_in_the_future(uow, counted_on, "/counted_on")
    await uow.serialise("project_count", front_id)
    same = select(P).where(col(P.front_body_id) == front_id, col(P.counted_on) == counted_on)
    if (await uow.session.execute(same.execution_options(scope="one count a day"))).first() is not None:
        raise Conflict("already_counted")
    it = ProjectCount(front_body_id=front_id, counted_on=counted_on, projects=payload.projects, note=payload.note)
    uow.add(it)
    await uow.session.flush()
    uow.record("project_count.create", it, lead_body_id=front_id)
    return it.id


async def update(uow: UnitOfWork, count_id: UUID, payload: ProjectCountUpdate, expected: int | None) -> None:
    it = await steps.find(uow, ProjectCount, count_id, lock=True)
    if it.front_body_id not in uow.who.acts:
        raise Forbidden
    steps.check_version(it, expected)
    it.sqlmodel_update(payload.model_dump(exclude_unset=True))
    await uow.session.flush()
    uow.record("project_count.update", it, lead_body_id=it.front_body_id, fields=sorted(payload.model_fields_set))
