"""Organ ids of the axes and the bodies they stand for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing
from app.models.organ_alias import OrganAliasCreate, OrganAliasFilter, OrganAliasRead, OrganAliasUpdate
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services.edxml import aliases

router = APIRouter(prefix="/v1/organ-aliases", tags=["exchange"])


@router.get(
    "",
    operation_id="list_organ_aliases",
    summary="Mã định danh và cơ quan · Organ ids and the bodies they stand for",
    response_model=Listing[OrganAliasRead],
    responses=problems(*READ),
)
async def list_organ_aliases(uow: Reading, query: Annotated[OrganAliasFilter, Query()]) -> Response:
    return json(await aliases.listing(uow, query))


@router.post(
    "",
    operation_id="create_organ_alias",
    summary="Ghi một mã định danh · Record an organ id (registrar)",
    description=(
        "Mỗi ngày một mã chỉ chỉ một cơ quan: 409 `alias_taken`. Mã hết hiệu lực thì văn bản vào diện chờ. · "
        "On any day an id stands for one body; messages to or from an expired one wait in quarantine."
    ),
    response_model=OrganAliasRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_organ_alias(uow: Uow, payload: OrganAliasCreate) -> Response:
    made = await aliases.create(uow, payload)
    return await answer(uow, aliases.ALIAS, made, status=201, location="/v1/organ-aliases")


@router.get(
    "/{alias_id}",
    operation_id="get_organ_alias",
    summary="Một mã định danh · One organ id",
    response_model=OrganAliasRead,
    responses=problems(*READ),
)
async def get_organ_alias(uow: Reading, alias_id: UUID) -> Response:
    return await answer(uow, aliases.ALIAS, alias_id)


@router.patch(
    "/{alias_id}",
    operation_id="update_organ_alias",
    summary="Kết thúc hiệu lực một mã · End an organ id, put its name right (registrar)",
    response_model=OrganAliasRead,
    responses=problems(*CHANGE),
)
async def update_organ_alias(uow: Uow, alias_id: UUID, payload: OrganAliasUpdate, expected: IfMatch) -> Response:
    await aliases.change(uow, alias_id, payload, expected)
    return await answer(uow, aliases.ALIAS, alias_id)
