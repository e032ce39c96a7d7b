"""How long does a night take over 100,000 open recommendations? `python -m benchmarks.sweep [NUMBER] [ESCALATIONS]`.

The worst night there is: every recommendation has a reminder due, a thousand are to be escalated. A second run of the
same night follows: it must find nothing to do.
"""

import asyncio
import resource
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core import migrations
from app.core.db import create_engine
from app.core.embedded import Embedded, running
from app.services import reference, sweep

NIGHT = date(2025, 3, 20)
BODIES = 2000

FILL = f"""
INSERT INTO body (id, created_at, version, kind, level, valid_from, is_registry, parent_id)
SELECT uuidv7(), now(), 1, 'party_committee', 'province', '2015-01-01', false, NULL FROM generate_series(1, 20);
INSERT INTO body (id, created_at, version, kind, level, valid_from, is_registry, parent_id)
SELECT uuidv7(), now(), 1, 'department', 'district', '2015-01-01', false,
       (SELECT id FROM body ORDER BY id LIMIT 1 OFFSET n % 20)
FROM generate_series(1, {BODIES}) AS n;
INSERT INTO body_name (id, created_at, body_id, name, short_name, valid_from)
SELECT uuidv7(), now(), id, 'Cơ quan ' || id, 'CQ', '2015-01-01' FROM body;
INSERT INTO account (id, created_at, version, failed_attempts, login, name)
SELECT uuidv7(), now(), 1, 0, 'p' || row_number() OVER () || '@example.vn', 'Cán bộ' FROM body;
INSERT INTO membership (id, created_at, version, account_id, body_id, accepted_at)
SELECT uuidv7(), now(), 1, a.id, b.id, now()
FROM (SELECT id, row_number() OVER () AS n FROM account) a JOIN (SELECT id, row_number() OVER () AS n FROM body) b
USING (n);
"""

RECOMMEND = """
INSERT INTO recommendation (id, created_at, version, origin, issuer_body_id, addressee_id, verifier_body_id, number,
    copy_to, finding_ids, claim_evidence, action, owner_name, issued_on, received_on, received_assumed, reply_from,
    reply_due_on, reply_due_basis, due_on, due_sort, due_basis, state, reply_status, implementation, escalation_level)
SELECT uuidv7(), now(), 1, 'report', l.id, a.id, l.id, n, '[]', '[]', '[]',
    'Rà soát, ban hành kế hoạch thực hiện kết luận', 'Nguyễn Văn A', '2024-06-03', '2024-06-10', false, '2024-06-10',
    CASE WHEN n <= $2 THEN date '2025-03-19' END,
    CASE WHEN n <= $2 THEN '{"code": "D06", "rule_version": 1, "legal_basis": "Quy chế"}'::jsonb END,
    due.on_day, due.on_day, '{"text": "Kết luận"}', 'issued', CASE WHEN n <= $2 THEN 'awaiting' ELSE 'accepted' END,
    'in_progress', 0
FROM generate_series(1, $1::int) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM body WHERE parent_id IS NULL) l ON l.k = n % 20
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM body WHERE parent_id IS NOT NULL) a ON a.k = n % 2000
CROSS JOIN LATERAL (SELECT date '2024-07-01' + n % 270 AS on_day) AS due
"""


async def measure(server: Embedded, number: int, escalations: int) -> None:
    engine = create_engine(server.url(), pool_size=2)
    async with AsyncSession(engine) as session, session.begin():
        await reference.load(session)
    connection = await asyncpg.connect(server.dsn(role="postgres"))
    await connection.execute(FILL)
    await connection.execute(RECOMMEND, number, escalations)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.close()
    before = _peak()
    for name in ("đêm đầu · first night", "chạy lại · run again"):
        began = time.perf_counter()
        swept = await sweep.run(async_sessionmaker(engine, expire_on_commit=False), NIGHT)
        took = time.perf_counter() - began
        print(
            f"{name}: {took:.1f} s — {swept.reminded} reminders, {swept.escalated} escalations, "
            f"{swept.digests} digests, {swept.failed} failed; +{_peak() - before} MB"
        )
    await engine.dispose()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    number, escalations = (*(int(it) for it in sys.argv[1:]), *(100_000, 1000)[len(sys.argv) - 1 :])
    with TemporaryDirectory() as folder, running(Path(folder)) as server:
        migrations.upgrade(server.url())
        print(f"{number} kiến nghị đang mở · open recommendations, {escalations} quá hạn trả lời · unanswered")
        asyncio.run(measure(server, number, escalations))


if __name__ == "__main__":
    main()
