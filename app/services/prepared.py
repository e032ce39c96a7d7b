"""Statements that are asked all day: built and compiled once per shape, then run on the driver.

Building a statement of a projection takes longer than PostgreSQL takes to answer it. Its shape depends only on the
caller's duties and on its bodies, how many and which have ended; ids and the day are what differs. So it is built once
for a stand-in, and wherever the stand-in's ids or day were bound, the caller's are bound at each run.

A single SELECT needs no transaction of its own; inside a unit of work that writes, it runs on the same connection and
sees what was written.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Dialect, Select
from sqlalchemy.exc import DBAPIError

from app.core.principal import Principal
from app.services.unit_of_work import UnitOfWork

Slot = Callable[[Principal, dict[str, Any]], Any]
STAND_IN = [UUID(int=(0xFFFF << 112) + n) for n in range(64)]
STAND_IN_DAY = date(1, 2, 3)


@dataclass(frozen=True)
class Prepared:
    """SQL as the driver takes it, and how each of its parameters is found at a run."""

    sql: str
    slots: tuple[Slot, ...]


_kept: dict[Hashable, Prepared] = {}


async def fetch(uow: UnitOfWork, name: Hashable, build: Callable[[Principal], Select[Any]], **values: Any) -> list[Any]:
    """The rows of the statement that `build` makes for a caller; `values` fill its named parameters."""
    who = uow.who
    shape = (name, who.duties, tuple(it in who.ended for it in who.bodies), who.signed_in)
    connection = await uow.session.connection()
    prepared = _kept.get(shape)
    if prepared is None:
        prepared = _kept[shape] = prepare(build(stand_in(who)), connection.dialect)
    await uow.session.flush()
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    try:
        return list(await driver.fetch(prepared.sql, *(slot(who, values) for slot in prepared.slots)))
    except asyncpg.PostgresError as error:
        raise DBAPIError(None, None, error, hide_parameters=True) from error


def stand_in(who: Principal) -> Principal:
    """Somebody of the same shape whom no row knows."""
    account, family, *bodies = STAND_IN[: len(who.bodies) + 2]
    return Principal(
        account_id=account if who.signed_in else who.account_id,
        body_id=bodies[0] if bodies else who.body_id,
        duties=who.duties,
        bodies=tuple(bodies),
        today=STAND_IN_DAY,
        family_id=family,
        ended=frozenset(mine for mine, its in zip(bodies, who.bodies, strict=True) if its in who.ended),
    )


def prepare(statement: Select[Any], dialect: Dialect) -> Prepared:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    values = compiled.params
    slots = (_slot(compiled.binds.get(name), values[name], dialect) for name in compiled.positiontup or [])
    return Prepared(str(compiled), tuple(slots))


def _slot(bound: Any, value: Any, dialect: Dialect) -> Slot:
    """Named parameters come with the run, the stand-in's from the caller; everything else is part of the shape."""
    if bound is not None and not bound.unique:
        return lambda _, values: values[bound.key]
    if value in STAND_IN:
        return _of_caller(STAND_IN.index(value))
    if isinstance(value, list) and value and value[0] in STAND_IN:
        places = [_of_caller(STAND_IN.index(it)) for it in value]
        return lambda who, values: [place(who, values) for place in places]
    if value == STAND_IN_DAY:
        return lambda who, _: who.today
    process = None if bound is None else bound.type.dialect_impl(dialect).bind_processor(dialect)
    constant = process(value) if process else value
    return lambda *_: constant


def _of_caller(place: int) -> Slot:
    if place == 0:
        return lambda who, _: who.account_id
    if place == 1:
        return lambda who, _: who.family_id
    return lambda who, _: who.bodies[place - 2]
