"""A database that tests commit to, put back as it was after each of them.

Making a database writes a thousand files; putting back the few tables that a test touched takes some milliseconds, and
connections with all that they have prepared stay open.
"""

from dataclasses import dataclass, field
from io import BytesIO

import asyncpg

TABLES = """
SELECT c.oid::regclass::text FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
"""
SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename) AS name, coalesce(last_value, start_value) AS value,
       last_value IS NOT NULL AS called
  FROM pg_sequences WHERE schemaname = 'public'
"""
LEFT_BEHIND = """
SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name LIKE 'giamsat-%'
"""
"""Of processes that a test has killed: what they had asked for may still be under way."""

MANY = 200
"""Rows whose remains are swept away at once: whoever comes next would read over them."""

Marks = dict[str, tuple[int, int | None]]


@dataclass
class Restored:
    """`marks` tell of each table how many rows it has and which transaction wrote last: that betrays any change."""

    connection: asyncpg.Connection
    rows: dict[str, bytes] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)
    sequences: list[asyncpg.Record] = field(default_factory=list)
    looking: asyncpg.prepared_stmt.PreparedStatement | None = None

    async def remember(self) -> None:
        """As it is now, it shall be after each test."""
        tables = [it[0] for it in await self.connection.fetch(TABLES)]
        each = (f"SELECT '{it}', count(*), max(xmin::text::bigint) FROM {it}" for it in tables)
        self.looking = await self.connection.prepare(" UNION ALL ".join(each))
        self.marks = await self._look()
        filled = [name for name, (count, _) in self.marks.items() if count]
        self.rows = {it: await self._copy(it) for it in filled}
        self.sequences = await self.connection.fetch(SEQUENCES)

    async def _copy(self, table: str) -> bytes:
        copy = BytesIO()
        await self.connection.copy_from_table(table, output=copy, format="binary")
        return copy.getvalue()

    async def _look(self) -> Marks:
        assert self.looking is not None
        return {name: (count, newest) for name, count, newest in await self.looking.fetch()}

    async def restore(self) -> None:
        await self.connection.execute(LEFT_BEHIND)
        now = await self._look()
        touched = [name for name, mark in now.items() if mark != self.marks[name]]
        async with self.connection.transaction():
            await self.connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            for table in touched:
                await self._put_back(table)
            for it in self.sequences:
                await self.connection.execute("SELECT setval($1, $2, $3)", it["name"], it["value"], it["called"])
        for table in touched:
            if now[table][0] - self.marks[table][0] > MANY:
                await self.connection.execute(f"VACUUM {table}")
        if self.rows.keys() & touched:
            self.marks = await self._look()

    async def _put_back(self, table: str) -> None:
        await self.connection.execute(f"DELETE FROM {table}")
        if table in self.rows:
            await self.connection.copy_to_table(table, source=BytesIO(self.rows[table]), format="binary")
