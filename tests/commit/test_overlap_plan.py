"""Overlaps of a body are found by its index, not by reading every campaign of the country."""

import asyncpg
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from app.core.clock import today
from app.core.embedded import Embedded
from app.core.ids import new_id
from app.core.principal import Duty, Principal
from app.domain.overlap import Relation, Work
from app.services.overlaps import others
from app.services.overlaps.questions import Question
from tests.world import World

pytestmark = pytest.mark.thorough

FILL = """
WITH made AS (
    INSERT INTO campaign (id, created_at, version, kind, regime, form, title, topic_codes, scope, window_from,
                          window_to, outline, lead_body_id, state)
    SELECT uuidv7(), now(), 1, 'supervision', 'front', 'delegation', 'Giám sát', '[]', '{}',
           date '2016-01-01' + n % 3600, date '2016-01-01' + n % 3600 + 90, '{}', $1, 'underway'
      FROM generate_series(1, 8000) n RETURNING id
), supervised AS (SELECT id, row_number() OVER (ORDER BY id) AS k FROM body)
INSERT INTO campaign_supervised (campaign_id, body_id)
SELECT made.id, supervised.id
  FROM (SELECT id, row_number() OVER () AS n FROM made) made
  JOIN supervised ON supervised.k = 1 + n % 500
"""
BODIES = """
INSERT INTO body (id, created_at, version, kind, level, valid_from, is_registry)
SELECT uuidv7(), now(), 1, 'pc_committee', 'commune', '2015-01-01', false FROM generate_series(1, 500)
"""


@pytest.fixture
async def filled(database: str, server: Embedded, world: World) -> asyncpg.Connection:
    name = database.rpartition("/")[2].partition("?")[0]
    connection = await asyncpg.connect(server.dsn(name, role="postgres"))
    await connection.execute(BODIES)
    await connection.execute(FILL, world.body["stranger"])
    await connection.execute("ANALYZE")
    yield connection
    await connection.close()


async def test_a_body_is_looked_up_by_its_index(filled: asyncpg.Connection, world: World) -> None:
    who = Principal(
        new_id(), world.body["partner"], frozenset({Duty.LEADER}), (world.body["partner"],), today(), new_id()
    )
    supervised = await filled.fetchval("SELECT body_id FROM campaign_supervised LIMIT 1")
    window = Work(today().replace(year=2024, day=1), today().replace(year=2024, day=28), "")
    asked = others._asked([Question(window, (supervised,))], {supervised: {supervised: Relation.SAME_BODY}})
    statement = others.campaigns(who, asked, only_visible=False).limit(others.MOST)
    compiled = statement.compile(dialect=asyncpg_dialect(), compile_kwargs={"render_postcompile": True})
    values = [compiled.params[name] for name in compiled.positiontup or []]
    plan = "\n".join(row[0] for row in await filled.fetch(f"EXPLAIN {compiled}", *values))
    assert "ix_campaign_supervised_body_id" in plan
    assert "Seq Scan on campaign " not in plan
    assert "Seq Scan on campaign_supervised" not in plan
