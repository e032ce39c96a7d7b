"""Statements that are asked all day: built and compiled once per shape of caller, then run on the driver.

Building a statement of a projection takes longer than PostgreSQL takes to answer it. It is built once for a stand-in
(policies.shapes), and wherever the stand-in's ids or day were bound, the caller's are bound at each run.

A single SELECT needs no transaction of its own. What only looks runs it on a connection where statements are planned
once (core.db.statement_pool), for planning takes longer still; inside a unit of work that writes, it runs on the same
connection and sees what was written.
"""

import re
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import Dialect, Select, String
from sqlalchemy.exc import DBAPIError, OperationalError

from app.core.db import POOL_TIMEOUT_SECONDS
from app.core.principal import Principal
from app.policies.shapes import Form, check_alike, form_of, is_constant, of_caller, shape, stand_ins
from app.services.unit_of_work import UnitOfWork

Slot = Callable[[Principal, dict[str, Any]], Any]


@dataclass(frozen=True)
class Prepared:
    """SQL as the driver takes it, and how each of its parameters is found at a run."""

    sql: str
    slots: tuple[Slot, ...]


CAPACITY = 2_000
_kept: dict[Hashable, Prepared] = {}
_alike: dict[tuple[Hashable, Form], Prepared] = {}


async def fetch(uow: UnitOfWork, name: Hashable, build: Callable[[Principal], Select[Any]], **values: Any) -> list[Any]:
    """The rows of the statement that `build` makes for a caller; `values` fill its named parameters."""
    who = uow.who
    prepared = _kept.get((name, shape(who)))
    if prepared is None:
        if len(_kept) >= CAPACITY:
            _kept.clear()
            _alike.clear()
        prepared = _kept[name, shape(who)] = prepare(name, build, who, uow.session.get_bind().dialect)
    values["now"] = uow.now
    try:
        async with _driver(uow) as driver:
            return list(await driver.fetch(prepared.sql, *(slot(who, values) for slot in prepared.slots)))
    except asyncpg.PostgresError as error:
        raise DBAPIError(None, None, error, hide_parameters=True) from error
    except (asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise OperationalError(None, None, error, hide_parameters=True) from error


@asynccontextmanager
async def _driver(uow: UnitOfWork) -> AsyncIterator[asyncpg.Connection]:
    if uow.statements is not None:
        async with uow.statements.acquire(timeout=POOL_TIMEOUT_SECONDS) as connection:
            yield connection
    else:
        await uow.session.flush()
        yield (await (await uow.session.connection()).get_raw_connection()).driver_connection


def prepare(name: Hashable, build: Callable[[Principal], Select[Any]], who: Principal, dialect: Dialect) -> Prepared:
    """Most shapes of caller are asked the same: what has the form of another's is that one."""
    mine, other = stand_ins(who)
    statement = build(mine)
    form = form_of(name, statement)
    if (known := _alike.get((name, form))) is None:
        check_alike(name, form, build(other))
        known = _alike[name, form] = _compiled(name, statement, dialect)
    return known


def _compiled(name: Hashable, statement: Select[Any], dialect: Dialect) -> Prepared:
    if not statement.get_execution_options().get("scope"):
        raise TypeError(f"{name} does not say for whom it reads")
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    slots: dict[str, Slot] = {}
    written = {
        f"${place}": _written(compiled, it, slots) for place, it in enumerate(compiled.positiontup or [], start=1)
    }
    sql = PLACE.sub(lambda found: written[found[0]], str(compiled))
    return Prepared(sql, tuple(slots.values()))


PLACE = re.compile(r"\$[0-9]+")


def _written(compiled: Any, name: str, slots: dict[str, Slot]) -> str:
    """A parameter of the kept statement, or the constant itself: a plan for all values knows at least those."""
    bound, value = compiled.binds.get(name), compiled.params[name]
    if isinstance(value, (str, int)) and (bound is None or is_constant(bound)) and "\\" not in str(value):
        return str(compiled.render_literal_value(str(value), String()))
    slots[name] = _slot(bound, value, compiled.dialect)
    return f"${len(slots)}"


def _slot(bound: Any, value: Any, dialect: Dialect) -> Slot:
    """The stand-in's from the caller, named parameters come with the run; everything else is part of the shape."""
    if (it := of_caller(value)) is not None:
        return lambda who, _: it.value(who)
    if bound is not None and not is_constant(bound):
        return lambda _, values: values[bound.key]
    process = None if bound is None else bound.type.dialect_impl(dialect).bind_processor(dialect)
    constant = process(value) if process else value
    return lambda *_: constant
