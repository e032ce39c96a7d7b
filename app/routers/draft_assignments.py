"""What an expert or a member body was asked about a draft, and its recusal."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.core.problems import CHANGE, READ, problems
from app.models.draft import AssignmentRead, Recusal
from app.routers.deps import IfMatch, Reading, Uow, answer
from app.services.criticism import assignments
from app.services.criticism.reading import ASSIGNMENTS

router = APIRouter(prefix="/v1/draft-assignments", tags=["criticism"])


@router.get(
    "/{assignment_id}",
    operation_id="get_draft_assignment",
    summary="Một việc giao góp ý · One assignment",
    response_model=AssignmentRead,
    responses=problems(*READ),
)
async def get_draft_assignment(uow: Reading, assignment_id: UUID) -> Response:
    return await answer(uow, ASSIGNMENTS, assignment_id)


@router.post(
    "/{assignment_id}/recusal",
    operation_id="recuse_from_draft",
    summary="Xin không tham gia góp ý · Recuse oneself",
    response_model=AssignmentRead,
    responses=problems(*CHANGE),
)
async def recuse_from_draft(uow: Uow, assignment_id: UUID, payload: Recusal, expected: IfMatch) -> Response:
    await assignments.recuse(uow, assignment_id, payload, expected)
    return await answer(uow, ASSIGNMENTS, assignment_id)
