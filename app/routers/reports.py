"""Reports (báo cáo, thông báo, kết luận): drafted, signed, commented on, adopted, issued, published."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.report import CONCLUSION, RESULT_REPORT, SELF_REPORT
from app.models.base import Listing, ListQuery
from app.models.report import (
    SECTION_KEY,
    CommentAnswer,
    CommentCreate,
    CommentFilter,
    CommentRead,
    Difference,
    DraftReport,
    Report,
    ReportCreate,
    ReportFilter,
    ReportListed,
    ReportMove,
    ReportSeen,
    ReportUpdate,
    SectionText,
    SignatureRead,
    Signing,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.reports import comments, comparing, drafting, moves, reading, signatures, writing

PATH = "/v1/reports"
router = APIRouter(prefix="/v1", tags=["reports"])
of_report = APIRouter(prefix="/reports")
tell_history(of_report, Report, "report", vi="một báo cáo", en="a report")


@of_report.get(
    "",
    operation_id="list_reports",
    summary="Các báo cáo, thông báo, kết luận · Reports",
    description="Không kèm nội dung các phần. · Without the text of their sections.",
    response_model=Listing[ReportListed],
    responses=problems(*READ),
)
async def list_reports(uow: Reading, asked: Annotated[ReportFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@of_report.post(
    "",
    status_code=201,
    operation_id="create_report",
    summary="Soạn một báo cáo · Draft a report",
    description=(
        "Mỗi tác giả có một dự thảo cho mỗi loại báo cáo về một đối tượng hay cả cuộc. · "
        "One draft at a time per author, kind and subject: otherwise 409 `draft_exists` with `draft_id`."
    ),
    response_model=ReportSeen,
    responses=problems(*WRITE),
)
async def create_report(uow: Uow, payload: ReportCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.REPORTS, identifier, status=201, location=PATH)


@of_report.get(
    "/{report_id}",
    operation_id="get_report",
    summary="Một báo cáo · One report",
    response_model=ReportSeen,
    responses=problems(*READ),
)
async def get_report(uow: Reading, report_id: UUID) -> Response:
    return await answer(uow, reading.REPORTS, report_id)


@of_report.patch(
    "/{report_id}",
    operation_id="update_report",
    summary="Sửa một dự thảo báo cáo · Change a draft report",
    description="Bản đã gửi đi không sửa được: 409 `immutable`. · Once circulated a report is frozen: 409 `immutable`.",
    response_model=ReportSeen,
    responses=problems(*CHANGE),
)
async def update_report(uow: Uow, report_id: UUID, payload: ReportUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, report_id, payload, expected)
    return await answer(uow, reading.REPORTS, report_id)


@of_report.put(
    "/{report_id}/sections/{key}",
    operation_id="put_report_section",
    summary="Viết lại hoặc thêm một phần · Replace or add one section",
    response_model=ReportSeen,
    responses=problems(*CHANGE),
)
async def put_report_section(
    uow: Uow,
    report_id: UUID,
    key: Annotated[str, Path(pattern=SECTION_KEY, examples=["limitations.I"])],
    payload: SectionText,
    expected: IfMatch,
) -> Response:
    await writing.put_section(uow, report_id, key, payload, expected)
    return await answer(uow, reading.REPORTS, report_id)


@of_report.post(
    "/{report_id}/transitions",
    operation_id="advance_report",
    summary="Chuyển bước một báo cáo · Take a step of a report",
    description="\n\n".join(f"**{it.name}**\n\n{it.markdown()}" for it in (SELF_REPORT, RESULT_REPORT, CONCLUSION)),
    response_model=ReportSeen,
    responses=problems(*CHANGE),
)
async def advance_report(uow: Uow, report_id: UUID, move: Annotated[ReportMove, Body()], expected: IfMatch) -> Response:
    await moves.move(uow, report_id, move, expected)
    return await answer(uow, reading.REPORTS, report_id)


@of_report.get(
    "/{report_id}/diff",
    operation_id="compare_reports",
    summary="So sánh với một bản khác · Compare with another version",
    response_model=Difference,
    responses=problems(*READ),
)
async def compare_reports(
    uow: Reading,
    report_id: UUID,
    against: Annotated[UUID, Query(description="Bản làm mốc so sánh · The earlier text")],
) -> Difference:
    return Difference.model_validate(await comparing.compared(uow, report_id, against))


@of_report.get(
    "/{report_id}/signatures",
    operation_id="list_report_signatures",
    summary="Chữ ký và ý kiến bảo lưu của cơ quan phối hợp · Signatures and reserved opinions",
    response_model=Listing[SignatureRead],
    responses=problems(*READ),
)
async def list_report_signatures(uow: Reading, report_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await signatures.page(uow, report_id, query))


@of_report.post(
    "/{report_id}/signatures",
    status_code=201,
    operation_id="sign_report",
    summary="Ký, hoặc bảo lưu ý kiến · Sign, or reserve an opinion",
    description=(
        "Lãnh đạo cơ quan phối hợp ký đúng bản mang mã băm này, một lần. · "
        "A partner's leader signs the text with this hash, once: 409 `hash_differs`, `already_signed`."
    ),
    response_model=SignatureRead,
    responses=problems(*WRITE),
)
async def sign_report(uow: Uow, report_id: UUID, payload: Signing) -> Response:
    identifier = await signatures.sign(uow, report_id, payload)
    location = f"{PATH}/{report_id}/signatures"
    return await answer(uow, reading.SIGNATURES, identifier, status=201, location=location)


@of_report.get(
    "/{report_id}/signatures/{signature_id}",
    operation_id="get_report_signature",
    summary="Một chữ ký · One signature",
    response_model=SignatureRead,
    responses=problems(*READ),
)
async def get_report_signature(uow: Reading, report_id: UUID, signature_id: UUID) -> Response:
    await signatures.belongs(uow, report_id, signature_id)
    return await answer(uow, reading.SIGNATURES, signature_id)


@of_report.get(
    "/{report_id}/comments",
    operation_id="list_report_comments",
    summary="Góp ý của đối tượng được giám sát · Comments of the supervised party",
    response_model=Listing[CommentRead],
    responses=problems(*READ),
)
async def list_report_comments(uow: Reading, report_id: UUID, asked: Annotated[CommentFilter, Query()]) -> Response:
    return json(await comments.page(uow, report_id, asked))


@of_report.post(
    "/{report_id}/comments",
    status_code=201,
    operation_id="comment_report",
    summary="Góp ý vào dự thảo báo cáo · Comment on a draft report",
    response_model=CommentRead,
    responses=problems(*WRITE),
)
async def comment_report(uow: Uow, report_id: UUID, payload: CommentCreate) -> Response:
    identifier = await comments.comment(uow, report_id, payload)
    location = f"{PATH}/{report_id}/comments"
    return await answer(uow, reading.COMMENTS, identifier, status=201, location=location)


@of_report.get(
    "/{report_id}/comments/{comment_id}",
    operation_id="get_report_comment",
    summary="Một góp ý · One comment",
    response_model=CommentRead,
    responses=problems(*READ),
)
async def get_report_comment(uow: Reading, report_id: UUID, comment_id: UUID) -> Response:
    await comments.belongs(uow, report_id, comment_id)
    return await answer(uow, reading.COMMENTS, comment_id)


@of_report.put(
    "/{report_id}/comments/{comment_id}/answer",
    operation_id="answer_report_comment",
    summary="Trả lời một góp ý · Answer a comment",
    description="`text` bắt buộc trừ khi tiếp thu. · `text` is required unless the comment is `accepted`.",
    response_model=CommentRead,
    responses=problems(*WRITE),
)
async def answer_report_comment(uow: Uow, report_id: UUID, comment_id: UUID, payload: CommentAnswer) -> Response:
    await comments.answer(uow, report_id, comment_id, payload)
    return await answer(uow, reading.COMMENTS, comment_id)


router.include_router(of_report)


@router.post(
    "/engagements/{engagement_id}/draft-report",
    status_code=201,
    operation_id="draft_engagement_report",
    summary="Lập dự thảo báo cáo từ các nhận xét đã được chấp nhận · Generate a draft from accepted findings",
    response_model=ReportSeen,
    responses=problems(*WRITE),
)
async def draft_engagement_report(uow: Uow, engagement_id: UUID, asked: DraftReport | None = None) -> Response:
    identifier = await drafting.of_engagement(uow, engagement_id, asked or DraftReport())
    return await answer(uow, reading.REPORTS, identifier, status=201, location=PATH)


@router.post(
    "/campaigns/{campaign_id}/draft-report",
    status_code=201,
    operation_id="draft_campaign_report",
    summary="Lập dự thảo báo cáo chung của cuộc giám sát · Generate the draft of the campaign-wide report",
    response_model=ReportSeen,
    responses=problems(*WRITE),
)
async def draft_campaign_report(uow: Uow, campaign_id: UUID, asked: DraftReport | None = None) -> Response:
    identifier = await drafting.of_campaign(uow, campaign_id, asked or DraftReport())
    return await answer(uow, reading.REPORTS, identifier, status=201, location=PATH)
