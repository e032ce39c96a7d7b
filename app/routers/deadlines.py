"""When is something due, and why on that day?"""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.deadline import ExplainQuery, ExplainRead
from app.routers.deps import Reading, json
from app.services import deadlines

router = APIRouter(prefix="/v1/deadlines", tags=["law"])


@router.get(
    "/explain",
    operation_id="explain_deadline",
    summary="Tính thời hạn, từng ngày một · Reckon a deadline, day by day",
    response_model=ExplainRead,
    responses=problems(*READ),
)
async def explain_deadline(uow: Reading, query: Annotated[ExplainQuery, Query()]) -> Response:
    return json(orjson.dumps(await deadlines.explain(uow, query), default=str))
