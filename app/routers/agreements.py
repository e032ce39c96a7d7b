"""Coordination agreements (quy chế phối hợp): commitments, reviews, successors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.agreement import AGREEMENT
from app.models.agreement import (
    Agreement,
    AgreementCreate,
    AgreementFilter,
    AgreementMove,
    AgreementRead,
    AgreementUpdate,
    CommitmentCreate,
    CommitmentRead,
    ReviewCreate,
    ReviewRead,
)
from app.models.base import Listing, ListQuery
from app.models.follow_up import FollowUp
from app.models.recommendation import RecommendationSeen
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.agreements import moves, reading, writing
from app.services.reading import Page
from app.services.recommendations.reading import RECOMMENDATIONS

PATH = "/v1/agreements"
router = APIRouter(prefix=PATH, tags=["agreements"])


@router.get(
    "",
    operation_id="list_agreements",
    summary="Các quy chế phối hợp · Coordination agreements",
    response_model=Listing[AgreementRead],
    responses=problems(*READ),
)
async def list_agreements(uow: Reading, asked: Annotated[AgreementFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_agreement",
    summary="Dự thảo quy chế phối hợp · Draft a coordination agreement",
    response_model=AgreementRead,
    responses=problems(*WRITE),
)
async def create_agreement(uow: Uow, payload: AgreementCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.AGREEMENTS, identifier, status=201, location=PATH)


@router.get(
    "/{agreement_id}",
    operation_id="get_agreement",
    summary="Một quy chế phối hợp · One agreement",
    response_model=AgreementRead,
    responses=problems(*READ),
)
async def get_agreement(uow: Reading, agreement_id: UUID) -> Response:
    return await answer(uow, reading.AGREEMENTS, agreement_id)


@router.patch(
    "/{agreement_id}",
    operation_id="update_agreement",
    summary="Sửa dự thảo; nêu đầu mối, quy chế tiếp nối · Change a draft; name the focal body, the successor",
    response_model=AgreementRead,
    responses=problems(*CHANGE),
)
async def update_agreement(uow: Uow, agreement_id: UUID, payload: AgreementUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, agreement_id, payload, expected)
    return await answer(uow, reading.AGREEMENTS, agreement_id)


tell_history(router, Agreement, "agreement", vi="quy chế phối hợp", en="an agreement")


@router.post(
    "/{agreement_id}/transitions",
    operation_id="advance_agreement",
    summary="Chuyển bước quy chế phối hợp · Take a step of an agreement",
    description=f"Bên nào cũng là `lead` · Every party is `lead`\n\n{AGREEMENT.markdown()}",
    response_model=AgreementRead,
    responses=problems(*CHANGE),
)
async def advance_agreement(
    uow: Uow, agreement_id: UUID, move: Annotated[AgreementMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, agreement_id, move, expected)
    return await answer(uow, reading.AGREEMENTS, agreement_id)


@router.get(
    "/{agreement_id}/commitments",
    operation_id="list_commitments",
    summary="Cam kết của các bên · What the parties undertook",
    response_model=Listing[CommitmentRead],
    responses=problems(*READ),
)
async def list_commitments(uow: Reading, agreement_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.parts_page(uow, reading.COMMITMENTS, agreement_id, Page.of(query)))


@router.post(
    "/{agreement_id}/commitments",
    status_code=201,
    operation_id="add_commitment",
    summary="Thêm một cam kết · Add a commitment",
    response_model=CommitmentRead,
    responses=problems(*WRITE),
)
async def add_commitment(uow: Uow, agreement_id: UUID, payload: CommitmentCreate) -> Response:
    identifier = await writing.add_commitment(uow, agreement_id, payload)
    return await answer(
        uow, reading.COMMITMENTS, identifier, status=201, listed_in=f"{PATH}/{agreement_id}/commitments"
    )


@router.post(
    "/{agreement_id}/commitments/{commitment_id}/recommendation",
    status_code=201,
    operation_id="follow_up_commitment",
    summary="Lập kiến nghị để theo dõi cam kết · Make a recommendation of a commitment",
    response_model=RecommendationSeen,
    responses=problems(*WRITE),
)
async def follow_up_commitment(uow: Uow, agreement_id: UUID, commitment_id: UUID, payload: FollowUp) -> Response:
    identifier = await writing.follow_up(uow, agreement_id, commitment_id, payload)
    return await answer(uow, RECOMMENDATIONS, identifier, status=201, location="/v1/recommendations")


@router.get(
    "/{agreement_id}/reviews",
    operation_id="list_agreement_reviews",
    summary="Sơ kết, tổng kết · Reviews of an agreement",
    response_model=Listing[ReviewRead],
    responses=problems(*READ),
)
async def list_agreement_reviews(uow: Reading, agreement_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.parts_page(uow, reading.REVIEWS, agreement_id, Page.of(query)))


@router.post(
    "/{agreement_id}/reviews",
    status_code=201,
    operation_id="add_agreement_review",
    summary="Ghi kết quả sơ kết, tổng kết · Record a review",
    response_model=ReviewRead,
    responses=problems(*WRITE),
)
async def add_agreement_review(uow: Uow, agreement_id: UUID, payload: ReviewCreate) -> Response:
    identifier = await writing.add_review(uow, agreement_id, payload)
    return await answer(uow, reading.REVIEWS, identifier, status=201, listed_in=f"{PATH}/{agreement_id}/reviews")
