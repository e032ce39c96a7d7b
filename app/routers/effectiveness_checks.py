"""Later checks of what was closed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.effectiveness_check import EFFECTIVENESS_CHECK
from app.models.base import Listing, ListQuery
from app.models.effectiveness_check import (
    EffectivenessCheck,
    EffectivenessCheckCreate,
    EffectivenessCheckMove,
    EffectivenessCheckRead,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history_of_part
from app.services.recommendations import effectiveness, parts

PATH = "/v1/recommendations"
router = APIRouter(prefix=PATH, tags=["recommendations"])


@router.get(
    "/{recommendation_id}/effectiveness-checks",
    operation_id="list_effectiveness_checks",
    summary="Các lần kiểm tra hiệu quả sau khi kết thúc · Checks after the closure",
    response_model=Listing[EffectivenessCheckRead],
    responses=problems(*READ),
)
async def list_effectiveness_checks(
    uow: Reading, recommendation_id: UUID, query: Annotated[ListQuery, Query()]
) -> Response:
    return json(await parts.listed(uow, effectiveness.EFFECTIVENESS_CHECKS, recommendation_id, query))


@router.post(
    "/{recommendation_id}/effectiveness-checks",
    status_code=201,
    operation_id="plan_effectiveness_check",
    summary="Hẹn kiểm tra hiệu quả · Plan a later check",
    response_model=EffectivenessCheckRead,
    responses=problems(*WRITE),
)
async def plan_effectiveness_check(uow: Uow, recommendation_id: UUID, payload: EffectivenessCheckCreate) -> Response:
    made = await effectiveness.plan(uow, recommendation_id, payload)
    location = f"{PATH}/{recommendation_id}/effectiveness-checks"
    return await answer(uow, effectiveness.EFFECTIVENESS_CHECKS, made, status=201, location=location)


@router.get(
    "/{recommendation_id}/effectiveness-checks/{effectiveness_check_id}",
    operation_id="get_effectiveness_check",
    summary="Một lần kiểm tra hiệu quả · One later check",
    response_model=EffectivenessCheckRead,
    responses=problems(*READ),
)
async def get_effectiveness_check(uow: Reading, recommendation_id: UUID, effectiveness_check_id: UUID) -> Response:
    await parts.part(uow, EffectivenessCheck, recommendation_id, effectiveness_check_id)
    return await answer(uow, effectiveness.EFFECTIVENESS_CHECKS, effectiveness_check_id)


tell_history_of_part(
    router,
    EffectivenessCheck,
    "effectiveness-checks",
    "effectiveness_check",
    vi="một lần kiểm tra hiệu quả",
    en="a later check",
)


@router.post(
    "/{recommendation_id}/effectiveness-checks/{effectiveness_check_id}/transitions",
    operation_id="advance_effectiveness_check",
    summary="Kết luận hoặc hủy lần kiểm tra · Conclude or cancel a check",
    description=EFFECTIVENESS_CHECK.markdown(),
    response_model=EffectivenessCheckRead,
    responses=problems(*CHANGE),
)
async def advance_effectiveness_check(
    uow: Uow,
    recommendation_id: UUID,
    effectiveness_check_id: UUID,
    move: Annotated[EffectivenessCheckMove, Body()],
    expected: IfMatch,
) -> Response:
    await effectiveness.advance(uow, recommendation_id, effectiveness_check_id, move, expected)
    return await answer(uow, effectiveness.EFFECTIVENESS_CHECKS, effectiveness_check_id)
