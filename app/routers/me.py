"""The person who is signed in: who they are here, their password, where else they are signed in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, problems
from app.models.account import MeRead, PasswordChange, SessionRead
from app.models.base import Listing, ListQuery
from app.routers.deps import Caller, Reading, Transactions, Uow, answer, json
from app.services import accounts

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get(
    "",
    operation_id="get_me",
    summary="Tôi là ai, nói thay cơ quan nào · Who I am and for which body I speak",
    response_model=MeRead,
    responses=problems(*READ),
)
async def get_me(uow: Reading) -> Response:
    return await answer(uow, accounts.ME, uow.who.account_id)


@router.put(
    "/password",
    operation_id="change_password",
    summary="Đổi mật khẩu · Change the password",
    status_code=204,
    responses=problems(400, 401, 404, 413, 415, 422, 429, 503),
)
async def change_password(who: Caller, begin: Transactions, payload: PasswordChange) -> None:
    """Every other session of the account ends. Wrong guesses count as at signing in."""
    await accounts.change_password(begin, who, payload)


@router.get(
    "/sessions",
    operation_id="list_my_sessions",
    summary="Các phiên đăng nhập của tôi · Where I am signed in",
    response_model=Listing[SessionRead],
    responses=problems(*READ),
)
async def list_my_sessions(uow: Reading, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await accounts.sessions(uow, query))


@router.delete(
    "/sessions/{session_id}",
    operation_id="end_my_session",
    summary="Kết thúc một phiên đăng nhập · End a session",
    status_code=204,
    responses=problems(*READ),
)
async def end_my_session(uow: Uow, session_id: UUID) -> None:
    """Its tokens end at once, the one used for this request included."""
    await accounts.end_session(uow, session_id)
