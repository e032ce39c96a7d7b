"""Figures over what the caller sees; every one can be opened as a list with the same filters."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.statistics import (
    HalfYearNotice,
    HalfYearQuery,
    RecommendationStatistics,
    RecommendationStatisticsQuery,
)
from app.routers.deps import Reading, json
from app.services import statistics

router = APIRouter(prefix="/v1/statistics", tags=["statistics"])


@router.get(
    "/recommendations",
    operation_id="count_recommendations",
    summary="Thống kê kiến nghị và kết quả thực hiện · Recommendations and their outcome in figures",
    response_model=RecommendationStatistics,
    responses=problems(*READ),
)
async def count_recommendations(uow: Reading, asked: Annotated[RecommendationStatisticsQuery, Query()]) -> Response:
    return json(await statistics.of_recommendations(uow, asked))


@router.get(
    "/half-year",
    operation_id="get_half_year_notice",
    summary="Thông báo kết quả giám sát 6 tháng · The half-year notice of supervision",
    description="Luật Mặt trận Tổ quốc Việt Nam, Điều 30(1). · Law on the Fatherland Front, Article 30(1).",
    response_model=HalfYearNotice,
    responses=problems(*READ),
)
async def get_half_year_notice(uow: Reading, asked: Annotated[HalfYearQuery, Query()]) -> Response:
    return json(await statistics.half_year(uow, asked))
