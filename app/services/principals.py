"""From the claims of a token to the caller: is the sign-in still good, which duties hold today, for which organs?

Looked up once and kept until something about access changes anywhere: triggers on the tables of access send NOTIFY,
every process listens, and a process that cannot listen does not keep anything.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Uuid, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.clock import today
from app.core.errors import Unauthenticated
from app.core.principal import NOBODY, READING, Duty, Principal
from app.core.tokens import Claims
from app.models.account import Membership, MembershipDuty, SessionFamily
from app.models.body import ActsThrough, Body
from app.models.machine_client import MachineClient

CHANNEL = "giamsat_access"
CAPACITY = 50_000


@dataclass
class Principals:
    """`listening` is set by whoever holds the LISTEN connection; only then are answers kept."""

    listening: bool = False
    _kept: dict[tuple[UUID, UUID, date], Principal] = field(default_factory=dict)

    def forget(self) -> None:
        self._kept.clear()

    def kept(self, claims: Claims) -> Principal | None:
        return self._kept.get((claims.family_id, claims.body_id, today())) if self.listening else None

    async def load(self, session: AsyncSession, claims: Claims) -> Principal:
        """Unauthenticated when the sign-in was revoked or no duty in the body holds today."""
        on = today()
        found = await look_up(session, claims, on)
        if found is None:
            raise Unauthenticated("invalid_token")
        if self.listening and len(self._kept) < CAPACITY:
            self._kept[claims.family_id, claims.body_id, on] = found
        return found


def in_force(on: date) -> tuple[ColumnElement[bool], ...]:
    """Which duties let somebody sign in for a body on that day: accepted, not ended, in their time, the body existing
    or ended less than the read-only days ago."""
    return (
        col(Membership.accepted_at).is_not(None),
        or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > on),
        col(MembershipDuty.valid_from) <= on,
        or_(col(MembershipDuty.valid_to).is_(None), col(MembershipDuty.valid_to) >= on),
        _readable(Body, on),
    )


def _readable(body: Any, on: date) -> ColumnElement[bool]:
    return or_(col(body.valid_to).is_(None), col(body.valid_to) >= on, col(body.readable_until) >= on)


def _organs(body_id: Any, on: Any) -> Select[Any]:
    """The organs that act through the body, with whether they have ended."""
    organ = aliased(Body)
    ids: ColumnElement[Any] = func.array_agg(col(organ.id))
    ended: ColumnElement[Any] = func.array_agg(col(organ.id)).filter(col(organ.valid_to) < on)
    return (
        select(ids.label("ids"), ended.label("ended"))
        .select_from(ActsThrough)
        .join(organ, col(organ.id) == col(ActsThrough.organ_id))
        .where(
            col(ActsThrough.office_id) == body_id,
            col(ActsThrough.valid_from) <= on,
            or_(col(ActsThrough.valid_to).is_(None), col(ActsThrough.valid_to) >= on),
            _readable(organ, on),
        )
    )


@cache
def _question(*, signed_in: bool) -> Select[*tuple[Any, ...]]:
    """The duties, and the organs that act through the body, of the claims that its parameters name."""
    account, body, family = (bindparam(it, None, type_=Uuid) for it in ("account", "body", "family"))
    on: Any = bindparam("on", None, type_=Date)
    organs = _organs(body, on).subquery("organs")
    session = exists().where(
        col(SessionFamily.id) == family,
        col(SessionFamily.account_id) == account,
        col(SessionFamily.body_id) == body,
        col(SessionFamily.revoked_at).is_(None),
    )
    return (
        select(
            func.array_agg(MembershipDuty.duty.distinct()),  # type: ignore[attr-defined]
            func.array_agg(col(Body.id).distinct()).filter(col(Body.valid_to) < on),
            select(organs.c.ids).scalar_subquery(),
            select(organs.c.ended).scalar_subquery(),
        )
        .select_from(Membership)
        .join(MembershipDuty, col(MembershipDuty.membership_id) == col(Membership.id))
        .join(Body, col(Body.id) == col(Membership.body_id))
        .where(col(Membership.account_id) == account, col(Membership.body_id) == body, *in_force(on))
        .where(*([session] if signed_in else []))
        .execution_options(scope="who is calling")
    )


async def look_up(session: AsyncSession, claims: Claims, on: date) -> Principal | None:
    """One statement, built once; another where no person but a machine client calls."""
    asked = {"account": claims.account_id, "body": claims.body_id, "family": claims.family_id, "on": on}
    person = _principal(asked, (await session.execute(_question(signed_in=True), asked)).one())
    return person or await _look_up_client(session, claims, on)


async def absent(session: AsyncSession, account_id: UUID, body_id: UUID, on: date) -> Principal | None:
    """Somebody who is not signed in, for what is sent to them or fetched by their programs with a link."""
    asked = {"account": account_id, "body": body_id, "family": NOBODY, "on": on}
    return _principal(asked, (await session.execute(_question(signed_in=False), asked)).one())


def _principal(asked: dict[str, Any], row: Any) -> Principal | None:
    duties, ended, organ_ids, ended_organs = row
    if not duties:
        return None
    held = frozenset(Duty(it) for it in duties)
    return Principal(
        account_id=asked["account"],
        body_id=asked["body"],
        duties=held & READING if ended else held,
        bodies=(asked["body"], *(organ_ids or ())),
        today=asked["on"],
        family_id=asked["family"],
        ended=frozenset([*(ended or ()), *(ended_organs or ())]),
    )


async def _look_up_client(session: AsyncSession, claims: Claims, on: date) -> Principal | None:
    """A machine client of a body that exists, with what it asked for of the scopes that it still has."""
    statement = (
        select(col(MachineClient.scopes), col(MachineClient.organ_ids))
        .join(SessionFamily, col(SessionFamily.account_id) == col(MachineClient.account_id))
        .join(Body, col(Body.id) == col(MachineClient.body_id))
        .where(
            col(SessionFamily.id) == claims.family_id,
            col(SessionFamily.revoked_at).is_(None),
            col(MachineClient.account_id) == claims.account_id,
            col(MachineClient.body_id) == claims.body_id,
            col(MachineClient.revoked_at).is_(None),
            or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= on),
        )
        .execution_options(scope="which client is calling")
    )
    row = (await session.execute(statement)).first()
    scopes = frozenset(row.scopes) & set(claims.scope.split()) if row else frozenset()
    if row is None or not scopes:
        return None
    return Principal(
        account_id=claims.account_id,
        body_id=claims.body_id,
        duties=frozenset(),
        bodies=(claims.body_id,),
        today=on,
        family_id=claims.family_id,
        scopes=scopes,
        senders=frozenset(row.organ_ids),
    )
