"""Overlap radar: other work on a party in a window, before anything is planned and while it is."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.core.problems import READ, problems
from app.models.overlap import Conference, ConferenceQuery, OverlapQuery, OverlapReport
from app.routers.deps import Reading
from app.services.overlaps import reports

router = APIRouter(prefix="/v1/overlaps", tags=["overlaps"])


@router.get(
    "",
    operation_id="list_overlaps",
    summary="Rà soát chồng chéo trên một cơ quan · Overlaps on a body",
    response_model=OverlapReport,
    response_model_exclude_none=True,
    responses=problems(*READ, 403),
)
async def list_overlaps(uow: Reading, asked: Annotated[OverlapQuery, Query()]) -> OverlapReport:
    return await reports.search(uow, asked)


@router.get(
    "/conference",
    operation_id="prepare_conference",
    summary="Rà soát chồng chéo cho hội nghị hiệp thương · Overlaps for the year's consultation conference",
    response_model=Conference,
    response_model_exclude_none=True,
    responses=problems(*READ, 403),
)
async def prepare_conference(uow: Reading, asked: Annotated[ConferenceQuery, Query()]) -> Conference:
    return await reports.conference(uow, asked)
