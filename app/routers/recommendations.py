"""Recommendations (kiến nghị) and what becomes of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.recommendation import RECOMMENDATION
from app.models.base import Listing, ListQuery
from app.models.escalation import EscalationRead
from app.models.recommendation import (
    FollowUpDeadline,
    ProgressCreate,
    ProgressRead,
    Recommendation,
    RecommendationCreate,
    RecommendationFilter,
    RecommendationMove,
    RecommendationSeen,
    RecommendationUpdate,
    ReminderCreate,
    ReminderRead,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.recommendations import follow_up, moves, reading, writing

PATH = "/v1/recommendations"
router = APIRouter(prefix=PATH, tags=["recommendations"])


@router.get(
    "",
    operation_id="list_recommendations",
    summary="Các kiến nghị và tình hình thực hiện · Recommendations and what became of them",
    response_model=Listing[RecommendationSeen],
    responses=problems(*READ),
)
async def list_recommendations(uow: Reading, asked: Annotated[RecommendationFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_recommendation",
    summary="Dự thảo một kiến nghị · Draft a recommendation",
    response_model=RecommendationSeen,
    responses=problems(*WRITE),
)
async def create_recommendation(uow: Uow, payload: RecommendationCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.RECOMMENDATIONS, identifier, status=201, location=PATH)


@router.get(
    "/{recommendation_id}",
    operation_id="get_recommendation",
    summary="Một kiến nghị · One recommendation",
    response_model=RecommendationSeen,
    responses=problems(*READ),
)
async def get_recommendation(uow: Reading, recommendation_id: UUID) -> Response:
    return await answer(uow, reading.RECOMMENDATIONS, recommendation_id)


@router.patch(
    "/{recommendation_id}",
    operation_id="update_recommendation",
    summary="Sửa dự thảo kiến nghị · Change a draft",
    response_model=RecommendationSeen,
    responses=problems(*CHANGE),
)
async def update_recommendation(
    uow: Uow, recommendation_id: UUID, payload: RecommendationUpdate, expected: IfMatch
) -> Response:
    await writing.update(uow, recommendation_id, payload, expected)
    return await answer(uow, reading.RECOMMENDATIONS, recommendation_id)


tell_history(router, Recommendation, "recommendation", vi="một kiến nghị", en="a recommendation")


@router.post(
    "/{recommendation_id}/transitions",
    operation_id="advance_recommendation",
    summary="Chuyển bước một kiến nghị · Take a step of a recommendation",
    description=RECOMMENDATION.markdown(),
    response_model=RecommendationSeen,
    responses=problems(*CHANGE),
)
async def advance_recommendation(
    uow: Uow, recommendation_id: UUID, move: Annotated[RecommendationMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, recommendation_id, move, expected)
    return await answer(uow, reading.RECOMMENDATIONS, recommendation_id)


@router.get(
    "/{recommendation_id}/progress",
    operation_id="list_recommendation_progress",
    summary="Báo cáo tiến độ · Progress reported",
    response_model=Listing[ProgressRead],
    responses=problems(*READ),
)
async def list_progress(uow: Reading, recommendation_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await follow_up.list_of(uow, reading.PROGRESS, recommendation_id, query))


@router.post(
    "/{recommendation_id}/progress",
    status_code=201,
    operation_id="report_recommendation_progress",
    summary="Báo cáo tiến độ thực hiện · Report progress",
    response_model=ProgressRead,
    responses=problems(*WRITE),
)
async def report_progress(uow: Uow, recommendation_id: UUID, payload: ProgressCreate) -> Response:
    identifier = await follow_up.report_progress(uow, recommendation_id, payload)
    return await answer(uow, reading.PROGRESS, identifier, status=201, listed_in=f"{PATH}/{recommendation_id}/progress")


@router.get(
    "/{recommendation_id}/reminders",
    operation_id="list_recommendation_reminders",
    summary="Các lần đôn đốc · Reminders",
    response_model=Listing[ReminderRead],
    responses=problems(*READ),
)
async def list_reminders(uow: Reading, recommendation_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await follow_up.list_of(uow, reading.REMINDERS, recommendation_id, query))


@router.post(
    "/{recommendation_id}/reminders",
    status_code=201,
    operation_id="remind_of_recommendation",
    summary="Đôn đốc thực hiện · Remind the addressee",
    response_model=ReminderRead,
    responses=problems(*WRITE),
)
async def remind(uow: Uow, recommendation_id: UUID, payload: ReminderCreate) -> Response:
    identifier = await follow_up.remind(uow, recommendation_id, payload)
    return await answer(
        uow, reading.REMINDERS, identifier, status=201, listed_in=f"{PATH}/{recommendation_id}/reminders"
    )


@router.get(
    "/{recommendation_id}/deadlines",
    operation_id="list_recommendation_deadlines",
    summary="Hạn trả lời, hạn hoàn thành và căn cứ · Dates it runs against, with their basis",
    response_model=Listing[FollowUpDeadline],
    responses=problems(*READ),
)
async def list_deadlines(uow: Reading, recommendation_id: UUID) -> Response:
    return json(await follow_up.clocks(uow, recommendation_id))


@router.get(
    "/{recommendation_id}/escalations",
    operation_id="list_recommendation_escalations",
    summary="Các bậc đã chuyển và văn bản của từng bậc · Rungs climbed, each with its letter",
    response_model=Listing[EscalationRead],
    responses=problems(*READ),
)
async def list_escalations(uow: Reading, recommendation_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await follow_up.list_of(uow, reading.ESCALATIONS, recommendation_id, query))
