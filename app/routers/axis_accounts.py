"""Accounts of a body on the document axes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing, ListQuery
from app.models.dispatch import AxisAccountCreate, AxisAccountRead, AxisAccountUpdate
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services.dispatches import accounts
from app.services.dispatches.reading import ACCOUNTS
from app.services.reading import Page

router = APIRouter(prefix="/v1/axis-accounts", tags=["exchange"])


@router.get(
    "",
    operation_id="list_axis_accounts",
    summary="Tài khoản trên trục liên thông · Accounts on the axes",
    response_model=Listing[AxisAccountRead],
    responses=problems(*READ),
)
async def list_axis_accounts(uow: Reading, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await accounts.listing(uow, Page.of(query)))


@router.post(
    "",
    operation_id="create_axis_account",
    summary="Khai báo tài khoản trên trục · Set up an account on an axis",
    response_model=AxisAccountRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_axis_account(uow: Uow, payload: AxisAccountCreate) -> Response:
    return await answer(uow, ACCOUNTS, await accounts.create(uow, payload), status=201, location="/v1/axis-accounts")


@router.get(
    "/{axis_account_id}",
    operation_id="get_axis_account",
    summary="Một tài khoản trên trục · One account",
    response_model=AxisAccountRead,
    responses=problems(*READ),
)
async def get_axis_account(uow: Reading, axis_account_id: UUID) -> Response:
    return await answer(uow, ACCOUNTS, axis_account_id)


@router.patch(
    "/{axis_account_id}",
    operation_id="update_axis_account",
    summary="Dừng hoặc chạy lại tài khoản · Stop an account or start it again",
    response_model=AxisAccountRead,
    responses=problems(*CHANGE),
)
async def update_axis_account(
    uow: Uow, axis_account_id: UUID, payload: AxisAccountUpdate, expected: IfMatch
) -> Response:
    await accounts.update(uow, axis_account_id, payload, expected)
    return await answer(uow, ACCOUNTS, axis_account_id)
