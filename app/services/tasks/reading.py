"""`GET /v1/me/tasks`: every kind of task in one statement, soonest first, what has no date last."""

from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Subquery,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    or_,
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
    scope = f"tasks|{orjson.dumps(query.filters()).decode()}"
    after = uow.cursors.open(query.cursor, scope) if query.cursor is not None else None
    until: dict[str, Any] = {"until": query.due_to}
    rows = await prepared.fetch(uow, "tasks", _listed, **until, **_place(after), most=query.limit + 1)
    following = None
    if len(rows) > query.limit:
        following = uow.cursors.seal(list(rows[query.limit - 1])[:-1], scope)
    shown = [row["line"] for row in rows[: query.limit]]
    parts = [b'{"items":[', ",".join(shown).encode(), b'],"next_cursor":', orjson.dumps(following)]
    if query.count:
        whole = after is None and following is None
        count = len(shown) if whole else (await prepared.fetch(uow, "tasks counted", _counted, **until))[0]["count"]
        parts += [b',"count":', str(count).encode()]
    return b"".join([*parts, b"}"])


def _tasks(who: Principal) -> Subquery:
    """One statement, whatever is asked: it takes long to make, and is kept for each shape of caller."""
    task = union_all(*(ask.rows() for source in SOURCES for ask in source.asks(who))).subquery("task")
    until = _given("until", Date)
    return select(task).where(or_(until.is_(None), task.c.due_on <= until)).subquery("wanted")


def _counted(who: Principal) -> Select[Any]:
    return select(func.count().label("count")).select_from(_tasks(who)).execution_options(scope="tasks")


def _listed(who: Principal) -> Select[Any]:
    task = _tasks(who)
    place = (func.coalesce(task.c.due_on, literal(date.max, Date)), task.c.id, task.c.action)
    after = tuple_(_given("after_day", Date), _given("after_id", Uuid), _given("after_action", String))
    wanted = select(*place, cast(_line(task), Text).label("line")).select_from(task)
    wanted = wanted.where(or_(_given("after_day", Date).is_(None), tuple_(*place) > after))
    return wanted.order_by(*place).limit(_given("most", Integer)).execution_options(scope="tasks")


def _given(name: str, kind: type[Any]) -> ColumnElement[Any]:
    return bindparam(name, None, type_=kind)


def _line(task: Any) -> Any:
    """A task without a date or a rule says nothing of it."""
    record = func.json_build_object("type", task.c.type, "id", task.c.id, "title", task.c.title)
    dated = {"due_on": task.c.due_on, "rule": task.c.rule}
    parts = [part for name, column in dated.items() for part in (name, column)]
    return func.json_strip_nulls(func.json_build_object("action", task.c.action, "record", record, *parts))


def _place(after: list[Any] | None) -> dict[str, Any]:
    due_on, identifier, action = after or (None, None, None)
    day = None if due_on is None else date.fromisoformat(due_on)
    return {"after_day": day, "after_id": identifier and UUID(identifier), "after_action": action}
