"""What the host of a joined supervision does, as the Front records it; the law's clocks of a council run by it.

Only a People's Council is bound by these periods: the steps of another host are kept, and start no clock.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlmodel import col

from app.core.errors import Conflict
from app.core.principal import Principal
from app.domain.body import BodyKind
from app.domain.campaign import CampaignForm, CampaignState, Regime
from app.domain.deadlines import Direction
from app.domain.participation import AHEAD, ENDS, STARTS, HostStep
from app.models.body import Body
from app.models.campaign import Campaign
from app.models.campaign_form import (
    CampaignHostStep,
    CampaignParticipation,
    HostStepCreate,
    HostStepFilter,
    HostStepRead,
)
from app.models.deadline import Deadline
from app.models.document import Document
from app.policies.visibility import VIEWS
from app.services import carriage, deadlines, steps
from app.services.campaigns.boards import one, refuse_other_form
from app.services.campaigns.writing import changed, of_the_lead
from app.services.reading import Page, Projection, read_page
from app.services.unit_of_work import UnitOfWork

H = CampaignHostStep
OVER = frozenset({CampaignState.CLOSED, CampaignState.CANCELLED})


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"on": cast(col(H.on_date), Date)}


HOST_STEPS = Projection(CampaignHostStep, {"full": HostStepRead}, _columns)


async def page(uow: UnitOfWork, campaign_id: UUID, asked: HostStepFilter) -> bytes:
    await steps.find(uow, Campaign, campaign_id)
    where = [col(H.campaign_id) == campaign_id]
    if asked.step:
        where.append(col(H.step).in_(asked.step))
    return await read_page(
        uow, HOST_STEPS, Page.of(asked), where=where, filters={"campaign_id": campaign_id, **asked.filters()}
    )


async def record(uow: UnitOfWork, campaign_id: UUID, payload: HostStepCreate) -> UUID:
    """From the invitation until the campaign is closed: a council may ask for an explanation long after."""
    it = await of_the_lead(uow, campaign_id)
    await carriage.check_visible(uow, Document, [payload.document_id])
    if (made := await uow.claim()) is not None:
        return made
    refuse_other_form(it, CampaignForm.STATE_PARTICIPATION)
    if it.state in OVER:
        raise Conflict("not_editable", params={"state": it.state})
    host = await one(uow, CampaignParticipation, it.id)
    if host is None:
        raise Conflict("no_host")
    on = payload.on or uow.today
    if payload.step not in AHEAD:
        steps.not_in_the_future(uow, on)
    row = CampaignHostStep(campaign_id=it.id, on_date=on, **payload.model_dump(exclude={"on"}))
    await carriage.carry(uow, it, documents=[payload.document_id])
    uow.add(row)
    await _keep_time(uow, it, host, payload, on)
    uow.record("campaign_host_step.create", row, lead_body_id=it.lead_body_id, campaign_id=str(it.id), step=row.step)
    await changed(uow, it, "campaign.host_step", step=row.step)
    return row.id


async def _keep_time(
    uow: UnitOfWork, it: Campaign, host: CampaignParticipation, payload: HostStepCreate, on: date
) -> None:
    """A session announced for another day counts from that day alone."""
    running = [clock for clock in await deadlines.clocks(uow, it.id) if clock.met_on is None]
    for clock in running:
        if clock.trigger == ENDS.get(payload.step):
            clock.met_on = on
        elif payload.step == HostStep.SESSION_PLANNED and clock.trigger == STARTS[payload.step]:
            await uow.session.delete(clock)
    await uow.session.flush()
    if payload.step not in STARTS or not await _is_council(uow, host.host_body_id):
        return
    started = await deadlines.start_clock(
        uow,
        it,
        trigger=STARTS[payload.step],
        regime=Regime.STATE,
        on=on,
        level=host.organ,
        body_id=it.lead_body_id,
        extended=payload.complex,
    )
    for clock in started:
        if clock.direction == Direction.AFTER:
            clock.met_on = await _done_already(uow, it, clock)


async def _done_already(uow: UnitOfWork, it: Campaign, clock: Deadline) -> date | None:
    """Steps are entered in the order in which their papers arrive."""
    done = select(func.min(col(H.on_date))).where(
        col(H.campaign_id) == it.id,
        col(H.step).in_([step for step, trigger in ENDS.items() if trigger == clock.trigger]),
        col(H.on_date) >= clock.trigger_on,
    )
    return (await uow.session.execute(done.execution_options(scope="the steps of one host"))).scalar_one()


async def _is_council(uow: UnitOfWork, body_id: UUID) -> bool:
    kind = select(col(Body.kind)).where(col(Body.id) == body_id)
    return (await uow.session.execute(kind)).scalar_one() == BodyKind.PC_COUNCIL


async def clocks_of(uow: UnitOfWork, campaign_id: UUID) -> bytes:
    """The law's dates are for those who see the whole campaign; others get an empty list."""
    await steps.find(uow, Campaign, campaign_id)
    full = select(col(Campaign.id)).where(col(Campaign.id) == campaign_id, dict(VIEWS[Campaign](uow.who))["full"])
    seen = (await uow.session.execute(full.execution_options(scope="those who see all of it"))).scalars()
    return await deadlines.read_clocks(uow, *seen)
