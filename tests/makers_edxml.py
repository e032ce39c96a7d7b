"""The axes as the tests see them: which organ id stands for whom, and clients that sign."""

import time
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jose import jwk, jws
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.tokens import Tokens
from app.domain.edxml import MessageDirection, MessageKind, MessageState, OrganScheme
from app.models.account import Account, SessionFamily
from app.models.edxml import EdxmlDelivery, EdxmlMessage
from app.models.machine_client import MachineClient
from app.models.organ_alias import OrganAlias
from tests.makers import keep
from tests.world import World

ORGANS = {
    "000.00.05.A57": "lead",
    "000.00.31.A57": "committee",
    "000.00.07.A57": "partner",
    "000.00.00.H57": "counterpart",
}
"""The organ ids of the corpus and the bodies of the cast."""

ALL = [*ORGANS, "000.00.77.H01"]
"""All senders of the corpus."""


async def an_alias(session: AsyncSession, world: World, organ_id: str, body: str, **fields: Any) -> OrganAlias:
    it = _alias(world, organ_id, body, **fields)
    await keep(session, it)
    return it


def _alias(world: World, organ_id: str, body: str, **fields: Any) -> OrganAlias:
    made = {"scheme": OrganScheme.QCVN102, "valid_from": date(2016, 1, 1), **fields}
    return OrganAlias(organ_id=organ_id, body_id=world.body[body], **made)


async def the_aliases(session: AsyncSession, world: World) -> None:
    await keep(session, *(_alias(world, organ_id, body) for organ_id, body in ORGANS.items()))


async def a_message(session: AsyncSession, world: World, *, to: str = "lead", **fields: Any) -> EdxmlMessage:
    """One that waits at the desk of its receiver."""
    made = {
        "direction": MessageDirection.IN,
        "kind": MessageKind.EDOC,
        "state": MessageState.QUARANTINED,
        "code": "E-DATE",
        "sha256": "0" * 64,
        "size": 1,
        "brought_by_body_id": world.body[to],
        "account_id": world.account["lead_clerk"],
        "from_organ": "000.00.31.A57",
        "exchange_id": "000.00.31.A57,2024/04/25,210-BC/HU",
        **fields,
    }
    it = EdxmlMessage(**made)
    await keep(session, it)
    await keep(session, EdxmlDelivery(message_id=it.id, body_id=world.body[to], organ_id="000.00.05.A57"))
    return it


class Signer:
    """A key pair of a machine client, and the assertions it signs."""

    def __init__(self, algorithm: str = "ES256", bits: int = 2048) -> None:
        private: Any = (
            ec.generate_private_key(ec.SECP256R1())
            if algorithm == "ES256"
            else rsa.generate_private_key(public_exponent=65537, key_size=bits)
        )
        self.algorithm = algorithm
        self.pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    @property
    def public(self) -> dict[str, Any]:
        members = jwk.construct(self.pem, self.algorithm).public_key().to_dict()
        return {name: it.decode() if isinstance(it, bytes) else it for name, it in members.items()}

    def assertion(self, client_id: UUID | str, *, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """Good for half a minute; a claim of None is left out."""
        now = int(time.time())
        said = {
            "iss": str(client_id),
            "sub": str(client_id),
            "aud": "http://127.0.0.1:8000",
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + 30,
            **claims,
        }
        kept = {name: value for name, value in said.items() if value is not None}
        return str(jws.sign(kept, self.pem, headers=headers, algorithm=self.algorithm))


async def a_client(session: AsyncSession, world: World, tokens: Tokens, *, body: str = "lead", **fields: Any) -> str:
    """The access token of a registered client, as if it had just proved itself."""
    now = utcnow()
    account = Account(login=f"client:{uuid4()}", name="Trục liên thông")
    await keep(session, account)
    made = {"scopes": ["edxml:push", "edxml:read"], "organ_ids": [], **fields}
    client = MachineClient(body_id=world.body[body], account_id=account.id, name=account.name, keys=[], **made)
    family = SessionFamily(
        account_id=account.id, body_id=world.body[body], last_used_at=now, expires_at=now + timedelta(minutes=15)
    )
    await keep(session, client, family)
    return tokens.issue(
        account_id=account.id, body_id=world.body[body], family_id=family.id, scope=" ".join(client.scopes)
    )


PUBLIC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "khoa-1",
    "alg": "ES256",
    "use": "sig",
}
"""The example of RFC 7517, appendix A.1."""
