"""Records as papers, in the form that the State or the Party prescribes: to be edited as DOCX, printed as PDF."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.paper import PaperQuery
from app.routers.deps import Reading
from app.routers.files import PAPER, send_paper
from app.services.papers import reports
from app.services.papers.files import to_file

router = APIRouter(prefix="/v1", tags=["papers"])
Asked = Annotated[PaperQuery, Query()]


@router.get(
    "/reports/{report_id}/file",
    operation_id="get_report_file",
    summary="Báo cáo, thông báo, kết luận thành văn bản · A report as a paper",
    description=(
        "Đúng phần được xem; có ý kiến bảo lưu và mã băm của bản đã chốt. · As much as the caller sees of the report, "
        "with reserved opinions and the hash of the frozen text."
    ),
    response_class=Response,
    responses={**PAPER, **problems(*READ)},
)
async def get_report_file(request: Request, uow: Reading, report_id: UUID, asked: Asked) -> Response:
    return await send_paper(request, uow, to_file(await reports.paper(uow, report_id), asked.format))
