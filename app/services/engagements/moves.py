"""The moves of an engagement's lifecycle, and what each does beside changing the state."""

from datetime import date
from uuid import UUID

from sqlmodel import col

from app.core.errors import invalid
from app.domain.engagement import ENGAGEMENT
from app.domain.report import ReportKind, ReportState
from app.models.engagement import (
    CirculateDraft,
    Discontinue,
    Engagement,
    EngagementMove,
    Finalise,
    HoldSession,
    Notify,
    ReturnSelfReport,
    Revise,
    SubmitSelfReport,
    WorkingSession,
)
from app.models.report import Report
from app.policies.visibility import unscoped
from app.services import carriage, reports, steps
from app.services.engagements import clocks, facts
from app.services.engagements.writing import check_receipt
from app.services.leads import campaign_of
from app.services.unit_of_work import UnitOfWork


async def advance(uow: UnitOfWork, engagement_id: UUID, move: EngagementMove, expected: int | None) -> None:
    it = await steps.find(uow, Engagement, engagement_id, lock=True)
    await facts.require_named(uow, move)
    if isinstance(move, HoldSession) and move.on is None:
        move.on = await _day_of_session(uow, it, move)
    campaign = await campaign_of(uow, it.campaign_id)
    case = steps.Case(
        it,
        ENGAGEMENT,
        lead_body_id=campaign.lead_body_id,
        facts=facts.load,
        effects=EFFECTS,
        represented=it.supervised_body_id,
    )
    await steps.advance(uow, case, move, expected)


async def _day_of_session(uow: UnitOfWork, it: Engagement, move: HoldSession) -> date | None:
    """A step about a session happened on the session's day, unless another step came in between."""
    held = await steps.find(uow, WorkingSession, move.session_id)
    previous = await steps.previous_step(uow, it)
    return None if previous is not None and held.held_on < previous else held.held_on


async def _notify(uow: UnitOfWork, it: Engagement, move: Notify, on: date) -> None:
    """From now on the supervised party sees the engagement, and with it the papers of the package."""
    check_receipt(uow, on, move.received_on)
    _not_before("/self_report_due_on", move.self_report_due_on, on)
    package = move.document_ids
    await carriage.carry(uow, it, documents=[package.plan, package.decision, package.outline], view="party")
    it.document_ids = package.model_dump(mode="json")
    it.notified_on, it.received_on = on, move.received_on
    it.session_planned_on, it.self_report_due_on = move.session_planned_on, move.self_report_due_on
    await clocks.plan_session(uow, it)
    await clocks.notify(uow, it, on)


def _not_before(pointer: str, due_on: date | None, on: date) -> None:
    if due_on is not None and due_on < on:
        raise invalid(pointer, "earlier_than_on", on=on.isoformat())


async def _submit_self_report(uow: UnitOfWork, it: Engagement, move: SubmitSelfReport, on: date) -> None:
    """The version freezes and takes the place of one that was returned; a paper arrived when it was received."""
    report = await steps.find(uow, Report, move.report_id, lock=True)
    await _supersede_circulated(uow, it, ReportKind.SELF_REPORT, move, on)
    await reports.freeze(uow, report, on, move=move)
    it.self_reported_on = on
    if move.on_behalf is not None:
        await carriage.carry(uow, it, documents=[move.on_behalf.document_id], view="party")
        it.self_reported_on = min(on, move.on_behalf.received_on)
    await clocks.receive_self_report(uow, it, it.self_reported_on)


async def _supersede_circulated(
    uow: UnitOfWork, it: Engagement, kind: ReportKind, move: EngagementMove, on: date
) -> Report | None:
    """The circulated version of this kind, of which there is one at most, makes way; says which it was."""
    circulated = unscoped(Report, reason="the version that a new one replaces").where(
        col(Report.engagement_id) == it.id, col(Report.kind) == kind, col(Report.state) == ReportState.CIRCULATED
    )
    earlier = (await uow.session.execute(circulated.with_for_update())).scalars().first()
    if earlier is not None:
        await reports.supersede(uow, earlier, on, move=move)
    return earlier


async def _return_self_report(uow: UnitOfWork, it: Engagement, move: ReturnSelfReport, on: date) -> None:
    """The returned version stays as it was sent, until a new one replaces it."""
    _not_before("/due_on", move.due_on, on)
    it.self_reported_on, it.self_report_due_on = None, move.due_on
    await clocks.return_self_report(uow, it)


async def _hold_session(uow: UnitOfWork, it: Engagement, move: HoldSession, on: date) -> None:
    held = await steps.find(uow, WorkingSession, move.session_id)
    if on < held.held_on:
        raise steps.before_previous_step(held.held_on)
    await clocks.hold_session(uow, it, held.held_on)


async def _circulate_draft(uow: UnitOfWork, it: Engagement, move: CirculateDraft, on: date) -> None:
    _not_before("/comments_due_on", move.comments_due_on, on)
    report = await steps.find(uow, Report, move.report_id, lock=True)
    await reports.freeze(uow, report, on, move=move)
    it.comments_due_on = move.comments_due_on


async def _revise(uow: UnitOfWork, it: Engagement, move: Revise, on: date) -> None:
    """The circulated version stays readable; work goes on in a copy of it."""
    circulated = await _supersede_circulated(uow, it, ReportKind.RESULT_REPORT, move, on)
    if circulated is not None:
        await reports.copy_draft(uow, circulated, on=on)
    it.comments_due_on = None


async def _finalise(uow: UnitOfWork, it: Engagement, move: Finalise, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])
    it.finalised_on = on
    await clocks.finalise(uow, it, on)


async def _discontinue(uow: UnitOfWork, it: Engagement, move: Discontinue, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id], view="party")


EFFECTS: dict[str, steps.Effect] = {
    "notify": _notify,
    "submit_self_report": _submit_self_report,
    "return_self_report": _return_self_report,
    "hold_session": _hold_session,
    "circulate_draft": _circulate_draft,
    "revise": _revise,
    "finalise": _finalise,
    "discontinue": _discontinue,
}
