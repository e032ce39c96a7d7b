"""Drafts: begun by their author, changed until they go out, one at a time for each subject."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict, Fault, Invalid, NotVisible, fault, invalid
from app.domain.engagement import RevisionRequestState
from app.domain.finding import FindingKind, FindingState
from app.domain.report import ReportKind, ReportState
from app.models.engagement import RevisionRequest
from app.models.finding import Finding
from app.models.moves import OnBehalf
from app.models.report import Report, ReportCreate, ReportUpdate, Section, SectionText
from app.policies.relations import among
from app.policies.visibility import scoped
from app.services import carriage
from app.services.reports.authors import (
    Subject,
    require_author,
    require_open,
    subject_of,
    subject_of_campaign,
    subject_of_engagement,
)
from app.services.reports.versions import begin, last_circulated, next_number
from app.services.steps import check_version, find, touch
from app.services.unit_of_work import UnitOfWork


async def create(uow: UnitOfWork, payload: ReportCreate) -> UUID:
    _check_shape(payload)
    subject = await _subject(uow, payload)
    await require_author(uow, subject, payload.kind, payload.on_behalf)
    if (made := await uow.claim()) is not None:
        return made
    require_open(subject, payload.kind)
    await _check_request(uow, subject, payload.answers_request_id)
    await _check_findings(uow, subject, payload.kind, payload.sections)
    report = await draft(uow, subject, payload.kind, payload.title, stored(payload.sections), payload)
    papers = [payload.document_id, payload.on_behalf.document_id if payload.on_behalf else None]
    await carriage.carry(uow, report, documents=papers)
    return report.id


def _check_shape(payload: ReportCreate) -> None:
    """What can be said of the payload alone."""
    faults = list(_repeated_keys(payload.sections))
    own = payload.kind == ReportKind.SELF_REPORT
    if own and payload.engagement_id is None:
        faults.append(fault("/engagement_id", "missing"))
    elif payload.engagement_id is None and payload.campaign_id is None:
        faults.append(fault("/campaign_id", "missing"))
    if payload.kind == ReportKind.MINORITY_REPORT and payload.engagement_id is not None:
        faults.append(fault("/engagement_id", "contradiction"))
    for name in ("answers_request_id", "on_behalf"):
        if not own and getattr(payload, name) is not None:
            faults.append(fault(f"/{name}", "self_report_only"))
    if faults:
        raise Invalid(*faults)


def _repeated_keys(sections: Sequence[Section]) -> list[Fault]:
    keys = [it.key for it in sections]
    return [fault(f"/sections/{i}/key", "repeated_key") for i, key in enumerate(keys) if key in keys[:i]]


async def _subject(uow: UnitOfWork, payload: ReportCreate) -> Subject:
    if payload.engagement_id is None:
        assert payload.campaign_id is not None
        return await subject_of_campaign(uow, payload.campaign_id)
    subject = await subject_of_engagement(uow, payload.engagement_id)
    if payload.campaign_id not in (None, subject.campaign.id):
        raise NotVisible
    return subject


async def _check_request(uow: UnitOfWork, subject: Subject, request_id: UUID | None) -> None:
    if request_id is None:
        return
    request = await find(uow, RevisionRequest, request_id)
    if request.engagement_id != subject.engagement_id:
        raise NotVisible
    if request.state != RevisionRequestState.OPEN:
        raise Conflict("request_closed")


async def draft(
    uow: UnitOfWork,
    subject: Subject,
    kind: ReportKind,
    title: str | None,
    sections: list[dict[str, Any]],
    payload: ReportCreate | None = None,
) -> Report:
    """The next version; Conflict while its author still has a draft of this kind about this subject."""
    number = await next_number(uow, kind, subject.campaign.id, subject.engagement_id)
    await _refuse_second_draft(uow, subject, kind)
    report = Report(
        kind=kind,
        campaign_id=subject.campaign.id,
        engagement_id=subject.engagement_id,
        author_body_id=subject.author(kind),
        title=title or f"{TITLES[kind]}: {subject.campaign.title}"[:500],
        number=number,
        sections=sections,
        previous_id=await last_circulated(uow, kind, subject.campaign.id, subject.engagement_id),
    )
    if payload is not None:
        report.document_id, report.answers_request_id = payload.document_id, payload.answers_request_id
        report.on_behalf = payload.on_behalf.model_dump(mode="json") if payload.on_behalf else None
    await begin(uow, report, uow.today, move=payload)
    return report


TITLES = {
    ReportKind.SELF_REPORT: "Báo cáo của đối tượng được giám sát",
    ReportKind.RESULT_REPORT: "Báo cáo kết quả giám sát",
    ReportKind.NOTICE: "Thông báo kết quả giám sát",
    ReportKind.CONCLUSION: "Kết luận giám sát",
    ReportKind.CRITICISM: "Văn bản phản biện xã hội",
    ReportKind.MINORITY_REPORT: "Báo cáo ý kiến riêng",
}


async def _refuse_second_draft(uow: UnitOfWork, subject: Subject, kind: str) -> None:
    """Callers have the turn that `next_number` takes, so two requests cannot both find none."""
    waiting = select(col(Report.id)).where(
        col(Report.kind) == kind,
        col(Report.state) == ReportState.DRAFT,
        col(Report.campaign_id) == subject.campaign.id,
        col(Report.engagement_id).is_not_distinct_from(subject.engagement_id),
        col(Report.author_body_id) == subject.author(kind),
    )
    found = await uow.session.execute(waiting.limit(1).execution_options(scope="one draft at a time"))
    if (draft_id := found.scalar()) is not None:
        raise Conflict("draft_exists", extra={"draft_id": str(draft_id)})


async def update(uow: UnitOfWork, report_id: UUID, payload: ReportUpdate, expected: int | None) -> None:
    if faults := _repeated_keys(payload.sections):
        raise Invalid(*faults)
    report, subject = await _own(uow, report_id, expected)
    sent = payload.model_fields_set
    if "sections" in sent:
        await _check_findings(uow, subject, report.kind, payload.sections)
        report.sections = stored(payload.sections)
    if "title" in sent:
        report.title = payload.title
    if "document_id" in sent:
        await carriage.carry(uow, report, documents=[payload.document_id])
        report.document_id = payload.document_id
    await _changed(uow, report, subject, fields=sorted(sent))


async def put_section(uow: UnitOfWork, report_id: UUID, key: str, payload: SectionText, expected: int | None) -> None:
    """Replaces the section of that key where it stands, or adds it at the end."""
    report, subject = await _own(uow, report_id, expected)
    section = Section(key=key, **payload.model_dump())
    await _check_findings(uow, subject, report.kind, [section], pointer="")
    sections = list(report.sections)
    place = next((i for i, it in enumerate(sections) if it["key"] == key), len(sections))
    if place == MOST_SECTIONS:
        raise invalid("", "too_long", max_length=MOST_SECTIONS)
    sections[place : place + 1] = stored([section])
    report.sections = sections
    await _changed(uow, report, subject, section=key)


MOST_SECTIONS = 200


async def _own(uow: UnitOfWork, report_id: UUID, expected: int | None) -> tuple[Report, Subject]:
    """A draft of the caller's, at the version they saw."""
    report = await find(uow, Report, report_id, lock=True)
    subject = await subject_of(uow, report)
    paper = OnBehalf.model_validate(report.on_behalf) if report.on_behalf else None
    await require_author(uow, subject, report.kind, None if report.author_body_id in uow.who.acts else paper)
    check_version(report, expected)
    if report.state != ReportState.DRAFT:
        raise Conflict("immutable", extra={"state": report.state})
    return report, subject


