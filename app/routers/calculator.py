"""The calculator of periods, for everybody: the law has no secrets."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import problems
from app.models.deadline import ExplainQuery, ExplainRead
from app.routers.deps import AnonymousReading
from app.services import deadlines

router = APIRouter(prefix="/v1/public/deadlines", tags=["public"])


@router.get(
    "/explain",
    operation_id="calculate_deadline",
    summary="Tính thời hạn, không cần đăng nhập · Reckon a deadline without signing in",
    response_model=ExplainRead,
    responses=problems(400, 404, 422, 503),
)
async def calculate_deadline(uow: AnonymousReading, query: Annotated[ExplainQuery, Query()]) -> Response:
    told = orjson.dumps(await deadlines.explain(uow, query), default=str)
    return Response(told, media_type="application/json")
