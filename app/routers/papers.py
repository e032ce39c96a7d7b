"""Records as papers, in the form that the State or the Party prescribes: to be edited as DOCX, printed as PDF."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.adapters import xlsx
from app.core.problems import READ, problems
from app.domain.paper import Paper
from app.models.paper import CampaignPaper, CampaignPaperQuery, PaperFormat, PaperQuery, TableFormat, TableQuery
from app.routers.deps import Reading
from app.routers.files import BYTES, PAPER, send_paper, send_workbook
from app.services.papers import campaigns, criticism, recommendations, reports, sessions
from app.services.papers.files import to_file
from app.services.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["papers"], responses={**PAPER, **problems(*READ)})
Asked = Annotated[PaperQuery, Query()]


async def _send(request: Request, uow: UnitOfWork, paper: Paper, asked: PaperQuery) -> Response:
    return await send_paper(request, uow, to_file(paper, asked.format))


@router.get(
    "/reports/{report_id}/file",
    operation_id="get_report_file",
    summary="Báo cáo, thông báo, kết luận thành văn bản · A report as a paper",
    description=(
        "Đúng phần được xem; có ý kiến bảo lưu và mã băm của bản đã chốt. · As much as the caller sees of the report, "
        "with reserved opinions and the hash of the frozen text."
    ),
    response_class=Response,
)
async def get_report_file(request: Request, uow: Reading, report_id: UUID, asked: Asked) -> Response:
    return await _send(request, uow, await reports.paper(uow, report_id), asked)


@router.get(
    "/campaigns/{campaign_id}/file",
    operation_id="get_campaign_file",
    summary="Kế hoạch giám sát, đề cương báo cáo thành văn bản · Plan or outline of a campaign as a paper",
    response_class=Response,
)
async def get_campaign_file(
    request: Request, uow: Reading, campaign_id: UUID, asked: Annotated[CampaignPaperQuery, Query()]
) -> Response:
    draw_up = campaigns.outline if asked.paper == CampaignPaper.OUTLINE else campaigns.plan
    return await _send(request, uow, await draw_up(uow, campaign_id), asked)


@router.get(
    "/delegations/{delegation_id}/file",
    operation_id="get_delegation_file",
    summary="Quyết định thành lập đoàn giám sát thành văn bản · The decision that sets up a delegation as a paper",
    response_class=Response,
)
async def get_delegation_file(request: Request, uow: Reading, delegation_id: UUID, asked: Asked) -> Response:
    return await _send(request, uow, await campaigns.decision(uow, delegation_id), asked)


@router.get(
    "/engagements/{engagement_id}/file",
    operation_id="get_engagement_file",
    summary="Công văn thông báo cho đối tượng được giám sát · The notice to the supervised party as a paper",
    response_class=Response,
)
async def get_engagement_file(request: Request, uow: Reading, engagement_id: UUID, asked: Asked) -> Response:
    return await _send(request, uow, await campaigns.notification(uow, engagement_id), asked)


@router.get(
    "/engagements/{engagement_id}/sessions/{session_id}/file",
    operation_id="get_engagement_session_file",
    summary="Biên bản buổi làm việc thành văn bản · The minutes of a working session as a paper",
    response_class=Response,
)
async def get_session_file(
    request: Request, uow: Reading, engagement_id: UUID, session_id: UUID, asked: Asked
) -> Response:
    return await _send(request, uow, await sessions.minutes(uow, engagement_id, session_id), asked)


@router.get(
    "/drafts/{draft_id}/file",
    operation_id="get_draft_file",
    summary="Văn bản phản biện xã hội · The criticism document as a paper",
    description=(
        "Theo năm nội dung của khoản 2 Điều 33 Luật MTTQ, rồi từng điều, khoản. Cơ quan chủ trì đọc được từ đầu, cơ "
        "quan soạn thảo từ khi ban hành. · By the five points of Article 33(2), then clause by clause; for the lead, "
        "and for the drafting body once issued."
    ),
    response_class=Response,
)
async def get_draft_file(request: Request, uow: Reading, draft_id: UUID, asked: Asked) -> Response:
    return await _send(request, uow, await criticism.document(uow, draft_id), asked)


@router.get(
    "/drafts/{draft_id}/matrix/file",
    operation_id="get_draft_matrix_file",
    summary="Bảng tiếp thu, giải trình thành văn bản, bảng tính · The matrix as a paper or a workbook",
    response_class=Response,
    responses={200: {"content": {**PAPER[200]["content"], xlsx.MEDIA_TYPE: BYTES}}},
)
async def get_draft_matrix_file(
    request: Request, uow: Reading, draft_id: UUID, asked: Annotated[TableQuery, Query()]
) -> Response:
    if asked.format == TableFormat.XLSX:
        name, said = await criticism.workbook(uow, draft_id)
        return await send_workbook(uow, name, partial(criticism.written, said))
    paper = await criticism.matrix(uow, draft_id)
    return await send_paper(request, uow, to_file(paper, PaperFormat(asked.format)))


@router.get(
    "/recommendations/{recommendation_id}/file",
    operation_id="get_recommendation_file",
    summary="Công văn kiến nghị · A recommendation as a letter",
    response_class=Response,
)
async def get_recommendation_file(request: Request, uow: Reading, recommendation_id: UUID, asked: Asked) -> Response:
    return await _send(request, uow, await recommendations.letter(uow, recommendation_id), asked)


@router.get(
    "/recommendations/{recommendation_id}/reminders/{reminder_id}/file",
    operation_id="get_recommendation_reminder_file",
    summary="Công văn đôn đốc · A reminder as a letter",
    response_class=Response,
)
async def get_reminder_file(
    request: Request, uow: Reading, recommendation_id: UUID, reminder_id: UUID, asked: Asked
) -> Response:
    return await _send(request, uow, await recommendations.reminder(uow, recommendation_id, reminder_id), asked)


@router.get(
    "/recommendations/{recommendation_id}/escalations/{escalation_id}/file",
    operation_id="get_recommendation_escalation_file",
    summary="Công văn báo cáo cấp trên · An escalation as a letter",
    response_class=Response,
)
async def get_escalation_file(
    request: Request, uow: Reading, recommendation_id: UUID, escalation_id: UUID, asked: Asked
) -> Response:
    return await _send(request, uow, await recommendations.escalation(uow, recommendation_id, escalation_id), asked)
