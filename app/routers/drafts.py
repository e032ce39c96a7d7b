"""Draft texts under social criticism: their versions, rounds, assignments, and the matrix of what was said."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.draft import DRAFT
from app.models.base import Listing, ListQuery
from app.models.draft import (
    AssignmentCreate,
    AssignmentRead,
    Draft,
    DraftCreate,
    DraftFilter,
    DraftMove,
    DraftParty,
    DraftRead,
    DraftReminderCreate,
    DraftReminderRead,
    DraftUpdate,
    MatrixPublication,
    RoundCreate,
    VersionCreate,
    VersionRead,
)
from app.models.opinion import Matrix
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.criticism import assignments, drafts, moves, opinions, publishing, reading
from app.services.criticism.reading import ASSIGNMENTS, DRAFTS, REMINDERS, VERSIONS
from app.services.reading import Page

router = APIRouter(prefix="/v1/drafts", tags=["criticism"])

PATH = "/v1/drafts"
DraftSeen = DraftRead | DraftParty


@router.get(
    "",
    operation_id="list_drafts",
    summary="Các dự thảo được phản biện · Drafts under criticism",
    response_model=Listing[DraftSeen],
    responses=problems(*READ),
)
async def list_drafts(uow: Reading, query: Annotated[DraftFilter, Query()]) -> Response:
    return json(await reading.page(uow, query))


@router.post(
    "",
    operation_id="create_draft",
    summary="Tiếp nhận một dự thảo · Receive a draft",
    description=(
        "Trong một cuộc phản biện (`kind: social_criticism`). Văn bản gửi kèm dưới dạng `articles`, `text` hoặc tệp "
        "DOCX/TXT đã tải lên, hoặc gửi sau. · Within a campaign of criticism; the text now or later as a version."
    ),
    response_model=DraftRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_draft(request: Request, uow: Uow, payload: DraftCreate) -> Response:
    made = await drafts.create(uow, request.app.state.storage, payload)
    return await answer(uow, DRAFTS, made, status=201, location=PATH)


@router.get(
    "/{draft_id}",
    operation_id="get_draft",
    summary="Một dự thảo · One draft",
    response_model=DraftSeen,
    responses=problems(*READ),
)
async def get_draft(uow: Reading, draft_id: UUID) -> Response:
    return await answer(uow, DRAFTS, draft_id)


@router.patch(
    "/{draft_id}",
    operation_id="update_draft",
    summary="Sửa thông tin dự thảo · Correct what is known of a draft",
    response_model=DraftRead,
    responses=problems(*CHANGE),
)
async def update_draft(uow: Uow, draft_id: UUID, payload: DraftUpdate, expected: IfMatch) -> Response:
    await drafts.update(uow, draft_id, payload, expected)
    return await answer(uow, DRAFTS, draft_id)


tell_history(router, Draft, "draft", vi="một dự thảo", en="a draft")


@router.post(
    "/{draft_id}/transitions",
    operation_id="advance_draft",
    summary="Chuyển bước phản biện một dự thảo · Take a step of a draft's criticism",
    description=DRAFT.markdown(),
    response_model=DraftSeen,
    responses=problems(*CHANGE),
)
async def advance_draft(uow: Uow, draft_id: UUID, move: Annotated[DraftMove, Body()], expected: IfMatch) -> Response:
    await moves.advance(uow, draft_id, move, expected)
    return await answer(uow, DRAFTS, draft_id)


@router.get(
    "/{draft_id}/versions",
    operation_id="list_draft_versions",
    summary="Các phiên bản theo điều, khoản, điểm · Versions by article, clause and point",
    response_model=Listing[VersionRead],
    responses=problems(*READ),
)
async def list_draft_versions(uow: Reading, draft_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.parts(uow, VERSIONS, draft_id, Page.of(query)))


@router.post(
    "/{draft_id}/versions",
    operation_id="add_draft_version",
    summary="Gửi phiên bản mới · Send a new version",
    description=(
        "Cơ quan chủ trì hoặc cơ quan soạn thảo gửi. Ý kiến đi theo điều khoản sang bản mới, hoặc thành `orphaned`. · "
        "By the lead or the drafting body. Opinions follow their clause into the new version or are `orphaned`."
    ),
    response_model=VersionRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def add_draft_version(request: Request, uow: Uow, draft_id: UUID, payload: VersionCreate) -> Response:
    made = await drafts.add_version(uow, request.app.state.storage, draft_id, payload)
    return await answer(uow, VERSIONS, made, status=201, location=f"{PATH}/{draft_id}/versions")


@router.get(
    "/{draft_id}/versions/{version_id}",
    operation_id="get_draft_version",
    summary="Một phiên bản · One version",
    response_model=VersionRead,
    responses=problems(*READ),
)
async def get_draft_version(uow: Reading, draft_id: UUID, version_id: UUID) -> Response:
    await drafts.version_of(uow, draft_id, version_id)
    return await answer(uow, VERSIONS, version_id)


@router.post(
    "/{draft_id}/rounds",
    operation_id="open_draft_round",
    summary="Mở thêm một đợt lấy ý kiến · Open another round of opinions",
    response_model=DraftRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def open_draft_round(uow: Uow, draft_id: UUID, payload: RoundCreate) -> Response:
    await drafts.open_round(uow, draft_id, payload)
    return await answer(uow, DRAFTS, draft_id, status=201)


@router.get(
    "/{draft_id}/assignments",
    operation_id="list_draft_assignments",
    summary="Chuyên gia, tổ chức được giao góp ý · Experts and bodies asked",
    response_model=Listing[AssignmentRead],
    responses=problems(*READ),
)
async def list_draft_assignments(uow: Reading, draft_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.parts(uow, ASSIGNMENTS, draft_id, Page.of(query)))


@router.post(
    "/{draft_id}/assignments",
    operation_id="assign_draft",
    summary="Giao góp ý · Ask an expert or a body for its opinion",
    response_model=AssignmentRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def assign_draft(uow: Uow, draft_id: UUID, payload: AssignmentCreate) -> Response:
    made = await assignments.assign(uow, draft_id, payload)
    return await answer(uow, ASSIGNMENTS, made, status=201, location="/v1/draft-assignments")


@router.get(
    "/{draft_id}/reminders",
    operation_id="list_draft_reminders",
    summary="Các lần đôn đốc trả lời · Reminders of the reply",
    response_model=Listing[DraftReminderRead],
    responses=problems(*READ),
)
async def list_draft_reminders(uow: Reading, draft_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.parts(uow, REMINDERS, draft_id, Page.of(query)))


@router.post(
    "/{draft_id}/reminders",
    operation_id="remind_of_draft",
    summary="Đôn đốc cơ quan soạn thảo trả lời · Remind the drafting body",
    response_model=DraftReminderRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def remind_of_draft(uow: Uow, draft_id: UUID, payload: DraftReminderCreate) -> Response:
    made = await drafts.remind(uow, draft_id, payload)
    return await answer(uow, REMINDERS, made, status=201)


@router.get(
    "/{draft_id}/matrix",
    operation_id="get_draft_matrix",
    summary="Bảng tiếp thu, giải trình · The absorb-and-explain matrix",
    response_model=Matrix,
    responses=problems(*READ),
)
async def get_draft_matrix(uow: Reading, draft_id: UUID) -> Response:
    return json(await opinions.matrix(uow, draft_id))


@router.put(
    "/{draft_id}/publication",
    operation_id="publish_draft_matrix",
    summary="Công khai bảng tiếp thu, giải trình từ một ngày hoặc một lúc · Publish the matrix from a day or moment on",
    description=(
        "Từ lúc ấy ai cũng đọc được ở `/v1/public/matrices`, không có tên người góp ý và không có những ý kiến trong "
        "`redacted_opinion_ids`. · Read without signing in from then on, without anybody's name and without the "
        "opinions held back."
    ),
    response_model=DraftRead,
    responses=problems(*CHANGE),
)
async def publish_draft_matrix(uow: Uow, draft_id: UUID, payload: MatrixPublication, expected: IfMatch) -> Response:
    await publishing.publish(uow, draft_id, payload, expected)
    return await answer(uow, DRAFTS, draft_id)


@router.delete(
    "/{draft_id}/publication",
    operation_id="unpublish_draft_matrix",
    summary="Thôi công khai · Take the matrix back",
    response_model=DraftRead,
    responses=problems(*CHANGE),
)
async def unpublish_draft_matrix(uow: Uow, draft_id: UUID, expected: IfMatch) -> Response:
    await publishing.withdraw(uow, draft_id, expected)
    return await answer(uow, DRAFTS, draft_id)
