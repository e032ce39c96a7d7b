"""Which keys and which claims a machine client proves itself with (RFC 7523, private_key_jwt).

The algorithm belongs to the registered key, never to the header of what is sent; one audience as one string, so that
no other server can use what was meant for it here (draft-ietf-oauth-rfc7523bis).
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

MAX_SECONDS: Final = 60
SKEW_SECONDS: Final = 10
MAX_JTI: Final = 200
MIN_RSA_BITS: Final = 2048
MAX_RSA_BITS: Final = 8192
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_EC: Final[tuple[str, ...]] = ("crv", "kty", "x", "y")
_RSA: Final[tuple[str, ...]] = ("e", "kty", "n")


class Unproven(Exception):
    """The assertion does not prove who sent it; the reason is told to nobody."""


@dataclass(frozen=True, slots=True)
class AssertionKey:
    """A public key as it was registered; `kid` is its thumbprint (RFC 7638) unless the client names it."""

    kid: str
    algorithm: str
    members: dict[str, str]

    @classmethod
    def of(cls, jwk: dict[str, Any]) -> Self:
        """ValueError for what is no public key of the two kinds."""
        if _PRIVATE & jwk.keys():
            raise ValueError("a private key: send the public half, and make a new one")
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            algorithm, names = "ES256", _EC
        elif jwk.get("kty") == "RSA":
            algorithm, names = "RS256", _RSA
        else:
            raise ValueError("neither EC P-256 nor RSA")
        members = {name: _text(jwk, name) for name in names}
        _check_size(algorithm, members)
        if jwk.get("alg") not in (None, algorithm) or jwk.get("use") not in (None, "sig"):
            raise ValueError("a key for another use")
        kid = jwk.get("kid") or thumbprint(members)
        if not isinstance(kid, str) or len(kid) > 200 or not kid.isprintable():
            raise ValueError("kid")
        return cls(kid, algorithm, members)

    @property
    def public(self) -> dict[str, Any]:
        return {**self.members, "kid": self.kid, "alg": self.algorithm, "use": "sig"}


def thumbprint(members: dict[str, str]) -> str:
    """RFC 7638."""
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).decode().rstrip("=")


def _text(jwk: dict[str, Any], name: str) -> str:
    value = jwk.get(name)
    if not isinstance(value, str) or len(value) > 2000:
        raise ValueError(name)
    return value


def _check_size(algorithm: str, members: dict[str, str]) -> None:
    if algorithm == "ES256":
        if len(_number(members["x"])) != 32 or len(_number(members["y"])) != 32:
            raise ValueError("coordinates of 32 bytes")
        return
    bits = int.from_bytes(_number(members["n"])).bit_length()
    exponent = int.from_bytes(_number(members["e"]))
    if not MIN_RSA_BITS <= bits <= MAX_RSA_BITS or exponent < 3 or exponent % 2 == 0 or exponent >= 2**32:
        raise ValueError("RSA of 2048 to 8192 bits")


def _number(text: str) -> bytes:
    if not text.isascii() or "=" in text:
        raise ValueError("base64url without padding")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verified assertion says: the id by which it is used once, and until when it must be remembered."""

    jti: str
    expires_at: datetime


def proof(claims: dict[str, Any], *, client_id: str, audiences: set[str], now: datetime) -> Proof:
    """Unproven unless issuer, subject, audience and times are what they must be."""
    said = [claims.get(name) for name in ("iss", "sub", "aud", "jti")]
    if not all(isinstance(it, str) for it in said):
        raise Unproven
    issuer, subject, audience, jti = said
    if issuer != client_id or subject != client_id or audience not in audiences:
        raise Unproven
    if not 1 <= len(str(jti)) <= MAX_JTI or not str(jti).isprintable():
        raise Unproven
    expires, moment = _instant(claims.get("exp")), now.timestamp()
    if not moment - SKEW_SECONDS < expires <= moment + MAX_SECONDS + SKEW_SECONDS:
        raise Unproven
    for name in ("iat", "nbf"):
        if name in claims and _instant(claims[name]) > moment + SKEW_SECONDS:
            raise Unproven
    if "iat" in claims and expires - _instant(claims["iat"]) > MAX_SECONDS:
        raise Unproven
    return Proof(str(jti), datetime.fromtimestamp(expires, UTC))


def _instant(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**40:
        raise Unproven
    return float(value)
