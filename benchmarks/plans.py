"""How PostgreSQL finds the page of a caller: the statement that the product sends, with the plan that it settles on."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, TypedDict
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import async_sessionmaker

from app.core.clock import today
from app.core.cursors import Cursors
from app.core.db import create_engine
from app.core.embedded import APP, SUPERUSER, Embedded
from app.core.principal import Duty, Principal
from app.models.recommendation import RecommendationFilter
from app.services.recommendations import reading
from app.services.unit_of_work import UnitOfWork
from benchmarks.cases import CALLERS, key
from benchmarks.database import MEASURED

SETTLED = 8
"""After five executions of a prepared statement PostgreSQL may turn to a plan that serves all callers."""


class Plan(TypedDict):
    ms: float
    read_by: list[str]
    seq_scan: bool


async def explain(server: Embedded, caller: str) -> Plan:
    sql, values = await _statement(server, caller)
    connection = await asyncpg.connect(server.dsn(MEASURED, role=SUPERUSER))
    await connection.execute("LOAD 'auto_explain'; SET jit = off; SET client_min_messages = log")
    await connection.execute("SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on")
    await connection.execute("SET auto_explain.log_format = json; SET auto_explain.log_timing = off")
    told: list[str] = []
    connection.add_log_listener(lambda _, message: told.append(message.message))
    statement = await connection.prepare(sql)
    for _ in range(SETTLED):
        await statement.fetch(*values)
    await connection.close()
    head, _, plan = told[-1].partition("plan:")
    return _summary(float(head.split()[1]), json.loads(plan)["Plan"])


async def _statement(server: Embedded, caller: str) -> tuple[str, tuple[Any, ...]]:
    """What the list of the service sends, as the driver gets it."""
    sent: list[tuple[str, tuple[Any, ...]]] = []
    engine = create_engine(server.url(MEASURED, role=APP), pool_size=1)
    async with async_sessionmaker(engine)() as session:
        driver = (await (await session.connection()).get_raw_connection()).driver_connection
        assert driver is not None
        driver.add_query_logger(lambda it: sent.append((it.query, it.args)))
        uow = UnitOfWork(session, _principal(CALLERS[caller]), Cursors(b"benchmark"))
        await reading.page(uow, RecommendationFilter())
        await asyncio.sleep(0)  # the driver tells in the next turn of the loop
    await engine.dispose()
    return next(it for it in sent if "FROM recommendation" in it[0])


def _principal(number: int) -> Principal:
    body = key("body", number)
    return Principal(key("account", number), body, frozenset({Duty.LEADER}), (body,), today(), key("family", number))


def _summary(ms: float, plan: dict[str, Any]) -> Plan:
    scans = [it for it in _nodes(plan) if it.get("Relation Name") == "recommendation" and it["Actual Loops"]]
    ways = [it.get("Index Name", it["Node Type"]) for it in scans]
    bitmaps = [it["Index Name"] for it in _nodes(plan) if it["Node Type"] == "Bitmap Index Scan"]
    by = sorted({*ways, *(it for it in bitmaps if it.startswith("ix_recommendation"))})
    return Plan(ms=ms, read_by=by, seq_scan=any(it["Node Type"] == "Seq Scan" for it in scans))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


async def newest(server: Embedded, caller: str) -> UUID:
    """The newest recommendation that the caller issued."""
    connection = await asyncpg.connect(server.dsn(MEASURED))
    newest = "SELECT id FROM recommendation WHERE issuer_body_id = $1 ORDER BY id DESC LIMIT 1"
    found: UUID = await connection.fetchval(newest, key("body", CALLERS[caller]))
    await connection.close()
    return found
