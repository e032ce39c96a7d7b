"""The moves of a campaign's lifecycle: what each needs to know, and what it does beside changing the state."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlmodel import col

from app.domain.board import BoardState
from app.domain.body import ATTACHED_TO_FRONT, BodyKind
from app.domain.campaign import CAMPAIGN, CampaignFacts, CampaignKind, Outcome, RecordKind
from app.domain.draft import OPEN as OPEN_DRAFT
from app.domain.draft import DraftState
from app.domain.engagement import ENGAGEMENT
from app.domain.finding import FindingKind, FindingState
from app.domain.recommendation import TERMINAL
from app.domain.report import ReportKind, ReportState
from app.models.board import Board, BoardConfirmation
from app.models.body import Body
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner, SubjectDocument
from app.models.campaign_form import CampaignBoard, CampaignParticipation, CampaignRecord, Nomination
from app.models.delegation import Delegation
from app.models.draft import Draft
from app.models.engagement import Engagement
from app.models.finding import Finding
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.services import carriage, steps
from app.services.campaigns import suspending
from app.services.naming import each, require_bodies
from app.services.unit_of_work import UnitOfWork

SYSTEM = "rule across the records of one campaign"


ENDING = {"withdrawn": "withdraw", "discontinued": "discontinue", "abandoned": "abandon"}
"""The action by which a part of a cancelled campaign ends, by the state in which it ends."""


async def advance(uow: UnitOfWork, campaign_id: UUID, move: Any, expected: int | None) -> UUID:
    it = await steps.find(uow, Campaign, campaign_id, lock=True)
    situation = steps.Case(it, CAMPAIGN, lead_body_id=it.lead_body_id, facts=_facts, effects=EFFECTS)
    await steps.advance(uow, situation, move, expected)
    return it.id


async def _facts(uow: UnitOfWork, it: Campaign, move: Any) -> CampaignFacts:
    """Everything the needs look at, in one statement."""
    report_id = getattr(move, "report_id", None)
    counts = {**_agreement(it), **_field_work(it), **_own_forms(it), **_outcome(it, report_id)}
    labelled = (condition.label(name) for name, condition in counts.items())
    row = (await uow.session.execute(select(*labelled).execution_options(scope=SYSTEM))).one()
    return CampaignFacts(it, move, **row._mapping)


def _agreement(it: Campaign) -> dict[str, ColumnElement[Any]]:
    asked = col(CampaignCounterpart.campaign_id) == it.id
    refused = col(CampaignCounterpart.outcome) == Outcome.REFUSED
    unanswered = or_(col(CampaignCounterpart.answer_text).is_(None), col(CampaignCounterpart.obligatory))
    return {
        "outstanding": _count(CampaignCounterpart, asked, col(CampaignCounterpart.outcome).is_(None)),
        "unanswered_refusals": _count(CampaignCounterpart, asked, refused, unanswered),
        "front_concurrence_missing": _front_missing(it),
        "subject_documents": _count(SubjectDocument, col(SubjectDocument.campaign_id) == it.id),
    }


def _field_work(it: Campaign) -> dict[str, ColumnElement[Any]]:
    ours = col(Engagement.campaign_id) == it.id
    decided = (col(Delegation.campaign_id) == it.id, col(Delegation.state) == "decided")
    sign = (col(Finding.campaign_id) == it.id, col(Finding.kind) == FindingKind.VIOLATION_SIGN)
    filed = col(Finding.state).in_([FindingState.SUBMITTED, FindingState.ACCEPTED])
    open_sign = and_(col(Finding.referral).is_(None), col(Finding.not_pursued_reason).is_(None))
    return {
        "decided_delegation": _count(Delegation, *decided) > 0,
        "engagements": _count(Engagement, ours, col(Engagement.state) != "discontinued"),
        "engagements_open": _count(Engagement, ours, col(Engagement.state).not_in(list(ENGAGEMENT.final))),
        "engagements_finalised": _count(Engagement, ours, col(Engagement.state) == "finalised"),
        "unsettled_violation_signs": _count(Finding, *sign, filed, open_sign),
    }


def _own_forms(it: Campaign) -> dict[str, ColumnElement[Any]]:
    """Of the forms without a delegation."""
    boards = select(CampaignBoard).where(col(CampaignBoard.campaign_id) == it.id)
    confirmed = boards.join(Board, col(Board.id) == col(CampaignBoard.board_id)).where(
        col(Board.state) == BoardState.CONFIRMED
    )
    minutes = (col(CampaignRecord.campaign_id) == it.id, col(CampaignRecord.kind) == RecordKind.MINUTES)
    said = exists().where(col(BoardConfirmation.record_id) == col(CampaignRecord.id))
    return {
        "confirmed_board": confirmed.exists(),
        "board_plan_sent": boards.where(col(CampaignBoard.plan_sent_on).is_not(None)).exists(),
        "host_body": exists().where(col(CampaignParticipation.campaign_id) == it.id),
        "nominations": _count(Nomination, col(Nomination.campaign_id) == it.id),
        "records": _count(CampaignRecord, col(CampaignRecord.campaign_id) == it.id),
        "minutes_unconfirmed": _count(CampaignRecord, *minutes, ~said),
    }


def _outcome(it: Campaign, report_id: UUID | None) -> dict[str, ColumnElement[Any]]:
    ours = col(Report.campaign_id) == it.id
    result = and_(col(Report.kind) == ReportKind.RESULT_REPORT, col(Report.engagement_id).is_(None))
    kinds = [ReportKind.CONCLUSION, ReportKind.NOTICE]
    if it.kind == CampaignKind.SOCIAL_CRITICISM:
        kinds.append(ReportKind.CRITICISM)
    conclusion = col(Report.kind).in_(kinds)
    minority = (col(Report.kind) == ReportKind.MINORITY_REPORT, col(Report.state) == ReportState.CIRCULATED)
    asked = (col(Recommendation.campaign_id) == it.id, col(Recommendation.state).not_in(list(TERMINAL)))
    issued = col(Recommendation.issued_on).is_not(None)
    drafts = (col(Draft.campaign_id) == it.id, col(Draft.state) != DraftState.ABANDONED)
    return {
        "drafts": _count(Draft, *drafts),
        "drafts_without_document": _count(Draft, *drafts, col(Draft.document_issued_on).is_(None)),
        "adopted_result_report": _count(Report, ours, result, col(Report.state) == ReportState.ADOPTED) > 0,
        "issued_conclusion": _count(
            Report, ours, col(Report.id) == report_id, conclusion, col(Report.issued_on).is_not(None)
        )
        > 0,
        "minority_report_sent": _count(Report, ours, col(Report.id) == report_id, *minority) > 0,
        "recommendations_open": _count(Recommendation, *asked),
        "recommendations_issued_open": _count(Recommendation, *asked, issued),
    }


def _count(model: Any, *conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def _front_missing(it: Campaign) -> ColumnElement[Any]:
    """An organisation attached to the Front leads, and no Front committee has concurred (Luật MTTQ Đ26(3))."""
    attached = exists().where(col(Body.id) == it.lead_body_id, col(Body.kind).in_(ATTACHED_TO_FRONT))

    def concurred(model: Any) -> ColumnElement[bool]:
        return exists().where(
            col(model.campaign_id) == it.id,
            col(model.outcome) == Outcome.CONCURRED,
            col(Body.id) == col(model.body_id),
            col(Body.kind) == BodyKind.FRONT_COMMITTEE,
        )

    return and_(attached, ~or_(concurred(CampaignCounterpart), concurred(CampaignPartner)))


async def _ask(uow: UnitOfWork, it: Campaign, move: Any, on: date) -> None:
    """Ask these counterparts, anew where they were asked in an earlier round."""
    ids = list(dict.fromkeys(move.counterpart_body_ids))
    await require_bodies(uow, each("/counterpart_body_ids", ids))
    rows = select(CampaignCounterpart).where(col(CampaignCounterpart.campaign_id) == it.id)
    known = {row.body_id: row for row in (await uow.session.execute(rows.execution_options(scope=SYSTEM))).scalars()}
    for body_id in ids:
        row = known.pop(body_id, None) or CampaignCounterpart(campaign_id=it.id, body_id=body_id)
        row.asked_on, row.due_on, row.outcome, row.answered_on = on, move.due_on, None, None
        row.document_id = row.reason = row.answer_text = row.answer_document_id = row.answer_on = None
        uow.add(row)
    for row in known.values():
        if row.outcome is None and not row.obligatory:
            await uow.session.delete(row)
        else:
            row.asked_on = row.asked_on or on
    await uow.session.flush()


async def _plan(uow: UnitOfWork, it: Campaign, move: Any, on: date) -> None:
    it.planned_on = on
    it.overlap_justification = move.justification


async def _report(uow: UnitOfWork, it: Campaign, move: Any, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])


async def _conclude(uow: UnitOfWork, it: Campaign, move: Any, on: date) -> None:
    await steps.find(uow, Report, move.report_id)


async def _suspend(uow: UnitOfWork, it: Campaign, move: Any, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])
    it.suspended_from = it.state
    await suspending.stop(uow, it, move.document_id, on)


async def _resume(uow: UnitOfWork, it: Campaign, move: Any, on: date) -> None:
    await suspending.run_again(uow, it, on)


async def _cancel(uow: UnitOfWork, it: Campaign, move: Any, on: date) -> None:
    """Drafts are withdrawn and engagements discontinued with the campaign."""
    await carriage.carry(uow, it, documents=[move.document_id])
    for model, open_state, end in (
        (Recommendation, ["draft"], "withdrawn"),
        (Report, ["draft"], "withdrawn"),
        (Finding, ["draft", "submitted"], "withdrawn"),
        (Engagement, [str(s) for s in ENGAGEMENT.states if s not in ENGAGEMENT.final], "discontinued"),
        (Draft, [str(s) for s in OPEN_DRAFT], "abandoned"),
    ):
        await _end_all(uow, it, model, open_state, end, move, on)


async def _end_all(uow: UnitOfWork, it: Campaign, model: Any, states: list[str], end: str, move: Any, on: date) -> None:
    rows = select(model).where(col(model.campaign_id) == it.id, col(model.state).in_(states)).order_by(col(model.id))
    action = ENDING[end]
    for row in (await uow.session.execute(rows.with_for_update().execution_options(scope=SYSTEM))).scalars().all():
        was, row.state = str(row.state), end
        await uow.session.flush()
        await steps.write_transition(uow, row, action, was=was, became=end, on=on, move=move, case=None)
        uow.record(f"{row.__tablename__}.{action}", row, was=was, became=end, lead_body_id=it.lead_body_id)


EFFECTS: dict[str, steps.Effect] = {
    "consult": _ask,
    "plan": _plan,
    "report": _report,
    "conclude": _conclude,
    "suspend": _suspend,
    "resume": _resume,
    "cancel": _cancel,
}
