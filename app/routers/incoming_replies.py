"""Papers that came in and may be the answer to a recommendation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.incoming_reply import INCOMING_REPLY
from app.models.base import Listing, ListQuery
from app.models.incoming_reply import IncomingReply, IncomingReplyCreate, IncomingReplyMove, IncomingReplyRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history_of_part
from app.services.recommendations import incoming_replies, parts

PATH = "/v1/recommendations"
router = APIRouter(prefix=PATH, tags=["recommendations"])


@router.get(
    "/{recommendation_id}/incoming-replies",
    operation_id="list_incoming_replies",
    summary="Văn bản đến về kiến nghị · Papers that came in for a recommendation",
    response_model=Listing[IncomingReplyRead],
    responses=problems(*READ),
)
async def list_incoming_replies(
    uow: Reading, recommendation_id: UUID, query: Annotated[ListQuery, Query()]
) -> Response:
    return json(await parts.listed(uow, incoming_replies.INCOMING_REPLIES, recommendation_id, query))


@router.post(
    "/{recommendation_id}/incoming-replies",
    status_code=201,
    operation_id="register_incoming_reply",
    summary="Vào sổ văn bản đến · Register a paper that came in",
    response_model=IncomingReplyRead,
    responses=problems(*WRITE),
)
async def register_incoming_reply(uow: Uow, recommendation_id: UUID, payload: IncomingReplyCreate) -> Response:
    made = await incoming_replies.register(uow, recommendation_id, payload)
    location = f"{PATH}/{recommendation_id}/incoming-replies"
    return await answer(uow, incoming_replies.INCOMING_REPLIES, made, status=201, location=location)


@router.get(
    "/{recommendation_id}/incoming-replies/{incoming_reply_id}",
    operation_id="get_incoming_reply",
    summary="Một văn bản đến · One paper that came in",
    response_model=IncomingReplyRead,
    responses=problems(*READ),
)
async def get_incoming_reply(uow: Reading, recommendation_id: UUID, incoming_reply_id: UUID) -> Response:
    await parts.part(uow, IncomingReply, recommendation_id, incoming_reply_id)
    return await answer(uow, incoming_replies.INCOMING_REPLIES, incoming_reply_id)


tell_history_of_part(
    router, IncomingReply, "incoming-replies", "incoming_reply", vi="một văn bản đến", en="a paper that came in"
)


@router.post(
    "/{recommendation_id}/incoming-replies/{incoming_reply_id}/transitions",
    operation_id="advance_incoming_reply",
    summary="Phân loại văn bản đến · Classify a paper that came in",
    description=INCOMING_REPLY.markdown(),
    response_model=IncomingReplyRead,
    responses=problems(*CHANGE),
)
async def advance_incoming_reply(
    uow: Uow,
    recommendation_id: UUID,
    incoming_reply_id: UUID,
    move: Annotated[IncomingReplyMove, Body()],
    expected: IfMatch,
) -> Response:
    await incoming_replies.advance(uow, recommendation_id, incoming_reply_id, move, expected)
    return await answer(uow, incoming_replies.INCOMING_REPLIES, incoming_reply_id)
