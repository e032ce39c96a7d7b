"""Templates: the standard ones to take home, a body's own to replace them, and what each makes of a sample."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.adapters import docx
from app.core.problems import CHANGE, READ, WRITE, problems
from app.core.words import label
from app.domain.paper import LAYOUTS, PaperForm, PaperKind
from app.domain.paper_samples import sample
from app.models.base import Listing
from app.models.template import (
    PreviewQuery,
    StandardQuery,
    TemplateCreate,
    TemplateFilter,
    TemplateKinds,
    TemplateKindsQuery,
    TemplateRead,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.files import BYTES, PAPER, download, send_file
from app.services import templates
from app.services.papers.files import to_file

PATH = "/v1/templates"
router = APIRouter(prefix=PATH, tags=["papers"])
DOCX: dict[int | str, dict[str, Any]] = {
    200: {"description": "Tệp mẫu · The template", "content": {docx.MEDIA_TYPE: BYTES}}
}


@router.get(
    "/kinds",
    operation_id="list_template_kinds",
    summary="Các loại văn bản và trường được dùng trong mẫu · Kinds of papers, and what a template may name",
    response_model=TemplateKinds,
    responses=problems(*READ),
)
async def list_template_kinds(uow: Reading, asked: Annotated[TemplateKindsQuery, Query()]) -> Response:
    return json(await templates.kinds(uow, asked.body_id))


@router.get(
    "/kinds/{kind}/standard",
    operation_id="get_standard_template",
    summary="Tải mẫu chuẩn để sửa · The standard template, to be changed",
    response_class=Response,
    responses={**DOCX, **problems(*READ)},
)
async def get_standard_template(uow: Reading, kind: PaperKind, asked: Annotated[StandardQuery, Query()]) -> Response:
    content = docx.standard(party=asked.form == PaperForm.PARTY, layout=LAYOUTS.get(kind, "named"))
    name = f"{label(uow.language, 'paper_kind', kind)} – {label(uow.language, 'paper_form', asked.form)}.docx"
    return download(name, content, docx.MEDIA_TYPE)


@router.get(
    "/kinds/{kind}/preview",
    operation_id="preview_standard_template",
    summary="Xem thử mẫu chuẩn với dữ liệu ví dụ · The standard template with a sample",
    response_class=Response,
    responses={**PAPER, **problems(*READ)},
)
async def preview_standard_template(
    request: Request, uow: Reading, kind: PaperKind, asked: Annotated[PreviewQuery, Query()]
) -> Response:
    return await send_file(request, uow, to_file(sample(kind, asked.form), asked.format))


@router.get(
    "",
    operation_id="list_templates",
    summary="Các phiên bản mẫu riêng của cơ quan · Versions of the body's own templates",
    response_model=Listing[TemplateRead],
    responses=problems(*READ),
)
async def list_templates(uow: Reading, asked: Annotated[TemplateFilter, Query()]) -> Response:
    return json(await templates.listing(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_template",
    summary="Dùng mẫu riêng, hoặc trở về mẫu chuẩn, từ một ngày · Use one's own template, or the standard, from a day",
    description=(
        "Chuyên viên, lãnh đạo của cơ quan. Tệp DOCX đã gửi ở `/v1/attachments`, không quá 5 MB; trường lạ, macro, "
        "liên kết ngoài, phép tính và lời gọi hàm bị từ chối (422). Mẫu riêng dùng cho `format=docx`; PDF luôn theo "
        "thể thức chuẩn. · By officers and leaders of the body. A DOCX sent to `/v1/attachments`, 5 MB at most; "
        "unknown placeholders, macros, external relations, arithmetic and calls are refused (422). It serves "
        "`format=docx`; a PDF always has the standard form."
    ),
    response_model=TemplateRead,
    responses=problems(*WRITE),
)
async def create_template(request: Request, reading: Reading, uow: Uow, payload: TemplateCreate) -> Response:
    uses = await templates.examine(reading, request.app.state.storage, payload)
    made = await templates.create(uow, payload, uses)
    return await answer(uow, templates.TEMPLATE, made, status=201, location=PATH)


@router.get(
    "/{template_id}",
    operation_id="get_template",
    summary="Một phiên bản mẫu · One version of a template",
    response_model=TemplateRead,
    responses=problems(*READ),
)
async def get_template(uow: Reading, template_id: UUID) -> Response:
    return await answer(uow, templates.TEMPLATE, template_id)


@router.get(
    "/{template_id}/preview",
    operation_id="preview_template",
    summary="Xem thử mẫu riêng với dữ liệu ví dụ (DOCX) · One's own template with a sample (DOCX)",
    response_class=Response,
    responses={200: DOCX[200], 304: PAPER[304], **problems(*READ, 409)},
)
async def preview_template(request: Request, uow: Reading, template_id: UUID) -> Response:
    paper = await templates.preview(uow, request.app.state.storage, template_id)
    return await send_file(request, uow, paper)


@router.delete(
    "/{template_id}",
    status_code=204,
    operation_id="delete_template",
    summary="Bỏ phiên bản chưa đến ngày dùng · Drop a version that has not begun",
    responses=problems(*CHANGE),
)
async def delete_template(uow: Uow, template_id: UUID, expected: IfMatch) -> None:
    await templates.remove(uow, template_id, expected)
