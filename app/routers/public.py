"""What everybody may read without signing in: published conclusions, without what was held back."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query
from starlette.responses import Response

from app.core.problems import problems
from app.models.base import Listing
from app.models.report import PublicEntry, PublicFilter, PublicReport
from app.routers.deps import AnonymousReading
from app.services.reading import read_one
from app.services.reports import reading

router = APIRouter(prefix="/v1/public/conclusions", tags=["public"])

FRESH = "public, max-age=60"
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Không thay đổi · Not modified since the ETag of If-None-Match"}
}

Known = Annotated[str | None, Header(alias="If-None-Match", description="ETag của lần đọc trước · The ETag last seen")]


@router.get(
    "",
    operation_id="list_public_conclusions",
    summary="Kết luận, thông báo đã công bố · Published conclusions",
    response_model=Listing[PublicEntry],
    responses={**problems(400, 422, 503), **NOT_MODIFIED},
)
async def list_public_conclusions(
    uow: AnonymousReading, asked: Annotated[PublicFilter, Query()], known: Known = None
) -> Response:
    return cacheable(await reading.published_page(uow, asked), known)


@router.get(
    "/{report_id}",
    operation_id="get_public_conclusion",
    summary="Một kết luận đã công bố · One published conclusion",
    response_model=PublicReport,
    responses={**problems(404, 422, 503), **NOT_MODIFIED},
)
async def get_public_conclusion(uow: AnonymousReading, report_id: UUID, known: Known = None) -> Response:
    body, _ = await read_one(uow, reading.PUBLISHED, report_id)
    return cacheable(body, known)


def cacheable(body: bytes, known: str | None) -> Response:
    """The same for everybody, so caches may keep it; the ETag is that of the content, whatever changed it."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": FRESH}
    if known is not None and (known.strip() == "*" or etag in _named(known)):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _named(header: str) -> list[str]:
    return [it.strip().removeprefix("W/") for it in header.split(",")]
