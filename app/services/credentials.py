"""Passwords of accounts: is this the right one, what do wrong ones lead to, what does a new one end?

A wrong password, an unknown login and a locked account are told apart neither by the answer nor by the time it takes.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import case, func, literal, or_, select, update
from sqlmodel import col

from app.core import passwords
from app.core.clock import utcnow
from app.core.principal import NOBODY
from app.models.account import Account, SessionFamily
from app.models.base import instant
from app.services.unit_of_work import Begin, UnitOfWork

FREE_ATTEMPTS = 5
FIRST_LOCK = timedelta(seconds=30)
DOUBLINGS = 5
"""From the fifth wrong password on an account rests 30 seconds, then twice as long each time, at most 16 minutes."""

LONGEST_LOGIN = 120

_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Proof:
    """`account_id` only for the right password; `locked_until` is for a caller who is signed in already."""

    account_id: UUID | None = None
    locked_until: datetime | None = None


async def prove(begin: Begin, whose: str | UUID, password: str) -> Proof:
    """Check the password of a login or an account. What it changes is committed whatever the caller does next.

    Attempts on one login take turns, so that many at once do not all pass before the first is counted.
    """
    async with _turns.setdefault(str(whose), asyncio.Lock()):
        async with begin() as uow:
            found = await _stored(uow, whose)
        locked = found.locked_until if found and found.locked_until and found.locked_until > utcnow() else None
        stored = None if found is None or locked else found.password_hash
        if await asyncio.to_thread(passwords.matches, password, stored):
            assert found is not None
            if found.failed_attempts:
                await _forgive(begin, found.id)
            return Proof(found.id)
        await _count(begin, found.id if found else NOBODY)
        return Proof(locked_until=locked)


async def _stored(uow: UnitOfWork, whose: str | UUID) -> Account | None:
    if isinstance(whose, UUID):
        owner = col(Account.id) == whose
    else:
        login = whose.strip().lower()
        owner = col(Account.login) == (login if len(login) <= LONGEST_LOGIN and "\0" not in login else "")
    statement = select(Account).where(owner).execution_options(scope="whose password is it?")
    return (await uow.session.execute(statement)).scalar_one_or_none()


async def _count(begin: Begin, account_id: UUID) -> None:
    """The same statements for an unknown login, and no wait for the disk, so that time does not tell."""
    now = utcnow()
    longer = func.power(2, func.least(col(Account.failed_attempts) + 1 - FREE_ATTEMPTS, DOUBLINGS))
    rest = func.make_interval(0, 0, 0, 0, 0, 0, FIRST_LOCK.total_seconds() * longer)
    tired = col(Account.failed_attempts) + 1 >= FREE_ATTEMPTS
    async with begin() as uow:
        await uow.session.execute(select(func.set_config("synchronous_commit", "off", True)))
        await uow.session.execute(
            update(Account)
            .where(col(Account.id) == account_id)
            .where(or_(col(Account.locked_until).is_(None), col(Account.locked_until) <= now))
            .values(
                failed_attempts=col(Account.failed_attempts) + 1,
                locked_until=case((tired, literal(now, instant()) + rest)),
            )
            .execution_options(synchronize_session=False)
        )
        uow.note("account.sign_in_failed", "account", account_id)


async def _forgive(begin: Begin, account_id: UUID) -> None:
    async with begin() as uow:
        await uow.session.execute(
            update(Account).where(col(Account.id) == account_id).values(failed_attempts=0, locked_until=None)
        )


async def set_password(account: Account, password: str) -> None:
    account.password_hash = await asyncio.to_thread(passwords.hashed, password)
    account.failed_attempts, account.locked_until = 0, None


async def end_sessions(uow: UnitOfWork, account_id: UUID, *, keep: UUID = NOBODY, body_id: UUID | None = None) -> None:
    """Every sign-in of the account but `keep`, or only those for one body; their tokens end at once everywhere."""
    families = update(SessionFamily).where(
        col(SessionFamily.account_id) == account_id,
        col(SessionFamily.id) != keep,
        col(SessionFamily.revoked_at).is_(None),
    )
    if body_id is not None:
        families = families.where(col(SessionFamily.body_id) == body_id)
    await uow.session.execute(families.values(revoked_at=uow.now).execution_options(synchronize_session=False))
