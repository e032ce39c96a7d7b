"""What everybody may read without signing in: published conclusions and matrices, without what was held back.

A token makes no difference here: it is not looked at.
"""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from app.core.errors import TooMany
from app.core.problems import problems
from app.core.rates import Buckets
from app.models.base import Listing
from app.models.opinion import PublicMatrix, PublicMatrixEntry, PublicMatrixFilter
from app.models.report import PublicEntry, PublicFilter, PublicReport
from app.routers.deps import AnonymousReading
from app.services.criticism import publishing
from app.services.reading import read_one
from app.services.reports import reading


async def in_measure(request: Request) -> None:
    """Before a connection is taken: whoever asks too often costs nothing."""
    rates: Buckets = request.app.state.public_rates
    if wait := rates.take(request.client.host if request.client else ""):
        raise TooMany(retry_after=wait)


router = APIRouter(prefix="/v1/public", tags=["public"], dependencies=[Depends(in_measure)])

FRESH = "public, max-age=60"
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Không thay đổi · Not modified since the ETag of If-None-Match"}
}
LIST = {**problems(400, 422, 429, 503), **NOT_MODIFIED}
ONE = {**problems(404, 422, 429, 503), **NOT_MODIFIED}

Known = Annotated[str | None, Header(alias="If-None-Match", description="ETag của lần đọc trước · The ETag last seen")]


@router.get(
    "/conclusions",
    operation_id="list_public_conclusions",
    summary="Kết luận, thông báo đã công bố · Published conclusions",
    response_model=Listing[PublicEntry],
    responses=LIST,
)
async def list_public_conclusions(
    uow: AnonymousReading, asked: Annotated[PublicFilter, Query()], known: Known = None
) -> Response:
    return cacheable(await reading.published_page(uow, asked), known)


@router.get(
    "/conclusions/{report_id}",
    operation_id="get_public_conclusion",
    summary="Một kết luận đã công bố · One published conclusion",
    response_model=PublicReport,
    responses=ONE,
)
async def get_public_conclusion(uow: AnonymousReading, report_id: UUID, known: Known = None) -> Response:
    body, _ = await read_one(uow, reading.PUBLISHED, report_id)
    return cacheable(body, known)


@router.get(
    "/matrices",
    operation_id="list_public_matrices",
    summary="Bảng tiếp thu, giải trình đã công bố · Published absorb-and-explain matrices",
    response_model=Listing[PublicMatrixEntry],
    responses=LIST,
)
async def list_public_matrices(
    uow: AnonymousReading, asked: Annotated[PublicMatrixFilter, Query()], known: Known = None
) -> Response:
    return cacheable(await publishing.page(uow, asked), known)


@router.get(
    "/matrices/{draft_id}",
    operation_id="get_public_matrix",
    summary="Một bảng tiếp thu, giải trình đã công bố · One published matrix",
    response_model=PublicMatrix,
    responses=ONE,
)
async def get_public_matrix(uow: AnonymousReading, draft_id: UUID, known: Known = None) -> Response:
    return cacheable(await publishing.matrix(uow, draft_id), known)


def cacheable(body: bytes, known: str | None) -> Response:
    """The same for everybody, so caches may keep it; the ETag is that of the content, whatever changed it."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": FRESH}
    if known is not None and (known.strip() == "*" or etag in _named(known)):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _named(header: str) -> list[str]:
    return [it.strip().removeprefix("W/") for it in header.split(",")]
