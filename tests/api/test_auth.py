"""Signing in, rotation, revocation, and every kind of token that is not good."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
import unicodedata
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jws, jwt
from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.clock import today, utcnow
from app.core.principal import Duty
from app.models.account import Account, Membership, MembershipDuty, SessionFamily
from app.models.body import Body
from app.models.history import AuditEvent
from tests.api.passwords import PASSWORD, ask, bearer, give_password, password_grant, sign_in
from tests.client import ok

COOKIE = "giamsat_refresh"


async def me(api, token, expect=200):
    answer = await api.get("/v1/me", headers=bearer(token))
    assert answer.status_code == expect, answer.text
    return answer.json()


def refused(answer, error="invalid_grant", status=400):
    assert answer.status_code == status, answer.text
    assert answer.json()["error"] == error
    assert answer.json()["error_description"].isascii()
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


async def join(session, world, part, body, duty=Duty.OFFICER):
    membership = Membership(account_id=world.account[part], body_id=world.body[body], accepted_at=utcnow())
    session.add(membership)
    await session.flush()
    session.add(MembershipDuty(membership_id=membership.id, duty=duty, valid_from=today()))
    await session.commit()
    return membership


async def test_a_password_gives_tokens_that_speak_for_the_body(api, session, world):
    await give_password(session, "lead_officer")
    answer = await password_grant(api, "lead_officer")
    granted = ok(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert (granted["token_type"], granted["expires_in"], granted["scope"]) == ("Bearer", 3600, "officer")
    assert (await me(api, granted["access_token"]))["body"]["id"] == str(world.body["lead"])
    assert "set-cookie" not in answer.headers


async def test_the_login_ignores_case_and_the_password_how_letters_are_composed(api, session):
    await give_password(session, "lead_officer")
    spelt = unicodedata.normalize("NFD", PASSWORD)
    assert spelt != PASSWORD
    ok(await ask(api, grant_type="password", username=" Lead_Officer@Example.VN ", password=spelt))


async def test_wrong_password_unknown_login_and_no_password_are_answered_alike(api, session):
    await give_password(session, "lead_officer")
    answers = [
        refused(await password_grant(api, "lead_officer", "not the password")),
        refused(await password_grant(api, "nobody", "not the password")),
        refused(await password_grant(api, "secretary", "not the password")),
        refused(await password_grant(api, "no\0body", "not the password")),
        refused(await password_grant(api, "x" * 500, "not the password")),
    ]
    assert all(it == answers[0] for it in answers)


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        ({}, "invalid_request", 400),
        ({"grant_type": "password"}, "invalid_request", 400),
        ({"grant_type": "password", "username": "lead_officer@example.vn"}, "invalid_request", 400),
        ({"grant_type": "refresh_token"}, "invalid_request", 400),
        ({"grant_type": "refresh_token", "refresh_token": "made up"}, "invalid_grant", 400),
        ({"grant_type": "refresh_token", "refresh_token": "made up", "refresh_in": "url"}, "invalid_request", 400),
        ({"grant_type": "client_credentials"}, "invalid_client", 401),
        ({"grant_type": "client_credentials", "client_assertion": "x.y.z"}, "invalid_client", 401),
    ],
)
async def test_errors_have_the_form_of_rfc_6749(api, form, error, status):
    refused(await ask(api, **form), error, status)


async def test_json_is_no_form(api):
    refused(await api.post("/v1/auth/token", {"grant_type": "password"}), "invalid_request")


async def test_the_message_speaks_vietnamese_unless_asked_otherwise(api):
    spoken = refused(await ask(api, grant_type="magic"), "unsupported_grant_type")
    assert spoken["message"].startswith("Hãy dùng")
    english = await api.http.post("/v1/auth/token", data={"grant_type": "magic"}, headers={"Accept-Language": "en"})
    assert english.json()["message"] == english.json()["error_description"]


async def test_an_account_of_several_bodies_must_say_for_which_it_speaks(api, session, world):
    await give_password(session, "lead_officer")
    await join(session, world, "lead_officer", "verifier")
    asked = refused(await password_grant(api, "lead_officer"), "body_required")
    assert {it["id"] for it in asked["bodies"]} == {str(world.body["lead"]), str(world.body["verifier"])}
    assert asked["bodies"][0].keys() == {"id", "name", "short_name"}
    granted = await sign_in(api, "lead_officer", body_id=str(world.body["verifier"]).upper())
    assert (await me(api, granted["access_token"]))["body"]["short_name"] == "UBKT Tỉnh ủy"
    refused(await password_grant(api, "lead_officer", body_id=str(world.body["partner"])))
    refused(await password_grant(api, "lead_officer", body_id="not an id"))


async def test_repeated_failures_make_an_account_rest_even_for_the_right_password(api, session, world):
    await give_password(session, "lead_officer")
    for _ in range(5):
        refused(await password_grant(api, "lead_officer", "not the password"))
    refused(await password_grant(api, "lead_officer"))
    resting = await session.get(Account, world.account["lead_officer"], populate_existing=True)
    assert resting.failed_attempts == 5
    assert timedelta(seconds=20) < resting.locked_until - utcnow() < timedelta(seconds=31)
    resting.locked_until = utcnow()
    await session.commit()
    refused(await password_grant(api, "lead_officer", "not the password"))
    await session.refresh(resting)
    assert timedelta(seconds=50) < resting.locked_until - utcnow() < timedelta(seconds=61)


async def test_the_right_password_forgives_earlier_failures(api, session, world):
    await give_password(session, "lead_officer")
    for _ in range(4):
        refused(await password_grant(api, "lead_officer", "not the password"))
    await sign_in(api, "lead_officer")
    account = await session.get(Account, world.account["lead_officer"], populate_existing=True)
    assert (account.failed_attempts, account.locked_until) == (0, None)


async def test_sign_ins_and_failures_are_audited_without_personal_data(api, session, world):
    await give_password(session, "lead_officer")
    await sign_in(api, "lead_officer")
    refused(await password_grant(api, "lead_officer", "not the password"))
    refused(await password_grant(api, "nobody", "not the password"))
    lines = (
        (await session.execute(select(AuditEvent).order_by(col(AuditEvent.seq)).execution_options(scope="test")))
        .scalars()
        .all()
    )
    seen = [(it.action, it.account_id, it.details) for it in lines[-3:]]
    assert seen == [
        ("session_family.sign_in", world.account["lead_officer"], {}),
        ("account.sign_in_failed", None, {}),
        ("account.sign_in_failed", None, {}),
    ]


async def test_a_refresh_token_is_good_once(api, session):
    await give_password(session, "lead_officer")
    first = await sign_in(api, "lead_officer")
    second = ok(await ask(api, grant_type="refresh_token", refresh_token=first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    await me(api, second["access_token"])
    refused(await ask(api, grant_type="refresh_token", refresh_token=first["refresh_token"]))
    refused(await ask(api, grant_type="refresh_token", refresh_token=second["refresh_token"]))
    assert (await me(api, second["access_token"], 401))["code"] == "invalid_token"
    assert (await me(api, first["access_token"], 401))["code"] == "invalid_token"


async def test_a_session_ends_on_its_day_however_often_it_was_refreshed(api, session):
    await give_password(session, "lead_officer")
    granted = await sign_in(api, "lead_officer")
    await session.execute(update(SessionFamily).values(expires_at=utcnow()))
    await session.commit()
    refused(await ask(api, grant_type="refresh_token", refresh_token=granted["refresh_token"]))


async def test_a_refresh_token_in_a_cookie_is_not_in_the_body(api, session):
    await give_password(session, "lead_officer")
    answer = await password_grant(api, "lead_officer", refresh_in="cookie")
    assert "refresh_token" not in ok(answer)
    cookie = answer.headers["set-cookie"]
    assert all(it in cookie for it in ("HttpOnly", "SameSite=strict", "Path=/v1/auth", "Max-Age=12096"))
    assert "Secure" not in cookie, "the test installation is reached by plain http"
    spent = api.http.cookies[COOKIE]
    refreshed = await ask(api, grant_type="refresh_token")
    assert "refresh_token" not in ok(refreshed)
    assert api.http.cookies[COOKIE] != spent
    out = await api.http.post("/v1/auth/revoke")
    assert out.status_code == 200
    assert COOKIE not in api.http.cookies
    await me(api, refreshed.json()["access_token"], 401)


@pytest.fixture
def https(app):
    kept = app.state.settings
    app.state.settings = kept.model_copy(update={"public_url": "https://giamsat.example.vn"})
    yield
    app.state.settings = kept


@pytest.mark.usefixtures("https")
async def test_a_cookie_is_secure_where_the_installation_is_reached_by_https(api, session):
    await give_password(session, "lead_officer")
    answer = await password_grant(api, "lead_officer", refresh_in="cookie")
    assert "; Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_revoking_either_token_ends_the_session_at_once(api, session, kind):
    await give_password(session, "lead_officer")
    granted = await sign_in(api, "lead_officer")
    other = await sign_in(api, "lead_officer")
    revoked = await api.http.post("/v1/auth/revoke", data={"token": granted[kind], "token_type_hint": "nonsense"})
    assert (revoked.status_code, revoked.content) == (200, b"")
    await me(api, granted["access_token"], 401)
    refused(await ask(api, grant_type="refresh_token", refresh_token=granted["refresh_token"]))
    await me(api, other["access_token"])


async def test_revoking_what_is_no_token_is_no_error(api, world):
    assert (await api.http.post("/v1/auth/revoke", data={"token": "ư.x.y"})).status_code == 200
    refused(await api.http.post("/v1/auth/revoke"), "invalid_request")


async def test_keys_and_metadata_let_others_verify_our_tokens(api, world):
    metadata = ok(await api.get("/.well-known/oauth-authorization-server"))
    assert metadata["token_endpoint"] == f"{metadata['issuer']}/v1/auth/token"
    keys = ok(await api.get("/.well-known/jwks.json"))
    assert "d" not in keys["keys"][0]
    claims = jwt.decode(world.token("head"), keys, algorithms="ES256", audience="giamsat", issuer=metadata["issuer"])
    assert (claims["sub"], claims["body"]) == (str(world.account["head"]), str(world.body["lead"]))


def forge(app, world, *, key=None, headers=None, algorithm="ES256", **claims):
    """A token like the head's, but for what is given."""
    tokens = app.state.tokens
    now = int(time.time())
    content = {
        "iss": tokens.issuer,
        "aud": tokens.audience,
        "sub": str(world.account["head"]),
        "body": str(world.body["lead"]),
        "sid": str(world.family["head"]),
        "iat": now,
        "exp": now + 900,
        **claims,
    }
    content = {name: value for name, value in content.items() if value is not None}
    keyring = tokens.keyring
    signer = key or keyring._pems[keyring.kid].decode()
    return jws.sign(
        content, signer, headers={"typ": "at+jwt", "kid": keyring.kid, **(headers or {})}, algorithm=algorithm
    )


