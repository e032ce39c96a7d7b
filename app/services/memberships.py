"""What ties people to bodies: dated duties, given by the body's administrator and effective once the person accepts.

An unknown login is answered 404: an invitation must tell an administrator that a login exists, so hiding it here would
protect nothing. What stays hidden until the person accepts is who that is.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, or_, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.core.principal import Principal
from app.models.account import (
    Account,
    DutySpan,
    Membership,
    MembershipCreate,
    MembershipDuty,
    MembershipFilter,
    MembershipRead,
    MembershipUpdate,
)
from app.models.body import Body
from app.policies.visibility import unscoped
from app.services import appointments, credentials
from app.services.reading import Page, Projection, body_ref, json_list, person_ref, read_page
from app.services.steps import check_version, find, touch
from app.services.unit_of_work import UnitOfWork


def state_on(who: Principal) -> ColumnElement[str]:
    """pending until accepted, ended from `ended_on` on."""
    ended = col(Membership.ended_on) <= literal(who.today)
    return case((ended, "ended"), (col(Membership.accepted_at).is_(None), "pending"), else_="active")


def columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    known = or_(col(Membership.accepted_at).is_not(None), col(Membership.account_id) == who.account_id)
    login = select(col(Account.login)).where(col(Account.id) == col(Membership.account_id))
    fields: list[ColumnElement[Any]] = [
        col(MembershipDuty.duty).label("duty"),
        col(MembershipDuty.valid_from).label("from"),
        col(MembershipDuty.valid_to).label("to"),
    ]
    duties = select(*fields).where(col(MembershipDuty.membership_id) == col(Membership.id))
    return {
        "body": body_ref(Membership.body_id, who.today, who.today),
        "duties": json_list(
            duties.correlate(Membership), order=[col(MembershipDuty.valid_from), col(MembershipDuty.duty)]
        ),
        "state": state_on(who),
        "login": login.correlate(Membership).scalar_subquery(),
        "account": case((known, person_ref(Membership.account_id))),
    }


MEMBERSHIP = Projection(model=Membership, reads={"full": MembershipRead}, columns=columns)


def holding(duty: Any, who: Principal) -> ColumnElement[bool]:
    """Memberships with one of these duties today."""
    today = literal(who.today)
    held = select(col(MembershipDuty.membership_id)).where(
        col(MembershipDuty.duty).in_(duty),
        col(MembershipDuty.valid_from) <= today,
        or_(col(MembershipDuty.valid_to).is_(None), col(MembershipDuty.valid_to) >= today),
    )
    return col(Membership.id).in_(held)


async def listed(uow: UnitOfWork, query: MembershipFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.account_id:
        where.append(col(Membership.account_id).in_(query.account_id))
    if query.state:
        where.append(state_on(uow.who).in_(query.state))
    if query.duty:
        where.append(holding(query.duty, uow.who))
    return await read_page(uow, MEMBERSHIP, Page.of(query), where=where, filters=query.filters())


async def create(uow: UnitOfWork, ask: MembershipCreate) -> UUID:
    """Ask the person of an existing account to join; nothing changes for anybody until they accept."""
    appointments.refuse_contradictions(ask.duties)
    body = await appointments.body_for(uow, ask.body_id or uow.who.body_id)
    if (made := await uow.claim()) is not None:
        return made
    await appointments.check_duties(uow, body, ask.duties)
    known = unscoped(Account, reason="an administrator names a login").where(col(Account.login) == ask.login)
    account = (await uow.session.execute(known)).scalar_one_or_none()
    if account is None:
        raise NotVisible
    await uow.serialise("membership", account.id, body.id)
    if await _belongs(uow, account.id, body):
        raise Conflict("already_member")
    await appointments.check_person(uow, account.id, ask.duties)
    membership = Membership(account_id=account.id, body_id=body.id)
    uow.add(membership)
    await uow.session.flush()
    uow.add(*appointments.duty_rows(membership.id, ask.duties))
    await uow.session.flush()
    uow.record("membership.create", membership, lead_body_id=body.id, duties=_audited(ask.duties))
    return membership.id


async def _belongs(uow: UnitOfWork, account_id: UUID, body: Body) -> bool:
    present = unscoped(Membership, reason="one membership per person and body").where(
        col(Membership.account_id) == account_id,
        col(Membership.body_id) == body.id,
        or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > uow.today),
    )
    return (await uow.session.execute(present)).first() is not None


def _audited(duties: list[DutySpan]) -> list[dict[str, Any]]:
    return [it.model_dump(mode="json", by_alias=True) for it in duties]


async def accept(uow: UnitOfWork, membership_id: UUID) -> UUID:
    """By the person alone, whichever of their bodies the token speaks for."""
    membership = await find(uow, Membership, membership_id, lock=True)
    if membership.account_id != uow.who.account_id:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    _refuse_ended(uow, membership)
    if membership.accepted_at is not None:
        raise Conflict("already_accepted")
    await appointments.check_person(uow, membership.account_id, await _duties(uow, membership))
    membership.accepted_at = uow.now
    await uow.session.flush()
    uow.record("membership.accept", membership, lead_body_id=membership.body_id)
    return membership.id


def _refuse_ended(uow: UnitOfWork, membership: Membership) -> None:
    if membership.ended_on is not None and membership.ended_on <= uow.today:
        raise Conflict("membership_ended")


async def _duties(uow: UnitOfWork, membership: Membership) -> list[DutySpan]:
    rows = unscoped(MembershipDuty, reason="duties of a membership at hand").where(
        col(MembershipDuty.membership_id) == membership.id
    )
    stored = (await uow.session.execute(rows)).scalars()
    return [DutySpan.model_validate({"duty": it.duty, "from": it.valid_from, "to": it.valid_to}) for it in stored]


async def change(uow: UnitOfWork, membership_id: UUID, ask: MembershipUpdate, expected: int | None) -> None:
    """Other duties, or an end; by the body's administrator, and never one's own.

    Whoever has left is signed out at once. An end in the future can be taken back; one that has come cannot.
    """
    appointments.refuse_contradictions(ask.duties or [])
    membership = await find(uow, Membership, membership_id, lock=True)
    if membership.account_id == uow.who.account_id:
        raise Forbidden("own_duties")
    if not appointments.administers(uow.who, membership.body_id):
        raise Forbidden
    check_version(membership, expected)
    _refuse_ended(uow, membership)
    before = _audited(await _duties(uow, membership))
    if ask.duties is not None:
        await _replace(uow, membership, ask.duties)
    if "ended_on" in ask.model_fields_set:
        membership.ended_on = ask.ended_on
    touch(membership)
    await uow.session.flush()
    if membership.ended_on is not None and membership.ended_on <= uow.today:
        await credentials.end_sessions(uow, membership.account_id, body_id=membership.body_id)
    after = before if ask.duties is None else _audited(ask.duties)
    uow.record(
        "membership.change",
        membership,
        lead_body_id=membership.body_id,
        before=before,
        after=after,
        ended_on=membership.ended_on and membership.ended_on.isoformat(),
    )


async def _replace(uow: UnitOfWork, membership: Membership, duties: list[DutySpan]) -> None:
    body = await find(uow, Body, membership.body_id)
    await appointments.check_duties(uow, body, duties)
    await appointments.check_person(uow, membership.account_id, duties)
    await uow.session.execute(
        delete(MembershipDuty)
        .where(col(MembershipDuty.membership_id) == membership.id)
        .execution_options(synchronize_session=False)
    )
    uow.add(*appointments.duty_rows(membership.id, duties))


async def other_bodies(uow: UnitOfWork, account_id: UUID) -> set[UUID]:
    """Bodies of an account beside the caller's own, asked or joined; the caller's own must be among its bodies."""
    live = select(func.array_agg(col(Membership.body_id))).where(
        and_(
            col(Membership.account_id) == account_id,
            or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > uow.today),
        )
    )
    asked = live.execution_options(scope="does the account belong elsewhere?")
    bodies = set((await uow.session.execute(asked)).scalar_one() or ())
    if uow.who.body_id not in bodies:
        raise Conflict("membership_ended")
    return bodies - {uow.who.body_id}
