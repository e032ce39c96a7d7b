"""Roles of ended bodies on their way to the successors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, problems
from app.domain.transfer import TRANSFER, TRANSFER_BY_LEAD
from app.models.base import Listing
from app.models.transfer import Transfer, TransferFilter, TransferMove, TransferRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.transfers import moves, reading

router = APIRouter(prefix="/v1/transfers", tags=["bodies"])

TABLES = (
    "**Chủ trì: lãnh đạo cơ quan kế thừa và quản trị danh bạ · "
    "Lead roles: the successor's leader and the registrar**\n\n"
    f"{TRANSFER.markdown()}\n\n"
    f"**Vai khác: bên chủ trì hiện tại · Other roles: the present lead**\n\n{TRANSFER_BY_LEAD.markdown()}"
)


@router.get(
    "",
    operation_id="list_transfers",
    summary="Chuyển giao sau sắp xếp tổ chức · Transfers after reorganisations",
    response_model=Listing[TransferRead],
    responses=problems(*READ),
)
async def list_transfers(uow: Reading, query: Annotated[TransferFilter, Query()]) -> Response:
    return json(await reading.page(uow, query))


@router.get(
    "/{transfer_id}",
    operation_id="get_transfer",
    summary="Một việc chuyển giao · One transfer",
    response_model=TransferRead,
    responses=problems(*READ),
)
async def get_transfer(uow: Reading, transfer_id: UUID) -> Response:
    return await answer(uow, reading.TRANSFERS, transfer_id)


tell_history(router, Transfer, "transfer", vi="một việc chuyển giao", en="a transfer")


@router.post(
    "/{transfer_id}/transitions",
    operation_id="advance_transfer",
    summary="Xác nhận, chuyển hướng, từ chối chuyển giao · Confirm, redirect or reject a transfer",
    description=TABLES,
    response_model=TransferRead,
    responses=problems(*CHANGE),
)
async def advance_transfer(
    uow: Uow, transfer_id: UUID, move: Annotated[TransferMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, transfer_id, move, expected)
    return await answer(uow, reading.TRANSFERS, transfer_id)
