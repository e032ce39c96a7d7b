"""People: what a person sees of itself, what an administrator sees of its body's people, and their passwords."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, func, literal, select, type_coerce, update
from sqlalchemy.dialects.postgresql import JSON
from sqlmodel import col

from app.core import clock
from app.core.errors import Conflict, Forbidden, NotVisible, TooMany, invalid
from app.core.principal import Duty, Principal
from app.core.text import fold
from app.core.tokens import digest, new_secret
from app.models.account import (
    Account,
    AccountFilter,
    AccountRead,
    Membership,
    MembershipOwn,
    MeRead,
    PasswordChange,
    PasswordReset,
    PasswordResetCreate,
    PasswordResetOpened,
    SessionFamily,
    SessionRead,
)
from app.models.base import ListQuery, instant
from app.models.body import Body
from app.policies.relations import among
from app.policies.visibility import scoped, visible
from app.services import credentials, memberships
from app.services.reading import Page, Projection, body_ref, json_list, read_page
from app.services.steps import find
from app.services.unit_of_work import Begin, UnitOfWork

RESET_LIFETIME = timedelta(hours=72)


def _memberships(who: Principal) -> ColumnElement[Any]:
    """Of the account, as far as the caller sees them, newest last."""
    special = memberships.columns(who)
    table: Any = Membership.__table__  # type: ignore[attr-defined]
    fields = [(special[name] if name in special else table.c[name]).label(name) for name in MembershipOwn.model_fields]
    rows = select(*fields).where(col(Membership.account_id) == col(Account.id), visible(Membership, who))
    return json_list(rows.correlate(Account), order=[col(Membership.id)])


def _of_account(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"memberships": _memberships(who)}


def _of_me(who: Principal) -> dict[str, ColumnElement[Any]]:
    organs = select(func.json_agg(body_ref(Body.id, who.today, who.today))).where(among(Body.id, who.bodies[1:]))
    return {
        "account_id": type_coerce(Account.id, Uuid),
        "body": body_ref(literal(who.body_id), who.today, who.today),
        "duties": literal(sorted(who.duties), JSON),
        "acts_for": func.coalesce(organs.scalar_subquery(), literal([], JSON)),
        "memberships": _memberships(who),
    }


def _of_session(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "body": body_ref(SessionFamily.body_id, who.today, who.today),
        "current": col(SessionFamily.id) == who.family_id,
    }


ACCOUNT = Projection(model=Account, reads={"full": AccountRead}, columns=_of_account)
ME = Projection(model=Account, reads={"full": MeRead}, columns=_of_me)
SESSION = Projection(model=SessionFamily, reads={"full": SessionRead}, columns=_of_session)


async def listed(uow: UnitOfWork, query: AccountFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.q:
        where.append(func.fold(col(Account.name)).contains(_folded(query.q), autoescape=True))
    if query.duty:
        held = select(col(Membership.account_id)).where(
            memberships.holding(query.duty, uow.who), visible(Membership, uow.who)
        )
        where.append(col(Account.id).in_(held))
    return await read_page(uow, ACCOUNT, Page.of(query), where=where, filters=query.filters())


def _folded(query: str) -> str:
    folded = fold(query)
    if not folded:
        raise invalid("q", "blank_query")
    return folded


def _live(uow: UnitOfWork) -> list[ColumnElement[bool]]:
    return [
        col(SessionFamily.revoked_at).is_(None),
        col(SessionFamily.expires_at) > literal(uow.now, instant()),
    ]


async def sessions(uow: UnitOfWork, query: ListQuery) -> bytes:
    """Where the person is signed in, for whichever body."""
    return await read_page(uow, SESSION, Page.of(query), where=_live(uow), filters="live")


async def end_session(uow: UnitOfWork, session_id: UUID) -> None:
    """Sign out somewhere else, or here."""
    family = await find(uow, SessionFamily, session_id, lock=True)
    if family.revoked_at is not None or family.expires_at <= uow.now:
        raise NotVisible
    family.revoked_at = uow.now
    uow.note("session_family.revoke", "session_family", family.id)


async def change_password(begin: Begin, who: Principal, ask: PasswordChange) -> None:
    """Wrong guesses count as at signing in; every other session ends."""
    proof = await credentials.prove(begin, who.account_id, ask.current_password)
    if proof.locked_until is not None:
        raise TooMany(retry_after=max(1, int((proof.locked_until - clock.utcnow()).total_seconds())))
    if proof.account_id is None:
        raise invalid("/current_password", "wrong_password")
    async with begin() as uow:
        uow.who = who
        account = await find(uow, Account, who.account_id, lock=True)
        await credentials.set_password(account, ask.new_password)
        await credentials.end_sessions(uow, account.id, keep=who.family_id)
        uow.record("account.change_password", account)


async def request_reset(uow: UnitOfWork, ask: PasswordResetCreate) -> tuple[PasswordReset, str]:
    """For somebody of the administrator's own body who belongs to no other; the link goes by hand, shown once."""
    account = await _own_person(uow, ask)
    if not uow.who.holds(Duty.ADMINISTRATOR):
        raise Forbidden
    if await memberships.other_bodies(uow, account.id):
        raise Conflict("has_other_membership")
    await _supersede(uow, account.id)
    secret = new_secret()
    reset = PasswordReset(
        token_digest=digest(secret),
        account_id=account.id,
        requested_by_id=uow.who.account_id,
        expires_at=uow.now + RESET_LIFETIME,
    )
    uow.add(reset)
    await uow.session.flush()
    uow.record("password_reset.create", reset, account_id=str(account.id))
    return reset, secret


async def _own_person(uow: UnitOfWork, ask: PasswordResetCreate) -> Account:
    named = col(Account.id) == ask.account_id if ask.account_id else col(Account.login) == ask.login
    account = (await uow.session.execute(scoped(Account, uow.who).where(named))).scalar_one_or_none()
    if account is None:
        raise NotVisible
    return account


async def _supersede(uow: UnitOfWork, account_id: UUID) -> None:
    """An account has one good link at most."""
    await uow.session.execute(
        update(PasswordReset)
        .where(col(PasswordReset.account_id) == account_id, col(PasswordReset.used_at).is_(None))
        .values(expires_at=func.least(col(PasswordReset.expires_at), uow.now))
        .execution_options(synchronize_session=False)
    )


async def open_reset(uow: UnitOfWork, secret: str) -> PasswordResetOpened:
    reset, account = await _by_link(uow, secret)
    return PasswordResetOpened(login=account.login, expires_at=reset.expires_at)


async def use_reset(uow: UnitOfWork, secret: str, password: str) -> None:
    """A new password by the link; every session of the account ends."""
    reset, account = await _by_link(uow, secret, lock=True)
    await credentials.set_password(account, password)
    reset.used_at = uow.now
    await credentials.end_sessions(uow, account.id)
    uow.record("account.reset_password", account)


async def _by_link(uow: UnitOfWork, secret: str, *, lock: bool = False) -> tuple[PasswordReset, Account]:
    statement = (
        select(PasswordReset, Account)
        .join(Account, col(Account.id) == col(PasswordReset.account_id))
        .where(
            col(PasswordReset.token_digest) == digest(secret),
            col(PasswordReset.used_at).is_(None),
            col(PasswordReset.expires_at) > literal(uow.now, instant()),
        )
        .execution_options(scope="whoever holds the link")
    )
    row = (await uow.session.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise NotVisible
    return row[0], row[1]