def unsigned(app, world):
    head, body, _ = forge(app, world).split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "==")) | {"alg": "none"}
    return f"{base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip('=')}.{body}."


def signed_with_the_public_key(app, world):
    """HS256 with the published key as its secret; jose itself refuses to sign so, hence by hand."""
    keyring = app.state.tokens.keyring
    private = serialization.load_pem_private_key(keyring._pems[keyring.kid], None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _, body, _ = forge(app, world).split(".")
    header = (
        base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "at+jwt", "kid": keyring.kid}).encode())
        .decode()
        .rstrip("=")
    )
    tag = hmac.new(public, f"{header}.{body}".encode(), hashlib.sha256).digest()
    return f"{header}.{body}.{base64.urlsafe_b64encode(tag).decode().rstrip('=')}"


def foreign(app, world):
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return forge(app, world, key=pem.decode())


def tampered(app, world):
    head, body, tag = forge(app, world).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"body": str(world.body["registry"])}
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.{tag}"


BAD = {
    "expired": lambda app, world: forge(app, world, exp=int(time.time()) - 1),
    "without expiry": lambda app, world: forge(app, world, exp=None),
    "expiry in words": lambda app, world: forge(app, world, exp="tomorrow"),
    "another audience": lambda app, world: forge(app, world, aud="elsewhere"),
    "a list of audiences": lambda app, world: forge(app, world, aud=["giamsat", "elsewhere"]),
    "another issuer": lambda app, world: forge(app, world, iss="https://elsewhere"),
    "without a session": lambda app, world: forge(app, world, sid=None),
    "a session of somebody else": lambda app, world: forge(app, world, sid=str(world.family["stranger"])),
    "an unknown session": lambda app, world: forge(app, world, sid=str(uuid4())),
    "a body of others": lambda app, world: forge(app, world, body=str(world.body["stranger"])),
    "no person's id": lambda app, world: forge(app, world, sub="head"),
    "foreign-signed": foreign,
    "alg none": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "tampered": tampered,
    "an ID token": lambda app, world: forge(app, world, headers={"typ": "JWT"}),
    "an unknown key": lambda app, world: forge(app, world, headers={"kid": "another"}),
    "a list of keys": lambda app, world: forge(app, world, headers={"kid": ["another"]}),
    "crit": lambda app, world: forge(app, world, headers={"crit": ["exp"]}),
    "jku": lambda app, world: forge(app, world, headers={"jku": "https://elsewhere/jwks.json"}),
    "x5u": lambda app, world: forge(app, world, headers={"x5u": "https://elsewhere/chain"}),
    "jwk": lambda app, world: forge(app, world, headers={"jwk": {"kty": "EC"}}),
    "garbage": lambda app, world: "garbage",
    "dots": lambda app, world: "..",
    "three words": lambda app, world: "a.b.c",
    "too long": lambda app, world: "a" * 5000,
}


