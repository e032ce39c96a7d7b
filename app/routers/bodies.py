"""Bodies, their dated names, and the people whom a partner offers to the lead."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing, ListQuery
from app.models.body import (
    BodyCreate,
    BodyFilter,
    BodyNameCreate,
    BodyNameRead,
    BodyRead,
    BodyUpdate,
    DelegateRead,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services import bodies
from app.services.reading import Page

router = APIRouter(prefix="/v1/bodies", tags=["bodies"])


@router.get(
    "",
    operation_id="list_bodies",
    summary="Tìm cơ quan, tổ chức · Find bodies",
    response_model=Listing[BodyRead],
    responses=problems(*READ),
)
async def list_bodies(uow: Reading, query: Annotated[BodyFilter, Query()]) -> Response:
    return json(await bodies.listing(uow, query))


@router.post(
    "",
    operation_id="create_body",
    summary="Thêm cơ quan (quản trị danh bạ) · Add a body (registrar)",
    response_model=BodyRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_body(uow: Uow, payload: BodyCreate) -> Response:
    made = await bodies.create(uow, payload)
    return await answer(uow, bodies.BODY, made, status=201, location="/v1/bodies")


@router.get(
    "/{body_id}",
    operation_id="get_body",
    summary="Xem một cơ quan · One body",
    response_model=BodyRead,
    responses=problems(*READ),
)
async def read_body(uow: Reading, body_id: UUID) -> Response:
    return await answer(uow, bodies.BODY, body_id)


@router.patch(
    "/{body_id}",
    operation_id="update_body",
    summary="Sửa cơ quan (quản trị danh bạ) · Change a body (registrar)",
    response_model=BodyRead,
    responses=problems(*CHANGE),
)
async def update_body(uow: Uow, body_id: UUID, payload: BodyUpdate, expected: IfMatch) -> Response:
    await bodies.update(uow, body_id, payload, expected)
    return await answer(uow, bodies.BODY, body_id)


@router.get(
    "/{body_id}/names",
    operation_id="list_body_names",
    summary="Các tên qua từng thời kỳ · The names it has borne",
    response_model=Listing[BodyNameRead],
    responses=problems(*READ),
)
async def list_body_names(uow: Reading, body_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await bodies.names(uow, body_id, Page.of(query)))


@router.post(
    "/{body_id}/names",
    operation_id="add_body_name",
    summary="Đặt tên mới từ một ngày (quản trị danh bạ) · A new name from a day on (registrar)",
    response_model=BodyNameRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def add_body_name(uow: Uow, body_id: UUID, payload: BodyNameCreate) -> Response:
    made = await bodies.add_name(uow, body_id, payload)
    return await answer(uow, bodies.NAME, made, status=201, location=f"/v1/bodies/{body_id}/names")


@router.get(
    "/{body_id}/delegates",
    operation_id="list_delegates",
    summary="Người của cơ quan phối hợp có thể tham gia đoàn · People of a partner who may join a delegation",
    response_model=Listing[DelegateRead],
    responses=problems(*READ, 403),
)
async def list_delegates(uow: Reading, body_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await bodies.delegates(uow, body_id, Page.of(query)))
