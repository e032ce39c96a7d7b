"""How fast are overlaps found on ten years of the whole country? `python -m benchmarks.overlaps [CAMPAIGNS] [BODIES]`.

250,000 campaigns on 40,000 bodies (domain: 25,000 a year), each with one supervised body; one body in a thousand, like
the People's Committee of a province, is supervised a hundred times as often. Then one body asks for a window, and for
the conference of a year in which it leads a hundred campaigns.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core import migrations
from app.core.cursors import Cursors
from app.core.db import create_engine
from app.core.embedded import APP, Embedded, running
from app.core.ids import new_id
from app.core.principal import Duty, Principal
from app.models.overlap import ConferenceQuery, OverlapQuery
from app.services.overlaps import reports
from app.services.unit_of_work import UnitOfWork

TIMES = 50
YEAR = 2024

FILL = """
INSERT INTO body (id, created_at, version, kind, level, valid_from, is_registry)
SELECT uuidv7(), now(), 1, CASE WHEN n % 4 = 0 THEN 'front_committee' ELSE 'pc_committee' END, 'commune',
       '2015-01-01', false
  FROM generate_series(1, {bodies}) n;
INSERT INTO body_name (id, created_at, body_id, name, short_name, valid_from)
SELECT uuidv7(), now(), id, 'Cơ quan ' || id, 'CQ', '2015-01-01' FROM body;
CREATE TEMP TABLE numbered AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM body;
CREATE UNIQUE INDEX ON numbered (k);
CREATE TEMP TABLE made AS
SELECT uuidv7() AS id, n, date '2016-01-01' + n % 3650 AS day,
       CASE WHEN n % 10 = 0 THEN (n / 10) % ({bodies} / 1000) ELSE (n * 7919) % {bodies} END AS supervised
  FROM generate_series(1, {campaigns}) n;
INSERT INTO campaign (id, created_at, version, kind, regime, form, title, topic, topic_codes, scope, window_from,
                      window_to, outline, lead_body_id, state, planned_on)
SELECT made.id, day, 1, 'supervision', 'front', 'delegation', 'Giám sát chuyên đề số ' || n, 'Nội dung ' || n % 97,
       '[]', '{{}}', day, day + 90, '{{}}', l.id, 'underway', day
  FROM made JOIN numbered l ON l.k = (n % ({bodies} / 40)) * 4 + 3;
INSERT INTO campaign_supervised (campaign_id, body_id)
SELECT made.id, b.id FROM made JOIN numbered b ON b.k = made.supervised;
"""
BUSIEST_LEAD = """
SELECT lead_body_id FROM campaign WHERE window_from <= '2024-12-31' AND window_to >= '2024-01-01'
 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
"""
BUSIEST = "SELECT body_id, count(*) FROM campaign_supervised GROUP BY 1 ORDER BY 2 DESC LIMIT 1"

Ask = Callable[[UnitOfWork], Awaitable[object]]


async def measure(server: Embedded, campaigns: int, bodies: int) -> None:
    connection = await asyncpg.connect(server.dsn(role="postgres"))
    await connection.execute("SET session_replication_role = replica; SET jit = off")
    await connection.execute(FILL.format(bodies=bodies, campaigns=campaigns))
    await connection.execute("VACUUM (ANALYZE)")
    lead = await connection.fetchval(BUSIEST_LEAD)
    busiest, number = await connection.fetchrow(BUSIEST)
    await connection.close()
    engine = create_engine(server.url(role=APP), pool_size=1)
    window = OverlapQuery.model_validate(
        {"supervised_body_id": busiest, "from": f"{YEAR}-04-01", "to": f"{YEAR}-06-30", "topic": "Nội dung 13"}
    )
    asks: dict[str, Ask] = {
        f"GET /v1/overlaps, {number} campaigns on the body": lambda uow: reports.search(uow, window),
        "GET /v1/overlaps/conference": lambda uow: reports.conference(uow, ConferenceQuery(year=YEAR)),
    }
    async with async_sessionmaker(engine)() as session:
        for name, ask in asks.items():
            await _time(name, ask, session, lead)
    await engine.dispose()


async def _time(name: str, ask: Ask, session: AsyncSession, lead: UUID) -> None:
    who = Principal(new_id(), lead, frozenset({Duty.LEADER}), (lead,), date(2026, 11, 22), new_id())
    uow = UnitOfWork(session, who, Cursors(b"benchmark"))
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await ask(uow)
        took.append(1000 * (time.perf_counter() - began))
    cuts = quantiles(took, n=20)
    print(f"{name}: median {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms")


def main() -> None:
    campaigns, bodies = (*(int(it) for it in sys.argv[1:]), *(250_000, 40_000)[len(sys.argv) - 1 :])
    with TemporaryDirectory() as folder, running(Path(folder)) as server:
        migrations.upgrade(server.url())
        print(f"{campaigns} cuộc giám sát · campaigns, {bodies} cơ quan · bodies")
        asyncio.run(measure(server, campaigns, bodies))


if __name__ == "__main__":
    main()
