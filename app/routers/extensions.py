"""More time for a recommendation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.extension import EXTENSION
from app.models.base import Listing, ListQuery
from app.models.extension import Extension, ExtensionCreate, ExtensionMove, ExtensionRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history_of_part
from app.services.recommendations import extensions, parts

PATH = "/v1/recommendations"
router = APIRouter(prefix=PATH, tags=["recommendations"])


@router.get(
    "/{recommendation_id}/extensions",
    operation_id="list_extensions",
    summary="Các lần xin gia hạn · Requests for more time",
    response_model=Listing[ExtensionRead],
    responses=problems(*READ),
)
async def list_extensions(uow: Reading, recommendation_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await parts.listed(uow, extensions.EXTENSIONS, recommendation_id, query))


@router.post(
    "/{recommendation_id}/extensions",
    status_code=201,
    operation_id="ask_extension",
    summary="Xin gia hạn · Ask for more time",
    response_model=ExtensionRead,
    responses=problems(*WRITE),
)
async def ask_extension(uow: Uow, recommendation_id: UUID, payload: ExtensionCreate) -> Response:
    made = await extensions.ask(uow, recommendation_id, payload)
    location = f"{PATH}/{recommendation_id}/extensions"
    return await answer(uow, extensions.EXTENSIONS, made, status=201, location=location)


@router.get(
    "/{recommendation_id}/extensions/{extension_id}",
    operation_id="get_extension",
    summary="Một lần xin gia hạn · One request for more time",
    response_model=ExtensionRead,
    responses=problems(*READ),
)
async def get_extension(uow: Reading, recommendation_id: UUID, extension_id: UUID) -> Response:
    await parts.part(uow, Extension, recommendation_id, extension_id)
    return await answer(uow, extensions.EXTENSIONS, extension_id)


tell_history_of_part(router, Extension, "extensions", "extension", vi="một lần xin gia hạn", en="a request for time")


@router.post(
    "/{recommendation_id}/extensions/{extension_id}/transitions",
    operation_id="advance_extension",
    summary="Cho gia hạn, từ chối, hoặc rút lại · Grant, refuse or withdraw",
    description=EXTENSION.markdown(),
    response_model=ExtensionRead,
    responses=problems(*CHANGE),
)
async def advance_extension(
    uow: Uow,
    recommendation_id: UUID,
    extension_id: UUID,
    move: Annotated[ExtensionMove, Body()],
    expected: IfMatch,
) -> Response:
    await extensions.advance(uow, recommendation_id, extension_id, move, expected)
    return await answer(uow, extensions.EXTENSIONS, extension_id)
