"""Machine clients prove themselves by what they sign, and reach no more than their scopes."""

import json
import time
from typing import Any

import httpx
import pytest
from jose import jws
from sqlalchemy.ext.asyncio import AsyncSession

from tests.client import Api, created, ok
from tests.makers_edxml import Signer, the_aliases
from tests.world import World

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SIGNER = Signer()
SCOPES = ["edxml:push", "edxml:read"]


async def registered(api: Api, signer: Signer = SIGNER, **fields: Any) -> dict[str, Any]:
    payload = {"name": "Trục liên thông tỉnh", "jwks": {"keys": [signer.public]}, "scopes": SCOPES, **fields}
    return created(await api.post("/v1/clients", payload, as_="administrator"))


async def asked(api: Api, assertion: str | None, **form: str) -> httpx.Response:
    sent = {"grant_type": "client_credentials", "client_assertion_type": TYPE, **form}
    if assertion is not None:
        sent["client_assertion"] = assertion
    return await api.post("/v1/auth/token", data=sent)


async def token(api: Api, client: dict[str, Any], **form: str) -> dict[str, str]:
    granted = ok(await asked(api, SIGNER.assertion(client["client_id"]), **form))
    return {"Authorization": f"Bearer {granted['access_token']}"}


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_a_client_gets_an_access_token_and_no_other(api: Api, algorithm: str) -> None:
    signer = Signer(algorithm)
    client = await registered(api, signer)
    granted = ok(await asked(api, signer.assertion(client["client_id"])))
    assert granted.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert granted["scope"] == "edxml:push edxml:read"


async def test_what_is_shown_of_a_client_is_public(api: Api) -> None:
    client = await registered(api, organ_ids=["000.00.05.a57"])
    assert client["organ_ids"] == ["000.00.05.A57"]
    assert client["jwks"]["keys"][0].keys() == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert (await api.get(f"/v1/clients/{client['id']}", as_="lead_leader")).status_code == 404
    assert ok(await api.get("/v1/clients", as_="administrator"))["items"] == [client]


async def test_a_token_reaches_its_scopes_and_nothing_else(api: Api, session: AsyncSession, world: World) -> None:
    await the_aliases(session, world)
    client = await registered(api)
    reading = await token(api, client, scope="edxml:read")
    assert (await api.get("/v1/edxml/messages", headers=reading)).status_code == 200
    for method, path in [
        ("POST", "/v1/edxml/inbound"),
        ("GET", "/v1/campaigns"),
        ("GET", "/v1/documents"),
        ("GET", "/v1/me"),
        ("GET", "/v1/clients"),
        ("POST", "/v1/recommendations"),
    ]:
        refused = await api.call(method, path, headers=reading)
        assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope"), path
    assert (await api.get("/v1/organ-aliases", headers=reading)).status_code == 403


async def test_a_scope_that_was_not_granted_is_refused(api: Api) -> None:
    client = await registered(api, scopes=["edxml:push"])
    refused = await asked(api, SIGNER.assertion(client["client_id"]), scope="edxml:push edxml:read")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


async def test_an_assertion_is_good_once(api: Api) -> None:
    assertion = SIGNER.assertion((await registered(api))["client_id"])
    assert (await asked(api, assertion)).status_code == 200
    assert (await asked(api, assertion)).status_code == 401


async def test_the_token_endpoint_is_an_audience_too(api: Api) -> None:
    client = await registered(api)
    there = SIGNER.assertion(client["client_id"], aud="http://127.0.0.1:8000/v1/auth/token")
    assert (await asked(api, there)).status_code == 200


now = int(time.time())
HOSTILE: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://elsewhere.example"},
    "audiences as a list": {"aud": ["http://127.0.0.1:8000"]},
    "no audience": {"aud": None},
    "another issuer": {"iss": "00000000-0000-7000-8000-000000000000"},
    "another subject": {"sub": "00000000-0000-7000-8000-000000000000"},
    "no subject": {"sub": None},
    "no id": {"jti": None},
    "an empty id": {"jti": ""},
    "an id of another type": {"jti": 7},
    "an endless id": {"jti": "x" * 500},
    "an id of half a letter": {"jti": "\ud800"},
    "an id that hides": {"jti": "a\0b"},
    "no end": {"exp": None},
    "a far end": {"exp": now + 3600, "iat": None},
    "long ago": {"exp": now - 300, "iat": None},
    "longer than a minute": {"iat": now - 40, "exp": now + 55},
    "from the future": {"iat": now + 600},
    "not yet": {"nbf": now + 600},
    "an end in words": {"exp": "soon"},
    "true as an end": {"exp": True},
    "an end beyond time": {"exp": 10**30},
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_claims(api: Api, name: str) -> None:
    client = await registered(api)
    refused = await asked(api, SIGNER.assertion(client["client_id"], **HOSTILE[name]))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


async def test_a_key_of_somebody_else_proves_nothing(api: Api) -> None:
    client = await registered(api)
    assert (await asked(api, Signer().assertion(client["client_id"]))).status_code == 401


