"""What other systems need to verify our tokens and to find our endpoints (RFC 7517, 8414)."""

from fastapi import APIRouter, Request, Response

from app.core.principal import Duty
from app.core.words import LANGUAGES
from app.domain.edxml import ClientScope
from app.models.grant import KeySet, ServerMetadata

router = APIRouter(prefix="/.well-known", tags=["auth"])

PUBLIC = {"Cache-Control": "public, max-age=300"}


@router.get(
    "/jwks.json",
    operation_id="get_signing_keys",
    summary="Khóa công khai để kiểm tra mã truy cập · Public keys of access tokens",
    response_model=KeySet,
)
async def get_signing_keys(request: Request, response: Response) -> KeySet:
    response.headers.update(PUBLIC)
    return KeySet.model_validate(request.app.state.tokens.keyring.jwks())


@router.get(
    "/oauth-authorization-server",
    operation_id="get_authorization_server",
    summary="Mô tả máy chủ cấp mã · Authorization server metadata",
    response_model=ServerMetadata,
)
async def get_authorization_server(request: Request, response: Response) -> ServerMetadata:
    response.headers.update(PUBLIC)
    url = request.app.state.settings.public_url
    return ServerMetadata(
        issuer=url,
        token_endpoint=f"{url}/v1/auth/token",
        revocation_endpoint=f"{url}/v1/auth/revoke",
        jwks_uri=f"{url}/.well-known/jwks.json",
        grant_types_supported=["password", "refresh_token", "client_credentials"],
        response_types_supported=[],
        token_endpoint_auth_methods_supported=["none", "private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported=["ES256", "RS256"],
        revocation_endpoint_auth_methods_supported=["none"],
        scopes_supported=[str(it) for it in (*Duty, *ClientScope)],
        ui_locales_supported=list(LANGUAGES),
    )
