"""Who sits on a delegation, from when to when: an account of a body that takes part, or a named person of any body."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import col

from app.core.errors import AppError, Conflict, NotVisible, invalid
from app.domain.delegation import DelegationDuty, DelegationState
from app.domain.engagement import EngagementState
from app.models.account import Account, Membership
from app.models.body import ActsThrough, Body
from app.models.campaign import Campaign, CampaignPartner
from app.models.delegation import Delegation, DelegationMember, MemberCreate, MemberUpdate
from app.models.engagement import Engagement
from app.policies.visibility import unscoped
from app.services import steps
from app.services.appointments import is_administrator
from app.services.delegations.writing import of_the_lead
from app.services.unit_of_work import UnitOfWork

RULE = "rule over the seats of one delegation"


async def add(uow: UnitOfWork, delegation_id: UUID, payload: MemberCreate, expected: int | None) -> steps.Part:
    """Access begins with `from`; the members before the decision and those who replace them alike."""
    it, campaign = await of_the_lead(uow, delegation_id)
    if (made := await uow.claim()) is not None:
        return made, it.version
    steps.check_version(it, expected)
    _refuse_dissolved(it)
    await _require_body(uow, payload.body_id, it.decided_on or payload.from_)
    await _require_replaced(uow, it, payload.replaces_id)
    if not payload.recused:
        await refuse_conflict_of_interest(uow, it.id, payload.body_id)
    member = await _seat(uow, it, campaign, payload)
    if payload.duty == DelegationDuty.HEAD:
        await _refuse_second_head(uow, member)
    uow.add(member)
    await _changed(uow, it, campaign, "delegation.add_member", member)
    return member.id, it.version


def _refuse_dissolved(it: Delegation) -> None:
    if it.state == DelegationState.DISSOLVED:
        raise Conflict("not_editable", params={"state": it.state})


async def _require_body(uow: UnitOfWork, body_id: UUID, on: date) -> None:
    """In the register, and in being on the day by which membership is judged: that of the decision."""
    known = unscoped(Body, reason="the register is open to whoever is signed in").where(col(Body.id) == body_id)
    body = (await uow.session.execute(known)).scalars().first()
    if body is None:
        raise invalid("/body_id", "not_visible")
    if on < body.valid_from or (body.valid_to is not None and body.valid_to < on):
        raise invalid("/body_id", "body_not_in_being", on=on.isoformat())


async def _require_replaced(uow: UnitOfWork, it: Delegation, replaces_id: UUID | None) -> None:
    if replaces_id is None:
        return
    replaced = await steps.find(uow, DelegationMember, replaces_id)
    if replaced.delegation_id != it.id:
        raise NotVisible


async def _seat(uow: UnitOfWork, it: Delegation, campaign: Campaign, payload: MemberCreate) -> DelegationMember:
    account = None if payload.person else await _account(uow, campaign, it, payload)
    if account is not None:
        await _refuse_administrator(uow, account.id, payload)
    return DelegationMember(
        delegation_id=it.id,
        account_id=account.id if account else None,
        person_name=payload.person.name if payload.person else account.name if account else "",
        person_title=payload.person.title if payload.person else None,
        valid_from=payload.from_,
        valid_to=payload.to,
        **payload.model_dump(include={"body_id", "duty", "team", "replaces_id", "reason", "recused"}),
    )


async def _account(uow: UnitOfWork, campaign: Campaign, it: Delegation, payload: MemberCreate) -> Account:
    """Somebody who serves or served in that body or its office; unknown, foreign and misspelt all answer alike."""
    named = col(Account.id) == payload.account_id if payload.account_id else col(Account.login) == payload.login
    served = exists().where(
        col(Membership.account_id) == col(Account.id),
        col(Membership.accepted_at).is_not(None),
        _is_or_acts_for(col(Membership.body_id), payload.body_id),
        _takes_part(campaign, it, payload.body_id),
    )
    wanted = unscoped(Account, reason="naming a delegate of a body that takes part").where(named, served)
    account = (await uow.session.execute(wanted)).scalars().first()
    if account is None:
        raise _unknown(payload)
    return account


def _unknown(payload: MemberCreate) -> AppError:
    return NotVisible() if payload.login is None else invalid("/login", "not_visible")


def _is_or_acts_for(body_id: Any, organ_id: Any) -> ColumnElement[bool]:
    offices = select(col(ActsThrough.office_id)).where(col(ActsThrough.organ_id) == organ_id)
    return or_(body_id == organ_id, body_id.in_(offices))


def _takes_part(campaign: Campaign, it: Delegation, body_id: UUID) -> ColumnElement[bool]:
    """The lead knows the people of those with whom it works; of others only named persons can be members."""
    partners = select(col(CampaignPartner.body_id)).where(col(CampaignPartner.campaign_id) == campaign.id)
    supervised = select(col(Engagement.supervised_body_id)).where(col(Engagement.delegation_id) == it.id)
    here = select(col(Body.id)).where(
        or_(
            col(Body.id) == campaign.lead_body_id,
            col(Body.id).in_(partners),
            col(Body.id).in_(supervised),
        )
    )
    offices = select(col(ActsThrough.office_id)).where(col(ActsThrough.organ_id).in_(here))
    organs = select(col(ActsThrough.organ_id)).where(col(ActsThrough.office_id).in_(here))
    return exists().where(
        col(Body.id) == body_id, or_(col(Body.id).in_(here), col(Body.id).in_(offices), col(Body.id).in_(organs))
    )


async def _refuse_administrator(uow: UnitOfWork, account_id: UUID, payload: MemberCreate) -> None:
    """Who manages a body's people has no duty on a delegation at the same time (api.md, section 2)."""
    if await is_administrator(uow, account_id, payload.from_, payload.to):
        raise Conflict("administrator_on_delegation")


