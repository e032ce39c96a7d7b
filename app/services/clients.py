"""Machine clients of a body: registered by its administrator, admitted by what they sign."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.core.assertions import SKEW_SECONDS, AssertionKey, Proof, Unproven
from app.core.errors import ClientRefused, Conflict, Forbidden, GrantRefused
from app.core.ids import new_id
from app.core.principal import Duty, Principal
from app.core.tokens import Tokens, asserted_client, digest, prove
from app.models.account import Account, SessionFamily
from app.models.body import Body
from app.models.grant import TokenRequest
from app.models.machine_client import (
    ClientAssertion,
    MachineClient,
    MachineClientCreate,
    MachineClientFilter,
    MachineClientRead,
    MachineClientUpdate,
)
from app.policies.visibility import unscoped
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.steps import check_version, find
from app.services.unit_of_work import UnitOfWork

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    identifier: Any = col(MachineClient.id)
    return {
        "client_id": identifier,
        "body": body_ref(MachineClient.body_id, who.today, who.today),
        "jwks": func.json_build_object("keys", col(MachineClient.keys)),
    }


CLIENT = Projection(model=MachineClient, reads={"full": MachineClientRead}, columns=_columns)


async def listing(uow: UnitOfWork, query: MachineClientFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.revoked is not None:
        ended = col(MachineClient.revoked_at).is_not(None)
        where.append(ended if query.revoked else ~ended)
    return await read_page(uow, CLIENT, Page.of(query), where=where, filters=query.filters())


async def create(uow: UnitOfWork, payload: MachineClientCreate) -> UUID:
    """For the administrator's own body alone. Its account is that of the audit; nobody can sign in to it."""
    if not uow.who.holds(Duty.ADMINISTRATOR) or uow.who.closed:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    identifier = new_id()
    account = Account(login=f"client:{identifier}", name=payload.name)
    uow.add(account)
    await uow.session.flush()
    it = MachineClient(
        id=identifier, body_id=uow.who.body_id, account_id=account.id, **_fields(payload.model_dump(mode="json"))
    )
    uow.add(it)
    await uow.session.flush()
    uow.record("machine_client.create", it, scopes=it.scopes, organ_ids=it.organ_ids)
    return it.id


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    if "jwks" in given:
        given["keys"] = given.pop("jwks")["keys"]
    for name in ("scopes", "organ_ids"):
        if name in given:
            given[name] = sorted(set(given[name]))
    return given


async def change(uow: UnitOfWork, identifier: UUID, payload: MachineClientUpdate, expected: int | None) -> None:
    it = await find(uow, MachineClient, identifier, lock=True)
    check_version(it, expected)
    _check_live(it)
    it.sqlmodel_update(_fields(payload.model_dump(mode="json", exclude_unset=True)))
    uow.record("machine_client.update", it, fields=sorted(payload.model_fields_set))


async def revoke(uow: UnitOfWork, identifier: UUID, expected: int | None) -> UUID:
    """For good: its tokens end at once, and its keys open nothing any more."""
    it = await find(uow, MachineClient, identifier, lock=True)
    if (made := await uow.claim()) is not None:
        return made
    check_version(it, expected)
    _check_live(it)
    it.revoked_at = uow.now
    live = update(SessionFamily).where(
        col(SessionFamily.account_id) == it.account_id, col(SessionFamily.revoked_at).is_(None)
    )
    await uow.session.execute(live.values(revoked_at=uow.now).execution_options(synchronize_session=False))
    uow.record("machine_client.revoke", it)
    return it.id


def _check_live(it: MachineClient) -> None:
    if it.revoked_at is not None:
        raise Conflict("client_revoked")


async def admit(uow: UnitOfWork, tokens: Tokens, ask: TokenRequest) -> tuple[SessionFamily, str]:
    """A session as long as one access token, with the scopes asked for; every refusal looks the same."""
    if ask.client_assertion is None or ask.client_assertion_type != ASSERTION_TYPE:
        raise ClientRefused
    try:
        client, proof = await _proven(uow, tokens, ask.client_assertion, ask.client_id)
    except Unproven:
        raise ClientRefused from None
    if not await _is_first_use(uow, client, proof):
        raise ClientRefused
    scope = _granted(client, ask.scope)
    family = SessionFamily(
        account_id=client.account_id,
        body_id=client.body_id,
        user_agent=f"client:{client.name}"[:300],
        last_used_at=uow.now,
        expires_at=uow.now + tokens.lifetime,
    )
    uow.add(family)
    await uow.session.flush()
    return family, scope


async def _proven(
    uow: UnitOfWork, tokens: Tokens, assertion: str, client_id: str | None
) -> tuple[MachineClient, Proof]:
    asserted = asserted_client(assertion)
    if client_id is not None and client_id.lower() != str(asserted):
        raise Unproven
    living = or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= uow.today)
    statement = (
        unscoped(MachineClient, reason="whose keys prove this assertion?")
        .join(Body, col(Body.id) == col(MachineClient.body_id))
        .where(col(MachineClient.id) == asserted, col(MachineClient.revoked_at).is_(None), living)
    )
    client = (await uow.session.execute(statement)).scalar_one_or_none()
    if client is None:
        raise Unproven
    keys = [AssertionKey.of(it) for it in client.keys]
    audiences = {tokens.issuer, f"{tokens.issuer}/v1/auth/token"}
    return client, prove(assertion, keys, client_id=client.id, audiences=audiences)


async def _is_first_use(uow: UnitOfWork, client: MachineClient, proof: Proof) -> bool:
    """Two uses at once: the second waits at the unique index. What has expired is forgotten on the way."""
    expired = delete(ClientAssertion).where(col(ClientAssertion.expires_at) < datetime.now(UTC))
    await uow.session.execute(expired.execution_options(synchronize_session=False))
    used = insert(ClientAssertion).values(
        id=new_id(),
        created_at=uow.now,
        token_digest=digest(f"{client.id}:{proof.jti}"),
        expires_at=proof.expires_at + timedelta(seconds=2 * SKEW_SECONDS),
    )
    won = await uow.session.execute(used.on_conflict_do_nothing().returning(col(ClientAssertion.id)))
    return won.first() is not None


def _granted(client: MachineClient, asked: str | None) -> str:
    wanted = (asked or "").split() or client.scopes
    if not set(wanted) <= set(client.scopes):
        raise GrantRefused("invalid_scope")
    return " ".join(sorted(set(wanted)))
