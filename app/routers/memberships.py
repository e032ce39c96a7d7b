"""Memberships: which people belong to a body, with which dated duties."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.account import MembershipCreate, MembershipFilter, MembershipRead, MembershipUpdate
from app.models.base import Listing
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services import memberships

router = APIRouter(prefix="/v1/memberships", tags=["people"])


@router.get(
    "",
    operation_id="list_memberships",
    summary="Nhân sự và nhiệm vụ của cơ quan mình · Memberships of one's own body, and one's own",
    response_model=Listing[MembershipRead],
    responses=problems(*READ),
)
async def list_memberships(uow: Reading, query: Annotated[MembershipFilter, Query()]) -> Response:
    return json(await memberships.listed(uow, query))


@router.post(
    "",
    operation_id="create_membership",
    summary="Thêm cơ quan cho một tài khoản đã có · Add a body to an existing account",
    status_code=201,
    response_model=MembershipRead,
    responses=problems(*WRITE),
)
async def create_membership(uow: Uow, payload: MembershipCreate) -> Response:
    """Pending until that person accepts; a login that nobody has is 404 (invite them instead)."""
    made = await memberships.create(uow, payload)
    return await answer(uow, memberships.MEMBERSHIP, made, status=201, location="/v1/memberships")


@router.get(
    "/{membership_id}",
    operation_id="get_membership",
    summary="Một tư cách trong cơ quan · One membership",
    response_model=MembershipRead,
    responses=problems(*READ),
)
async def get_membership(uow: Reading, membership_id: UUID) -> Response:
    return await answer(uow, memberships.MEMBERSHIP, membership_id)


@router.patch(
    "/{membership_id}",
    operation_id="change_membership",
    summary="Đổi nhiệm vụ, kết thúc tư cách · Change duties, end a membership",
    response_model=MembershipRead,
    responses=problems(*CHANGE),
)
async def change_membership(uow: Uow, membership_id: UUID, payload: MembershipUpdate, expected: IfMatch) -> Response:
    """By the body's administrator; nobody changes their own duties. `duties` replaces the whole list."""
    await memberships.change(uow, membership_id, payload, expected)
    return await answer(uow, memberships.MEMBERSHIP, membership_id)


@router.post(
    "/{membership_id}/acceptance",
    operation_id="accept_membership",
    summary="Nhận tư cách được mời · Accept a membership",
    response_model=MembershipRead,
    responses=problems(*WRITE),
)
async def accept_membership(uow: Uow, membership_id: UUID) -> Response:
    """By the person alone, with a token for whichever of their bodies."""
    await memberships.accept(uow, membership_id)
    return await answer(uow, memberships.MEMBERSHIP, membership_id)
