"""Files: sent in one request, referenced by records, opened by whoever sees a record that carries them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import UUID7, AfterValidator, StringConstraints
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.base import refuse_unstorable
from app.models.document import AttachmentRead
from app.routers import files
from app.routers.deps import Reading, Uow, answer
from app.services import attachments

router = APIRouter(prefix="/v1/attachments", tags=["documents"])


def _storable(caption: str) -> str:
    refuse_unstorable(caption)
    return caption


Caption = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True), AfterValidator(_storable)]
BYTES = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


@router.post(
    "",
    operation_id="create_attachment",
    summary="Gửi tệp · Send a file",
    description=(
        "Multipart, at most 20 MB. A client on a bad network chooses the `id` (UUIDv7) and repeats the request: "
        "the same content answers 200, other content 409 `id_reused`."
    ),
    response_model=AttachmentRead,
    status_code=201,
    responses={
        200: {"model": AttachmentRead, "description": "Đã có từ lần gửi trước · Sent before"},
        **problems(*WRITE),
    },
)
async def upload_attachment(
    request: Request,
    uow: Uow,
    file: Annotated[UploadFile, File(description="Nội dung · The content")],
    id: Annotated[UUID7 | None, Form()] = None,  # noqa: A002
    caption: Annotated[Caption | None, Form()] = None,
) -> Response:
    state = request.app.state
    limit = state.settings.max_upload_bytes
    kept = await attachments.keep(uow, state.storage, file, identifier=id, caption=caption or None, limit=limit)
    status = 200 if kept.repeated else 201
    return await answer(uow, attachments.ATTACHMENT, kept.id, status=status, location="/v1/attachments")


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
        **problems(*READ, 416),
    },
)
async def read_attachment_content(request: Request, uow: Reading, attachment_id: UUID) -> Response:
    it = await attachments.opened(uow, attachment_id)
    assert it.sha256 is not None
    file = files.File(it.sha256, it.size, it.media_type, it.file_name)
    return files.send(request, request.app.state.storage, file)
