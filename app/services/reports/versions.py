"""Reports: versions, and the moment from which a version can no longer change."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.report import ReportState, lifecycle_of
from app.domain.report_text import digest
from app.models.report import Report
from app.services.leads import lead_of
from app.services.steps import Case, before_previous_step, not_in_the_future, touch, write_transition
from app.services.unit_of_work import UnitOfWork


async def freeze(uow: UnitOfWork, report: Report, on: date, *, move: Any = None) -> None:
    """A draft goes out with the step of another record; from now on its text is what the hash says.

    `move` is that step's payload, for the history: what was done on behalf is shown so on the report too.
    """
    seal(report)
    report.circulated_on = on
    await _follow(uow, report, "circulate", ReportState.CIRCULATED, on, move)


async def supersede(uow: UnitOfWork, report: Report, on: date, *, move: Any = None) -> None:
    """A later version takes the place of this circulated one, which stays readable."""
    await _follow(uow, report, "supersede", ReportState.SUPERSEDED, on, move)


async def copy_draft(uow: UnitOfWork, report: Report, *, on: date | None = None) -> Report:
    """The next version begins with the text of this one."""
    copy = Report(
        kind=report.kind,
        campaign_id=report.campaign_id,
        engagement_id=report.engagement_id,
        author_body_id=report.author_body_id,
        title=report.title,
        sections=[dict(it) for it in report.sections],
        number=await next_number(uow, report.kind, report.campaign_id, report.engagement_id),
        previous_id=report.id,
    )
    await begin(uow, copy, on or uow.today)
    return copy


def seal(report: Report) -> None:
    """From now on the text is what its hash says."""
    report.hash = digest(kind=report.kind, title=report.title, number=report.number, sections=report.sections)


def date_after(uow: UnitOfWork, on: date | None, previous: date | None) -> date:
    """The civil date of what is added beside a report: today by default, not in the future, not before its cause."""
    day = on or uow.today
    not_in_the_future(uow, day)
    if previous is not None and day < previous:
        raise before_previous_step(previous)
    return day


async def begin(uow: UnitOfWork, report: Report, on: date, *, move: Any = None) -> None:
    """Store a new draft; its history starts here."""
    uow.add(report)
    await uow.session.flush()
    case = await case_of(uow, report)
    await write_transition(uow, report, "create", was=None, became=ReportState.DRAFT, on=on, move=move, case=case)
    uow.record("report.create", report, became=ReportState.DRAFT, lead_body_id=case.lead_body_id)


async def next_number(uow: UnitOfWork, kind: str, campaign_id: UUID, engagement_id: UUID | None) -> int:
    """Versions count per kind and engagement (or campaign); two writers never get the same one."""
    await uow.serialise("report", kind, campaign_id, engagement_id)
    last = select(func.max(Report.number)).where(
        col(Report.kind) == kind,
        col(Report.campaign_id) == campaign_id,
        col(Report.engagement_id).is_not_distinct_from(engagement_id),
    )
    highest = (await uow.session.execute(last.execution_options(scope="versions of one report"))).scalar_one()
    return (highest or 0) + 1


async def last_circulated(uow: UnitOfWork, kind: str, campaign_id: UUID, engagement_id: UUID | None) -> UUID | None:
    """The version that a new one will be compared with."""
    previous = select(col(Report.id)).where(
        col(Report.kind) == kind,
        col(Report.campaign_id) == campaign_id,
        col(Report.engagement_id).is_not_distinct_from(engagement_id),
        col(Report.circulated_on).is_not(None),
    )
    newest = previous.order_by(col(Report.number).desc()).limit(1)
    return (await uow.session.execute(newest.execution_options(scope="versions of one report"))).scalar()


async def case_of(uow: UnitOfWork, report: Report) -> Case:
    lead = await lead_of(uow, report.campaign_id)
    return Case(report, lifecycle_of(report.kind), lead, _no_facts, represented=report.author_body_id)


async def _no_facts(uow: UnitOfWork, report: Any, move: Any) -> None:
    """Steps that come from another record have had their needs checked there."""


async def _follow(uow: UnitOfWork, report: Report, action: str, target: ReportState, on: date, move: Any) -> None:
    was, report.state = report.state, target
    touch(report)
    await uow.session.flush()
    case = await case_of(uow, report)
    await write_transition(uow, report, action, was=was, became=target, on=on, move=move, case=case)
    uow.record(f"report.{action}", report, was=was, became=target, lead_body_id=case.lead_body_id)