async def test_the_algorithm_is_the_keys_never_the_headers(api: Api) -> None:
    """HS256 keyed with the public key, and none at all."""
    rsa = Signer("RS256")
    client = await registered(api, rsa)
    claims = {"iss": client["client_id"], "sub": client["client_id"], "aud": "http://127.0.0.1:8000"}
    claims |= {"jti": "1", "exp": int(time.time()) + 30}
    confused = jws.sign(claims, json.dumps(rsa.public), algorithm="HS256")
    assert (await asked(api, confused)).status_code == 401
    unsigned = "eyJhbGciOiJub25lIn0." + confused.split(".")[1] + "."
    assert (await asked(api, unsigned)).status_code == 401


@pytest.mark.parametrize("header", ["jwk", "jku", "x5u", "x5c", "crit"])
async def test_headers_that_bring_their_own_key_are_refused(api: Api, header: str) -> None:
    client = await registered(api)
    brought = {"crit": ["exp"], "jwk": SIGNER.public}.get(header, "https://evil.example/keys")
    assert (await asked(api, SIGNER.assertion(client["client_id"], headers={header: brought}))).status_code == 401


@pytest.mark.parametrize(
    "assertion", [None, "", "x", "a.b.c", "e30.e30.e30", "." * 3000, "é.é.é", "A" * 5000, "bnVsbA.bnVsbA.bnVsbA"]
)
async def test_what_is_no_assertion(api: Api, assertion: str | None) -> None:
    assert (await asked(api, assertion)).status_code == 401


async def test_other_forms_are_refused(api: Api) -> None:
    client = await registered(api)
    good = SIGNER.assertion(client["client_id"])
    assert (await asked(api, good, client_assertion_type="other")).status_code == 401
    assert (await asked(api, good, client_id="00000000-0000-7000-8000-000000000000")).status_code == 401
    assert (await asked(api, good, grant_type="password")).status_code == 401
    assert (await asked(api, good, client_id=client["client_id"])).status_code == 200


PRIVATE = {**SIGNER.public, "d": "AAAA"}
KEYS: dict[str, dict[str, Any]] = {
    "a private key": PRIVATE,
    "a shared secret": {"kty": "oct", "k": "c2VjcmV0"},
    "another curve": {**SIGNER.public, "crv": "P-384"},
    "RSA of 1024 bits": Signer("RS256", 1024).public,
    "another algorithm": {**SIGNER.public, "alg": "HS256"},
    "a key for encryption": {**SIGNER.public, "use": "enc"},
    "half a key": {"kty": "EC", "crv": "P-256", "x": SIGNER.public["x"]},
    "a number for text": {**SIGNER.public, "x": 7},
    "letters outside": {**SIGNER.public, "x": "é" * 43},
    "nothing": {},
}


@pytest.mark.parametrize("name", KEYS)
async def test_keys_that_are_not_taken(api: Api, name: str) -> None:
    payload = {"name": "Thử", "jwks": {"keys": [KEYS[name]]}, "scopes": SCOPES}
    assert (await api.post("/v1/clients", payload, as_="administrator")).status_code == 422


async def test_two_keys_of_one_name_are_not_taken(api: Api) -> None:
    keys = [{**it.public, "kid": "khoa-1"} for it in (SIGNER, Signer())]
    payload = {"name": "Thử", "jwks": {"keys": keys}, "scopes": SCOPES}
    assert (await api.post("/v1/clients", payload, as_="administrator")).status_code == 422


@pytest.mark.parametrize("part", ["lead_leader", "lead_clerk", "registrar", "auditor"])
async def test_only_an_administrator_registers_clients(api: Api, part: str) -> None:
    payload = {"name": "Thử", "jwks": {"keys": [SIGNER.public]}, "scopes": SCOPES}
    assert (await api.post("/v1/clients", payload, as_=part)).status_code == 403


async def test_a_revoked_client_is_out_at_once(api: Api) -> None:
    client = await registered(api)
    reading = await token(api, client)
    assert (await api.get("/v1/edxml/messages", headers=reading)).status_code == 200
    gone = await api.post(f"/v1/clients/{client['id']}/revoke", as_="administrator", if_match=1)
    assert ok(gone)["revoked_at"] is not None
    assert (await api.get("/v1/edxml/messages", headers=reading)).status_code == 401
    assert (await asked(api, SIGNER.assertion(client["client_id"]))).status_code == 401
    changed = await api.patch(f"/v1/clients/{client['id']}", {"name": "Khác"}, as_="administrator", if_match=2)
    assert changed.json()["code"] == "client_revoked"


async def test_a_new_key_takes_the_place_of_the_old(api: Api) -> None:
    client = await registered(api)
    newer = Signer()
    change = {"jwks": {"keys": [newer.public]}, "scopes": ["edxml:read"]}
    ok(await api.patch(f"/v1/clients/{client['id']}", change, as_="administrator", if_match=1))
    assert (await asked(api, SIGNER.assertion(client["client_id"]))).status_code == 401
    assert ok(await asked(api, newer.assertion(client["client_id"])))["scope"] == "edxml:read"


async def test_a_token_can_be_given_back(api: Api) -> None:
    client = await registered(api)
    reading = await token(api, client)
    given = reading["Authorization"].removeprefix("Bearer ")
    assert (await api.post("/v1/auth/revoke", data={"token": given})).status_code == 200
    assert (await api.get("/v1/edxml/messages", headers=reading)).status_code == 401
