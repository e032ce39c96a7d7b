"""Grassroots boards: Ban Thanh tra nhân dân, Ban Giám sát đầu tư của cộng đồng."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.board import BOARD
from app.models.base import Listing, ListQuery
from app.models.board import (
    Board,
    BoardConfirmationCreate,
    BoardConfirmationRead,
    BoardCreate,
    BoardFilter,
    BoardMemberCreate,
    BoardMemberSeen,
    BoardMemberUpdate,
    BoardMove,
    BoardPaperCreate,
    BoardPaperFilter,
    BoardPaperRead,
    BoardSeen,
    BoardUpdate,
)
from app.models.deadline import DeadlineRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.boards import confirmations, members, moves, papers, reading, writing
from app.services.reading import Page

PATH = "/v1/boards"
router = APIRouter(prefix=PATH, tags=["boards"])


@router.get(
    "",
    operation_id="list_boards",
    summary="Các Ban Thanh tra nhân dân, Ban Giám sát đầu tư của cộng đồng · Grassroots boards",
    response_model=Listing[BoardSeen],
    responses=problems(*READ),
)
async def list_boards(uow: Reading, asked: Annotated[BoardFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_board",
    summary="Lập một Ban · Found a board",
    description=(
        "Ban đã có trong danh mục cơ quan (`ptib`, `cisb`), trực thuộc Ủy ban MTTQ cấp xã; mỗi nhiệm kỳ, mỗi dự án "
        "một thành phần. · The board is a body of the register below the commune's Front; one composition for each "
        "term or project."
    ),
    response_model=BoardSeen,
    responses=problems(*WRITE),
)
async def create_board(uow: Uow, payload: BoardCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.BOARDS, identifier, status=201, location=PATH)


@router.get(
    "/{board_id}",
    operation_id="get_board",
    summary="Một Ban · One board",
    response_model=BoardSeen,
    responses=problems(*READ),
)
async def get_board(uow: Reading, board_id: UUID) -> Response:
    return await answer(uow, reading.BOARDS, board_id)


@router.patch(
    "/{board_id}",
    operation_id="update_board",
    summary="Sửa khi đang lập; sau đó nhiệm kỳ, dự án · Change while founded; afterwards term and project",
    response_model=BoardSeen,
    responses=problems(*CHANGE),
)
async def update_board(uow: Uow, board_id: UUID, payload: BoardUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, board_id, payload, expected)
    return await answer(uow, reading.BOARDS, board_id)


tell_history(router, Board, "board", vi="một Ban", en="a board")


@router.post(
    "/{board_id}/transitions",
    operation_id="advance_board",
    summary="Chuyển bước một Ban · Take a step of a board",
    description=BOARD.markdown(),
    response_model=BoardSeen,
    responses=problems(*CHANGE),
)
async def advance_board(uow: Uow, board_id: UUID, move: Annotated[BoardMove, Body()], expected: IfMatch) -> Response:
    await moves.advance(uow, board_id, move, expected)
    return await answer(uow, reading.BOARDS, board_id)


@router.get(
    "/{board_id}/members",
    operation_id="list_board_members",
    summary="Thành viên của Ban · Members of a board",
    response_model=Listing[BoardMemberSeen],
    responses=problems(*READ),
)
async def list_board_members(uow: Reading, board_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.parts_page(uow, reading.MEMBERS, board_id, Page.of(query)))


@router.post(
    "/{board_id}/members",
    status_code=201,
    operation_id="add_board_member",
    summary="Thêm thành viên · Add a member",
    description="Nâng phiên bản của Ban; `ETag` là của Ban. · Raises the board's version; the `ETag` is its.",
    response_model=BoardMemberSeen,
    responses=problems(*CHANGE),
)
async def add_board_member(uow: Uow, board_id: UUID, payload: BoardMemberCreate, expected: IfMatch) -> Response:
    identifier, version = await members.add(uow, board_id, payload, expected)
    return await answer(
        uow, reading.MEMBERS, identifier, status=201, parent_version=version, listed_in=f"{PATH}/{board_id}/members"
    )


@router.patch(
    "/{board_id}/members/{member_id}",
    operation_id="update_board_member",
    summary="Kết thúc tư cách thành viên, đổi nhiệm vụ · End a seat, change a duty",
    response_model=BoardMemberSeen,
    responses=problems(*CHANGE),
)
async def update_board_member(
    uow: Uow, board_id: UUID, member_id: UUID, payload: BoardMemberUpdate, expected: IfMatch
) -> Response:
    version = await members.update(uow, board_id, member_id, payload, expected)
    return await answer(uow, reading.MEMBERS, member_id, parent_version=version)


@router.delete(
    "/{board_id}/members/{member_id}",
    status_code=204,
    operation_id="remove_board_member",
    summary="Bỏ thành viên khi Ban đang lập · Remove a member while the board is founded",
    responses=problems(*CHANGE),
)
async def remove_board_member(uow: Uow, board_id: UUID, member_id: UUID, expected: IfMatch) -> None:
    await members.remove(uow, board_id, member_id, expected)


@router.get(
    "/{board_id}/papers",
    operation_id="list_board_papers",
    summary="Kế hoạch, báo cáo, thông báo của Ban · Plans, reports and notices of a board",
    response_model=Listing[BoardPaperRead],
    responses=problems(*READ),
)
async def list_board_papers(uow: Reading, board_id: UUID, asked: Annotated[BoardPaperFilter, Query()]) -> Response:
    return json(await reading.papers_page(uow, board_id, asked))


@router.post(
    "/{board_id}/papers",
    status_code=201,
    operation_id="file_board_paper",
    summary="Nộp kế hoạch, báo cáo; thông báo cho chủ đầu tư · File a plan or report; tell the owner of the project",
    description=(
        "Kế hoạch, báo cáo quý đáp ứng D10, D13; thông báo cho chủ đầu tư đáp ứng D14. · "
        "A quarter's plan and report answer for D10 and D13, the notice to the owner for D14."
    ),
    response_model=BoardPaperRead,
    responses=problems(*WRITE),
)
async def file_board_paper(uow: Uow, board_id: UUID, payload: BoardPaperCreate) -> Response:
    identifier = await papers.file(uow, board_id, payload)
    return await answer(uow, reading.PAPERS, identifier, status=201, listed_in=f"{PATH}/{board_id}/papers")


@router.get(
    "/{board_id}/confirmations",
    operation_id="list_board_confirmations",
    summary="Xác nhận của Mặt trận · What the Front has confirmed",
    response_model=Listing[BoardConfirmationRead],
    responses=problems(*READ),
)
async def list_board_confirmations(uow: Reading, board_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.parts_page(uow, reading.CONFIRMATIONS, board_id, Page.of(query)))


@router.post(
    "/{board_id}/confirmations",
    status_code=201,
    operation_id="confirm_for_board",
    summary="Mặt trận xác nhận biên bản, kiến nghị của Ban · The Front confirms minutes or a recommendation",
    description=(
        "Lãnh đạo Ủy ban MTTQ cấp xã. Dự thảo kiến nghị đã sửa phải xác nhận lại. · By a leader of the Front; a draft "
        "recommendation that was changed is confirmed anew."
    ),
    response_model=BoardConfirmationRead,
    responses=problems(*WRITE),
)
async def confirm_for_board(uow: Uow, board_id: UUID, payload: BoardConfirmationCreate) -> Response:
    identifier = await confirmations.confirm(uow, board_id, payload)
    return await answer(
        uow, reading.CONFIRMATIONS, identifier, status=201, listed_in=f"{PATH}/{board_id}/confirmations"
    )


@router.get(
    "/{board_id}/deadlines",
    operation_id="list_board_deadlines",
    summary="Thời hạn của Ban · Deadlines of a board",
    response_model=Listing[DeadlineRead],
    responses=problems(*READ),
)
async def list_board_deadlines(uow: Reading, board_id: UUID) -> Response:
    return json(await reading.clocks(uow, board_id))
