"""Proposals put before briefings: each with its answer, wherever it stands on an agenda."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, problems
from app.domain.proposal import PROPOSAL
from app.models.base import Listing
from app.models.proposal import Proposal, ProposalFilter, ProposalMove, ProposalRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.briefings import proposing, reading

router = APIRouter(prefix="/v1/proposals", tags=["briefings"])


@router.get(
    "",
    operation_id="list_proposals",
    summary="Kiến nghị, đề xuất tại giao ban · Proposals put before briefings",
    response_model=Listing[ProposalRead],
    responses=problems(*READ),
)
async def list_proposals(uow: Reading, asked: Annotated[ProposalFilter, Query()]) -> Response:
    return json(await reading.proposals_page(uow, asked))


@router.get(
    "/{proposal_id}",
    operation_id="get_proposal",
    summary="Một kiến nghị, đề xuất · One proposal",
    response_model=ProposalRead,
    responses=problems(*READ),
)
async def get_proposal(uow: Reading, proposal_id: UUID) -> Response:
    return await answer(uow, reading.PROPOSALS, proposal_id)


tell_history(router, Proposal, "proposal", vi="kiến nghị, đề xuất", en="a proposal")


@router.post(
    "/{proposal_id}/transitions",
    operation_id="advance_proposal",
    summary="Trả lời kiến nghị, đề xuất · Answer a proposal",
    description=PROPOSAL.markdown(),
    response_model=ProposalRead,
    responses=problems(*CHANGE),
)
async def advance_proposal(
    uow: Uow, proposal_id: UUID, move: Annotated[ProposalMove, Body()], expected: IfMatch
) -> Response:
    await proposing.advance(uow, proposal_id, move, expected)
    return await answer(uow, reading.PROPOSALS, proposal_id)
