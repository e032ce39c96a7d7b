"""What the token endpoint takes and answers (RFC 6749, 7009, 8414), where unknown parameters are ignored."""

from pydantic import BaseModel, Field

from app.models.base import BodyRef


class TokenRequest(BaseModel):
    """Every parameter is optional here, since what is missing is answered in the form of RFC 6749."""

    grant_type: str | None = Field(
        None, description="`password` | `refresh_token` | `client_credentials`", examples=["password"]
    )
    username: str | None = Field(None, examples=["lan.tran@quangdien.example.vn"])
    password: str | None = Field(None, json_schema_extra={"format": "password"})
    body_id: str | None = Field(None, description="Cơ quan mà mã nói thay · The body the token speaks for")
    refresh_token: str | None = None
    refresh_in: str | None = Field(
        None, description="`body` | `cookie`: HttpOnly, SameSite=Strict, path /v1/auth", examples=["body"]
    )
    client_assertion_type: str | None = Field(None, examples=["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"])
    client_assertion: str | None = Field(
        None, description="RFC 7523: ES256 | RS256, `iss` = `sub` = client_id, `aud` = issuer, `exp` ≤ 60 s, `jti` once"
    )
    client_id: str | None = Field(None, description="Nếu có, phải trùng `sub` · If given, the same as `sub`")
    scope: str | None = Field(None, description="Chỉ với client_credentials · A part of the client's scopes")


class RevokeRequest(BaseModel):
    """RFC 7009; the hint is not needed to tell the two kinds apart."""

    token: str | None = None
    token_type_hint: str | None = Field(None, examples=["refresh_token"])


class TokenAnswer(BaseModel):
    """`refresh_token` is absent when it went into the cookie; `scope` are today's duties in the body."""

    access_token: str
    token_type: str = Field("Bearer", examples=["Bearer"])
    expires_in: int = Field(description="Giây · Seconds", examples=[900])
    refresh_token: str | None = None
    scope: str = Field(examples=["officer"])


class GrantError(BaseModel):
    """RFC 6749, section 5.2; `bodies` with `body_required` alone."""

    error: str = Field(examples=["invalid_grant"])
    error_description: str
    message: str
    bodies: list[BodyRef] | None = None


class ServerMetadata(BaseModel):
    """RFC 8414."""

    issuer: str
    token_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    scopes_supported: list[str]
    ui_locales_supported: list[str]


class KeySet(BaseModel):
    """RFC 7517: the public keys that sign access tokens."""

    keys: list[dict[str, str]]
