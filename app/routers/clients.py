"""Machine clients of the administrator's body."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing
from app.models.machine_client import MachineClientCreate, MachineClientFilter, MachineClientRead, MachineClientUpdate
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services import clients

router = APIRouter(prefix="/v1/clients", tags=["auth"])


@router.get(
    "",
    operation_id="list_machine_clients",
    summary="Ứng dụng kết nối của cơ quan mình · Machine clients of one's own body",
    response_model=Listing[MachineClientRead],
    responses=problems(*READ),
)
async def list_machine_clients(uow: Reading, query: Annotated[MachineClientFilter, Query()]) -> Response:
    return json(await clients.listing(uow, query))


@router.post(
    "",
    operation_id="create_machine_client",
    summary="Đăng ký ứng dụng kết nối · Register a machine client with its public keys",
    description=(
        "By an administrator, for the own body: public keys only (EC P-256 → ES256, RSA ≥ 2048 → RS256). Tokens: "
        "`POST /v1/auth/token`, `grant_type=client_credentials` with a `client_assertion`. With `organ_ids` it may "
        "deliver messages of these senders to whoever is addressed; without, of every known sender to its own body."
    ),
    response_model=MachineClientRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_machine_client(uow: Uow, payload: MachineClientCreate) -> Response:
    made = await clients.create(uow, payload)
    return await answer(uow, clients.CLIENT, made, status=201, location="/v1/clients")


@router.get(
    "/{client_id}",
    operation_id="get_machine_client",
    summary="Một ứng dụng kết nối · One machine client",
    response_model=MachineClientRead,
    responses=problems(*READ),
)
async def get_machine_client(uow: Reading, client_id: UUID) -> Response:
    return await answer(uow, clients.CLIENT, client_id)


@router.patch(
    "/{client_id}",
    operation_id="update_machine_client",
    summary="Đổi khóa, phạm vi của ứng dụng · Change keys, scopes, organ ids of a client",
    response_model=MachineClientRead,
    responses=problems(*CHANGE),
)
async def update_machine_client(uow: Uow, client_id: UUID, payload: MachineClientUpdate, expected: IfMatch) -> Response:
    await clients.change(uow, client_id, payload, expected)
    return await answer(uow, clients.CLIENT, client_id)


@router.post(
    "/{client_id}/revoke",
    operation_id="revoke_machine_client",
    summary="Thu hồi ứng dụng · Revoke a client for good; its tokens end at once",
    response_model=MachineClientRead,
    responses=problems(*CHANGE),
)
async def revoke_machine_client(uow: Uow, client_id: UUID, expected: IfMatch) -> Response:
    made = await clients.revoke(uow, client_id, expected)
    return await answer(uow, clients.CLIENT, made)
