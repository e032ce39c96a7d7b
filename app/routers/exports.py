"""Lists as files: asked for, made in the background, downloaded as often as a bad line takes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from app.adapters.tables import MEDIA_TYPES
from app.core.problems import READ, WRITE, problems
from app.models.base import Listing
from app.models.export import ExportCreate, ExportFilter, ExportRead
from app.routers import files
from app.routers.deps import Reading, Uow, answer, json
from app.services.exports import asking

PATH = "/v1/exports"
router = APIRouter(prefix=PATH, tags=["exports"])


@router.get(
    "",
    operation_id="list_exports",
    summary="Các tệp đã yêu cầu xuất · My exports",
    response_model=Listing[ExportRead],
    responses=problems(*READ),
)
async def list_exports(uow: Reading, asked: Annotated[ExportFilter, Query()]) -> Response:
    return json(await asking.page(uow, asked))


@router.post(
    "",
    status_code=202,
    operation_id="create_export",
    summary="Xuất một danh sách ra tệp · Export a list as a file",
    description=(
        "Bộ lọc là của danh sách cùng tên; `limit`, `cursor`, `count`, `sort` không có tác dụng. Giữ bảy ngày. · "
        "The filters are those of the list of that name; `limit`, `cursor`, `count` and `sort` have no effect. "
        "Kept for seven days."
    ),
    response_model=ExportRead,
    responses=problems(*WRITE, 429),
)
async def create_export(uow: Uow, payload: Annotated[ExportCreate, Body()]) -> Response:
    identifier = await asking.ask(uow, payload)
    return await answer(uow, asking.EXPORTS, identifier, status=202, location=PATH)


@router.get(
    "/{export_id}",
    operation_id="get_export",
    summary="Tiến độ của một tệp xuất · How far an export is",
    response_model=ExportRead,
    responses=problems(*READ),
)
async def get_export(uow: Reading, export_id: UUID) -> Response:
    return await answer(uow, asking.EXPORTS, export_id)


@router.get(
    "/{export_id}/content",
    operation_id="get_export_content",
    summary="Tải tệp xuất, cả tệp hoặc một đoạn · The bytes of an export, all or a range",
    response_class=Response,
    responses={
        200: {"description": "Cả tệp · The whole file", "content": files.TABLE},
        206: {"description": "Một đoạn · A range", "content": files.TABLE},
        304: {"description": "Không đổi · Not modified"},
        **problems(*READ, 409, 416),
    },
)
async def get_export_content(request: Request, uow: Reading, export_id: UUID) -> Response:
    it = await asking.finished(uow, export_id)
    assert it.sha256 is not None
    assert it.size is not None
    file = files.File(it.sha256, it.size, MEDIA_TYPES[it.format], it.file_name)
    return files.send(request, request.app.state.exports, file)
