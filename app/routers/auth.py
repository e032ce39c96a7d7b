"""Signing in and out, and the links that open an account; the token endpoint speaks as RFC 6749 prescribes."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Form, Header, Request
from starlette.responses import Response

from app.core.problems import MEDIA_TYPE, WRITE, problems
from app.models.account import (
    InvitationAccepted,
    InvitationOpened,
    PasswordResetCreate,
    PasswordResetIssued,
    PasswordResetOpened,
    PasswordSet,
)
from app.models.grant import GrantError, RevokeRequest, TokenAnswer, TokenRequest
from app.routers.deps import AnonymousReading, AnonymousUow, Transactions, UowWithoutRetry
from app.services import accounts, identity, invitations
from app.services.identity import Desk, Grant

router = APIRouter(prefix="/v1/auth", tags=["auth"])

COOKIE = "giamsat_refresh"
PATH = "/v1/auth"
NO_STORE = {"Cache-Control": "no-store"}

REFUSALS: dict[int | str, dict[str, Any]] = {
    **problems(413, 422, 503),
    400: {
        "description": "Bị từ chối theo RFC 6749 §5.2 · Refused in the form of RFC 6749, section 5.2",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/GrantError"}},
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    },
}
CLIENT_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "Ứng dụng không được nhận · invalid_client", "model": GrantError}
}
LINK = problems(404, 409, 413, 422, 503, 400)


async def desk(request: Request, begin: Transactions) -> Desk:
    state = request.app.state
    return Desk(begin, state.tokens, timedelta(days=state.settings.refresh_days))


AtDesk = Annotated[Desk, Depends(desk)]
RefreshCookie = Annotated[
    str | None, Cookie(alias=COOKIE, description="Khi refresh_in=cookie · With refresh_in=cookie")
]


@router.post(
    "/token",
    operation_id="issue_token",
    summary="Đăng nhập, đổi mã làm mới · Sign in, rotate a refresh token",
    response_model=TokenAnswer,
    response_model_exclude_none=True,
    responses=REFUSALS | CLIENT_REFUSED,
)
async def issue_token(
    request: Request,
    at: AtDesk,
    form: Annotated[TokenRequest, Form()],
    cookie: RefreshCookie = None,
    user_agent: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """`password`: an account of several bodies must say `body_id`; without it 400 `body_required` lists them.

    `refresh_token`: each is good once; a spent one ends the session. Repeated wrong passwords make an account rest,
    which is answered like a wrong password. `client_credentials`: a machine client proves itself by a signed
    `client_assertion` (RFC 7523); every refusal is 401 `invalid_client`. Idempotency-Key is not taken here.
    """
    grant = await identity.grant(at, form, cookie=cookie, user_agent=user_agent)
    return _granted(request, grant, by_cookie=_stays_in_cookie(form))


def _stays_in_cookie(form: TokenRequest) -> bool:
    """As asked; unasked, a refresh token that came as a cookie goes back as one."""
    came_as_cookie = form.grant_type == "refresh_token" and not form.refresh_token
    return form.refresh_in == "cookie" or (form.refresh_in is None and came_as_cookie)


def _granted(request: Request, grant: Grant, *, by_cookie: bool) -> Response:
    shown = TokenAnswer(
        access_token=grant.access_token,
        token_type="Bearer",  # noqa: S106
        expires_in=grant.expires_in,
        refresh_token=None if by_cookie else grant.refresh_token,
        scope=grant.scope,
    )
    answer = Response(shown.model_dump_json(exclude_none=True), 200, NO_STORE, "application/json")
    if by_cookie and grant.refresh_token is not None:
        answer.set_cookie(COOKIE, grant.refresh_token, max_age=grant.session_seconds, **_attributes(request))
    return answer


def _attributes(request: Request) -> dict[str, Any]:
    """Only an installation for trying out is reached by plain http."""
    secure = not request.app.state.settings.public_url.startswith("http://")
    return {"path": PATH, "httponly": True, "samesite": "strict", "secure": secure}


@router.post(
    "/revoke",
    operation_id="revoke_token",
    summary="Đăng xuất · Sign out: end the session of an access or refresh token",
    response_class=Response,
    responses={
        200: {"description": "Đã kết thúc, hoặc không có gì để kết thúc · Ended, or nothing to end"},
        **REFUSALS,
    },
)
async def revoke_token(
    request: Request, at: AtDesk, form: Annotated[RevokeRequest, Form()], cookie: RefreshCookie = None
) -> Response:
    """RFC 7009: every token of the session ends at once; a token that is not ours is no error."""
    await identity.revoke(at, form.token or cookie)
    answer = Response(status_code=200, headers=NO_STORE)
    if cookie is not None:
        answer.delete_cookie(COOKIE, **_attributes(request))
    return answer


@router.get(
    "/invitations/{token}",
    operation_id="open_invitation",
    summary="Xem lời mời theo đường dẫn · What an invitation offers",
    response_model=InvitationOpened,
    responses=problems(404, 422, 503),
)
async def open_invitation(uow: AnonymousReading, token: str, response: Response) -> InvitationOpened:
    """For whoever holds the link; used, expired and unknown are all 404."""
    response.headers.update(NO_STORE)
    return await invitations.open_link(uow, token)


@router.post(
    "/invitations/{token}",
    operation_id="accept_invitation",
    summary="Nhận lời mời, đặt mật khẩu · Accept an invitation by choosing a password",
    status_code=201,
    response_model=InvitationAccepted,
    responses=LINK,
)
async def accept_invitation(uow: AnonymousUow, token: str, payload: PasswordSet) -> InvitationAccepted:
    """Makes the account and the membership; the link is used up."""
    return await invitations.accept(uow, token, payload.password)


@router.post(
    "/password-resets",
    operation_id="create_password_reset",
    summary="Cấp lại mật khẩu cho người của cơ quan mình · Reset the credential of one's own person",
    status_code=201,
    response_model=PasswordResetIssued,
    responses=problems(*WRITE),
)
async def create_password_reset(
    request: Request, response: Response, uow: UowWithoutRetry, payload: PasswordResetCreate
) -> PasswordResetIssued:
    """By an administrator, for an account without any other membership; the link is shown once, good for 72 hours."""
    reset, secret = await accounts.request_reset(uow, payload)
    response.headers.update(NO_STORE)
    link = f"{request.app.state.settings.public_url}{PATH}/password-resets/{secret}"
    return PasswordResetIssued(id=reset.id, account_id=reset.account_id, expires_at=reset.expires_at, link=link)


@router.get(
    "/password-resets/{token}",
    operation_id="open_password_reset",
    summary="Xem đường dẫn cấp lại mật khẩu · What a reset link is for",
    response_model=PasswordResetOpened,
    responses=problems(404, 422, 503),
)
async def open_password_reset(uow: AnonymousReading, token: str, response: Response) -> PasswordResetOpened:
    response.headers.update(NO_STORE)
    return await accounts.open_reset(uow, token)


@router.post(
    "/password-resets/{token}",
    operation_id="use_password_reset",
    summary="Đặt mật khẩu mới theo đường dẫn · Choose a new password by the link",
    status_code=204,
    responses=LINK,
)
async def use_password_reset(uow: AnonymousUow, token: str, payload: PasswordSet) -> None:
    """Every session of the account ends; the link is used up."""
    await accounts.use_reset(uow, token, payload.password)
