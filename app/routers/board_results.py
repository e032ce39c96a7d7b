"""The figures of supervisions through grassroots boards."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.board_result import BOARD_RESULT
from app.models.base import Listing
from app.models.board_result import (
    BoardResult,
    BoardResultCreate,
    BoardResultFilter,
    BoardResultMove,
    BoardResultSeen,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.boards import results

PATH = "/v1/board-results"
router = APIRouter(prefix=PATH, tags=["boards"])


@router.get(
    "",
    operation_id="list_board_results",
    summary="Kết quả giám sát của các Ban, theo chỉ tiêu · What came of supervisions through boards",
    response_model=Listing[BoardResultSeen],
    responses=problems(*READ),
)
async def list_board_results(uow: Reading, asked: Annotated[BoardResultFilter, Query()]) -> Response:
    return json(await results.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="record_board_result",
    summary="Ghi kết quả một cuộc giám sát của Ban · Record what came of a supervision",
    description=(
        "Mỗi lần có kết quả ghi một dòng, theo ngày có kết quả; tiền tính bằng đồng, đất bằng m². Ban TTND và Ban "
        "GSĐTCĐ có chỉ tiêu riêng. · A line for each day of which there is something to tell: money in đồng, land in "
        "m². Inspection and investment boards have columns of their own."
    ),
    response_model=BoardResultSeen,
    responses=problems(*WRITE),
)
async def record_board_result(uow: Uow, payload: BoardResultCreate) -> Response:
    identifier = await results.record(uow, payload)
    return await answer(uow, results.RESULTS, identifier, status=201, location=PATH)


@router.get(
    "/{board_result_id}",
    operation_id="get_board_result",
    summary="Một dòng kết quả · One of them",
    response_model=BoardResultSeen,
    responses=problems(*READ),
)
async def get_board_result(uow: Reading, board_result_id: UUID) -> Response:
    return await answer(uow, results.RESULTS, board_result_id)


tell_history(router, BoardResult, "board_result", vi="một dòng kết quả", en="a result")


@router.post(
    "/{board_result_id}/transitions",
    operation_id="advance_board_result",
    summary="Sửa, rút một dòng kết quả · Correct or withdraw a result",
    description=BOARD_RESULT.markdown(),
    response_model=BoardResultSeen,
    responses=problems(*CHANGE),
)
async def advance_board_result(
    uow: Uow, board_result_id: UUID, move: Annotated[BoardResultMove, Body()], expected: IfMatch
) -> Response:
    await results.advance(uow, board_result_id, move, expected)
    return await answer(uow, results.RESULTS, board_result_id)
