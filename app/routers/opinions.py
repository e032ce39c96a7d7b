"""Opinions on drafts, and the answer to each."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing
from app.models.opinion import OpinionCreate, OpinionFilter, OpinionParty, OpinionRead, OpinionReply, OpinionUpdate
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services.criticism import opinions
from app.services.criticism.opinions import OPINIONS

router = APIRouter(prefix="/v1/opinions", tags=["criticism"])

OpinionSeen = OpinionRead | OpinionParty


@router.get(
    "",
    operation_id="list_opinions",
    summary="Các ý kiến phản biện · Opinions",
    response_model=Listing[OpinionSeen],
    responses=problems(*READ),
)
async def list_opinions(uow: Reading, query: Annotated[OpinionFilter, Query()]) -> Response:
    return json(await opinions.page(uow, query))


@router.post(
    "",
    operation_id="give_opinion",
    summary="Góp ý vào một điều, khoản, điểm · Give an opinion on a clause",
    description=(
        "Trong đợt lấy ý kiến; muộn là 409 `round_closed`, trừ khi cơ quan chủ trì nêu người đồng ý nhận "
        "(`late_accepted_by`). · Within the round; a late one is refused unless the lead names who takes it."
    ),
    response_model=OpinionRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def give_opinion(uow: Uow, payload: OpinionCreate) -> Response:
    return await answer(uow, OPINIONS, await opinions.give(uow, payload), status=201, location="/v1/opinions")


@router.get(
    "/{opinion_id}",
    operation_id="get_opinion",
    summary="Một ý kiến · One opinion",
    response_model=OpinionSeen,
    responses=problems(*READ),
)
async def get_opinion(uow: Reading, opinion_id: UUID) -> Response:
    return await answer(uow, OPINIONS, opinion_id)


@router.patch(
    "/{opinion_id}",
    operation_id="revise_opinion",
    summary="Sửa ý kiến, hoặc gắn lại vào điều khoản · Revise an opinion, or anchor it anew",
    response_model=OpinionRead,
    responses=problems(*CHANGE),
)
async def revise_opinion(uow: Uow, opinion_id: UUID, payload: OpinionUpdate, expected: IfMatch) -> Response:
    await opinions.revise(uow, opinion_id, payload, expected)
    return await answer(uow, OPINIONS, opinion_id)


@router.put(
    "/{opinion_id}/answer",
    operation_id="answer_opinion",
    summary="Tiếp thu hoặc giải trình một ý kiến · Accept or explain",
    response_model=OpinionSeen,
    responses=problems(*CHANGE),
)
async def answer_opinion(uow: Uow, opinion_id: UUID, payload: OpinionReply, expected: IfMatch) -> Response:
    await opinions.answer(uow, opinion_id, payload, expected)
    return await answer(uow, OPINIONS, opinion_id)
