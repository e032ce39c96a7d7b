"""The moves of a report: what each needs to know, and what it does beside changing the state."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.core.clock import civil
from app.core.errors import Conflict, Invalid, fault, invalid
from app.domain import deadlines
from app.domain.campaign import CampaignState
from app.domain.engagement import EngagementState, RevisionRequestState
from app.domain.report import ReportFacts, ReportKind, ReportState, lifecycle_of
from app.models.campaign import CampaignPartner
from app.models.campaign_form import CampaignRecord
from app.models.document import Classification, Document
from app.models.engagement import RevisionRequest
from app.models.report import IssueReport, PublishReport, Report, ReportSignature
from app.policies.visibility import unscoped
from app.services import calendars, carriage, recommendations
from app.services.reports.authors import Subject, subject_of
from app.services.reports.versions import case_of, seal, supersede
from app.services.steps import Case, Effect, advance, find, touch, write_transition
from app.services.unit_of_work import UnitOfWork

RULES = "rule across the records of one campaign"
SILENCE_IS_CONSENT = "P03"

Facts = Callable[[UnitOfWork, Subject, Report, Any, ReportFacts], Awaitable[None]]


async def move(uow: UnitOfWork, report_id: UUID, step: Any, expected: int | None) -> None:
    report = await find(uow, Report, report_id, lock=True)
    on_behalf = getattr(step, "on_behalf", None)
    named = [step.document_id, on_behalf.document_id if on_behalf else None]
    await carriage.check_visible(uow, Document, named)
    subject = await subject_of(uow, report)
    case = Case(
        report,
        lifecycle_of(report.kind),
        subject.campaign.lead_body_id,
        facts=partial(_facts, subject),
        effects=EFFECTS,
        represented=report.author_body_id if report.kind == ReportKind.SELF_REPORT else None,
        own_date="issued_on",
    )
    await advance(uow, case, step, expected)
    if uow.replay is None:
        await carriage.carry(uow, report, documents=[report.document_id, named[1]])


async def _facts(subject: Subject, uow: UnitOfWork, report: Report, step: Any) -> ReportFacts:
    state = subject.campaign.state
    facts = ReportFacts(
        report,
        step,
        campaign_underway=report.engagement_id is not None or state == CampaignState.UNDERWAY,
        campaign_reported=report.kind == ReportKind.CRITICISM or state in HAS_REPORTED,
    )
    if learn := FACTS.get(step.action):
        await learn(uow, subject, report, step, facts)
    return facts


HAS_REPORTED = frozenset({CampaignState.REPORTED, CampaignState.CONCLUDED, CampaignState.CLOSED})


async def _on_circulation(uow: UnitOfWork, subject: Subject, report: Report, step: Any, facts: ReportFacts) -> None:
    facts.answers_revision_request = await _open_request(uow, report) is not None
    if report.kind == ReportKind.MINORITY_REPORT:
        asked = select(col(CampaignRecord.id)).where(
            col(CampaignRecord.campaign_id) == report.campaign_id, col(CampaignRecord.asks).is_not(None)
        )
        facts.host_was_asked = (await uow.session.execute(asked.execution_options(scope=RULES))).first() is not None


async def _open_request(uow: UnitOfWork, report: Report) -> RevisionRequest | None:
    if report.answers_request_id is None:
        return None
    asked = unscoped(RevisionRequest, reason="the request that a self-report answers")
    asked = asked.where(
        col(RevisionRequest.id) == report.answers_request_id,
        col(RevisionRequest.state) == RevisionRequestState.OPEN,
    )
    return (await uow.session.execute(asked.with_for_update())).scalar_one_or_none()


async def _on_adoption(uow: UnitOfWork, subject: Subject, report: Report, step: Any, facts: ReportFacts) -> None:
    if report.kind != ReportKind.RESULT_REPORT or report.state != ReportState.CIRCULATED:
        return
    await _refuse_while_revised(uow, report)
    if subject.engagement is not None:
        facts.engagement_finalised = subject.engagement.state == EngagementState.FINALISED
    if not await _silence_has_spoken(uow, report, step.on or uow.today):
        facts.signatures_missing = await _unsigned(uow, report)


async def _refuse_while_revised(uow: UnitOfWork, report: Report) -> None:
    """What the supervised party was asked to correct may change what the report says."""
    waiting = [col(RevisionRequest.campaign_id) == report.campaign_id, col(RevisionRequest.state) == "open"]
    if report.engagement_id is not None:
        waiting.append(col(RevisionRequest.engagement_id) == report.engagement_id)
    asked = select(func.count()).select_from(RevisionRequest).where(*waiting)
    if (await uow.session.execute(asked.execution_options(scope=RULES))).scalar_one():
        raise Conflict("revision_open")


async def _silence_has_spoken(uow: UnitOfWork, report: Report, on: date) -> bool:
    """Whether the partners' time to sign or reserve, counted from the circulation, is over."""
    assert report.circulated_on is not None
    rule = await calendars.rule(uow, SILENCE_IS_CONSENT, report.circulated_on)
    if rule is None:
        return False
    return on > deadlines.compute(rule, report.circulated_on, await calendars.calendar(uow)).due_on


