"""Files: sent in one request or in pieces, referenced by records, opened by whoever sees a record that carries them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Header, Request, UploadFile
from pydantic import UUID7, AfterValidator, StringConstraints
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.core.errors import OtherProtocol, UnsupportedMedia, invalid
from app.core.problems import READ, WRITE, problems
from app.models.base import refuse_unstorable
from app.models.document import AttachmentRead
from app.routers import files
from app.routers.deps import Caller, Reading, Transactions, Uow, acting, answer, shelf_of
from app.services import attachments, uploads
from app.services.attachments import Described, Kept

router = APIRouter(prefix="/v1/attachments", tags=["documents"])

TUS = "1.0.0"
PIECE = "application/offset+octet-stream"
TusResumable = Annotated[str | None, Header(description="1.0.0 để gửi từng phần · 1.0.0 to send in pieces")]
Length = Annotated[int | None, Header(ge=1, description="Kích thước cả tệp · Size of the whole file")]
Offset = Annotated[int, Header(ge=0, description="Số byte đã đến · Bytes that have arrived")]


def _storable(caption: str) -> str:
    refuse_unstorable(caption)
    return caption


Caption = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True), AfterValidator(_storable)]


def _speak(version: str | None) -> None:
    """tus 1.0.0, "Protocol": another version is refused, and told which one is spoken."""
    if version not in (None, TUS):
        raise OtherProtocol(headers={"Tus-Resumable": TUS, "Tus-Version": TUS})


BYTES = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


@router.options(
    "",
    operation_id="get_upload_protocol",
    summary="Khả năng gửi từng phần · What the server can of tus",
    status_code=204,
    response_class=Response,
)
async def upload_protocol(request: Request) -> Response:
    largest = str(request.app.state.settings.max_resumable_bytes)
    told = {"Tus-Resumable": TUS, "Tus-Version": TUS, "Tus-Extension": "creation,termination", "Tus-Max-Size": largest}
    return Response(status_code=204, headers=told)


@router.post(
    "",
    operation_id="create_attachment",
    summary="Gửi tệp, hoặc báo trước tệp sẽ gửi từng phần · Send a file, or announce one that comes in pieces",
    description=(
        "Multipart, at most 20 MB. A client on a bad network chooses the `id` (UUIDv7) and repeats the request: "
        "the same content answers 200, other content 409 `id_reused`. Where a photo was taken is removed unless "
        "`keep_location`.\n\n"
        "With `Tus-Resumable: 1.0.0`, `Upload-Length` and `Upload-Metadata` (`filename`, `id`, `caption`, "
        "`keep_location`) and no body, the file is announced: `pending`, already to be referenced, sent by PATCH."
    ),
    response_model=AttachmentRead,
    status_code=201,
    responses={
        200: {"model": AttachmentRead, "description": "Đã có từ lần gửi trước · Sent before"},
        **problems(*WRITE, 412),
    },
)
async def upload_attachment(
    request: Request,
    uow: Uow,
    file: Annotated[UploadFile | None, File(description="Nội dung · The content")] = None,
    id: Annotated[UUID7 | None, Form()] = None,  # noqa: A002
    caption: Annotated[Caption | None, Form()] = None,
    keep_location: Annotated[bool, Form(description="Giữ vị trí chụp ảnh · Keep where a photo was taken")] = False,
    tus_resumable: TusResumable = None,
    upload_length: Length = None,
    upload_metadata: Annotated[str, Header(max_length=4000)] = "",
) -> Response:
    settings = request.app.state.settings
    _speak(tus_resumable)
    if tus_resumable is not None:
        if upload_length is None:
            raise invalid("Upload-Length", "missing")
        told = uploads.described(upload_metadata)
        kept = await uploads.announce(uow, told, size=upload_length, limit=settings.max_resumable_bytes)
        where = {"Location": f"/v1/attachments/{kept.id}"} | ({} if kept.repeated else {"Upload-Offset": "0"})
        return await _kept(uow, kept, {"Tus-Resumable": TUS, **where})
    if file is None:
        raise invalid("/file", "missing")
    told = Described(file.filename, id, caption or None, keep_location)
    kept = await attachments.keep(uow, shelf_of(request), file, told, limit=settings.max_upload_bytes)
    return await _kept(uow, kept)


async def _kept(uow: Uow, kept: Kept, headers: dict[str, str] | None = None) -> Response:
    status = 200 if kept.repeated else 201
    response = await answer(uow, attachments.ATTACHMENT, kept.id, status=status, location="/v1/attachments")
    response.headers.update(headers or {})
    return response


@router.head(
    "/{attachment_id}",
    operation_id="get_upload_progress",
    summary="Đã nhận được bao nhiêu byte · How many bytes have arrived",
    response_class=Response,
    responses={200: {"description": "Upload-Offset, Upload-Length"}, **problems(*READ, 412)},
)
async def upload_progress(
    request: Request, uow: Reading, attachment_id: UUID, tus_resumable: TusResumable = None
) -> Response:
    _speak(tus_resumable)
    arrived, size = await uploads.progress(uow, request.app.state.storage, attachment_id)
    headers = {"Tus-Resumable": TUS, "Upload-Offset": str(arrived), "Upload-Length": str(size)}
    return Response(headers={**headers, "Cache-Control": "no-store"})


@router.patch(
    "/{attachment_id}",
    operation_id="continue_upload",
    summary="Gửi tiếp một phần của tệp · Send the next piece of a file",
    description=(
        "`Content-Type: application/offset+octet-stream`, `Upload-Offset`; what arrived before a broken line stays. "
        "With the last piece the file is checked and stored. · Sai vị trí: 409 `upload_offset`."
    ),
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Upload-Offset"}, **problems(*WRITE, 412)},
    openapi_extra={"requestBody": {"content": {PIECE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def continue_upload(
    request: Request,
    who: Caller,
    begin: Transactions,
    attachment_id: UUID,
    upload_offset: Offset,
    tus_resumable: TusResumable = None,
) -> Response:
    _speak(tus_resumable)
    if request.headers.get("content-type") != PIECE:
        raise UnsupportedMedia
    try:
        pieces = request.stream()
        offset = await uploads.receive(acting(begin, who), shelf_of(request), attachment_id, upload_offset, pieces)
    except ClientDisconnect:
        return Response(status_code=400)
    return Response(status_code=204, headers={"Tus-Resumable": TUS, "Upload-Offset": str(offset)})


@router.delete(
    "/{attachment_id}",
    operation_id="delete_attachment",
    summary="Bỏ một tệp chưa dùng · Take back a file that nothing uses",
    status_code=204,
    response_class=Response,
    responses=problems(*WRITE),
)
async def delete_attachment(request: Request, uow: Uow, attachment_id: UUID) -> Response:
    await attachments.drop(uow, request.app.state.storage, attachment_id)
    return Response(status_code=204, headers={"Tus-Resumable": TUS})


@router.get(
    "/{attachment_id}",
    operation_id="get_attachment",
    summary="Thông tin về tệp · What is known of a file",
    response_model=AttachmentRead,
    responses=problems(*READ),
)
async def read_attachment(uow: Reading, attachment_id: UUID) -> Response:
    return await answer(uow, attachments.ATTACHMENT, attachment_id)


@router.get(
    "/{attachment_id}/content",
    operation_id="get_attachment_content",
    summary="Tải nội dung tệp, cả tệp hoặc một đoạn · The bytes of a file, all or a range",
    response_class=Response,
    responses={
        200: {"description": "Cả tệp · The whole file", "content": BYTES},
        206: {"description": "Một đoạn · A range", "content": BYTES},
        304: {"description": "Không đổi · Not modified"},
        **problems(*READ, 409, 416),
    },
)
async def read_attachment_content(request: Request, uow: Reading, attachment_id: UUID) -> Response:
    it = await attachments.opened(uow, attachment_id)
    assert it.sha256 is not None
    file = files.File(it.sha256, it.size, it.media_type, it.file_name)
    return files.send(request, request.app.state.storage, file)
