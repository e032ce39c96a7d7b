"""The audit and the history of steps are written once: neither the application nor the owner rewrites them."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core.db import plain_dsn
from app.core.embedded import APP, OWNER

LASTING = ["audit_event", "transition"]
CHANGES = ["UPDATE {table} SET subject_type = 'other'", "DELETE FROM {table}", "TRUNCATE {table}"]

A_LINE = {
    "audit_event": "INSERT INTO audit_event (at, action, subject_type, subject_id, details) "
    "VALUES (now(), 'campaign.plan', 'campaign', gen_random_uuid(), '{}')",
    "transition": "INSERT INTO transition (id, created_at, subject_type, subject_id, action, to_state, on_date, "
    "recorded_late, details) VALUES (gen_random_uuid(), now(), 'campaign', gen_random_uuid(), 'plan', 'planned', "
    "current_date, false, '{}')",
}


@pytest.fixture(params=[APP, OWNER])
async def connection_as(request: pytest.FixtureRequest, engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """What is written on it is rolled back in the end."""
    url = engine.url.render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain_dsn(url.replace(APP, request.param)))
    written = connection.transaction()
    await written.start()
    yield connection
    await written.rollback()
    await connection.close()


async def refuses(connection: asyncpg.Connection, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with connection.transaction():
            await connection.execute(change)


@pytest.mark.parametrize("table", LASTING)
@pytest.mark.parametrize("change", CHANGES)
async def test_a_written_line_stays_as_it_is(connection_as: asyncpg.Connection, table: str, change: str) -> None:
    await connection_as.execute(A_LINE[table])
    await refuses(connection_as, change.format(table=table))
    assert await connection_as.fetchval(f"SELECT count(*) FROM {table} WHERE subject_type = 'campaign'") == 1


@pytest.mark.parametrize(
    "change", ["UPDATE audit_seal SET number = 7", "DELETE FROM audit_seal", "TRUNCATE audit_seal"]
)
async def test_a_seal_stays_as_it_is(connection_as: asyncpg.Connection, change: str) -> None:
    await connection_as.execute(
        "INSERT INTO audit_seal (number, sealed_at, until_transaction, until_seq, seqs, marks, previous_hash, hash) "
        "VALUES (1, now(), 1, 1, '{}', '', '', '')"
    )
    await refuses(connection_as, change)