async def _unsigned(uow: UnitOfWork, report: Report) -> int:
    signed = select(col(ReportSignature.body_id)).where(col(ReportSignature.report_id) == report.id)
    missing = select(func.count()).select_from(CampaignPartner)
    missing = missing.where(
        col(CampaignPartner.campaign_id) == report.campaign_id, col(CampaignPartner.body_id).not_in(signed)
    )
    return int((await uow.session.execute(missing.execution_options(scope=RULES))).scalar_one())


async def _on_issue(uow: UnitOfWork, subject: Subject, report: Report, step: Any, facts: ReportFacts) -> None:
    paper = await _paper(uow, step.document_id or report.document_id)
    facts.has_document = paper is not None and (paper.symbol is not None or paper.number is not None)


async def _on_publication(uow: UnitOfWork, subject: Subject, report: Report, step: Any, facts: ReportFacts) -> None:
    paper = await _paper(uow, report.document_id)
    facts.may_be_published = paper is None or paper.classification == Classification.NORMAL


async def _paper(uow: UnitOfWork, document_id: UUID | None) -> Document | None:
    if document_id is None:
        return None
    carried = unscoped(Document, reason="the paper of a report that the caller may move")
    return (await uow.session.execute(carried.where(col(Document.id) == document_id))).scalar_one_or_none()


FACTS: dict[str, Facts] = {
    "circulate": _on_circulation,
    "adopt": _on_adoption,
    "issue": _on_issue,
    "publish": _on_publication,
}


async def _circulate(uow: UnitOfWork, report: Report, step: Any, on: date) -> None:
    seal(report)
    report.circulated_on = on
    if report.kind == ReportKind.SELF_REPORT:
        await _replace_earlier(uow, report, step, on)
        await _close_request(uow, report, step, on)


async def _replace_earlier(uow: UnitOfWork, report: Report, step: Any, on: date) -> None:
    earlier = unscoped(Report, reason="the version that a new one replaces").where(
        col(Report.kind) == report.kind,
        col(Report.engagement_id) == report.engagement_id,
        col(Report.author_body_id) == report.author_body_id,
        col(Report.state) == ReportState.CIRCULATED,
    )
    for it in (await uow.session.execute(earlier.order_by(col(Report.id)).with_for_update())).scalars().all():
        await supersede(uow, it, on, move=step)


async def _close_request(uow: UnitOfWork, report: Report, step: Any, on: date) -> None:
    """The new version is what was promised: it answers the request and claims the promise done."""
    request = await _open_request(uow, report)
    assert request is not None
    was, request.state = request.state, RevisionRequestState.ANSWERED
    request.answered_on = on
    touch(request)
    await uow.session.flush()
    case = await case_of(uow, report)
    await write_transition(uow, request, "answer", was=was, became=request.state, on=on, move=step, case=case)
    uow.record("revision_request.answer", request, was=was, became=request.state, report_id=str(report.id))
    if request.recommendation_id is not None:
        await recommendations.claim_promise(uow, request.recommendation_id, report, on)


async def _adopt(uow: UnitOfWork, report: Report, step: Any, on: date) -> None:
    """A conclusion freezes here, for it is never circulated."""
    report.adopted_on = on
    if report.hash is None:
        seal(report)


async def _issue(uow: UnitOfWork, report: Report, step: IssueReport, on: date) -> None:
    report.document_id = step.document_id or report.document_id
    paper = await _paper(uow, report.document_id)
    assert paper is not None
    report.issued_on = step.issued_on or paper.issued_on
    if report.issued_on > on:
        raise invalid("/issued_on", "later_than_on", on=on.isoformat())


async def _publish(uow: UnitOfWork, report: Report, step: PublishReport, on: date) -> None:
    report.publish_at = step.publish_at if step.publish_at and step.publish_at > uow.now else None
    report.published_on = civil(report.publish_at) if report.publish_at else on
    if step.redacted_sections is None:
        return
    known = {it["key"] for it in report.sections}
    unknown = [i for i, key in enumerate(step.redacted_sections) if key not in known]
    if unknown:
        raise Invalid(*(fault(f"/redacted_sections/{i}", "unknown_section") for i in unknown))
    report.sections = [{**it, "redacted": it["key"] in step.redacted_sections} for it in report.sections]


async def _unpublish(uow: UnitOfWork, report: Report, step: Any, on: date) -> None:
    report.published_on = report.publish_at = None


EFFECTS: dict[str, Effect] = {
    "circulate": _circulate,
    "adopt": _adopt,
    "issue": _issue,
    "publish": _publish,
    "unpublish": _unpublish,
}
