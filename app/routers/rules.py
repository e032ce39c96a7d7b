"""Deadline rules: what the law asks by when, from which day, on what basis."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.base import Listing
from app.models.deadline import RuleCreate, RuleFilter, RuleRead
from app.routers.deps import Reading, Uow, answer, json
from app.services import rules

router = APIRouter(prefix="/v1/rules", tags=["law"])


@router.get(
    "",
    operation_id="list_rules",
    summary="Quy định về thời hạn · Rules of periods",
    response_model=Listing[RuleRead],
    responses=problems(*READ),
)
async def list_rules(uow: Reading, query: Annotated[RuleFilter, Query()]) -> Response:
    return json(await rules.listing(uow, query))


@router.post(
    "",
    operation_id="create_rule",
    summary="Thêm quy định, hoặc phiên bản mới · Add a rule or its next version",
    response_model=RuleRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_rule(uow: Uow, payload: RuleCreate) -> Response:
    return await answer(uow, rules.RULE, await rules.create(uow, payload), status=201, location="/v1/rules")


@router.get(
    "/{rule_id}",
    operation_id="get_rule",
    summary="Xem một quy định · One rule",
    response_model=RuleRead,
    responses=problems(*READ),
)
async def read_rule(uow: Reading, rule_id: UUID) -> Response:
    return await answer(uow, rules.RULE, rule_id)
