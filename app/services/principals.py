"""From the claims of a token to the caller: is the sign-in still good, which duties hold today, for which organs?

Looked up once and kept until something about access changes anywhere: triggers on the tables of access send NOTIFY,
every process listens, and a process that cannot listen does not keep anything.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core.clock import today
from app.core.errors import Unauthenticated
from app.core.principal import Duty, Principal
from app.core.tokens import Claims
from app.models.account import Membership, MembershipDuty, SessionFamily
from app.models.body import ActsThrough, Body

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
    """Which duties let somebody speak for a body on that day: accepted, not ended, in their time, the body existing."""
    return (
        col(Membership.accepted_at).is_not(None),
        or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > on),
        col(MembershipDuty.valid_from) <= on,
        or_(col(MembershipDuty.valid_to).is_(None), col(MembershipDuty.valid_to) >= on),
        or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= on),
    )


async def look_up(session: AsyncSession, claims: Claims, on: date) -> Principal | None:
    """One statement: the duties, and the organs that act through the body."""
    organs = (
        select(func.array_agg(ActsThrough.organ_id))
        .where(
            col(ActsThrough.office_id) == claims.body_id,
            col(ActsThrough.valid_from) <= on,
            or_(col(ActsThrough.valid_to).is_(None), col(ActsThrough.valid_to) >= on),
        )
        .scalar_subquery()
    )
    statement = (
        select(func.array_agg(MembershipDuty.duty.distinct()), organs)  # type: ignore[attr-defined]
        .select_from(SessionFamily)
        .join(
            Membership,
            and_(
                col(Membership.account_id) == col(SessionFamily.account_id),
                col(Membership.body_id) == col(SessionFamily.body_id),
            ),
        )
        .join(MembershipDuty, col(MembershipDuty.membership_id) == col(Membership.id))
        .join(Body, col(Body.id) == col(Membership.body_id))
        .where(
            col(SessionFamily.id) == claims.family_id,
            col(SessionFamily.account_id) == claims.account_id,
            col(SessionFamily.body_id) == claims.body_id,
            col(SessionFamily.revoked_at).is_(None),
            *in_force(on),
        )
        .execution_options(scope="who is calling")
    )
    duties, organ_ids = (await session.execute(statement)).one()
    if not duties:
        return None
    return Principal(
        account_id=claims.account_id,
        body_id=claims.body_id,
        duties=frozenset(Duty(it) for it in duties),
        bodies=(claims.body_id, *(organ_ids or ())),
        today=on,
        family_id=claims.family_id,
    )
