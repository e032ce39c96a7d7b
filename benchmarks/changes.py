"""How fast is a client told what changed while it was away? `python -m benchmarks.changes`.

Ten years of supervision (data.sql: 100,000 recommendations, 20,000 findings) with 1.2 million lines in the log of
changes. Clients come back after little, after a day and after a week, and one begins anew; then the worker throws away
what is older than 90 days.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import quantiles

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.cursors import Cursors
from app.core.db import create_engine, statement_pool
from app.core.embedded import APP, Embedded
from app.core.principal import Duty, Principal
from app.models.change import ChangeQuery
from app.services.changes import reading, retention
from app.services.changes.kinds import TOLD
from app.services.changes.places import Place
from app.services.unit_of_work import UnitOfWork
from benchmarks.cases import key
from benchmarks.database import MEASURED, measured

FOLDER = Path(__file__).parents[1] / "var" / "bench"
TODAY = date(2026, 11, 22)
TIMES = 25
ROUNDS = 10
BEHIND = {"little": 50, "a day": 3_000, "a week": 20_000}
CALLERS = {"lead of 25 campaigns": 5, "addressee": 150, "stranger": 200}

FIRST = """
INSERT INTO change (seq, kind, subject_type, subject_id, version, at)
SELECT change_seq(), 'insert', '{table}', id, 1, now() - interval '200 days' FROM {table} ORDER BY id
"""
LATER = """
INSERT INTO change (seq, kind, subject_type, subject_id, version, at, was)
SELECT change_seq(), 'update', 'recommendation', id, {n} + 1, now() - interval '1 day' * (200 - {n} * 20),
       CASE WHEN {n} % 3 = 0 THEN codes_of(to_jsonb(r)) END
  FROM recommendation r ORDER BY md5(id::text || '{n}')
"""
LAST = """
INSERT INTO change (seq, kind, subject_type, subject_id, version, was)
SELECT change_seq(), 'update', 'recommendation', id, {n} + 1, codes_of(to_jsonb(r))
  FROM recommendation r ORDER BY md5(id::text) LIMIT 25000
"""


@dataclass(frozen=True)
class Timing:
    median: float
    p95: float
    told: int

    @classmethod
    def of(cls, took: list[float], told: int) -> "Timing":
        cuts = quantiles(took, n=20)
        return cls(cuts[9], cuts[18], told)


async def fill(server: Embedded) -> int:
    """Each statement is a transaction of its own: numbers within one are told apart by 20 bits."""
    connection = await asyncpg.connect(server.dsn(MEASURED, role="postgres"))
    await connection.execute("SET session_replication_role = replica; SET jit = off")
    for table in TOLD:
        await connection.execute(FIRST.format(table=table))
    for n in range(1, ROUNDS):
        await connection.execute(LATER.format(n=n))
    await connection.execute(LAST.format(n=ROUNDS))
    await connection.execute("VACUUM (ANALYZE)")
    lines: int = await connection.fetchval("SELECT count(*) FROM change")
    await connection.close()
    return lines


def caller(number: int) -> Principal:
    body = key("body", number)
    account, family = key("account", number), key("family", number)
    return Principal(account, body, frozenset({Duty.LEADER}), (body,), TODAY, family)


async def ask(
    sessions: async_sessionmaker[AsyncSession], statements: asyncpg.Pool, who: Principal, behind: int | None
) -> Timing:
    """One page of 200, from so many lines before the end, or from the beginning."""
    took, told = [], 0
    for _ in range(TIMES):
        async with sessions() as session:
            uow = UnitOfWork(session, who, Cursors(b"benchmark"))
            uow.statements = statements
            since = None if behind is None else (await _place(uow, behind)).seal(uow)
            began = time.perf_counter()
            page = await reading.page(uow, ChangeQuery(since=since, limit=200))
            took.append(1000 * (time.perf_counter() - began))
            told = len(page.items)
    return Timing.of(took[5:], told)


async def _place(uow: UnitOfWork, behind: int) -> Place:
    line = text("SELECT seq FROM change ORDER BY seq DESC OFFSET :behind LIMIT 1")
    return Place.start(uow, (await uow.session.execute(line, {"behind": behind})).scalar_one())


async def measure(server: Embedded) -> None:
    print(f"{await fill(server):,} dòng · lines", flush=True)
    engine = create_engine(server.url(MEASURED, role=APP), pool_size=1)
    sessions = async_sessionmaker(engine)
    statements = await statement_pool(server.url(MEASURED, role=APP), size=1)
    for name, number in CALLERS.items():
        for since, behind in {**BEHIND, "the beginning": None}.items():
            it = await ask(sessions, statements, caller(number), behind)
            print(f"{name}, since {since}: median {it.median:.1f} ms, p95 {it.p95:.1f} ms, {it.told} told", flush=True)
    began = time.perf_counter()
    async with sessions.begin() as session:
        await session.execute(text("SET LOCAL statement_timeout = '300s'"))
        await retention.forget_old(session)
        left = (await session.execute(text("SELECT count(*) FROM change"))).scalar_one()
    print(f"forget what is older than 90 days: {time.perf_counter() - began:.1f} s, {left:,} lines left")
    await statements.close()
    await engine.dispose()


def main() -> None:
    with measured(FOLDER) as server:
        asyncio.run(measure(server))


if __name__ == "__main__":
    main()
