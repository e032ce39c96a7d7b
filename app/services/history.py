"""The history of any record: what was done, when it happened and when it was recorded, by whom and for whom."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.core.errors import NotVisible
from app.models.base import ListQuery, Row
from app.models.history import Transition
from app.policies.histories import lines
from app.policies.visibility import visible
from app.services.unit_of_work import UnitOfWork


async def of(uow: UnitOfWork, model: type[Row], identifier: UUID, query: ListQuery) -> bytes:
    """One page, newest first, of the lines that this caller may read; NotVisible when the record is."""
    await _known(uow, model, identifier)
    scope = f"transition|{identifier}"
    told = lines(model, uow.who, identifier)
    page = select(col(Transition.id), cast(_line(), Text)).where(told)
    if query.cursor is not None:
        page = page.where(col(Transition.id) < UUID(uow.cursors.open(query.cursor, scope)[0]))
    page = page.order_by(col(Transition.id).desc()).limit(query.limit + 1)
    rows = (await uow.session.execute(page)).all()
    following = uow.cursors.seal([rows[query.limit - 1][0]], scope) if len(rows) > query.limit else None
    items = ",".join(line for _, line in rows[: query.limit])
    count = f',"count":{await _count(uow, told)}' if query.count else ""
    return f'{{"items":[{items}],"next_cursor":{orjson.dumps(following).decode()}{count}}}'.encode()


async def _known(uow: UnitOfWork, model: Any, identifier: UUID) -> None:
    seen = select(col(model.id)).where(col(model.id) == identifier, visible(model, uow.who))
    if (await uow.session.execute(seen.execution_options(scope="scoped"))).first() is None:
        raise NotVisible


async def _count(uow: UnitOfWork, told: ColumnElement[bool]) -> int:
    return int((await uow.session.execute(select(func.count()).select_from(Transition).where(told))).scalar_one())


def _line() -> ColumnElement[Any]:
    """What does not apply to a line (on behalf, for another body, a reason) is absent from it."""
    always = func.jsonb_build_object(
        "action",
        col(Transition.action),
        "from",
        col(Transition.from_state),
        "to",
        col(Transition.to_state),
        "on",
        col(Transition.on_date),
        "at",
        col(Transition.created_at),
        "recorded_late",
        col(Transition.recorded_late),
        "by",
        func.jsonb_build_object("account_id", col(Transition.account_id), "body_id", col(Transition.body_id)),
    )
    sometimes = func.jsonb_build_object(
        "for_body_id",
        col(Transition.for_body_id),
        "on_behalf",
        col(Transition.on_behalf),
        "reason",
        col(Transition.reason),
    )
    return cast(always, JSONB).op("||")(func.jsonb_strip_nulls(sometimes))
