"""Engagements as they are read: projection by view, filters, pages."""

from typing import Any

from sqlalchemy import ColumnElement, case, cast, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.core.principal import Principal
from app.domain.engagement import ENGAGEMENT, RevisionRequestState
from app.models.campaign import Campaign
from app.models.delegation import Delegation
from app.models.engagement import Engagement, EngagementFilter, EngagementParty, EngagementRead, RevisionRequest
from app.services.delegations.reading import of_campaign
from app.services.reading import Page, Projection, body_ref, civil_date, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = func.coalesce(col(Engagement.notified_on), civil_date(Engagement.created_at))
    lead = of_campaign(Engagement, Campaign.lead_body_id)
    return {
        "campaign_title": of_campaign(Engagement, Campaign.title),
        "regime": of_campaign(Engagement, Campaign.regime),
        "lead_body_id": lead,
        "lead_body": body_ref(lead, on, who.today),
        "delegation_name": _delegation_name(),
        "supervised": _supervised(),
        "supervised_body": body_ref(col(Engagement.supervised_body_id), on, who.today),
        "procedure_breach": _flagged("procedure_breach"),
        "self_report_late": _flagged("self_report_late"),
        "revision_open": _revision_open(),
    }


def _delegation_name() -> ColumnElement[Any]:
    belongs = col(Delegation.id) == col(Engagement.delegation_id)
    return select(col(Delegation.name)).where(belongs).correlate_except(Delegation).scalar_subquery()


def _supervised() -> ColumnElement[Any]:
    """The party as it was named: a body, or a person of that body."""
    body = func.jsonb_build_object("body_id", col(Engagement.supervised_body_id))
    person = col(Engagement.supervised_person)
    return case(
        (person.is_not(None), func.jsonb_build_object("person", cast(person, JSONB).op("||")(body))),
        else_=body,
    )


def _flagged(code: str) -> ColumnElement[Any]:
    return cast(col(Engagement.procedure_breaches), JSONB).contains([{"code": code}])


def _revision_open() -> ColumnElement[Any]:
    asked = exists().where(
        col(RevisionRequest.engagement_id) == col(Engagement.id),
        col(RevisionRequest.state) == RevisionRequestState.OPEN,
    )
    return asked.correlate(Engagement)


ENGAGEMENTS = Projection(
    model=Engagement,
    reads={"full": EngagementRead, "party": EngagementParty},
    columns=_columns,
    lifecycle=lambda kind: ENGAGEMENT,
)


async def page(uow: UnitOfWork, asked: EngagementFilter) -> bytes:
    names = ("delegation_id", "campaign_id", "state", "supervised_body_id")
    chosen = {name: getattr(asked, name) for name in names}
    where = [col(getattr(Engagement, name)).in_(values) for name, values in chosen.items() if values]
    return await read_page(uow, ENGAGEMENTS, Page.of(asked), where=where, filters=asked.filters())
