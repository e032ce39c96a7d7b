"""When progress on a recommendation is to be reported."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.core.problems import CHANGE, READ, problems
from app.models.progress_schedule import ProgressSchedulePut, ProgressScheduleRead
from app.routers.deps import IfMatch, Reading, Uow, json
from app.services.recommendations import schedules
from app.services.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1/recommendations", tags=["recommendations"])


@router.get(
    "/{recommendation_id}/progress-schedule",
    operation_id="get_progress_schedule",
    summary="Lịch báo cáo tiến độ · When progress is to be reported",
    response_model=ProgressScheduleRead,
    responses=problems(*READ),
)
async def get_progress_schedule(uow: Reading, recommendation_id: UUID) -> Response:
    return await _told(uow, recommendation_id)


@router.put(
    "/{recommendation_id}/progress-schedule",
    operation_id="put_progress_schedule",
    summary="Đặt lịch báo cáo tiến độ · Set when progress is to be reported",
    description=(
        "Chỉ thay các ngày sắp tới chưa có báo cáo. If-Match không bắt buộc. · "
        "Replaces only the days ahead that nobody has answered. If-Match may be left out."
    ),
    response_model=ProgressScheduleRead,
    responses=problems(*CHANGE),
)
async def put_progress_schedule(
    uow: Uow, recommendation_id: UUID, payload: ProgressSchedulePut, expected: IfMatch
) -> Response:
    await schedules.put(uow, recommendation_id, payload, expected)
    return await _told(uow, recommendation_id)


async def _told(uow: UnitOfWork, recommendation_id: UUID) -> Response:
    """Its ETag is that of the recommendation."""
    schedule, version = await schedules.read(uow, recommendation_id)
    return json(schedule.model_dump_json().encode(), headers={"ETag": f'"{version}"'})