async def test_the_forged_token_would_be_good_if_nothing_were_wrong_with_it(api, app, world):
    await me(api, forge(app, world))


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_token_is_refused_and_learns_nothing(api, app, world, kind):
    answer = await api.get("/v1/me", headers=bearer(BAD[kind](app, world)))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json().keys() == {"type", "title", "status", "detail", "instance", "code"}
    assert answer.json()["code"] == "invalid_token"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic aGVhZDpoZWFk", "Bearer \xe9\xff", "bearer a b"])
async def test_no_token_is_refused(api, header):
    answer = await api.get("/v1/me", headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401


async def test_a_duty_that_ended_yesterday_speaks_for_nobody(api, session, world):
    await give_password(session, "lead_officer")
    granted = await sign_in(api, "lead_officer")
    held = select(col(Membership.id)).where(col(Membership.account_id) == world.account["lead_officer"])
    await session.execute(
        update(MembershipDuty)
        .where(col(MembershipDuty.membership_id).in_(held))
        .values(valid_to=today() - timedelta(days=1))
    )
    await session.commit()
    await me(api, granted["access_token"], 401)
    refused(await password_grant(api, "lead_officer"))
    refused(await ask(api, grant_type="refresh_token", refresh_token=granted["refresh_token"]))


async def test_nobody_speaks_for_a_body_that_has_ended(api, session, world):
    await give_password(session, "lead_officer")
    await session.execute(
        update(Body).where(col(Body.id) == world.body["lead"]).values(valid_to=today() - timedelta(days=1))
    )
    await session.commit()
    refused(await password_grant(api, "lead_officer"))
    assert (await api.get("/v1/me", as_="lead_officer")).status_code == 401


async def test_attempts_on_one_login_take_turns_so_that_a_burst_is_counted(api, session, world):
    await give_password(session, "lead_officer")
    answers = await asyncio.gather(*(password_grant(api, "lead_officer", f"guess number {n}") for n in range(12)))
    assert {it.status_code for it in answers} == {400}
    account = await session.get(Account, world.account["lead_officer"], populate_existing=True)
    assert account.failed_attempts == 5, "the sixth found the account resting"


async def test_no_idempotency_key_is_taken_where_secrets_are_shown(api, session):
    await give_password(session, "lead_officer")
    form = {"grant_type": "password", "username": "lead_officer@example.vn", "password": PASSWORD}
    headers = {"Idempotency-Key": "the same key"}
    first = await api.http.post("/v1/auth/token", data=form, headers=headers)
    again = await api.http.post("/v1/auth/token", data=form, headers=headers)
    assert ok(first)["refresh_token"] != ok(again)["refresh_token"]
    families = select(func.count()).select_from(SessionFamily).where(col(SessionFamily.user_agent).is_not(None))
    assert (await session.execute(families.execution_options(scope="test"))).scalar_one() == 2
