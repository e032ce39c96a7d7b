"""The supervised party comments on the circulated draft; every comment is answered before the work is finalised."""

from uuid import UUID

from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain.engagement import EngagementState
from app.domain.lifecycle import Actor
from app.domain.report import AnswerKind, ReportKind, ReportState
from app.models.document import Document
from app.models.report import CommentAnswer, CommentCreate, CommentFilter, Report, ReportComment
from app.services import carriage
from app.services.reading import Page, actors_of, read_page
from app.services.reports.authors import ENDED, Subject, require_recorder, subject_of
from app.services.reports.reading import COMMENTS, asked_comments
from app.services.reports.versions import date_after
from app.services.steps import find, touch
from app.services.unit_of_work import UnitOfWork


async def comment(uow: UnitOfWork, report_id: UUID, payload: CommentCreate) -> UUID:
    report = await find(uow, Report, report_id, lock=True)
    subject = await subject_of(uow, report)
    party = await _commenting_party(uow, subject, payload)
    if (earlier := await uow.claim()) is not None:
        return earlier
    _require_commenting(report, subject)
    if payload.section_key is not None and payload.section_key not in {it["key"] for it in report.sections}:
        raise invalid("/section_key", "unknown_section")
    made = ReportComment(
        report_id=report.id,
        section_key=payload.section_key,
        text=payload.text,
        commented_on=date_after(uow, payload.on, report.circulated_on),
        account_id=uow.who.account_id,
        body_id=party,
        on_behalf=payload.on_behalf.model_dump(mode="json") if payload.on_behalf else None,
    )
    uow.add(made)
    await carriage.carry(uow, report, documents=[payload.on_behalf.document_id] if payload.on_behalf else [])
    await _told(uow, "report.comment", made, report, subject)
    return made.id


async def _commenting_party(uow: UnitOfWork, subject: Subject, payload: CommentCreate) -> UUID:
    """The supervised party, by its officer or leader or on its paper."""
    if payload.on_behalf is not None:
        await require_recorder(uow, subject)
        await find(uow, Document, payload.on_behalf.document_id)
    elif subject.engagement is None or subject.engagement.supervised_body_id not in uow.who.acts:
        raise Forbidden
    assert subject.engagement is not None
    return subject.engagement.supervised_body_id


def _require_commenting(report: Report, subject: Subject) -> None:
    circulated = report.kind == ReportKind.RESULT_REPORT and report.state == ReportState.CIRCULATED
    assert subject.engagement is not None
    if not circulated or subject.engagement.state != EngagementState.COMMENTING:
        raise Conflict("not_commenting", extra={"state": subject.engagement.state})


async def answer(uow: UnitOfWork, report_id: UUID, comment_id: UUID, payload: CommentAnswer) -> None:
    """May be given again until the engagement is finalised; the last one counts."""
    if payload.kind != AnswerKind.ACCEPTED and payload.text is None:
        raise invalid("/text", "missing")
    report = await find(uow, Report, report_id, lock=True)
    it = await belongs(uow, report_id, comment_id)
    subject = await subject_of(uow, report)
    assert subject.engagement is not None
    if Actor.SECRETARY_HEAD not in await actors_of(uow, subject.engagement):
        raise Forbidden
    if subject.engagement.state in ENDED:
        raise Conflict("engagement_final")
    it.answered_on = date_after(uow, payload.on, it.commented_on)
    it.answer_kind, it.answer_text, it.answered_by_id = payload.kind, payload.text, uow.who.account_id
    await _told(uow, "report.answer_comment", it, report, subject)


async def belongs(uow: UnitOfWork, report_id: UUID, comment_id: UUID) -> ReportComment:
    it = await find(uow, ReportComment, comment_id)
    if it.report_id != report_id:
        raise NotVisible
    return it


async def _told(uow: UnitOfWork, action: str, it: ReportComment, report: Report, subject: Subject) -> None:
    touch(report)
    await uow.session.flush()
    uow.record(action, it, lead_body_id=subject.campaign.lead_body_id, report_id=str(report.id))


async def page(uow: UnitOfWork, report_id: UUID, asked: CommentFilter) -> bytes:
    await find(uow, Report, report_id)
    where = [col(ReportComment.report_id) == report_id, *asked_comments(asked)]
    return await read_page(uow, COMMENTS, Page.of(asked), where=where, filters={**asked.filters(), "report": report_id})
