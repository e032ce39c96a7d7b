"""One text to several addressees."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.series import SeriesCreate, SeriesIssue, SeriesRead
from app.routers.deps import Reading, Uow, json
from app.services.recommendations import series
from app.services.unit_of_work import UnitOfWork

PATH = "/v1/series"
router = APIRouter(prefix=PATH, tags=["recommendations"])


@router.post(
    "",
    status_code=201,
    operation_id="create_series",
    summary="Dự thảo một nội dung gửi nhiều nơi · Draft one text to several addressees",
    response_model=SeriesRead,
    responses=problems(*WRITE),
)
async def create_series(uow: Uow, payload: SeriesCreate) -> Response:
    made = await series.create(uow, payload)
    return await _told(uow, made, status=201)


@router.get(
    "/{series_id}",
    operation_id="get_series",
    summary="Một nội dung gửi nhiều nơi và nơi chậm nhất · A series, which shows its worst",
    response_model=SeriesRead,
    responses=problems(*READ),
)
async def get_series(uow: Reading, series_id: UUID) -> Response:
    return await _told(uow, series_id)


@router.post(
    "/{series_id}/issue",
    operation_id="issue_series",
    summary="Ban hành cùng lúc mọi dự thảo · Issue all of its drafts at once",
    response_model=SeriesRead,
    responses=problems(*WRITE),
)
async def issue_series(uow: Uow, series_id: UUID, move: SeriesIssue) -> Response:
    await series.issue(uow, series_id, move)
    return await _told(uow, series_id)


async def _told(uow: UnitOfWork, series_id: UUID, status: int = 200) -> Response:
    body = (await series.read(uow, series_id)).model_dump_json(exclude_unset=False).encode()
    headers = {"Location": f"{PATH}/{series_id}"} if status == 201 else {}
    if uow.replay is not None:
        status, headers["Idempotency-Replayed"] = uow.replay.status, "true"
    uow.status = status
    return json(body, status, headers)
