"""The official list of provinces and communes."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.base import Listing
from app.models.body import PlaceCode, PlaceFilter, PlaceRead
from app.routers.deps import Reading, answer, json
from app.services import places

router = APIRouter(prefix="/v1/places", tags=["places"])


@router.get(
    "",
    operation_id="list_places",
    summary="Tìm đơn vị hành chính · Find administrative units",
    response_model=Listing[PlaceRead],
    responses=problems(*READ),
)
async def list_places(uow: Reading, query: Annotated[PlaceFilter, Query()]) -> Response:
    return json(await places.listing(uow, query))


@router.get(
    "/{code}",
    operation_id="get_place",
    summary="Xem một đơn vị hành chính · One administrative unit",
    response_model=PlaceRead,
    responses=problems(*READ),
)
async def read_place(uow: Reading, code: Annotated[PlaceCode, Path(examples=["19867"])]) -> Response:
    return await answer(uow, places.PLACE, code)
