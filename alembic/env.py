"""Migrations run one process at a time, wait briefly for locks, and never sit on a busy table."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import app.models  # noqa: F401
from app.core.db import async_url

ADVISORY_LOCK = 6_213_300_120_424


def compare(obj: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """Leave out the job queue's own tables, and search indexes on both sides: PostgreSQL rewrites their expression."""
    if type_ == "index" and (name or "").endswith("_search"):
        return compare_to is None
    return not (type_ == "table" and (name or "").startswith("pgqueuer"))


def render(type_: str, obj: object, context: object) -> str | bool:
    """SQLModel's own string type, in plain SQLAlchemy."""
    if type_ == "type" and isinstance(obj, AutoString):
        return f"sa.String({obj.length or ''})"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        include_object=compare,
        render_item=render,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("SET LOCAL statement_timeout = '15min'"))
        context.run_migrations()


async def main() -> None:
    url = context.config.attributes.get("url") or os.environ["DATABASE_URL"]
    engine = create_async_engine(async_url(url), hide_parameters=True)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    asyncio.run(main())
