"""The history of any record: what was done, when it happened and when it was recorded, by whom and for whom."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Integer, Select, Text, Uuid, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.core.errors import NotVisible
from app.core.principal import Principal
from app.models.base import ListQuery, Row
from app.models.history import Transition
from app.policies.histories import lines
from app.policies.visibility import visible
from app.services import prepared
from app.services.unit_of_work import UnitOfWork

NAMED = bindparam("identifier", None, type_=Uuid)
AFTER = bindparam("after", None, type_=Uuid)
MOST = bindparam("most", None, type_=Integer)


async def of(uow: UnitOfWork, model: type[Row], identifier: UUID, query: ListQuery) -> bytes:
    """One page, newest first, of the lines that this caller may read; NotVisible when the record is."""
    if not await prepared.fetch(uow, (model, "known"), lambda who: _known(model, who), identifier=identifier):
        raise NotVisible
    scope = f"transition|{identifier}"
    given: dict[str, Any] = {"identifier": identifier, "most": query.limit + 1}
    if query.cursor is not None:
        given["after"] = UUID(uow.cursors.open(query.cursor, scope)[0])
    rows = await prepared.fetch(uow, (model, "history", *given), lambda who: _page(model, who, given), **given)
    following = uow.cursors.seal([rows[query.limit - 1][0]], scope) if len(rows) > query.limit else None
    items = ",".join(line for _, line in rows[: query.limit])
    count = f',"count":{await _count(uow, lines(model, uow.who, identifier))}' if query.count else ""
    return f'{{"items":[{items}],"next_cursor":{orjson.dumps(following).decode()}{count}}}'.encode()


def _known(model: Any, who: Principal) -> Select[Any]:
    seen: Select[Any] = select(col(model.id)).where(col(model.id) == NAMED, visible(model, who))
    return seen.execution_options(scope="scoped")


def _page(model: type[Row], who: Principal, given: Collection[str]) -> Select[Any]:
    shown: list[Any] = [col(Transition.id), cast(_line(), Text)]
    page = select(*shown).where(lines(model, who, NAMED))
    if "after" in given:
        page = page.where(col(Transition.id) < AFTER)
    return page.order_by(col(Transition.id).desc()).limit(MOST).execution_options(scope="scoped")


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
