"""Delegations and their members as they are read: projection by view, filters, pages."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, cast, func, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.delegation import DELEGATION
from app.models.campaign import Campaign
from app.models.delegation import (
    Delegation,
    DelegationFilter,
    DelegationMember,
    DelegationParty,
    DelegationRead,
    MemberParty,
    MemberRead,
)
from app.services import steps
from app.services.reading import Page, Projection, body_ref, civil_date, read_page
from app.services.unit_of_work import UnitOfWork


def of_campaign(model: Any, column: Any) -> ColumnElement[Any]:
    """A column of the campaign to which the row belongs."""
    belongs = col(Campaign.id) == col(model.campaign_id)
    return select(col(column)).where(belongs).correlate_except(Campaign).scalar_subquery()


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    lead = of_campaign(Delegation, Campaign.lead_body_id)
    on = func.coalesce(col(Delegation.decided_on), civil_date(Delegation.created_at))
    issuer = cast(col(Delegation.decision).op("->>")("issuer_body_id"), Uuid)
    return {
        "campaign_title": of_campaign(Delegation, Campaign.title),
        "lead_body_id": lead,
        "lead_body": body_ref(lead, on, who.today),
        "decision_body": body_ref(issuer, on, who.today),
    }


DELEGATIONS = Projection(
    model=Delegation,
    reads={"full": DelegationRead, "party": DelegationParty},
    columns=_columns,
    lifecycle=lambda kind: DELEGATION,
)


async def page(uow: UnitOfWork, asked: DelegationFilter) -> bytes:
    chosen: dict[str, Any] = {"campaign_id": asked.campaign_id, "state": asked.state}
    where = [col(getattr(Delegation, name)).in_(values) for name, values in chosen.items() if values]
    return await read_page(uow, DELEGATIONS, Page.of(asked), where=where, filters=asked.filters())


def _member_columns(who: Principal) -> dict[str, Any]:
    """A body bears the name that it had when the membership began."""
    return {
        "name": col(DelegationMember.person_name),
        "title": col(DelegationMember.person_title),
        "body": body_ref(col(DelegationMember.body_id), cast(col(DelegationMember.valid_from), Date), who.today),
        "from_": col(DelegationMember.valid_from),
        "to": col(DelegationMember.valid_to),
    }


MEMBERS = Projection(model=DelegationMember, reads={"full": MemberRead, "party": MemberParty}, columns=_member_columns)


async def members_page(uow: UnitOfWork, delegation_id: UUID, page: Page) -> bytes:
    """Everybody who ever was a member, with their periods."""
    await steps.find(uow, Delegation, delegation_id)
    ours = col(DelegationMember.delegation_id) == delegation_id
    return await read_page(uow, MEMBERS, page, where=[ours], filters={"delegation_id": delegation_id})
