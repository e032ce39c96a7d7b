"""The database that is measured: built once for each version of schema and data, and used as a fresh copy."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import migrations
from app.core.db import create_engine
from app.core.embedded import Embedded, running
from app.services import reference

DATA = Path(__file__).with_name("data.sql")
VERSIONS = Path(__file__).parents[1] / "alembic" / "versions"
SCRATCH, MEASURED = "bench_scratch", "bench_measured"


@contextmanager
def measured(folder: Path) -> Iterator[Embedded]:
    """An embedded server with the settings of production, and on it a fresh copy to measure."""
    with running(folder) as server:
        template = f"bench_{_digest()}"
        if not asyncio.run(_exists(server, template)):
            _build(server, template)
        asyncio.run(_maintain(server, f"DROP DATABASE IF EXISTS {MEASURED}", _copy(MEASURED, template), "CHECKPOINT"))
        yield server


def _digest() -> str:
    sources = [DATA, *sorted(VERSIONS.glob("*.py"))]
    return hashlib.sha256(b"".join(it.read_bytes() for it in sources)).hexdigest()[:12]


def _copy(name: str, template: str) -> str:
    """By files: a copy through the write-ahead log would keep the server busy during the first measurements."""
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy OWNER giamsat_owner"


def _build(server: Embedded, name: str) -> None:
    print("Lập dữ liệu đo, một lần · Making the data, once …", flush=True)
    asyncio.run(_forget_earlier(server))
    asyncio.run(_maintain(server, f"DROP DATABASE IF EXISTS {SCRATCH}", _copy(SCRATCH, "template1")))
    migrations.upgrade(server.url(SCRATCH))
    asyncio.run(_fill(server))
    asyncio.run(_maintain(server, f"ALTER DATABASE {SCRATCH} RENAME TO {name}"))


async def _fill(server: Embedded) -> None:
    engine = create_engine(server.url(SCRATCH), pool_size=1)
    async with AsyncSession(engine) as session, session.begin():
        await reference.load(session)
    await engine.dispose()
    connection = await asyncpg.connect(server.dsn(SCRATCH, role="postgres"))
    await connection.execute("SET session_replication_role = replica")  # the rows refer to each other by construction
    await connection.execute("SET jit = off; SET maintenance_work_mem = '256MB'")
    await connection.execute(DATA.read_text("utf-8"))
    await connection.execute("VACUUM (ANALYZE)")
    await connection.close()


async def _forget_earlier(server: Embedded) -> None:
    connection = await asyncpg.connect(server.dsn("postgres", role="postgres"))
    for row in await connection.fetch(r"SELECT datname FROM pg_database WHERE datname LIKE 'bench\_%'"):
        await connection.execute(f"DROP DATABASE {row['datname']}")
    await connection.close()


async def _exists(server: Embedded, name: str) -> bool:
    connection = await asyncpg.connect(server.dsn("postgres", role="postgres"))
    found = await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name)
    await connection.close()
    return bool(found)


async def _maintain(server: Embedded, *commands: str) -> None:
    connection = await asyncpg.connect(server.dsn("postgres", role="postgres"))
    for command in commands:
        await connection.execute(command)
    await connection.close()
