"""The words for every coded value, so that clients hard-code none."""

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.core.problems import problems
from app.core.words import vocabulary

router = APIRouter(prefix="/v1/vocabulary", tags=["operations"])


class Term(BaseModel):
    code: str = Field(examples=["proposed"])
    vi: str = Field(examples=["Đề xuất"])
    en: str = Field(examples=["Proposed"])


@router.get(
    "",
    operation_id="get_vocabulary",
    summary="Nhãn của mọi giá trị: trạng thái, hành động, loại, căn cứ · Labels of states, actions, kinds, grounds",
    response_model=dict[str, list[Term]],
    responses=problems(503),
)
async def get_vocabulary() -> Response:
    return Response(
        orjson.dumps(vocabulary()), media_type="application/json", headers={"Cache-Control": "public, max-age=300"}
    )
