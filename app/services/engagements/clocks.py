"""The dates of an engagement: which rules its session, its notice and its self-report set going, and who kept them.

No period is named here: rules say by their trigger and direction what they count from, and by `responsible` whose
they are. A rule of another regime never applies, so it is never shown as a breach.
"""

from datetime import date

from sqlmodel import col

from app.domain.deadlines import Direction
from app.models.body import Body
from app.models.campaign import Campaign
from app.models.campaign_form import CampaignParticipation
from app.models.deadline import Deadline
from app.models.delegation import Delegation
from app.models.engagement import Engagement
from app.policies.visibility import unscoped
from app.services import deadlines
from app.services.leads import campaign_of
from app.services.unit_of_work import UnitOfWork

SESSION, SELF_REPORT_RECEIVED = "session", "self_report_received"
DECISION, SUPERVISION_END = "delegation_decided", "supervision_end"
SUPERVISED = "supervised"


async def plan_session(uow: UnitOfWork, it: Engagement) -> None:
    """Reckon what must be done before the planned session, and flag a notice that came too late."""
    decided = {clock.rule_code for clock in await deadlines.clocks(uow, it.id) if clock.trigger == DECISION}
    it.procedure_breaches = [
        one for one in it.procedure_breaches if one["code"] != "procedure_breach" or one["rule"] in decided
    ]
    if await _own_clock(uow, it) is not None:
        it.self_report_due_on = None
    received_on = it.received_on or it.notified_on
    if it.session_planned_on is None or received_on is None:
        return
    for clock in await _start(uow, it, SESSION, it.session_planned_on, Direction.BEFORE):
        if clock.responsible == SUPERVISED:
            it.self_report_due_on = it.self_report_due_on or clock.due_on
            clock.met_on = it.self_reported_on
            continue
        clock.met_on = received_on
        if received_on > clock.due_on:
            _flag(it, "procedure_breach", due_on=clock.due_on, on=received_on, clock=clock)


async def notify(uow: UnitOfWork, it: Engagement, on: date) -> None:
    """A council's delegation notifies outline and plan within so many days of its decision (D17)."""
    delegation = await uow.session.get_one(Delegation, it.delegation_id)
    decided_on = delegation.decided_on
    if decided_on is None:
        return
    for clock in await _start(uow, it, DECISION, decided_on, Direction.AFTER):
        clock.met_on = on
        if on > clock.due_on:
            _flag(it, "procedure_breach", due_on=clock.due_on, on=on, clock=clock)


async def receive_self_report(uow: UnitOfWork, it: Engagement, on: date) -> None:
    """The supervised party's clock stops, and that of the supervision itself starts."""
    if it.self_report_due_on is not None and on > it.self_report_due_on:
        _flag(it, "self_report_late", due_on=it.self_report_due_on, on=on, clock=await _own_clock(uow, it))
    for clock in await deadlines.clocks(uow, it.id):
        if clock.responsible == SUPERVISED:
            clock.met_on = on
    await _start(uow, it, SELF_REPORT_RECEIVED, on, Direction.AFTER)


async def _own_clock(uow: UnitOfWork, it: Engagement) -> Deadline | None:
    """The rule's own clock, where the date that was missed is the rule's and not the plan's."""
    own = [one for one in await deadlines.clocks(uow, it.id) if one.responsible == SUPERVISED]
    return next((one for one in own if one.due_on == it.self_report_due_on), None)


async def return_self_report(uow: UnitOfWork, it: Engagement) -> None:
    """What the report started stops being counted; the supervised party's clock runs on."""
    for clock in await deadlines.clocks(uow, it.id):
        if clock.trigger == SELF_REPORT_RECEIVED:
            await uow.session.delete(clock)
        if clock.responsible == SUPERVISED:
            clock.met_on = None
    await uow.session.flush()


async def hold_session(uow: UnitOfWork, it: Engagement, held_on: date) -> None:
    """What follows a session is counted from the last one, and so is the end of a supervision that is joined (D19)."""
    await _start(uow, it, SESSION, held_on, Direction.AFTER)
    of_host = unscoped(CampaignParticipation, reason="whose delegation it is").where(
        col(CampaignParticipation.campaign_id) == it.campaign_id
    )
    host = (await uow.session.execute(of_host)).scalars().first()
    if host is not None and host.organ is not None:
        await _start(uow, it, SUPERVISION_END, held_on, Direction.AFTER, case=host.organ)


async def finalise(uow: UnitOfWork, it: Engagement, on: date) -> None:
    for clock in await deadlines.clocks(uow, it.id):
        if clock.met_on is None and clock.responsible != SUPERVISED:
            clock.met_on = on


async def _start(
    uow: UnitOfWork, it: Engagement, trigger: str, on: date, direction: Direction, *, case: str | None = None
) -> list[Deadline]:
    """Start the clocks of this event, in place of those that ran for it on another day."""
    for clock in await deadlines.clocks(uow, it.id):
        if clock.trigger == trigger and clock.direction == direction:
            await uow.session.delete(clock)
    await uow.session.flush()
    campaign = await campaign_of(uow, it.campaign_id)
    return await deadlines.start_clock(
        uow,
        it,
        trigger=trigger,
        regime=campaign.regime,
        on=on,
        direction=direction,
        level=case or await _level_of_lead(uow, campaign),
        body_id=campaign.lead_body_id,
    )


async def _level_of_lead(uow: UnitOfWork, campaign: Campaign) -> str:
    lead = unscoped(Body, reason="the level by which a rule counts").where(col(Body.id) == campaign.lead_body_id)
    return (await uow.session.execute(lead)).scalar_one().level


def _flag(it: Engagement, code: str, *, due_on: date, on: date, clock: Deadline | None) -> None:
    breach = {"code": code, "due_on": due_on.isoformat(), "on": on.isoformat()}
    if clock is not None:
        breach |= {"rule": clock.rule_code, "legal_basis": clock.legal_basis}
    it.procedure_breaches = [*it.procedure_breaches, breach]
