"""What changed, for clients that keep records of their own."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.change import ChangeQuery, Changes
from app.routers.deps import Reading, json
from app.services.changes import reading

router = APIRouter(prefix="/v1/changes", tags=["changes"])


@router.get(
    "",
    operation_id="list_changes",
    summary="Những gì đã thay đổi đối với tôi · What changed for me",
    response_model=Changes,
    responses=problems(*READ, 410),
)
async def list_changes(uow: Reading, asked: Annotated[ChangeQuery, Query()]) -> Response:
    """Without `since` everything visible follows, page by page; keep the last `cursor` and ask with it from then on.

    A record is told of once in each walk to the end (`more: false`), with its newest version. `removed` comes when a
    record leaves the caller's view, `upsert` also when one enters it through another record's step. When the caller's
    own rights changed, `reset: true` asks to forget everything, and everything visible follows anew. A change is told
    as soon as every transaction that began before it has ended. A cursor is good for 90 days and for one person in
    one body.
    """
    changes = await reading.page(uow, asked)
    return json(changes.model_dump_json(exclude_unset=True).encode())
