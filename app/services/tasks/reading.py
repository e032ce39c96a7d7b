"""`GET /v1/me/tasks`: every kind of task in one statement, soonest first, what has no date last."""

from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Date, String, Uuid, cast, func, literal, select, tuple_, union_all

from app.models.task import TaskQuery
from app.services import tasks
from app.services.unit_of_work import UnitOfWork

SOURCES = [
    import_module(f"{tasks.__name__}.{it.name}") for it in iter_modules(tasks.__path__) if it.name.startswith("of_")
]
"""Every room's module of tasks: `asks` gives the kinds it has."""


async def page(uow: UnitOfWork, query: TaskQuery) -> bytes:
    scope = f"tasks|{orjson.dumps(query.filters()).decode()}"
    task = union_all(*(ask.rows() for source in SOURCES for ask in source.asks(uow.who))).subquery("task")
    place = (func.coalesce(task.c.due_on, literal(date.max, Date)), task.c.id, task.c.action)
    wanted = select(*place, _line(task)).select_from(task)
    counted = select(func.count()).select_from(task)
    if query.due_to is not None:
        wanted, counted = (it.where(task.c.due_on <= query.due_to) for it in (wanted, counted))
    if query.cursor is not None:
        wanted = wanted.where(tuple_(*place) > _bound(uow.cursors.open(query.cursor, scope)))
    wanted = wanted.order_by(*place).limit(query.limit + 1).execution_options(scope="tasks")
    rows = (await uow.session.execute(wanted)).all()
    following = uow.cursors.seal(list(rows[query.limit - 1][:3]), scope) if len(rows) > query.limit else None
    body: dict[str, Any] = {"items": [row[3] for row in rows[: query.limit]], "next_cursor": following}
    if query.count:
        body["count"] = (await uow.session.execute(counted.execution_options(scope="tasks"))).scalar_one()
    return orjson.dumps(body)


def _line(task: Any) -> Any:
    """A task without a date or a rule says nothing of it."""
    record = func.json_build_object("type", task.c.type, "id", task.c.id, "title", task.c.title)
    dated = {"due_on": task.c.due_on, "rule": task.c.rule}
    parts = [part for name, column in dated.items() for part in (name, column)]
    return func.json_strip_nulls(func.json_build_object("action", task.c.action, "record", record, *parts))


def _bound(values: list[Any]) -> Any:
    due_on, identifier, action = values
    return tuple_(
        literal(date.fromisoformat(due_on), Date), cast(literal(UUID(identifier), Uuid), Uuid), literal(action, String)
    )
