"""The job queue, seen from a transaction: a job commits or vanishes with its cause."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import Driver, NotifyCallback
from pgqueuer.queries import Queries
from sqlalchemy import DateTime, Select, column, delete, table
from sqlalchemy.ext.asyncio import AsyncSession

DELIVER = "deliver"
"""Tell of one outbox message."""

CALL = "call_webhook"
"""Try one delivery of a webhook."""

MAIL = "send_mail"
"""Send one e-mail."""

SEND = "send"
"""Send the copies and reports that wait for one axis."""

FETCH = "fetch"
"""Fetch what lies on one axis."""

ERASE = "erase"
"""Erase the bytes of a message that two people have purged."""

EXPORT = "export"
"""Write one list into a file."""

IMPORT = "import"
"""Try or take in the rows of one file."""

AT_ONCE = 500
"""How many are queued again at one look."""

_log = table("pgqueuer_log", column("created", DateTime(timezone=True)))


async def enqueue(session: AsyncSession, job: str, ids: Iterable[UUID | str]) -> None:
    """One job for each id, or address of an axis; one that already waits or runs is not doubled."""
    keys = [str(it) for it in ids]
    await Queries(SessionDriver(session)).enqueue(
        [job] * len(keys),
        [it.encode() for it in keys],
        [0] * len(keys),
        dedupe_key=[f"{job}:{it}" for it in keys],
        on_conflict="skip",
    )


async def again(session: AsyncSession, job: str, due: Select[UUID]) -> int:
    """Queue the first of what is due or was lost with its worker; where the job is still there, nothing is added."""
    found = due.limit(AT_ONCE).execution_options(scope="what is due")
    ids = (await session.execute(found)).scalars().all()
    if ids:
        await enqueue(session, job, ids)
    return len(ids)


async def forget_done(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(_log).where(_log.c.created < before))


class SessionDriver(Driver):
    """Let PgQueuer write through our session, so a job commits or vanishes with its cause.

    A raw asyncpg connection will not do: SQLAlchemy sends BEGIN lazily, so an enqueue that
    happens to be the first statement would commit on its own.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        connection = await self._session.connection()
        return [dict(row) for row in (await connection.exec_driver_sql(query, args)).mappings()]

    async def execute(self, query: str, *args: object) -> str:
        connection = await self._session.connection()
        await connection.exec_driver_sql(query, args)
        return ""

    async def notify(self, channel: str, payload: str) -> None:
        await self.execute("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        raise NotImplementedError("a transaction does not listen; the worker has a connection of its own")

    @property
    def shutdown(self) -> asyncio.Event:
        return asyncio.Event()

    @property
    def tm(self) -> TaskManager:
        return TaskManager()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...
