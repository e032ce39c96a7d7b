"""`GET /v1/me/tasks`: every kind of task in one statement, soonest first, what has no date last."""

from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from app.core.principal import Principal
from app.models.task import TaskQuery
from app.services import prepared, tasks
from app.services.unit_of_work import UnitOfWork

SOURCES = [
    import_module(f"{tasks.__name__}.{it.name}") for it in iter_modules(tasks.__path__) if it.name.startswith("of_")
]
"""Every room's module of tasks: `asks` gives the kinds it has."""


async def page(uow: UnitOfWork, query: TaskQuery) -> bytes:
    """As a list of records: what stands on one page is counted by looking at it."""
    scope, until = f"tasks|{orjson.dumps(query.filters()).decode()}", query.due_to is not None
    after = uow.cursors.open(query.cursor, scope) if query.cursor is not None else None
    values = {"most": query.limit + 1, "until": query.due_to, **_place(after)}
    name = ("tasks", until, after is not None)
    rows = await prepared.fetch(uow, name, lambda who: _listed(who, until, after is not None), **values)
    following = None
    if len(rows) > query.limit:
        following = uow.cursors.seal(list(rows[query.limit - 1])[:-1], scope)
    shown = [row["line"] for row in rows[: query.limit]]
    parts = [b'{"items":[', ",".join(shown).encode(), b'],"next_cursor":', orjson.dumps(following)]
    if query.count:
        whole = after is None and following is None
        count = len(shown) if whole else await _count(uow, until, values)
        parts += [b',"count":', str(count).encode()]
    return b"".join([*parts, b"}"])


async def _count(uow: UnitOfWork, until: bool, values: dict[str, Any]) -> int:
    ((count,),) = await prepared.fetch(uow, ("tasks counted", until), lambda who: _counted(who, until), **values)
    return int(count)


def _tasks(who: Principal, until: bool) -> Select[Any]:
    task = union_all(*(ask.rows() for source in SOURCES for ask in source.asks(who))).subquery("task")
    wanted = select(task)
    return wanted.where(task.c.due_on <= bindparam("until", None, type_=Date)) if until else wanted


def _counted(who: Principal, until: bool) -> Select[Any]:
    return select(func.count()).select_from(_tasks(who, until).subquery()).execution_options(scope="tasks")


def _listed(who: Principal, until: bool, further: bool) -> Select[Any]:
    task = _tasks(who, until).subquery("wanted")
    place = (func.coalesce(task.c.due_on, literal(date.max, Date)), task.c.id, task.c.action)
    wanted = select(*place, cast(_line(task), Text).label("line")).select_from(task)
    if further:
        types = {"after_day": Date, "after_id": Uuid, "after_action": String}
        wanted = wanted.where(tuple_(*place) > tuple_(*(bindparam(it, None, type_=of) for it, of in types.items())))
    ordered = wanted.order_by(*place).limit(bindparam("most", None, type_=Integer))
    return ordered.execution_options(scope="tasks")


def _line(task: Any) -> Any:
    """A task without a date or a rule says nothing of it."""
    record = func.json_build_object("type", task.c.type, "id", task.c.id, "title", task.c.title)
    dated = {"due_on": task.c.due_on, "rule": task.c.rule}
    parts = [part for name, column in dated.items() for part in (name, column)]
    return func.json_strip_nulls(func.json_build_object("action", task.c.action, "record", record, *parts))


def _place(after: list[Any] | None) -> dict[str, Any]:
    if after is None:
        return {}
    due_on, identifier, action = after
    return {"after_day": date.fromisoformat(due_on), "after_id": UUID(identifier), "after_action": action}
