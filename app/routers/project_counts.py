"""How many programmes and projects an area has, which the form on investment boards asks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing
from app.models.board_result import ProjectCountCreate, ProjectCountFilter, ProjectCountRead, ProjectCountUpdate
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services.boards import projects

PATH = "/v1/project-counts"
router = APIRouter(prefix=PATH, tags=["boards"])


@router.get(
    "",
    operation_id="list_project_counts",
    summary="Số chương trình, dự án trên địa bàn · Programmes and projects of areas",
    response_model=Listing[ProjectCountRead],
    responses=problems(*READ),
)
async def list_project_counts(uow: Reading, asked: Annotated[ProjectCountFilter, Query()]) -> Response:
    return json(await projects.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="count_projects",
    summary="Ghi số chương trình, dự án trên địa bàn · Say how many there are",
    description=(
        "Do Ủy ban MTTQ cấp xã ghi, mỗi ngày một số; có giá trị đến lần ghi sau. · By the Front of the commune, once "
        "a day; it holds until the next."
    ),
    response_model=ProjectCountRead,
    responses=problems(*WRITE),
)
async def count_projects(uow: Uow, payload: ProjectCountCreate) -> Response:
    identifier = await projects.count(uow, payload)
    return await answer(uow, projects.PROJECT_COUNTS, identifier, status=201, location=PATH)


@router.get(
    "/{project_count_id}",
    operation_id="get_project_count",
    summary="Một lần ghi · One of them",
    response_model=ProjectCountRead,
    responses=problems(*READ),
)
async def get_project_count(uow: Reading, project_count_id: UUID) -> Response:
    return await answer(uow, projects.PROJECT_COUNTS, project_count_id)


@router.patch(
    "/{project_count_id}",
    operation_id="update_project_count",
    summary="Sửa số đã ghi · Correct it",
    response_model=ProjectCountRead,
    responses=problems(*CHANGE),
)
async def update_project_count(
    uow: Uow, project_count_id: UUID, payload: ProjectCountUpdate, expected: IfMatch
) -> Response:
    await projects.update(uow, project_count_id, payload, expected)
    return await answer(uow, projects.PROJECT_COUNTS, project_count_id)
