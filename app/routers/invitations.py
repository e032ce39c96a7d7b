"""Invitations of a body: who is to come in, with which duties; the link is shown once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.account import InvitationCreate, InvitationIssued, InvitationRead
from app.models.base import Listing, ListQuery
from app.routers.deps import Reading, Uow, answer, json
from app.services import invitations

router = APIRouter(prefix="/v1/bodies/{body_id}/invitations", tags=["people"])


@router.post(
    "",
    operation_id="create_invitation",
    summary="Mời một người vào cơ quan · Invite a person into the body",
    status_code=201,
    response_model=InvitationIssued,
    responses=problems(*WRITE),
)
async def create_invitation(request: Request, uow: Uow, body_id: UUID, payload: InvitationCreate) -> Response:
    """By the body's administrator; by the registrar for the first administrator of a body that has none.

    The last segment of `link` is the token: single use, 72 hours. A login that exists is 409 `login_exists`: add a
    membership instead. A new invitation to the same login ends the earlier one.
    """
    made, secret = await invitations.issue(uow, body_id, payload)
    link = f"{request.app.state.settings.public_url}/v1/auth/invitations/{secret}"
    return await answer(
        uow,
        invitations.INVITATION,
        made,
        status=201,
        location=f"/v1/bodies/{body_id}/invitations",
        once={"link": link} if secret else None,
    )


@router.get(
    "",
    operation_id="list_invitations",
    summary="Các lời mời của cơ quan · Invitations of the body",
    response_model=Listing[InvitationRead],
    responses=problems(*READ, 403),
)
async def list_invitations(uow: Reading, body_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await invitations.listed(uow, body_id, query))


@router.get(
    "/{invitation_id}",
    operation_id="get_invitation",
    summary="Một lời mời · One invitation",
    response_model=InvitationRead,
    responses=problems(*READ),
)
async def get_invitation(uow: Reading, body_id: UUID, invitation_id: UUID) -> Response:
    await invitations.of_body(uow, body_id, invitation_id)
    return await answer(uow, invitations.INVITATION, invitation_id)


@router.delete(
    "/{invitation_id}",
    operation_id="withdraw_invitation",
    summary="Thu hồi lời mời · Withdraw an invitation",
    status_code=204,
    responses=problems(*READ, 403, 409),
)
async def withdraw_invitation(uow: Uow, body_id: UUID, invitation_id: UUID) -> None:
    """The link ends at once."""
    await invitations.withdraw(uow, body_id, invitation_id)
