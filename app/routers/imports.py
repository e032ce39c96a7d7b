"""Files of rows: tried by the worker, shown with everything that is wrong with them, taken in whole or not at all."""

from asyncio import to_thread
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from starlette.responses import Response

from app.adapters.tables import MEDIA_TYPES
from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.import_ import IMPORT, ImportFormat, ImportKind, ImportMode
from app.models.base import Listing, ListQuery
from app.models.import_ import (
    Defaults,
    FaultRead,
    Import,
    ImportCreate,
    ImportFilter,
    ImportMove,
    ImportRead,
    ImportRowFilter,
    ImportRowRead,
    Mapping,
)
from app.routers import files
from app.routers.deps import Caller, IfMatch, Reading, Uow, UowWithoutRetry, answer, json
from app.routers.histories import tell_history
from app.services.imports import asking, links, marking, templates
from app.services.imports.asking import Shelves

PATH = "/v1/imports"
router = APIRouter(prefix=PATH, tags=["imports"])

MAPPING = "JSON: cột trong tệp → trường · header of the file → field"
DEFAULTS = "JSON: trường → giá trị khi ô trống · field → what empty cells hold"
FileFormat = Annotated[ImportFormat, Query(alias="format")]


class FaultsFormat(StrEnum):
    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"


class FaultsQuery(ListQuery):
    """`format` other than json gives the whole file back, with its errors marked."""

    format: FaultsFormat = FaultsFormat.JSON


@router.get(
    "",
    operation_id="list_imports",
    summary="Các lần nhập của tôi · My imports",
    response_model=Listing[ImportRead],
    responses=problems(*READ),
)
async def list_imports(uow: Reading, asked: Annotated[ImportFilter, Query()]) -> Response:
    return json(await asking.page(uow, asked))


@router.post(
    "",
    status_code=202,
    operation_id="create_import",
    summary="Nhập hàng loạt từ CSV hoặc XLSX · Import rows of a CSV or XLSX file",
    description=(
        "`file`, hoặc `attachment_id` của tệp đã gửi. `dry_run` (mặc định) chỉ kiểm tra; `apply` kiểm tra rồi ghi tất "
        "cả, hoặc không ghi gì. Nhập lại cùng mã (`key`) không tạo bản ghi thứ hai. · "
        "`file`, or the `attachment_id` of one that was sent before. `dry_run` (the default) only tries; `apply` tries "
        "and takes in all rows or none. The same `key` never makes a second record. Kept for seven days."
    ),
    response_model=ImportRead,
    responses=problems(*WRITE, 429),
)
async def create_import(
    request: Request,
    uow: Uow,
    kind: Annotated[ImportKind, Form()],
    mapping: Annotated[Mapping, Form(default_factory=dict, description=MAPPING, examples=['{"Đơn vị": "name"}'])],
    defaults: Annotated[Defaults, Form(default_factory=dict, description=DEFAULTS, examples=['{"kind": "spo"}'])],
    mode: Annotated[ImportMode, Form()] = ImportMode.DRY_RUN,
    file: Annotated[UploadFile | None, File(description="CSV, XLSX")] = None,
    attachment_id: Annotated[UUID | None, Form(description="Tệp đã gửi trước · A file that was sent before")] = None,
) -> Response:
    payload = ImportCreate(kind, mode, attachment_id, mapping, defaults)
    identifier = await asking.ask(uow, _shelves(request), payload, file)
    return await answer(uow, asking.IMPORTS, identifier, status=202, location=PATH)


def _shelves(request: Request) -> Shelves:
    state = request.app.state
    return Shelves(state.imports, state.storage, state.settings.max_upload_bytes)


@router.get(
    "/templates/{kind}",
    operation_id="get_import_template",
    summary="Mẫu để điền · The empty table to fill in",
    description=(
        "XLSX: hướng dẫn từng cột, danh sách chọn. · XLSX explains its columns and offers drop-downs. Headers are "
        "recognised by their words in either language or by the code in parentheses."
    ),
    response_class=Response,
    responses={200: {"description": "Mẫu · The template", "content": files.TABLE}, **problems(*READ)},
)
async def get_import_template(who: Caller, kind: ImportKind, file_format: FileFormat = ImportFormat.XLSX) -> Response:
    content = await to_thread(templates.written, kind, file_format)
    return files.download(templates.name(kind, file_format), content, MEDIA_TYPES[file_format])


@router.get(
    "/{import_id}",
    operation_id="get_import",
    summary="Một lần nhập: tiến độ, kết quả, lỗi · How far an import is, and what came of it",
    response_model=ImportRead,
    responses=problems(*READ),
)
async def get_import(uow: Reading, import_id: UUID) -> Response:
    return await answer(uow, asking.IMPORTS, import_id)


@router.get(
    "/{import_id}/rows",
    operation_id="list_import_rows",
    summary="Kết quả từng dòng · What became of each row",
    response_model=Listing[ImportRowRead],
    responses=problems(*READ),
)
async def list_import_rows(uow: Reading, import_id: UUID, asked: Annotated[ImportRowFilter, Query()]) -> Response:
    return json(await asking.rows_page(uow, import_id, asked))


@router.get(
    "/{import_id}/errors",
    operation_id="list_import_errors",
    summary="Mọi lỗi, hoặc tệp đã đánh dấu lỗi · Every error, or the file with its errors marked",
    response_model=Listing[FaultRead],
    responses={200: {"description": "Các lỗi · The errors", "content": files.TABLE}, **problems(*READ, 409)},
)
async def list_import_errors(uow: Reading, import_id: UUID, asked: Annotated[FaultsQuery, Query()]) -> Response:
    if asked.format == FaultsFormat.JSON:
        return json(await asking.faults_page(uow, import_id, asked))
    file_format = ImportFormat(asked.format)
    return files.download(*await marking.marked(uow, import_id, file_format), MEDIA_TYPES[file_format])


@router.post(
    "/{import_id}/links",
    operation_id="hand_out_import_links",
    summary="Tải các đường dẫn mời, một lần · The links of imported people, once",
    description=(
        "Chỉ cho người nhập, một lần duy nhất; mỗi đường dẫn dùng một lần, trong 72 giờ. · "
        "For whoever imported them, a single time; each link works once, for 72 hours."
    ),
    response_class=Response,
    responses={200: {"description": "Các đường dẫn · The links", "content": files.TABLE}, **problems(*READ, 403, 409)},
)
async def hand_out_import_links(
    request: Request, uow: UowWithoutRetry, import_id: UUID, file_format: FileFormat = ImportFormat.XLSX
) -> Response:
    address = f"{request.app.state.settings.public_url}/v1/auth/invitations"
    return files.download(*await links.hand_out(uow, import_id, file_format, address), MEDIA_TYPES[file_format])


@router.post(
    "/{import_id}/transitions",
    operation_id="advance_import",
    summary="Ghi nhận bản đã kiểm tra, hoặc hủy · Take in what was checked, or call it off",
    description=IMPORT.markdown(),
    response_model=ImportRead,
    responses=problems(*CHANGE),
)
async def advance_import(uow: Uow, import_id: UUID, move: ImportMove, expected: IfMatch) -> Response:
    await asking.advance(uow, import_id, move, expected)
    return await answer(uow, asking.IMPORTS, import_id)


tell_history(router, Import, "import", vi="một lần nhập", en="an import")
