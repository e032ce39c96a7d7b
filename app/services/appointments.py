"""Who may give which duties, in which body, to whom? Invitations and memberships ask alike (api.md, section 2).

Every body's administrator for its own body, and the registrar for the first administrator of a body that has none.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, Invalid, fault
from app.core.principal import Duty, Principal
from app.domain.delegation import DelegationState
from app.domain.duties import Tenure, contradictions
from app.models.account import DutySpan, Membership, MembershipDuty
from app.models.body import Body
from app.models.delegation import Delegation, DelegationMember
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork


def administers(who: Principal, body_id: UUID) -> bool:
    return who.body_id == body_id and who.holds(Duty.ADMINISTRATOR)


def refuse_contradictions(duties: Sequence[DutySpan]) -> None:
    """The shape of a list of duties: no duty twice at a time, nobody administrator and leader at once."""
    if found := contradictions([it.tenure for it in duties]):
        raise Invalid(*(fault(f"/duties/{place}", code) for place, code in found))


async def body_for(uow: UnitOfWork, body_id: UUID) -> Body:
    """The body whose people the caller manages, or whose first administrator it may name."""
    body = await find(uow, Body, body_id)
    if not administers(uow.who, body_id) and not uow.who.holds(Duty.REGISTRAR):
        raise Forbidden
    return body


async def check_duties(uow: UnitOfWork, body: Body, duties: Sequence[DutySpan]) -> None:
    """What depends on the body: it exists today, registrars sit in the registry, a registrar names administrators."""
    if body.valid_to is not None and body.valid_to < uow.today:
        raise Conflict("body_ended")
    _refuse(duties, {Duty.REGISTRAR} if not body.is_registry else set(), "registry_only")
    if administers(uow.who, body.id):
        return
    _refuse(duties, set(Duty) - {Duty.ADMINISTRATOR}, "first_administrator_only")
    if await has_administrator(uow, body.id):
        raise Conflict("has_administrator")


def _refuse(duties: Sequence[DutySpan], refused: Iterable[Duty], code: str) -> None:
    if found := [fault(f"/duties/{place}/duty", code) for place, it in enumerate(duties) if it.duty in refused]:
        raise Invalid(*found)


async def has_administrator(uow: UnitOfWork, body_id: UUID) -> bool:
    """Somebody who has accepted and administers the body today or will."""
    return await _administration(uow, col(Membership.body_id) == body_id, uow.today, None)


async def is_administrator(uow: UnitOfWork, account_id: UUID, since: date, until: date | None) -> bool:
    """Whether the account administers any body on a day of the period; such a one is given no seat on a delegation."""
    return await _administration(uow, col(Membership.account_id) == account_id, since, until)


async def _administration(uow: UnitOfWork, whose: object, since: date, until: date | None) -> bool:
    held = (
        select(col(Membership.id))
        .join(MembershipDuty, col(MembershipDuty.membership_id) == col(Membership.id))
        .where(
            whose,  # type: ignore[arg-type]
            col(Membership.accepted_at).is_not(None),
            or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > since),
            col(MembershipDuty.duty) == Duty.ADMINISTRATOR,
            col(MembershipDuty.valid_from) <= (until or date.max),
            or_(col(MembershipDuty.valid_to).is_(None), col(MembershipDuty.valid_to) >= since),
        )
    )
    asked = select(held.exists()).execution_options(scope="who administers?")
    return bool((await uow.session.execute(asked)).scalar_one())


async def check_person(uow: UnitOfWork, account_id: UUID, duties: Sequence[DutySpan]) -> None:
    """`administrator` is never held together with a duty on a delegation."""
    for it in duties:
        if it.duty is Duty.ADMINISTRATOR and await _sits_on_delegation(uow, account_id, it.tenure):
            raise Conflict("sits_on_delegation")


async def _sits_on_delegation(uow: UnitOfWork, account_id: UUID, during: Tenure) -> bool:
    seat = (
        exists()
        .where(
            col(DelegationMember.account_id) == account_id,
            col(DelegationMember.valid_from) <= (during.until or date.max),
            func.coalesce(col(DelegationMember.valid_to), date.max) >= during.since,
            col(Delegation.id) == col(DelegationMember.delegation_id),
            col(Delegation.state) != DelegationState.DISSOLVED,
        )
        .select_from(DelegationMember)
    )
    asked = select(seat).execution_options(scope="does this person sit on a delegation?")
    return bool((await uow.session.execute(asked)).scalar_one())


def duty_rows(membership_id: UUID, duties: Iterable[DutySpan]) -> list[MembershipDuty]:
    return [
        MembershipDuty(membership_id=membership_id, duty=it.duty, valid_from=it.from_, valid_to=it.to) for it in duties
    ]
