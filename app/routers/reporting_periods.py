"""Reporting periods: the days on which a body reports, closed with the figures as they stood."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.reporting_period import REPORTING_PERIOD
from app.models.base import Listing
from app.models.reporting_period import (
    CloseReportingPeriod,
    ReportingPeriod,
    ReportingPeriodCreate,
    ReportingPeriodEntry,
    ReportingPeriodFilter,
    ReportingPeriodRead,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.reporting import periods
from app.services.reporting.periods import PERIODS
from app.services.unit_of_work import UnitOfWork

PATH = "/v1/reporting-periods"
router = APIRouter(prefix=PATH, tags=["statistics"])


async def _one(uow: UnitOfWork, reporting_period_id: UUID, *, status: int = 200) -> Response:
    shown = await periods.figures(uow, reporting_period_id)
    return await answer(uow, PERIODS, reporting_period_id, status=status, location=PATH, once=shown)


@router.get(
    "",
    operation_id="list_reporting_periods",
    summary="Các kỳ báo cáo của cơ quan · The body's reporting periods",
    response_model=Listing[ReportingPeriodEntry],
    responses=problems(*READ),
)
async def list_reporting_periods(uow: Reading, asked: Annotated[ReportingPeriodFilter, Query()]) -> Response:
    return json(await periods.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_reporting_period",
    summary="Mở một kỳ báo cáo · Open a reporting period",
    description=(
        "Bất kỳ khoảng ngày nào (quý, 6 tháng, 7 tháng đầu năm, năm), không chồng lên kỳ khác của cơ quan. · "
        "Any days, so long as they do not overlap another period of the body."
    ),
    response_model=ReportingPeriodRead,
    responses=problems(*WRITE),
)
async def create_reporting_period(uow: Uow, payload: ReportingPeriodCreate) -> Response:
    return await _one(uow, await periods.open_period(uow, payload), status=201)


@router.get(
    "/{reporting_period_id}",
    operation_id="get_reporting_period",
    summary="Một kỳ báo cáo với số liệu · One reporting period with its figures",
    description=(
        "Kỳ mở: số liệu hôm nay, cộng `corrections` của các kỳ đã khóa. Kỳ đã khóa: số liệu lúc khóa; `notes` cho "
        "biết bản ghi nào làm đổi số nào, từ bao nhiêu thành bao nhiêu. · Open: the figures of today, and the "
        "corrections of closed periods. Closed: the figures of its closing; `notes` say which record changed which "
        "figure since."
    ),
    response_model=ReportingPeriodRead,
    responses=problems(*READ),
)
async def get_reporting_period(uow: Reading, reporting_period_id: UUID) -> Response:
    return await _one(uow, reporting_period_id)


tell_history(router, ReportingPeriod, "reporting_period", vi="một kỳ báo cáo", en="a reporting period")


@router.post(
    "/{reporting_period_id}/transitions",
    operation_id="advance_reporting_period",
    summary="Khóa một kỳ báo cáo · Close a reporting period",
    description=REPORTING_PERIOD.markdown(),
    response_model=ReportingPeriodRead,
    responses=problems(*CHANGE),
)
async def advance_reporting_period(
    uow: Uow, reporting_period_id: UUID, move: Annotated[CloseReportingPeriod, Body()], expected: IfMatch
) -> Response:
    await periods.advance(uow, reporting_period_id, move, expected)
    return await _one(uow, reporting_period_id)
