"""Items of yearly plans: content, form, time, subject and object (NQLT 403/2017 Điều 3 khoản 4)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing
from app.models.campaign import CampaignSeen
from app.models.overlap import OverlapReport, Resolution, ResolutionRead
from app.models.plan import CampaignFromItem, PlanItemCreate, PlanItemFilter, PlanItemSeen, PlanItemUpdate
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services.campaigns.reading import CAMPAIGNS
from app.services.overlaps import reports as overlaps
from app.services.overlaps import resolutions
from app.services.overlaps.reading import RESOLUTIONS
from app.services.plans import campaigns, reading, writing

PATH = "/v1/plan-items"
router = APIRouter(prefix=PATH, tags=["plans"])


@router.get(
    "",
    operation_id="list_plan_items",
    summary="Các nội dung trong kế hoạch năm · Items of yearly plans",
    response_model=Listing[PlanItemSeen],
    responses=problems(*READ),
)
async def list_plan_items(uow: Reading, asked: Annotated[PlanItemFilter, Query()]) -> Response:
    return json(await reading.items_page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_plan_item",
    summary="Thêm một nội dung vào dự thảo kế hoạch · Add an item to a draft plan",
    response_model=PlanItemSeen,
    responses=problems(*WRITE),
)
async def create_plan_item(uow: Uow, payload: PlanItemCreate) -> Response:
    identifier = await writing.add_item(uow, payload)
    return await answer(uow, reading.ITEMS, identifier, status=201, location=PATH)


@router.get(
    "/{item_id}",
    operation_id="get_plan_item",
    summary="Một nội dung trong kế hoạch · One item of a plan",
    response_model=PlanItemSeen,
    responses=problems(*READ),
)
async def get_plan_item(uow: Reading, item_id: UUID) -> Response:
    return await answer(uow, reading.ITEMS, item_id)


@router.patch(
    "/{item_id}",
    operation_id="update_plan_item",
    summary="Sửa một nội dung của dự thảo kế hoạch · Change an item of a draft plan",
    response_model=PlanItemSeen,
    responses=problems(*CHANGE),
)
async def update_plan_item(uow: Uow, item_id: UUID, payload: PlanItemUpdate, expected: IfMatch) -> Response:
    await writing.update_item(uow, item_id, payload, expected)
    return await answer(uow, reading.ITEMS, item_id)


@router.delete(
    "/{item_id}",
    status_code=204,
    operation_id="drop_plan_item",
    summary="Bỏ một nội dung khỏi dự thảo kế hoạch · Drop an item from a draft plan",
    responses=problems(*CHANGE),
)
async def drop_plan_item(uow: Uow, item_id: UUID, expected: IfMatch) -> None:
    await writing.drop_item(uow, item_id, expected)


@router.post(
    "/{item_id}/campaigns",
    status_code=201,
    operation_id="propose_planned_campaign",
    summary="Đề xuất cuộc giám sát theo kế hoạch · Propose the campaign that an item plans",
    response_model=CampaignSeen,
    responses=problems(*WRITE),
)
async def propose_planned_campaign(uow: Uow, item_id: UUID, payload: CampaignFromItem) -> Response:
    identifier = await campaigns.propose(uow, item_id, payload)
    return await answer(uow, CAMPAIGNS, identifier, status=201, location="/v1/campaigns")


@router.get(
    "/{item_id}/overlaps",
    operation_id="list_plan_item_overlaps",
    summary="Báo cáo rà soát chồng chéo của một nội dung kế hoạch · Overlap report of a plan item",
    response_model=OverlapReport,
    response_model_exclude_none=True,
    responses=problems(*READ, 403, 409),
)
async def list_plan_item_overlaps(uow: Reading, item_id: UUID) -> OverlapReport:
    return await overlaps.of_item(uow, item_id)


@router.post(
    "/{item_id}/overlaps/{overlap_id}/resolutions",
    status_code=201,
    operation_id="resolve_plan_item_overlap",
    summary="Xử lý chồng chéo của một nội dung kế hoạch · Resolve an overlap of a plan item",
    response_model=ResolutionRead,
    responses=problems(*WRITE),
)
async def resolve_plan_item_overlap(
    uow: Uow, item_id: UUID, overlap_id: UUID, how: Annotated[Resolution, Body()]
) -> Response:
    identifier = await resolutions.of_item(uow, item_id, overlap_id, how)
    return await answer(uow, RESOLUTIONS, identifier, status=201)