async def refuse_conflict_of_interest(uow: UnitOfWork, delegation_id: UUID, body_id: UUID) -> None:
    """Nobody supervises their own body, nor the organ that acts through it, unless recused."""
    organs = select(col(ActsThrough.organ_id)).where(col(ActsThrough.office_id) == body_id)
    supervised = exists().where(
        col(Engagement.delegation_id) == delegation_id,
        col(Engagement.state) != EngagementState.DISCONTINUED,
        or_(col(Engagement.supervised_body_id) == body_id, col(Engagement.supervised_body_id).in_(organs)),
    )
    if (await uow.session.execute(select(supervised).execution_options(scope=RULE))).scalar_one():
        raise Conflict("conflict_of_interest")


async def refuse_members_of(uow: UnitOfWork, delegation_id: UUID, supervised_body_id: UUID) -> None:
    """The same rule from the other side, when a supervised party is named after the members."""
    own = exists().where(
        col(DelegationMember.delegation_id) == delegation_id,
        col(DelegationMember.recused).is_(False),
        _is_or_acts_for(col(DelegationMember.body_id), supervised_body_id),
        or_(col(DelegationMember.valid_to).is_(None), col(DelegationMember.valid_to) >= uow.today),
    )
    if (await uow.session.execute(select(own).execution_options(scope=RULE))).scalar_one():
        raise Conflict("conflict_of_interest")


async def _refuse_second_head(uow: UnitOfWork, member: DelegationMember) -> None:
    """One head at a time: a new one begins after the last day of the old."""
    other = exists().where(
        col(DelegationMember.delegation_id) == member.delegation_id,
        col(DelegationMember.id) != member.id,
        col(DelegationMember.duty) == DelegationDuty.HEAD,
        col(DelegationMember.valid_from) <= (member.valid_to or date.max),
        func.coalesce(col(DelegationMember.valid_to), date.max) >= member.valid_from,
    )
    if (await uow.session.execute(select(other).execution_options(scope=RULE))).scalar_one():
        raise Conflict("second_head")


async def update(
    uow: UnitOfWork, delegation_id: UUID, member_id: UUID, payload: MemberUpdate, expected: int | None
) -> int:
    """`to` is the last day of access and of duty; what the member did until then keeps its author.

    Gives the new version of the delegation.
    """
    it, campaign = await of_the_lead(uow, delegation_id)
    member = await _member(uow, it, member_id)
    steps.check_version(it, expected)
    _refuse_dissolved(it)
    sent = payload.model_dump(exclude_unset=True)
    member.valid_to = sent.get("to", member.valid_to)
    if member.valid_to is not None and member.valid_to < member.valid_from:
        raise invalid("/to", "period_reversed")
    member.team, member.reason = sent.get("team", member.team), sent.get("reason", member.reason)
    await _recuse(uow, member, sent.get("recused"))
    if member.duty == DelegationDuty.HEAD:
        await _refuse_second_head(uow, member)
    await _changed(uow, it, campaign, "delegation.update_member", member)
    return it.version


async def _recuse(uow: UnitOfWork, member: DelegationMember, recused: bool | None) -> None:
    if recused is False and member.recused:
        await refuse_conflict_of_interest(uow, member.delegation_id, member.body_id)
    if recused is not None:
        member.recused = recused


async def remove(uow: UnitOfWork, delegation_id: UUID, member_id: UUID, expected: int | None) -> None:
    """A mistake is taken back while the delegation forms; afterwards a membership ends with its last day."""
    it, campaign = await of_the_lead(uow, delegation_id)
    member = await _member(uow, it, member_id)
    steps.check_version(it, expected)
    if it.state != DelegationState.FORMING:
        raise Conflict("not_editable", params={"state": it.state})
    await uow.session.delete(member)
    await _changed(uow, it, campaign, "delegation.remove_member", member)


async def _member(uow: UnitOfWork, it: Delegation, member_id: UUID) -> DelegationMember:
    member = await steps.find(uow, DelegationMember, member_id, lock=True)
    if member.delegation_id != it.id:
        raise NotVisible
    return member


async def _changed(uow: UnitOfWork, it: Delegation, campaign: Campaign, action: str, member: DelegationMember) -> None:
    """A member is part of its delegation: the change raises the delegation's version."""
    steps.touch(it)
    await uow.session.flush()
    uow.record(action, member, lead_body_id=campaign.lead_body_id, delegation_id=str(it.id))


async def version_of(uow: UnitOfWork, delegation_id: UUID, member_id: UUID) -> int:
    """The delegation's; NotVisible where another delegation is the member's."""
    it = await steps.find(uow, Delegation, delegation_id)
    if (await steps.find(uow, DelegationMember, member_id)).delegation_id != it.id:
        raise NotVisible
    return it.version
