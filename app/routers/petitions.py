"""Petitions (đơn, kiến nghị của công dân): their way from body to body, and the protected identity of who sent them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.petition import PETITION
from app.models.base import Listing, ListQuery
from app.models.petition import (
    DisclosureCreate,
    DisclosureLine,
    DisclosureRead,
    FiguresQuery,
    Petition,
    PetitionCreate,
    PetitionFigures,
    PetitionFilter,
    PetitionMove,
    PetitionSeen,
    PetitionSuggestions,
    PetitionUpdate,
    ReceiptCreate,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.petitions import counting, moves, reading, writing
from app.services.reading import Page

PATH = "/v1/petitions"
router = APIRouter(prefix=PATH, tags=["petitions"])


@router.get(
    "",
    operation_id="list_petitions",
    summary="Đơn, kiến nghị của công dân · Petitions",
    response_model=Listing[PetitionSeen],
    responses=problems(*READ),
)
async def list_petitions(uow: Reading, asked: Annotated[PetitionFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_petition",
    summary="Tiếp nhận đơn · Register a petition",
    description="Người gửi được cất riêng, không bao giờ có trong câu trả lời. · The sender is kept apart.",
    response_model=PetitionSeen,
    responses=problems(*WRITE),
)
async def create_petition(uow: Uow, payload: PetitionCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.PETITIONS, identifier, status=201, location=PATH)


@router.get(
    "/figures",
    operation_id="count_petitions",
    summary="Số đơn tiếp nhận, chuyển, giải quyết · Petitions received, forwarded, settled",
    description="Số dưới 5 chỉ cho cơ quan trên đường đi của đơn. · Figures under 5 are for those on the path.",
    response_model=PetitionFigures,
    responses=problems(*READ),
)
async def count_petitions(uow: Reading, asked: Annotated[FiguresQuery, Query()]) -> Response:
    return json(await counting.figures(uow, asked))


@router.get(
    "/suggestions",
    operation_id="suggest_plan_items",
    summary="Gợi ý nội dung giám sát từ đơn chưa giải quyết · What open petitions suggest to supervise",
    response_model=PetitionSuggestions,
    responses=problems(*READ),
)
async def suggest_plan_items(uow: Reading) -> Response:
    return json(await counting.suggestions(uow))


@router.get(
    "/{petition_id}",
    operation_id="get_petition",
    summary="Một đơn · One petition",
    response_model=PetitionSeen,
    responses=problems(*READ),
)
async def get_petition(uow: Reading, petition_id: UUID) -> Response:
    return await answer(uow, reading.PETITIONS, petition_id)


@router.patch(
    "/{petition_id}",
    operation_id="update_petition",
    summary="Sửa trước khi có trả lời · Change a petition before it is answered",
    response_model=PetitionSeen,
    responses=problems(*CHANGE),
)
async def update_petition(uow: Uow, petition_id: UUID, payload: PetitionUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, petition_id, payload, expected)
    return await answer(uow, reading.PETITIONS, petition_id)


tell_history(router, Petition, "petition", vi="đơn", en="a petition")


@router.post(
    "/{petition_id}/transitions",
    operation_id="advance_petition",
    summary="Chuyển bước một đơn · Take a step of a petition",
    description=f"`lead` tiếp nhận, `addressee` đang giữ · received by, held by\n\n{PETITION.markdown()}",
    response_model=PetitionSeen,
    responses=problems(*CHANGE),
)
async def advance_petition(
    uow: Uow, petition_id: UUID, move: Annotated[PetitionMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, petition_id, move, expected)
    return await answer(uow, reading.PETITIONS, petition_id)


@router.post(
    "/{petition_id}/forwards/{forward_id}/receipt",
    status_code=201,
    operation_id="acknowledge_petition",
    summary="Ghi nhận đã nhận đơn chuyển đến · Acknowledge a forward",
    response_model=PetitionSeen,
    responses=problems(*WRITE),
)
async def acknowledge_petition(uow: Uow, petition_id: UUID, forward_id: UUID, payload: ReceiptCreate) -> Response:
    identifier = await writing.acknowledge(uow, petition_id, forward_id, payload)
    return await answer(uow, reading.PETITIONS, identifier, status=201, location=PATH)


@router.get(
    "/{petition_id}/identity-disclosures",
    operation_id="list_identity_disclosures",
    summary="Ai đã xem danh tính người gửi, vì sao · Who asked for the sender's identity, and why",
    response_model=Listing[DisclosureLine],
    responses=problems(*READ),
)
async def list_identity_disclosures(uow: Reading, petition_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.disclosures_page(uow, petition_id, Page.of(query)))


@router.post(
    "/{petition_id}/identity-disclosures",
    status_code=201,
    operation_id="disclose_identity",
    summary="Xem danh tính người gửi · Learn who sent the petition",
    description="Mỗi lần xem để lại một dòng nhật ký. · Every reading leaves a line in the audit.",
    response_model=DisclosureRead,
    responses=problems(*WRITE),
)
async def disclose_identity(uow: Uow, petition_id: UUID, payload: DisclosureCreate) -> Response:
    identifier, identity = await writing.disclose(uow, petition_id, payload)
    shown = {"identity": identity.model_dump()}
    address = f"{PATH}/{petition_id}/identity-disclosures"
    return await answer(uow, reading.DISCLOSURES, identifier, status=201, listed_in=address, once=shown)
