"""Delegations (đoàn giám sát) and their members."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.delegation import DELEGATION
from app.models.base import Listing, ListQuery
from app.models.delegation import (
    Delegation,
    DelegationCreate,
    DelegationFilter,
    DelegationMove,
    DelegationSeen,
    DelegationUpdate,
    MemberCreate,
    MemberSeen,
    MemberUpdate,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services.delegations import members, moves, reading, writing
from app.services.reading import Page

PATH = "/v1/delegations"
router = APIRouter(prefix=PATH, tags=["delegations"])


@router.get(
    "",
    operation_id="list_delegations",
    summary="Các đoàn giám sát · Delegations",
    response_model=Listing[DelegationSeen],
    responses=problems(*READ),
)
async def list_delegations(uow: Reading, asked: Annotated[DelegationFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_delegation",
    summary="Lập một đoàn giám sát · Form a delegation",
    response_model=DelegationSeen,
    responses=problems(*WRITE),
)
async def create_delegation(uow: Uow, payload: DelegationCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.DELEGATIONS, identifier, status=201, location=PATH)


@router.get(
    "/{delegation_id}",
    operation_id="get_delegation",
    summary="Một đoàn giám sát · One delegation",
    response_model=DelegationSeen,
    responses=problems(*READ),
)
async def get_delegation(uow: Reading, delegation_id: UUID) -> Response:
    return await answer(uow, reading.DELEGATIONS, delegation_id)


@router.patch(
    "/{delegation_id}",
    operation_id="update_delegation",
    summary="Sửa một đoàn giám sát đang lập · Change a delegation that is forming",
    response_model=DelegationSeen,
    responses=problems(*CHANGE),
)
async def update_delegation(uow: Uow, delegation_id: UUID, payload: DelegationUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, delegation_id, payload, expected)
    return await answer(uow, reading.DELEGATIONS, delegation_id)


tell_history(router, Delegation, "delegation", vi="đoàn giám sát", en="a delegation")


@router.post(
    "/{delegation_id}/transitions",
    operation_id="advance_delegation",
    summary="Chuyển bước một đoàn giám sát · Take a step of a delegation",
    description=DELEGATION.markdown(),
    response_model=DelegationSeen,
    responses=problems(*CHANGE),
)
async def advance_delegation(
    uow: Uow, delegation_id: UUID, move: Annotated[DelegationMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, delegation_id, move, expected)
    return await answer(uow, reading.DELEGATIONS, delegation_id)


@router.get(
    "/{delegation_id}/members",
    operation_id="list_delegation_members",
    summary="Thành viên của đoàn giám sát · Members of a delegation",
    response_model=Listing[MemberSeen],
    responses=problems(*READ),
)
async def list_delegation_members(uow: Reading, delegation_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.members_page(uow, delegation_id, Page.of(query)))


@router.post(
    "/{delegation_id}/members",
    status_code=201,
    operation_id="add_delegation_member",
    summary="Thêm thành viên · Add a member",
    description="Nâng phiên bản của đoàn; `ETag` là của đoàn. · Raises the delegation's version; the `ETag` is its.",
    response_model=MemberSeen,
    responses=problems(*CHANGE),
)
async def add_delegation_member(uow: Uow, delegation_id: UUID, payload: MemberCreate, expected: IfMatch) -> Response:
    member_id, version = await members.add(uow, delegation_id, payload, expected)
    address = f"{PATH}/{delegation_id}/members"
    return await answer(uow, reading.MEMBERS, member_id, status=201, location=address, parent_version=version)


@router.get(
    "/{delegation_id}/members/{member_id}",
    operation_id="get_delegation_member",
    summary="Một thành viên · One member",
    response_model=MemberSeen,
    responses=problems(*READ),
)
async def get_delegation_member(uow: Reading, delegation_id: UUID, member_id: UUID) -> Response:
    version = await members.version_of(uow, delegation_id, member_id)
    return await answer(uow, reading.MEMBERS, member_id, parent_version=version)


@router.patch(
    "/{delegation_id}/members/{member_id}",
    operation_id="update_delegation_member",
    summary="Kết thúc hoặc sửa tư cách thành viên · End or correct a membership",
    response_model=MemberSeen,
    responses=problems(*CHANGE),
)
async def update_delegation_member(
    uow: Uow, delegation_id: UUID, member_id: UUID, payload: MemberUpdate, expected: IfMatch
) -> Response:
    version = await members.update(uow, delegation_id, member_id, payload, expected)
    return await answer(uow, reading.MEMBERS, member_id, parent_version=version)


@router.delete(
    "/{delegation_id}/members/{member_id}",
    status_code=204,
    operation_id="remove_delegation_member",
    summary="Bỏ thành viên khi đoàn đang lập · Take back a member while the delegation forms",
    responses=problems(*CHANGE),
)
async def remove_delegation_member(uow: Uow, delegation_id: UUID, member_id: UUID, expected: IfMatch) -> None:
    await members.remove(uow, delegation_id, member_id, expected)
