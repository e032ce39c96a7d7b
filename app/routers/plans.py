"""Yearly plans of supervision and social criticism, with the agreement of their counterparts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.plan import PLAN
from app.models.base import Listing, ListQuery
from app.models.campaign import RefusalAnswer
from app.models.deadline import DeadlineRead
from app.models.plan import (
    ApprovalCreate,
    Plan,
    PlanConcurrenceCreate,
    PlanConcurrenceRead,
    PlanCreate,
    PlanFilter,
    PlanMove,
    PlanSeen,
    PlanUpdate,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.plans import concurrences, dates, moves, reading, writing
from app.services.reading import Page

PATH = "/v1/plans"
router = APIRouter(prefix=PATH, tags=["plans"])


@router.get(
    "",
    operation_id="list_plans",
    summary="Kế hoạch giám sát, phản biện hằng năm · Yearly plans",
    response_model=Listing[PlanSeen],
    responses=problems(*READ),
)
async def list_plans(uow: Reading, asked: Annotated[PlanFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_plan",
    summary="Lập kế hoạch của một năm · Draft a year's plan",
    description=(
        "Mỗi cơ quan một kế hoạch mỗi năm; điều chỉnh trong năm là ấn bản tiếp theo (`revise`). · "
        "One for each body and year; an adjustment during the year is its next edition (`revise`)."
    ),
    response_model=PlanSeen,
    responses=problems(*WRITE),
)
async def create_plan(uow: Uow, payload: PlanCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.PLANS, identifier, status=201, location=PATH)


@router.get(
    "/{plan_id}",
    operation_id="get_plan",
    summary="Một kế hoạch năm · One yearly plan",
    response_model=PlanSeen,
    responses=problems(*READ),
)
async def get_plan(uow: Reading, plan_id: UUID) -> Response:
    return await answer(uow, reading.PLANS, plan_id)


@router.patch(
    "/{plan_id}",
    operation_id="update_plan",
    summary="Sửa tên kế hoạch · Change a plan's title",
    response_model=PlanSeen,
    responses=problems(*CHANGE),
)
async def update_plan(uow: Uow, plan_id: UUID, payload: PlanUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, plan_id, payload, expected)
    return await answer(uow, reading.PLANS, plan_id)


tell_history(router, Plan, "plan", vi="kế hoạch năm", en="a yearly plan")


@router.post(
    "/{plan_id}/transitions",
    operation_id="advance_plan",
    summary="Chuyển bước một kế hoạch năm · Take a step of a yearly plan",
    description=PLAN.markdown(),
    response_model=PlanSeen,
    responses=problems(*CHANGE),
)
async def advance_plan(uow: Uow, plan_id: UUID, move: Annotated[PlanMove, Body()], expected: IfMatch) -> Response:
    await moves.advance(uow, plan_id, move, expected)
    return await answer(uow, reading.PLANS, plan_id)


@router.post(
    "/{plan_id}/approvals",
    status_code=201,
    operation_id="record_plan_approval",
    summary="Ghi đề xuất, ý kiến cấp ủy, thông báo trước kế hoạch · Record the papers before a plan",
    description=(
        "Đề xuất → ý kiến của cấp ủy → thông báo → kế hoạch; luật không bắt buộc bước nào. · "
        "Proposal → the Party committee's approval → notice → plan; the law requires none of them."
    ),
    response_model=PlanSeen,
    responses=problems(*WRITE),
)
async def record_plan_approval(uow: Uow, plan_id: UUID, payload: ApprovalCreate) -> Response:
    await writing.record_approval(uow, plan_id, payload)
    return await answer(uow, reading.PLANS, plan_id, status=201)


@router.get(
    "/{plan_id}/concurrences",
    operation_id="list_plan_concurrences",
    summary="Ý kiến của các cơ quan được hỏi · What the asked counterparts answered",
    response_model=Listing[PlanConcurrenceRead],
    responses=problems(*READ),
)
async def list_plan_concurrences(uow: Reading, plan_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await concurrences.page(uow, plan_id, Page.of(query)))


@router.post(
    "/{plan_id}/concurrences",
    status_code=201,
    operation_id="concur_with_plan",
    summary="Cơ quan được hỏi thống nhất hoặc không · A counterpart agrees with the plan or refuses",
    response_model=PlanConcurrenceRead,
    responses=problems(*WRITE),
)
async def concur_with_plan(uow: Uow, plan_id: UUID, payload: PlanConcurrenceCreate) -> Response:
    identifier = await concurrences.concur(uow, plan_id, payload)
    return await answer(uow, concurrences.CONCURRENCES, identifier, status=201)


@router.post(
    "/{plan_id}/concurrences/{body_id}/answers",
    status_code=201,
    operation_id="answer_plan_refusal",
    summary="Trả lời cơ quan không thống nhất · Answer a counterpart's refusal of the plan",
    response_model=PlanConcurrenceRead,
    responses=problems(*WRITE),
)
async def answer_plan_refusal(uow: Uow, plan_id: UUID, body_id: UUID, payload: RefusalAnswer) -> Response:
    identifier = await concurrences.answer_refusal(uow, plan_id, body_id, payload)
    return await answer(uow, concurrences.CONCURRENCES, identifier, status=201)


@router.get(
    "/{plan_id}/deadlines",
    operation_id="list_plan_deadlines",
    summary="Hạn ban hành và căn cứ · The day by which the plan is to be issued, with its legal basis",
    response_model=Listing[DeadlineRead],
    responses=problems(*READ),
)
async def list_plan_deadlines(uow: Reading, plan_id: UUID) -> Response:
    return json(await dates.of(uow, plan_id))
