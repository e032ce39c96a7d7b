"""Access tokens: JWT (RFC 9068 profile), ES256, named by `kid`; the only module that touches python-jose.

The algorithm is that of the registered key, never of the header. Keys lie as PEM files in one folder, newest signs,
all verify, so that a key is rotated by adding a file.
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import JWSError, jwk, jws
from jose.backends.base import Key
from jose.exceptions import JWKError

from app.core.assertions import AssertionKey, Proof, Unproven, proof
from app.core.clock import utcnow
from app.core.errors import Unauthenticated

ALGORITHM = "ES256"
TYPE = "at+jwt"
REFUSED_HEADERS = {"crit", "jku", "x5u", "jwk", "x5c"}
MAX_TOKEN_BYTES = 4096
CAPACITY = 10_000
"""Tokens remembered as verified, by their digests; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Claims:
    account_id: UUID
    body_id: UUID
    family_id: UUID
    expires_at: datetime
    scope: str = ""


class Keyring:
    """The installation's signing keys; `derive` gives stable secrets for other purposes from the same root."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob("*.pem"))
        if not paths:
            paths = [make_key(folder)]
        self._pems = {path.stem: path.read_bytes() for path in paths}
        self.kid = paths[-1].stem
        self._signer = jwk.construct(self._pems[self.kid].decode(), ALGORITHM)
        self._verifiers: dict[str, Key] = {
            kid: jwk.construct(pem.decode(), ALGORITHM).public_key() for kid, pem in self._pems.items()
        }
        self._root = self._pems[paths[0].stem]

    def derive(self, purpose: str) -> bytes:
        return hmac.new(self._root, purpose.encode(), hashlib.sha256).digest()

    def jwks(self) -> dict[str, Any]:
        """RFC 7517: the public halves, for anybody who wants to verify our tokens."""
        keys = []
        for kid, verifier in self._verifiers.items():
            numbers = {k: v.decode() if isinstance(v, bytes) else v for k, v in verifier.to_dict().items()}
            keys.append({**numbers, "kid": kid, "use": "sig", "alg": ALGORITHM})
        return {"keys": keys}

    def sign(self, claims: dict[str, Any]) -> str:
        headers = {"typ": TYPE, "kid": self.kid}
        return str(jws.sign(claims, self._signer, headers=headers, algorithm=ALGORITHM))

    def verify(self, token: str) -> dict[str, Any]:
        """The claims, or Unauthenticated; the reason is not told to the caller."""
        if len(token) > MAX_TOKEN_BYTES:
            raise Unauthenticated("invalid_token")
        try:
            header = jws.get_unverified_header(token)
            verifier = self._verifiers[header["kid"]]
            if header.get("alg") != ALGORITHM or header.get("typ") != TYPE or REFUSED_HEADERS & header.keys():
                raise Unauthenticated("invalid_token")
            payload = jws.verify(token, verifier, ALGORITHM)
            return dict(json.loads(payload))
        except (JWSError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unauthenticated("invalid_token") from error


def make_key(folder: Path) -> Path:
    """A new P-256 key, readable by the owner alone; its name sorts after every earlier one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{utcnow():%Y%m%d%H%M%S}-{os.urandom(3).hex()}.pem"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return path


class Tokens:
    """Makes and checks access tokens of one issuer for one audience."""

    def __init__(self, keyring: Keyring, *, issuer: str, audience: str, minutes: int) -> None:
        self.keyring = keyring
        self.issuer = issuer
        self.audience = audience
        self.lifetime = timedelta(minutes=minutes)
        self._verified: dict[bytes, Claims] = {}

    def issue(self, *, account_id: UUID, body_id: UUID, family_id: UUID, scope: str) -> str:
        now = datetime.now(UTC)
        return self.keyring.sign(
            {
                "iss": self.issuer,
                "aud": self.audience,
                "sub": str(account_id),
                "body": str(body_id),
                "sid": str(family_id),
                "scope": scope,
                "jti": uuid4().hex,
                "iat": int(now.timestamp()),
                "exp": int((now + self.lifetime).timestamp()),
            }
        )

    def read(self, token: str) -> Claims:
        """A signature is verified once: what was signed stays signed. Only the clock is asked every time.

        Whether the sign-in was revoked is no matter of the token (services.principals).
        """
        name = hashlib.sha256(token.encode(errors="surrogatepass")).digest()
        claims = self._verified.get(name) or self._remember(name, self._verify(token))
        if claims.expires_at <= datetime.now(UTC):
            self._verified.pop(name, None)
            raise Unauthenticated("invalid_token")
        return claims

    def _remember(self, name: bytes, claims: Claims) -> Claims:
        if len(self._verified) >= CAPACITY:
            del self._verified[next(iter(self._verified))]
        self._verified[name] = claims
        return claims

    def _verify(self, token: str) -> Claims:
        claims = self.keyring.verify(token)
        try:
            if claims["iss"] != self.issuer or claims["aud"] != self.audience:
                raise Unauthenticated("invalid_token")
            return Claims(
                account_id=UUID(claims["sub"]),
                body_id=UUID(claims["body"]),
                family_id=UUID(claims["sid"]),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
                scope=str(claims.get("scope", "")),
            )
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
            raise Unauthenticated("invalid_token") from error


def asserted_client(assertion: str) -> UUID:
    """Whose key is to be asked, as the assertion itself says; nothing of it is believed yet."""
    try:
        if len(assertion) > MAX_TOKEN_BYTES:
            raise Unproven
        return UUID(str(json.loads(jws.get_unverified_claims(assertion))["sub"]))
    except (JWSError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unproven from error


def prove(assertion: str, keys: list[AssertionKey], *, client_id: UUID, audiences: set[str]) -> Proof:
    """Signed with a registered key of the client by that key's algorithm, for us, now."""
    try:
        header = jws.get_unverified_header(assertion)
        named = [it for it in keys if header.get("kid", it.kid) == it.kid]
        if len(named) != 1 or header.get("alg") != named[0].algorithm or REFUSED_HEADERS & header.keys():
            raise Unproven
        verifier = jwk.construct(named[0].members, named[0].algorithm)
        claims = json.loads(jws.verify(assertion, verifier, named[0].algorithm))
        return proof(dict(claims), client_id=str(client_id), audiences=audiences, now=datetime.now(UTC))
    except (JWSError, JWKError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unproven from error


def new_secret() -> str:
    """An opaque single-use secret (refresh token, invitation link): 256 bits, safe in a URL."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def digest(secret: str) -> str:
    """What is stored of such a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
