"""Requests that the supervised party revise its own report: made beside the engagement's steps, waived by the head."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import Principal
from app.domain.engagement import REVISION_REQUEST, EngagementState
from app.domain.lifecycle import Actor
from app.models.body import BodyName
from app.models.engagement import Engagement, RevisionRequest
from app.models.recommendation import Owner
from app.models.report import Report
from app.models.revision_request import RevisionRequestCreate, RevisionRequestFilter, RevisionRequestRead, Waive
from app.policies.visibility import visible
from app.services import carriage, recommendations, steps
from app.services.engagements import facts
from app.services.leads import campaign_of
from app.services.reading import Page, Projection, actors_of, body_ref, read_page
from app.services.recommendations.references import stated_basis
from app.services.unit_of_work import UnitOfWork

REVISABLE = frozenset({EngagementState.SELF_REPORTED, EngagementState.SESSION_HELD, EngagementState.COMMENTING})
HEAD_OF_BODY = "Người đứng đầu"


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    party = (
        select(col(Engagement.supervised_body_id))
        .where(col(Engagement.id) == col(RevisionRequest.engagement_id))
        .correlate_except(Engagement)
        .scalar_subquery()
    )
    answer = select(col(Report.id)).where(
        col(Report.answers_request_id) == col(RevisionRequest.id),
        col(Report.circulated_on).is_not(None),
        visible(Report, who),
    )
    return {
        "supervised_body_id": party,
        "supervised_body": body_ref(party, col(RevisionRequest.requested_on), who.today),
        "answered_by": answer.order_by(col(Report.id)).limit(1).correlate(RevisionRequest).scalar_subquery(),
    }


REVISION_REQUESTS = Projection(
    model=RevisionRequest,
    reads={"full": RevisionRequestRead},
    columns=_columns,
    lifecycle=lambda kind: REVISION_REQUEST,
)


async def page(uow: UnitOfWork, asked: RevisionRequestFilter) -> bytes:
    chosen = {name: getattr(asked, name) for name in ("engagement_id", "campaign_id", "state")}
    where = [col(getattr(RevisionRequest, name)).in_(values) for name, values in chosen.items() if values]
    return await read_page(uow, REVISION_REQUESTS, Page.of(asked), where=where, filters=asked.filters())


async def page_of(uow: UnitOfWork, engagement_id: UUID, page: Page) -> bytes:
    await steps.find(uow, Engagement, engagement_id)
    where = [col(RevisionRequest.engagement_id) == engagement_id]
    return await read_page(uow, REVISION_REQUESTS, page, where=where, filters={"of": engagement_id})


async def ask(uow: UnitOfWork, engagement_id: UUID, payload: RevisionRequestCreate) -> UUID:
    """Moves nothing; until it is answered or waived, the engagement is not finalised and no report adopted."""
    engagement = await steps.find(uow, Engagement, engagement_id, lock=True)
    if Actor.SECRETARY_HEAD not in await actors_of(uow, engagement):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    if engagement.state not in REVISABLE:
        raise Conflict("no_self_report", extra={"state": engagement.state})
    on = await steps.event_date(uow, engagement, payload.on)
    if payload.due_on < on:
        raise invalid("/due_on", "earlier_than_on", on=on.isoformat())
    it = await _requested(uow, engagement, payload, on)
    await _promise(uow, engagement, it, payload)
    return it.id


async def _requested(
    uow: UnitOfWork, engagement: Engagement, payload: RevisionRequestCreate, on: date
) -> RevisionRequest:
    it = RevisionRequest(
        engagement_id=engagement.id,
        campaign_id=engagement.campaign_id,
        reason=payload.reason,
        sections=payload.sections,
        requested_on=on,
        due_on=payload.due_on,
        due_basis=await stated_basis(uow, payload.due_basis) or {},
    )
    uow.add(it)
    steps.touch(engagement)
    await uow.session.flush()
    lead_body_id = (await campaign_of(uow, engagement.campaign_id)).lead_body_id
    uow.record("revision_request.create", it, became=it.state, lead_body_id=lead_body_id)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=on, move=payload, case=None)
    return it


async def _promise(
    uow: UnitOfWork, engagement: Engagement, it: RevisionRequest, payload: RevisionRequestCreate
) -> None:
    promised = await recommendations.promise(
        uow,
        engagement=engagement,
        text=payload.reason,
        owner=payload.owner or await _whoever_heads(uow, engagement, it.requested_on),
        due_on=payload.due_on,
        due_basis=payload.due_basis,
        on=it.requested_on,
        origin_id=it.id,
    )
    it.recommendation_id = promised.id
    await uow.session.flush()


async def _whoever_heads(uow: UnitOfWork, engagement: Engagement, on: date) -> Owner:
    """A person answers for their own report, a body's head for the body's."""
    if engagement.supervised_person is not None:
        return Owner(name=engagement.supervised_person["name"], title=engagement.supervised_person["post"])
    name = (
        select(col(BodyName.name))
        .where(col(BodyName.body_id) == engagement.supervised_body_id)
        .order_by((col(BodyName.valid_from) <= on).desc(), col(BodyName.valid_from).desc())
        .limit(1)
    )
    return Owner(name=(await uow.session.execute(name)).scalar_one()[:200], title=HEAD_OF_BODY)


async def advance(uow: UnitOfWork, request_id: UUID, move: Waive, expected: int | None) -> None:
    it = await steps.find(uow, RevisionRequest, request_id, lock=True)
    await facts.require_named(uow, move)
    campaign = await campaign_of(uow, it.campaign_id)
    case = steps.Case(
        it, REVISION_REQUEST, lead_body_id=campaign.lead_body_id, facts=facts.load, effects={"waive": _waive}
    )
    await steps.advance(uow, case, move, expected)


async def _waive(uow: UnitOfWork, it: RevisionRequest, move: Waive, on: date) -> None:
    """What is no longer asked for is no longer promised."""
    engagement = await steps.find(uow, Engagement, it.engagement_id)
    await carriage.carry(uow, engagement, documents=[move.document_id])
    if it.recommendation_id is not None:
        await recommendations.withdraw_promise(uow, it.recommendation_id, move.reason, on)
