"""Papers on their way: sent by an axis, by the body's document system, or carried as files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing
from app.models.dispatch import (
    CopyReceipt,
    DispatchChange,
    DispatchCreate,
    DispatchFilter,
    DispatchRead,
    DispatchReplacement,
    RelayConfirmation,
)
from app.routers.deps import PRIVATE, IfMatch, Reading, Uow, answer, json
from app.routers.files import BYTES, disposition
from app.services.dispatches import following, reading, sending
from app.services.dispatches.reading import DISPATCHES

__all__ = ["following", "router"]

router = APIRouter(prefix="/v1/dispatches", tags=["exchange"])
PATH = "/v1/dispatches"
MESSAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/xml": BYTES}}}


@router.get(
    "",
    operation_id="list_dispatches",
    summary="Văn bản đang gửi, đã gửi · Papers on their way",
    description="`?channel=relay&state=pending`: phần mềm văn thư lấy để gửi · what a relaying system takes over.",
    response_model=Listing[DispatchRead],
    responses=problems(*READ),
)
async def list_dispatches(uow: Reading, query: Annotated[DispatchFilter, Query()]) -> Response:
    return json(await reading.page(uow, query))


@router.post(
    "",
    operation_id="send_document",
    summary="Gửi một văn bản cho các nơi nhận · Send a paper to its addressees",
    description=(
        "Văn bản đã có số, không mật, có tệp. Trạng thái giao nhận tách khỏi trạng thái kiến nghị. · "
        "Numbered, open, with its file. Delivery is apart from what becomes of the recommendations it carries."
    ),
    response_model=DispatchRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def send_document(request: Request, uow: Uow, payload: DispatchCreate) -> Response:
    made = await sending.create(uow, request.app.state.storage, payload)
    return await answer(uow, DISPATCHES, made, status=201, location=PATH)


@router.get(
    "/{dispatch_id}",
    operation_id="get_dispatch",
    summary="Một lần gửi với trạng thái từng nơi nhận · One dispatch with each copy",
    response_model=DispatchRead,
    responses=problems(*READ),
)
async def get_dispatch(uow: Reading, dispatch_id: UUID) -> Response:
    return await answer(uow, DISPATCHES, dispatch_id)


@router.get(
    "/{dispatch_id}/edxml",
    operation_id="download_dispatch",
    summary="Gói tin edXML để chuyển bằng tệp · The edXML message, to be carried as a file",
    response_class=Response,
    responses={**MESSAGE, **problems(*READ, 409)},
)
async def download_dispatch(request: Request, uow: Reading, dispatch_id: UUID) -> Response:
    it = await reading.message_of(uow, dispatch_id)
    name = f"{(it.symbol or str(it.id)).replace('/', '-')}.edxml"
    headers = {**PRIVATE, "Content-Disposition": disposition(name), "Content-Length": str(it.size)}
    content = request.app.state.storage.read(it.sha256, 0, it.size - 1)
    return StreamingResponse(content, headers=headers, media_type="application/xml")


@router.post(
    "/{dispatch_id}/receipts",
    operation_id="record_receipt",
    summary="Ghi nhận nơi nhận đã nhận được · Record that an addressee has it",
    response_model=DispatchRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def record_receipt(uow: Uow, dispatch_id: UUID, payload: CopyReceipt) -> Response:
    await sending.receive(uow, dispatch_id, payload)
    return await answer(uow, DISPATCHES, dispatch_id, status=201)


@router.post(
    "/{dispatch_id}/confirmation",
    operation_id="confirm_relay",
    summary="Phần mềm văn thư báo đã gửi · The relaying document system has sent it",
    response_model=DispatchRead,
    responses=problems(*WRITE),
)
async def confirm_relay(uow: Uow, dispatch_id: UUID, payload: RelayConfirmation) -> Response:
    await sending.confirm(uow, dispatch_id, payload)
    return await answer(uow, DISPATCHES, dispatch_id)


@router.post(
    "/{dispatch_id}/recall",
    operation_id="recall_dispatch",
    summary="Đề nghị thu hồi · Ask the addressees back for it",
    description="Chỉ nơi nhận mới đồng ý được (mã 15). · Only the addressee can agree (status 15).",
    response_model=DispatchRead,
    status_code=201,
    responses=problems(*CHANGE),
)
async def recall_dispatch(
    request: Request, uow: Uow, dispatch_id: UUID, payload: DispatchChange, expected: IfMatch
) -> Response:
    made = await sending.change(uow, request.app.state.storage, dispatch_id, "recall", payload, expected)
    return await answer(uow, DISPATCHES, made, status=201, location=PATH)


@router.post(
    "/{dispatch_id}/update",
    operation_id="update_dispatch",
    summary="Gửi nội dung cập nhật · Send its new content",
    response_model=DispatchRead,
    status_code=201,
    responses=problems(*CHANGE),
)
async def update_dispatch(
    request: Request, uow: Uow, dispatch_id: UUID, payload: DispatchChange, expected: IfMatch
) -> Response:
    made = await sending.change(uow, request.app.state.storage, dispatch_id, "update", payload, expected)
    return await answer(uow, DISPATCHES, made, status=201, location=PATH)


@router.post(
    "/{dispatch_id}/replace",
    operation_id="replace_dispatch",
    summary="Gửi văn bản thay thế · Send another paper in its place",
    response_model=DispatchRead,
    status_code=201,
    responses=problems(*CHANGE),
)
async def replace_dispatch(
    request: Request, uow: Uow, dispatch_id: UUID, payload: DispatchReplacement, expected: IfMatch
) -> Response:
    made = await sending.change(uow, request.app.state.storage, dispatch_id, "replace", payload, expected)
    return await answer(uow, DISPATCHES, made, status=201, location=PATH)
