"""Reorganisation: which bodies became which."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.base import Listing
from app.models.body import LineageEventCreate, LineageEventFilter, LineageEventRead
from app.routers.deps import Reading, Uow, answer, json
from app.services import lineage_events

router = APIRouter(prefix="/v1/lineage-events", tags=["bodies"])


@router.get(
    "",
    operation_id="list_lineage_events",
    summary="Các lần sắp xếp tổ chức · Reorganisations",
    response_model=Listing[LineageEventRead],
    responses=problems(*READ),
)
async def list_lineage_events(uow: Reading, query: Annotated[LineageEventFilter, Query()]) -> Response:
    return json(await lineage_events.listing(uow, query))


@router.post(
    "",
    operation_id="create_lineage_event",
    summary="Ghi nhận sáp nhập, chia, giải thể… (quản trị danh bạ) · Record a reorganisation (registrar)",
    response_model=LineageEventRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_lineage_event(uow: Uow, payload: LineageEventCreate) -> Response:
    made = await lineage_events.record(uow, payload)
    return await answer(uow, lineage_events.LINEAGE_EVENT, made, status=201, location="/v1/lineage-events")


@router.get(
    "/{event_id}",
    operation_id="get_lineage_event",
    summary="Xem một lần sắp xếp · One reorganisation",
    response_model=LineageEventRead,
    responses=problems(*READ),
)
async def read_lineage_event(uow: Reading, event_id: UUID) -> Response:
    return await answer(uow, lineage_events.LINEAGE_EVENT, event_id)