async def _changed(uow: UnitOfWork, report: Report, subject: Subject, **details: Any) -> None:
    touch(report)
    await uow.session.flush()
    uow.record("report.update", report, lead_body_id=subject.campaign.lead_body_id, **details)


def stored(sections: Sequence[Section]) -> list[dict[str, Any]]:
    return [it.model_dump(mode="json") for it in sections]


async def _check_findings(
    uow: UnitOfWork, subject: Subject, kind: str, sections: Sequence[Section], *, pointer: str | None = None
) -> None:
    """A report rests on accepted findings of its subject; a sign of violation is referred, never reported.

    `pointer` is where the sections stand in what was sent, where that is not the list `/sections`.
    """
    wanted = {finding for section in sections for finding in section.finding_ids}
    if not wanted:
        return
    named = scoped(Finding, uow.who).where(among(Finding.id, wanted), col(Finding.campaign_id) == subject.campaign.id)
    seen = {it.id: it for it in (await uow.session.execute(named)).scalars()}
    if wanted - seen.keys():
        raise NotVisible
    places = [(i, j, seen[it]) for i, section in enumerate(sections) for j, it in enumerate(section.finding_ids)]
    faults = [
        fault(f"{f'/sections/{i}' if pointer is None else pointer}/finding_ids/{j}", code)
        for i, j, finding in places
        if (code := _unreportable(finding, subject)) is not None
    ]
    if faults:
        raise Invalid(*faults)


def _unreportable(finding: Finding, subject: Subject) -> str | None:
    if subject.engagement_id not in (None, finding.engagement_id):
        return "other_engagement"
    if finding.kind == FindingKind.VIOLATION_SIGN:
        return "sign_not_reported"
    return None if finding.state == FindingState.ACCEPTED else "finding_not_accepted"
