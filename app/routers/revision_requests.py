"""Requests that a supervised party revise and resend its own report."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, problems
from app.domain.engagement import REVISION_REQUEST
from app.models.base import Listing
from app.models.engagement import RevisionRequest
from app.models.revision_request import RevisionRequestFilter, RevisionRequestRead, Waive
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.engagements import revision_requests

router = APIRouter(prefix="/v1/revision-requests", tags=["engagements"])


@router.get(
    "",
    operation_id="list_revision_requests",
    summary="Các yêu cầu bổ sung báo cáo · Revision requests",
    response_model=Listing[RevisionRequestRead],
    responses=problems(*READ),
)
async def list_revision_requests(uow: Reading, asked: Annotated[RevisionRequestFilter, Query()]) -> Response:
    return json(await revision_requests.page(uow, asked))


@router.get(
    "/{revision_request_id}",
    operation_id="get_revision_request",
    summary="Một yêu cầu bổ sung báo cáo · One revision request",
    response_model=RevisionRequestRead,
    responses=problems(*READ),
)
async def get_revision_request(uow: Reading, revision_request_id: UUID) -> Response:
    return await answer(uow, revision_requests.REVISION_REQUESTS, revision_request_id)


tell_history(router, RevisionRequest, "revision_request", vi="yêu cầu bổ sung báo cáo", en="a revision request")


@router.post(
    "/{revision_request_id}/transitions",
    operation_id="advance_revision_request",
    summary="Miễn yêu cầu bổ sung báo cáo · Waive a revision request",
    description=REVISION_REQUEST.markdown(),
    response_model=RevisionRequestRead,
    responses=problems(*CHANGE),
)
async def advance_revision_request(uow: Uow, revision_request_id: UUID, move: Waive, expected: IfMatch) -> Response:
    await revision_requests.advance(uow, revision_request_id, move, expected)
    return await answer(uow, revision_requests.REVISION_REQUESTS, revision_request_id)
