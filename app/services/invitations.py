"""Links by which people come in: single use, 72 hours, only the digest kept; no password is ever sent or shown."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, or_, select, update
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.core.principal import Duty, Principal
from app.core.tokens import digest, new_secret
from app.models.account import (
    Account,
    DutyRead,
    DutySpan,
    Invitation,
    InvitationAccepted,
    InvitationCreate,
    InvitationOpened,
    InvitationRead,
    Membership,
)
from app.models.base import ListQuery, instant
from app.models.body import Body
from app.policies.visibility import unscoped
from app.policies.visibility.base import NOW
from app.services import appointments, credentials
from app.services.reading import Page, Projection, body_ref, civil_date, person_ref, read_page
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork

LIFETIME = timedelta(hours=72)


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    expired = col(Invitation.expires_at) <= NOW
    return {
        "body": body_ref(Invitation.body_id, civil_date(Invitation.created_at), who.today),
        "invited_by": person_ref(Invitation.invited_by_id),
        "state": case((col(Invitation.used_at).is_not(None), "used"), (expired, "expired"), else_="open"),
    }


INVITATION = Projection(model=Invitation, reads={"full": InvitationRead}, columns=_columns)


async def issue(uow: UnitOfWork, body_id: UUID, ask: InvitationCreate) -> tuple[UUID, str | None]:
    """The invitation and the secret of its link; a retry gives no secret. An earlier one to the same login ends."""
    appointments.refuse_contradictions(ask.duties)
    body = await appointments.body_for(uow, body_id)
    if (made := await uow.claim()) is not None:
        return made, None
    await appointments.check_duties(uow, body, ask.duties)
    if await _speaks_for_somebody(uow, ask.login):
        raise Conflict("login_exists")
    invitation, secret = await write(uow, body_id, ask)
    return invitation.id, secret


async def _speaks_for_somebody(uow: UnitOfWork, login: str) -> bool:
    """A person all of whose bodies are gone is invited like a new one: they could not sign in to accept anything."""
    live = (
        select(col(Membership.id))
        .join(Account, col(Account.id) == col(Membership.account_id))
        .join(Body, col(Body.id) == col(Membership.body_id))
        .where(
            col(Account.login) == login,
            or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > uow.today),
            or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= uow.today),
        )
    )
    asked = select(live.exists()).execution_options(scope="is the login taken?")
    return bool((await uow.session.execute(asked)).scalar_one())


async def write(uow: UnitOfWork, body_id: UUID, ask: InvitationCreate) -> tuple[Invitation, str]:
    """Invite without asking who may: for `issue`, and for the first administrator of all."""
    await _supersede(uow, body_id, ask.login)
    secret = new_secret()
    invitation = Invitation(
        token_digest=digest(secret),
        body_id=body_id,
        invited_by_id=uow.who.account_id if uow.who.signed_in else None,
        login=ask.login,
        name=ask.name,
        duties=[it.model_dump(mode="json", by_alias=True) for it in ask.duties],
        expires_at=uow.now + LIFETIME,
    )
    uow.add(invitation)
    await uow.session.flush()
    uow.record("invitation.create", invitation, lead_body_id=body_id, duties=[str(it.duty) for it in ask.duties])
    return invitation, secret


async def _supersede(uow: UnitOfWork, body_id: UUID, login: str) -> None:
    await uow.session.execute(
        update(Invitation)
        .where(col(Invitation.body_id) == body_id, col(Invitation.login) == login, col(Invitation.used_at).is_(None))
        .values(expires_at=func.least(col(Invitation.expires_at), uow.now))
        .execution_options(synchronize_session=False)
    )


async def listed(uow: UnitOfWork, body_id: UUID, query: ListQuery) -> bytes:
    await appointments.body_for(uow, body_id)
    ours = col(Invitation.body_id) == body_id
    return await read_page(uow, INVITATION, Page.of(query), where=[ours], filters={"body_id": body_id})


async def of_body(uow: UnitOfWork, body_id: UUID, invitation_id: UUID, *, lock: bool = False) -> Invitation:
    invitation = await find(uow, Invitation, invitation_id, lock=lock)
    if invitation.body_id != body_id:
        raise NotVisible
    return invitation


async def withdraw(uow: UnitOfWork, body_id: UUID, invitation_id: UUID) -> None:
    """The link ends now, whether or not it was still good."""
    invitation = await of_body(uow, body_id, invitation_id, lock=True)
    if not (appointments.administers(uow.who, body_id) or uow.who.holds(Duty.REGISTRAR)):
        raise Forbidden
    if invitation.used_at is not None:
        raise Conflict("invitation_used")
    invitation.expires_at = min(invitation.expires_at, uow.now)
    uow.record("invitation.withdraw", invitation, lead_body_id=body_id)


async def open_link(uow: UnitOfWork, secret: str) -> InvitationOpened:
    """What whoever holds the link may know; used, expired and unknown are alike."""
    invitation = await _by_link(uow, secret)
    return InvitationOpened(
        body=await _body_shown(uow, invitation.body_id),
        login=invitation.login,
        name=invitation.name,
        duties=[DutyRead.model_validate(it) for it in invitation.duties],
        expires_at=invitation.expires_at,
    )


async def _body_shown(uow: UnitOfWork, body_id: UUID) -> Any:
    return (await uow.session.execute(select(body_ref(literal(body_id), uow.today, uow.today)))).scalar_one()


async def _by_link(uow: UnitOfWork, secret: str, *, lock: bool = False) -> Invitation:
    statement = unscoped(Invitation, reason="whoever holds the link").where(
        col(Invitation.token_digest) == digest(secret),
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > literal(uow.now, instant()),
    )
    invitation = (await uow.session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()
    if invitation is None:
        raise NotVisible
    return invitation


async def accept(uow: UnitOfWork, secret: str, password: str) -> InvitationAccepted:
    """Make the account with the password its person chose, and the membership; the link is used up."""
    invitation = await _by_link(uow, secret, lock=True)
    if await _speaks_for_somebody(uow, invitation.login):
        raise Conflict("login_exists")
    account = await redeem(uow, invitation, password)
    body = await _body_shown(uow, invitation.body_id)
    return InvitationAccepted(account_id=account.id, login=account.login, body=body)


async def redeem(uow: UnitOfWork, invitation: Invitation, password: str) -> Account:
    account = await _account(uow, invitation)
    await credentials.set_password(account, password)
    membership = Membership(account_id=account.id, body_id=invitation.body_id, accepted_at=uow.now)
    uow.add(account)
    await uow.session.flush()
    duties = [DutySpan.model_validate(it) for it in invitation.duties]
    await appointments.check_person(uow, account.id, duties)
    uow.add(membership)
    await uow.session.flush()
    uow.add(*appointments.duty_rows(membership.id, duties))
    invitation.used_at = uow.now
    uow.record("membership.accept", membership, lead_body_id=invitation.body_id)
    return account


async def _account(uow: UnitOfWork, invitation: Invitation) -> Account:
    """The person's earlier account, whose last body is gone, or a new one."""
    known = unscoped(Account, reason="an invited person").where(col(Account.login) == invitation.login)
    account = (await uow.session.execute(known.with_for_update())).scalar_one_or_none()
    return account or Account(login=invitation.login, name=invitation.name)
