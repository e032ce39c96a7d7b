"""Figures over what the caller sees; every one can be opened as a list with the same filters."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.adapters import xlsx
from app.core.problems import READ, problems
from app.models.paper import PaperFormat
from app.models.statistics import (
    HalfYearFormat,
    HalfYearNotice,
    HalfYearQuery,
    RecommendationStatistics,
    RecommendationStatisticsQuery,
)
from app.models.year import YearQuery, YearStatistics
from app.routers.deps import Reading, json
from app.routers.files import BYTES, PAPER, send_paper, send_workbook
from app.services import statistics
from app.services.papers import figures, half_year
from app.services.papers.files import to_file
from app.services.reporting import year

router = APIRouter(prefix="/v1/statistics", tags=["statistics"])
FILES = {**PAPER[200]["content"], xlsx.MEDIA_TYPE: BYTES}


@router.get(
    "/recommendations",
    operation_id="count_recommendations",
    summary="Thống kê kiến nghị và kết quả thực hiện · Recommendations and their outcome in figures",
    response_model=RecommendationStatistics,
    responses={200: {"content": {xlsx.MEDIA_TYPE: BYTES}}, **problems(*READ)},
)
async def count_recommendations(uow: Reading, asked: Annotated[RecommendationStatisticsQuery, Query()]) -> Response:
    if asked.format == "xlsx":
        name, answer = await figures.workbook(uow, asked)
        return await send_workbook(uow, name, partial(figures.written, answer, uow.language))
    return json(await statistics.of_recommendations(uow, asked))


@router.get(
    "/year",
    operation_id="count_year",
    summary="Báo cáo năm, hoặc của một khoảng ngày bất kỳ · The work of a year, or of any days, in figures",
    description=(
        "Giám sát chủ trì, phối hợp theo 4 hình thức; phản biện theo 3 hình thức; kiến nghị và kết quả; giám sát của "
        "Nhân dân, của Ban TTND, Ban GSĐTCĐ. Mỗi số có `list` là địa chỉ danh sách đếm ra số đó, hoặc cộng từ trường "
        "`adds_up`. · Supervisions led and joined by form, criticisms by form, recommendations and their outcome, the "
        "forms on grassroots boards. The `list` of each figure is the address of the list that it counts, or whose "
        "field `adds_up` it sums."
    ),
    response_model=YearStatistics,
    responses=problems(*READ),
)
async def count_year(uow: Reading, asked: Annotated[YearQuery, Query()]) -> Response:
    return json(await year.of_year(uow, asked))


@router.get(
    "/half-year",
    operation_id="get_half_year_notice",
    summary="Thông báo kết quả giám sát 6 tháng · The half-year notice of supervision",
    description="Luật Mặt trận Tổ quốc Việt Nam, Điều 30(1). · Law on the Fatherland Front, Article 30(1).",
    response_model=HalfYearNotice,
    responses={200: {"content": FILES}, 304: PAPER[304], **problems(*READ)},
)
async def get_half_year_notice(request: Request, uow: Reading, asked: Annotated[HalfYearQuery, Query()]) -> Response:
    if asked.format == HalfYearFormat.JSON:
        return json(await statistics.half_year(uow, asked))
    if asked.format == HalfYearFormat.XLSX:
        name, notice = await half_year.workbook(uow, asked)
        return await send_workbook(uow, name, partial(half_year.written, notice, uow.language))
    return await send_paper(request, uow, to_file(await half_year.paper(uow, asked), PaperFormat(asked.format)))
