"""Overlap radar: other work on a body in a window, before anything is planned."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.core.problems import READ, problems
from app.models.overlap import OverlapQuery, OverlapReport
from app.routers.deps import Reading
from app.services import overlaps

router = APIRouter(prefix="/v1/overlaps", tags=["campaigns"])


@router.get(
    "",
    operation_id="list_overlaps",
    summary="Rà soát chồng chéo trên một cơ quan · Overlaps on a body",
    response_model=OverlapReport,
    response_model_exclude_none=True,
    responses=problems(*READ, 403),
)
async def list_overlaps(uow: Reading, asked: Annotated[OverlapQuery, Query()]) -> OverlapReport:
    return await overlaps.search(uow, asked)
