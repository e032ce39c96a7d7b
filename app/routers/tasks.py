"""What waits for the caller, from every record."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.base import Listing
from app.models.task import TaskQuery, TaskRead
from app.routers.deps import Reading, json
from app.services.tasks import reading

router = APIRouter(prefix="/v1/me/tasks", tags=["me"])


@router.get(
    "",
    operation_id="list_my_tasks",
    summary="Việc cần làm của tôi, theo hạn · What waits for me, by due date",
    response_model=Listing[TaskRead],
    responses=problems(*READ),
)
async def list_my_tasks(uow: Reading, asked: Annotated[TaskQuery, Query()]) -> Response:
    return json(await reading.page(uow, asked))
