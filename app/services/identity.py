"""Who may speak for which body: sign-in, rotation of refresh tokens, revocation (RFC 6749, 7009), the first account.

An access token lives minutes and names its session; a refresh token is used once, and a spent one ends the session,
since one of its two holders is a thief.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core import clock
from app.core.cursors import Cursors
from app.core.errors import ClientRefused, Conflict, GrantRefused, Unauthenticated
from app.core.principal import Duty, Principal, nobody
from app.core.tokens import Claims, Tokens, digest, new_secret
from app.domain.body import BodyKind, Level
from app.models.account import (
    InvitationCreate,
    Membership,
    MembershipDuty,
    PasswordSet,
    RefreshToken,
    SessionFamily,
)
from app.models.body import Body, BodyName
from app.models.grant import TokenRequest
from app.policies.visibility import unscoped
from app.services import clients, credentials, invitations
from app.services.principals import in_force, look_up
from app.services.reading import body_ref
from app.services.unit_of_work import Begin, UnitOfWork


@dataclass(frozen=True, slots=True)
class Desk:
    """What grants are made with."""

    begin: Begin
    tokens: Tokens
    session_lifetime: timedelta


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in or a rotation gave; the session ends `session_seconds` from now however often it rotates."""

    access_token: str
    refresh_token: str | None
    expires_in: int
    session_seconds: int
    scope: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A body for which an account may speak today."""

    body_id: UUID
    duties: frozenset[Duty]
    body: dict[str, Any]
    ended: bool


async def grant(desk: Desk, ask: TokenRequest, *, cookie: str | None, user_agent: str | None) -> Grant:
    """Answer a token request, or GrantRefused; `cookie` is the refresh token that came as one."""
    if ask.grant_type == "client_credentials":
        return await _admit_client(desk, ask)
    if ask.client_assertion is not None:
        raise ClientRefused
    if ask.grant_type is None or ask.refresh_in not in {None, "body", "cookie"}:
        raise GrantRefused("invalid_request")
    if ask.grant_type == "password":
        return await sign_in(desk, ask, user_agent=user_agent)
    if ask.grant_type == "refresh_token":
        return await refresh(desk, ask.refresh_token or cookie)
    raise GrantRefused("unsupported_grant_type")


async def sign_in(desk: Desk, ask: TokenRequest, *, user_agent: str | None = None) -> Grant:
    """A new session of the account for one of its bodies."""
    if not ask.username or not ask.password:
        raise GrantRefused("invalid_request")
    proof = await credentials.prove(desk.begin, ask.username, ask.password)
    if proof.account_id is None:
        raise GrantRefused
    async with desk.begin() as uow:
        seat = _chosen(await _seats(uow, proof.account_id), ask.body_id)
        family = SessionFamily(
            account_id=proof.account_id,
            body_id=seat.body_id,
            user_agent=user_agent and user_agent[:300],
            last_used_at=uow.now,
            expires_at=uow.now + desk.session_lifetime,
        )
        uow.add(family)
        await uow.session.flush()
        uow.who = Principal(family.account_id, seat.body_id, seat.duties, (seat.body_id,), uow.today, family.id)
        uow.note("session_family.sign_in", "session_family", family.id)
        return _issue(uow, desk.tokens, family)


async def _admit_client(desk: Desk, ask: TokenRequest) -> Grant:
    """A machine client gets no refresh token: it proves itself anew."""
    seconds = int(desk.tokens.lifetime.total_seconds())
    async with desk.begin() as uow:
        family, scope = await clients.admit(uow, desk.tokens, ask)
        access = desk.tokens.issue(
            account_id=family.account_id, body_id=family.body_id, family_id=family.id, scope=scope
        )
    return Grant(access, None, expires_in=seconds, session_seconds=seconds, scope=scope)


async def _seats(uow: UnitOfWork, account_id: UUID) -> list[Seat]:
    statement = (
        select(
            col(Membership.body_id),
            func.array_agg(col(MembershipDuty.duty).distinct()),
            cast(body_ref(Membership.body_id, uow.today, uow.today), Text),
            func.coalesce(func.bool_or(col(Body.valid_to) < uow.today), False),
        )
        .join(MembershipDuty, col(MembershipDuty.membership_id) == col(Membership.id))
        .join(Body, col(Body.id) == col(Membership.body_id))
        .where(col(Membership.account_id) == account_id, *in_force(uow.today))
        .group_by(col(Membership.body_id))
        .order_by(col(Membership.body_id))
        .execution_options(scope="for which bodies may this account speak?")
    )
    rows = (await uow.session.execute(statement)).all()
    return [Seat(body_id, frozenset(map(Duty, held)), orjson.loads(body), ended) for body_id, held, body, ended in rows]


def _chosen(seats: Sequence[Seat], body_id: str | None) -> Seat:
    """A token speaks for exactly one body; whoever has several must say which. An ended one is meant only by name."""
    if body_id is not None:
        seats = [it for it in seats if str(it.body_id) == body_id.lower()]
    if not seats:
        raise GrantRefused
    living = [it for it in seats if not it.ended]
    seats = living if len(living) == 1 else seats
    if len(seats) > 1:
        raise GrantRefused("body_required", extra={"bodies": [it.body for it in seats]})
    return seats[0]


def _issue(uow: UnitOfWork, tokens: Tokens, family: SessionFamily) -> Grant:
    """One access token and the next refresh token of a session."""
    secret, scope = new_secret(), " ".join(sorted(uow.who.duties))
    uow.add(RefreshToken(family_id=family.id, token_digest=digest(secret)))
    return Grant(
        access_token=tokens.issue(
            account_id=family.account_id, body_id=family.body_id, family_id=family.id, scope=scope
        ),
        refresh_token=secret,
        expires_in=int(tokens.lifetime.total_seconds()),
        session_seconds=int((family.expires_at - uow.now).total_seconds()),
        scope=scope,
    )


async def refresh(desk: Desk, secret: str | None) -> Grant:
    """Spend a refresh token for the next; what a spent one ends is committed before it is refused."""
    if not secret:
        raise GrantRefused("invalid_request")
    async with desk.begin() as uow:
        granted = await _rotate(uow, desk.tokens, secret)
    if granted is None:
        raise GrantRefused
    return granted


async def _rotate(uow: UnitOfWork, tokens: Tokens, secret: str) -> Grant | None:
    found = await _locked(uow, secret)
    if found is None:
        return None
    token, family = found
    if family.revoked_at is not None or family.expires_at <= uow.now:
        return None
    if token.spent_at is not None:
        await _end(uow, family.id, "session_family.refresh_reused")
        return None
    claims = Claims(family.account_id, family.body_id, family.id, family.expires_at)
    who = await look_up(uow.session, claims, uow.today)
    if who is None:
        return None
    uow.who = who
    token.spent_at = family.last_used_at = uow.now
    return _issue(uow, tokens, family)


async def _locked(uow: UnitOfWork, secret: str) -> tuple[RefreshToken, SessionFamily] | None:
    statement = (
        select(RefreshToken, SessionFamily)
        .join(SessionFamily, col(SessionFamily.id) == col(RefreshToken.family_id))
        .where(col(RefreshToken.token_digest) == digest(secret))
        .with_for_update()
        .execution_options(scope="whoever holds the refresh token")
    )
    row = (await uow.session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def revoke(desk: Desk, token: str | None) -> None:
    """End the session of an access or refresh token; what is no token of ours ends nothing and is no error."""
    if not token:
        raise GrantRefused("invalid_request")
    async with desk.begin() as uow:
        family_id = _family_of_access(desk.tokens, token) or await _family_of_refresh(uow, token)
        if family_id is not None:
            await _end(uow, family_id, "session_family.revoke")


def _family_of_access(tokens: Tokens, token: str) -> UUID | None:
    try:
        return tokens.read(token).family_id
    except Unauthenticated:
        return None


async def _family_of_refresh(uow: UnitOfWork, token: str) -> UUID | None:
    statement = select(col(RefreshToken.family_id)).where(col(RefreshToken.token_digest) == digest(token))
    return (await uow.session.execute(statement)).scalar_one_or_none()


async def _end(uow: UnitOfWork, family_id: UUID, action: str) -> None:
    live = update(SessionFamily).where(col(SessionFamily.id) == family_id, col(SessionFamily.revoked_at).is_(None))
    ended = await uow.session.execute(
        live.values(revoked_at=uow.now).returning(col(SessionFamily.id)).execution_options(synchronize_session=False)
    )
    if ended.first() is not None:
        uow.note(action, "session_family", family_id)


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """`invitation` is the secret of a link to /v1/auth/invitations/…, unless a password was given."""

    body_id: UUID
    invitation: str | None


async def first_admin(
    session: AsyncSession,
    *,
    login: str,
    name: str,
    body_name: str,
    short_name: str | None = None,
    since: date | None = None,
    password: str | None = None,
) -> FirstAdmin:
    """Make the registry body and whoever registers and administers it; Conflict `registry_exists` when there is one.

    What is given is checked as in the API (ValidationError); the caller commits.
    """
    uow = UnitOfWork(session, nobody(clock.today()), Cursors(b""))
    await uow.serialise("registry")
    if (await session.execute(unscoped(Body, reason="is there a registry?").where(col(Body.is_registry)))).first():
        raise Conflict("registry_exists")
    body = await _make_registry(uow, body_name, short_name or body_name[:150], since or uow.today)
    duties = [{"duty": duty, "from": body.valid_from} for duty in (Duty.REGISTRAR, Duty.ADMINISTRATOR)]
    ask = InvitationCreate.model_validate({"login": login, "name": name, "duties": duties})
    invitation, secret = await invitations.write(uow, body.id, ask)
    if password is not None:
        await invitations.redeem(uow, invitation, PasswordSet(password=password).password)
    await uow.complete()
    return FirstAdmin(body.id, secret if password is None else None)


async def _make_registry(uow: UnitOfWork, name: str, short_name: str, since: date) -> Body:
    body = Body(kind=BodyKind.OFFICE, level=Level.CENTRE, valid_from=since, is_registry=True)
    uow.add(body)
    await uow.session.flush()
    uow.add(BodyName(body_id=body.id, name=name, short_name=short_name, valid_from=since))
    uow.record("body.create", body)
    return body
