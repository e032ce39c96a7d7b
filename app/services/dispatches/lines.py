"""The worker's line to each axis: in the account's dialect, used by one process at a time, stopped when refused."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters.axis import Axis, open_axis
from app.core.clock import today
from app.core.cursors import Cursors
from app.core.principal import Duty, Principal
from app.domain.dispatch import AxisDialect, AxisState, HashFileStyle
from app.models.body import Body
from app.models.dispatch import AxisAccount
from app.services import queue
from app.services.unit_of_work import UnitOfWork

Sessions = async_sessionmaker[AsyncSession]
Connect = Callable[[AxisAccount], Axis]

PAUSES: Final = tuple(timedelta(minutes=it) for it in (1, 5, 15, 60))
GIVEN_UP: Final = 51
"""1, 5, 15, 60 minutes, then hourly for two days."""
LEASE: Final = timedelta(minutes=10)
"""What one process has taken in hand no other touches for so long; after a crash it is tried again."""

PREFIX: Final = "GIAMSAT_AXIS_"
"""Of the names of secrets in the environment."""

AXES_AT_ONCE: Final = 8
"""So many axes are spoken to side by side, each by one account at a time: a slow one holds up nobody but itself."""

_axes: dict[UUID, tuple[tuple[str, ...], Axis]] = {}
_turns: dict[str, asyncio.Lock] = {}


def pause(tries: int) -> timedelta:
    """Until the next, after so many."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def axis_of(url: str) -> str:
    """Scheme, host and port: by these the accounts of several bodies are on one axis."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def connect(account: AxisAccount) -> Axis:
    """One for each account and process: it keeps the token, the turn and the count of failures."""
    way = (account.url, account.system_id, account.dialect, account.hash_file_style)
    known = _axes.get(account.id)
    if known is None or known[0] != way:
        axis = open_axis(
            account.url,
            account.system_id,
            os.environ.get(account.secret_name, ""),
            dialect=AxisDialect(account.dialect),
            hash_file_style=HashFileStyle(account.hash_file_style),
            turn=_turns.setdefault(axis_of(account.url), asyncio.Lock()),
        )
        known = _axes[account.id] = (way, axis)
    return known[1]


def unit(session: AsyncSession, account: AxisAccount) -> UnitOfWork:
    """Who acts is the body's clerk, by the account of whoever set the axis up."""
    clerk = Principal(
        account_id=account.account_id,
        body_id=account.body_id,
        duties=frozenset({Duty.CLERK}),
        bodies=(account.body_id,),
        today=today(),
        family_id=account.id,
    )
    return UnitOfWork(session, clerk, Cursors(b"worker"))


def in_service(axis: str | None = None) -> ColumnElement[bool]:
    """Accounts, of bodies that still exist, that this process serves; on one axis, or on all. One whose secret it was
    not given it leaves to another process: a missing secret is no wrong one."""
    given = sorted(it for it in os.environ if it.startswith(PREFIX))
    living = select(col(Body.id)).where(or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= today()))
    url = col(AxisAccount.url)
    there = true() if axis is None else or_(url == axis, url.startswith(f"{axis}/", autoescape=True))
    return and_(
        there,
        col(AxisAccount.state) == AxisState.ACTIVE,
        col(AxisAccount.secret_name).in_(given),
        col(AxisAccount.body_id).in_(living),
    )


@asynccontextmanager
async def alone(sessions: Sessions, account_id: UUID) -> AsyncIterator[bool]:
    """Whether no other process asks this axis meanwhile.

    The lock is that of a connection in autocommit, not of a transaction: an axis may take minutes, and a transaction
    that is idle for half a minute is ended by the server. A connection that is lost gives its lock back.
    """
    key = func.hashtextextended(f"axis:{account_id}", 0)
    async with sessions() as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        ours = bool((await connection.execute(select(func.pg_try_advisory_lock(key)))).scalar_one())
        try:
            yield ours
        finally:
            if ours:
                await connection.execute(select(func.pg_advisory_unlock(key)))


async def active(sessions: Sessions, axis: str | None = None) -> list[AxisAccount]:
    async with sessions() as session:
        rows = select(AxisAccount).where(in_service(axis)).order_by(col(AxisAccount.id))
        return list((await session.execute(rows.execution_options(scope="accounts to be asked"))).scalars())


async def wake(session: AsyncSession, body_id: UUID) -> None:
    """What waits for the axis of this body goes out as soon as this is committed."""
    own = select(col(AxisAccount.url)).where(col(AxisAccount.body_id) == body_id)
    urls = (await session.execute(own.execution_options(scope="by which axis?"))).scalars().all()
    await queue.enqueue(session, queue.SEND, map(axis_of, urls))


async def wake_all(sessions: Sessions) -> None:
    """Every axis that this process serves: what waits goes out, what lies there comes in, each in a job of its own."""
    axes = sorted({axis_of(it.url) for it in await active(sessions)})
    async with sessions.begin() as session:
        for job in (queue.SEND, queue.FETCH) if axes else ():
            await queue.enqueue(session, job, axes)


async def stop(sessions: Sessions, account_id: UUID, why: str) -> None:
    """Nothing more goes out or comes in until somebody has looked: no storm of retries with a wrong secret."""
    async with sessions.begin() as session:
        account = await session.get_one(AxisAccount, account_id)
        account.state, account.stopped_reason = AxisState.STOPPED, why[:1000]
        uow = unit(session, account)
        await session.flush()
        uow.record("axis_account.stop", account, became=AxisState.STOPPED, lead_body_id=account.body_id)
        await uow.complete()
