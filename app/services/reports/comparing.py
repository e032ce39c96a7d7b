"""What one version says otherwise than another; both must be wholly visible to whoever compares."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import NotVisible
from app.domain.report_text import compare, difference
from app.models.report import Report
from app.policies.visibility import VIEWS
from app.services.unit_of_work import UnitOfWork


async def compared(uow: UnitOfWork, report_id: UUID, against_id: UUID) -> dict[str, Any]:
    later, earlier = await _whole(uow, report_id), await _whole(uow, against_id)
    return {
        "report_id": later.id,
        "against_id": earlier.id,
        "title": difference(earlier.title, later.title),
        "sections": compare(earlier.sections, later.sections),
    }


async def _whole(uow: UnitOfWork, report_id: UUID) -> Report:
    """The public view of a published report has sections left out, so it is not enough."""
    full = dict(VIEWS[Report](uow.who))["full"]
    statement = select(Report).where(col(Report.id) == report_id, full).execution_options(scope="scoped")
    report = (await uow.session.execute(statement)).scalar_one_or_none()
    if report is None:
        raise NotVisible
    return report
