"""People: an administrator sees those of its own body, everybody themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.account import AccountFilter, AccountRead
from app.models.base import Listing
from app.routers.deps import Reading, answer, json
from app.services import accounts

router = APIRouter(prefix="/v1/accounts", tags=["people"])


@router.get(
    "",
    operation_id="list_accounts",
    summary="Người của cơ quan mình · The people of one's own body",
    response_model=Listing[AccountRead],
    responses=problems(*READ),
)
async def list_accounts(uow: Reading, query: Annotated[AccountFilter, Query()]) -> Response:
    """For an administrator; anybody else sees their own account alone."""
    return json(await accounts.listed(uow, query))


@router.get(
    "/{account_id}",
    operation_id="get_account",
    summary="Một tài khoản · One account",
    response_model=AccountRead,
    responses=problems(*READ),
)
async def get_account(uow: Reading, account_id: UUID) -> Response:
    return await answer(uow, accounts.ACCOUNT, account_id)
