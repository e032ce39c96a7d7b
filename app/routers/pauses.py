"""Days that do not count against a recommendation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.pause import PAUSE
from app.models.base import Listing, ListQuery
from app.models.pause import Pause, PauseCreate, PauseRead, Resume
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history_of_part
from app.services.recommendations import parts, pauses

PATH = "/v1/recommendations"
router = APIRouter(prefix=PATH, tags=["recommendations"])


@router.get(
    "/{recommendation_id}/pauses",
    operation_id="list_pauses",
    summary="Các lần tạm dừng tính thời hạn · Pauses of the clocks",
    response_model=Listing[PauseRead],
    responses=problems(*READ),
)
async def list_pauses(uow: Reading, recommendation_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await parts.listed(uow, pauses.PAUSES, recommendation_id, query))


@router.post(
    "/{recommendation_id}/pauses",
    status_code=201,
    operation_id="pause_recommendation",
    summary="Tạm dừng tính thời hạn · Stop the clocks",
    response_model=PauseRead,
    responses=problems(*WRITE),
)
async def pause_recommendation(uow: Uow, recommendation_id: UUID, payload: PauseCreate) -> Response:
    made = await pauses.pause(uow, recommendation_id, payload)
    return await answer(uow, pauses.PAUSES, made, status=201, location=f"{PATH}/{recommendation_id}/pauses")


@router.get(
    "/{recommendation_id}/pauses/{pause_id}",
    operation_id="get_pause",
    summary="Một lần tạm dừng · One pause",
    response_model=PauseRead,
    responses=problems(*READ),
)
async def get_pause(uow: Reading, recommendation_id: UUID, pause_id: UUID) -> Response:
    await parts.part(uow, Pause, recommendation_id, pause_id)
    return await answer(uow, pauses.PAUSES, pause_id)


tell_history_of_part(router, Pause, "pauses", "pause", vi="một lần tạm dừng", en="a pause")


@router.post(
    "/{recommendation_id}/pauses/{pause_id}/transitions",
    operation_id="advance_pause",
    summary="Tính tiếp thời hạn · Let the clocks run again",
    description=PAUSE.markdown(),
    response_model=PauseRead,
    responses=problems(*CHANGE),
)
async def advance_pause(uow: Uow, recommendation_id: UUID, pause_id: UUID, move: Resume, expected: IfMatch) -> Response:
    await pauses.advance(uow, recommendation_id, pause_id, move, expected)
    return await answer(uow, pauses.PAUSES, pause_id)
