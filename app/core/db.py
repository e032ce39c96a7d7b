"""Connections: one engine for requests with the timeouts that keep a stuck caller from stopping the rest."""

import json
from datetime import date
from typing import Any

import asyncpg
import orjson
from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

POOL_TIMEOUT_SECONDS = 5
LOCK_TIMEOUT_MS = 3_000
STATEMENT_TIMEOUT_MS = 15_000
IDLE_TIMEOUT_MS = 30_000
LONGEST_STATEMENT = 100_000
"""In bytes; statements that make JSON are long, and the driver prepares again what it does not keep."""


def async_url(url: str) -> URL:
    """Accepts the postgres:// and postgresql:// forms that hosting tools hand out."""
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        url = f"postgresql+asyncpg://{rest}"
    return make_url(url)


def plain_dsn(url: str) -> str:
    """The same address for bare asyncpg."""
    return async_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def dumps(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def create_engine(url: str, *, pool_size: int = 10, application: str = "giamsat") -> AsyncEngine:
    """`hide_parameters` keeps personal data out of error texts and logs."""
    engine = create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        pool_pre_ping=False,
        query_cache_size=2_000,
        hide_parameters=True,
        json_serializer=dumps,
        json_deserializer=json.loads,
        connect_args={"server_settings": _server(application), "max_cacheable_statement_size": LONGEST_STATEMENT},
    )
    event.listen(engine.sync_engine, "connect", lambda connection, _: connection.run_async(_keep_dates))
    return engine


def _server(application: str, **more: str) -> dict[str, str]:
    return {
        "application_name": application,
        "timezone": "UTC",
        "jit": "off",
        "lock_timeout": str(LOCK_TIMEOUT_MS),
        "statement_timeout": str(STATEMENT_TIMEOUT_MS),
        "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS),
        **more,
    }


def statement_pool(url: str, *, size: int) -> asyncpg.Pool:
    """Bare connections for the prepared SELECTs of services.prepared, which take longer to plan than to run.

    Each is planned once for whatever values come, and kept; nothing is left on a connection that were to be reset.
    """
    return asyncpg.create_pool(
        plain_dsn(url),
        min_size=0,
        max_size=size,
        max_inactive_connection_lifetime=0,
        init=_keep_dates,
        reset=_leave,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=LONGEST_STATEMENT,
        server_settings=_server("giamsat", plan_cache_mode="force_generic_plan", default_transaction_read_only="on"),
    )


async def _leave(_: asyncpg.Connection) -> None:
    pass


EPOCH = date(2000, 1, 1).toordinal()
"""Day 0 of PostgreSQL."""


async def _keep_dates(connection: asyncpg.Connection) -> None:
    """The driver alone would store 9999-12-31 as infinity and 0001-01-01 as -infinity, which JSON then shows."""
    await connection.set_type_codec(
        "date",
        schema="pg_catalog",
        format="tuple",
        encoder=lambda day: (day.toordinal() - EPOCH,),
        decoder=lambda days: date.fromordinal(days[0] + EPOCH),
    )
