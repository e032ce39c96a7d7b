"""Briefings and working sessions (giao ban, buổi làm việc): agenda, proposals, conclusions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.briefing import BRIEFING
from app.models.base import Listing, ListQuery
from app.models.briefing import (
    Briefing,
    BriefingCreate,
    BriefingFilter,
    BriefingMove,
    BriefingSeen,
    BriefingUpdate,
    ConclusionCreate,
    ConclusionRead,
)
from app.models.follow_up import FollowUp
from app.models.proposal import ProposalCreate, ProposalRead
from app.models.recommendation import RecommendationSeen
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.briefings import moves, proposing, reading, writing
from app.services.reading import Page
from app.services.recommendations.reading import RECOMMENDATIONS

PATH = "/v1/briefings"
router = APIRouter(prefix=PATH, tags=["briefings"])


@router.get(
    "",
    operation_id="list_briefings",
    summary="Các hội nghị giao ban, buổi làm việc · Briefings and working sessions",
    response_model=Listing[BriefingSeen],
    responses=problems(*READ),
)
async def list_briefings(uow: Reading, asked: Annotated[BriefingFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_briefing",
    summary="Triệu tập giao ban hoặc buổi làm việc · Call a briefing or working session",
    response_model=BriefingSeen,
    responses=problems(*WRITE),
)
async def create_briefing(uow: Uow, payload: BriefingCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.BRIEFINGS, identifier, status=201, location=PATH)


@router.get(
    "/{briefing_id}",
    operation_id="get_briefing",
    summary="Một hội nghị giao ban, buổi làm việc · One briefing",
    response_model=BriefingSeen,
    responses=problems(*READ),
)
async def get_briefing(uow: Reading, briefing_id: UUID) -> Response:
    return await answer(uow, reading.BRIEFINGS, briefing_id)


@router.patch(
    "/{briefing_id}",
    operation_id="update_briefing",
    summary="Sửa trước khi kết luận · Change a briefing before it is concluded",
    response_model=BriefingSeen,
    responses=problems(*CHANGE),
)
async def update_briefing(uow: Uow, briefing_id: UUID, payload: BriefingUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, briefing_id, payload, expected)
    return await answer(uow, reading.BRIEFINGS, briefing_id)


tell_history(router, Briefing, "briefing", vi="hội nghị giao ban", en="a briefing")


@router.post(
    "/{briefing_id}/transitions",
    operation_id="advance_briefing",
    summary="Chuyển bước · Take a step of a briefing",
    description=BRIEFING.markdown(),
    response_model=BriefingSeen,
    responses=problems(*CHANGE),
)
async def advance_briefing(
    uow: Uow, briefing_id: UUID, move: Annotated[BriefingMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, briefing_id, move, expected)
    return await answer(uow, reading.BRIEFINGS, briefing_id)


@router.post(
    "/{briefing_id}/proposals",
    status_code=201,
    operation_id="put_proposal",
    summary="Nêu kiến nghị, đề xuất · Put a proposal before a briefing",
    response_model=ProposalRead,
    responses=problems(*WRITE),
)
async def put_proposal(uow: Uow, briefing_id: UUID, payload: ProposalCreate) -> Response:
    identifier = await proposing.propose(uow, briefing_id, payload)
    return await answer(uow, reading.PROPOSALS, identifier, status=201, location="/v1/proposals")


@router.get(
    "/{briefing_id}/conclusions",
    operation_id="list_briefing_conclusions",
    summary="Kết luận của người chủ trì · What the chair concluded",
    response_model=Listing[ConclusionRead],
    responses=problems(*READ),
)
async def list_briefing_conclusions(uow: Reading, briefing_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.conclusions_page(uow, briefing_id, Page.of(query)))


@router.post(
    "/{briefing_id}/conclusions",
    status_code=201,
    operation_id="add_briefing_conclusion",
    summary="Ghi một kết luận · Add a conclusion",
    response_model=ConclusionRead,
    responses=problems(*WRITE),
)
async def add_briefing_conclusion(uow: Uow, briefing_id: UUID, payload: ConclusionCreate) -> Response:
    identifier = await writing.add_conclusion(uow, briefing_id, payload)
    return await answer(uow, reading.CONCLUSIONS, identifier, status=201, listed_in=f"{PATH}/{briefing_id}/conclusions")


@router.post(
    "/{briefing_id}/conclusions/{conclusion_id}/recommendation",
    status_code=201,
    operation_id="follow_up_conclusion",
    summary="Lập kiến nghị để theo dõi kết luận · Make a recommendation of a conclusion",
    response_model=RecommendationSeen,
    responses=problems(*WRITE),
)
async def follow_up_conclusion(uow: Uow, briefing_id: UUID, conclusion_id: UUID, payload: FollowUp) -> Response:
    identifier = await writing.follow_up(uow, briefing_id, conclusion_id, payload)
    return await answer(uow, RECOMMENDATIONS, identifier, status=201, location="/v1/recommendations")
