"""Before the story: the registry, the bodies, and people who accept invitations and choose their passwords."""

import secrets
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import create_engine
from app.core.errors import Conflict
from app.core.settings import Settings
from app.demo.cast import BODIES, MOVED, PARTS, PLACE, REGISTRY, RENAMED, SINCE, CastBody, Part
from app.demo.voices import Unexpected, Voices, write_private
from app.services import identity

ACCOUNTS = "demo-accounts.json"


def login_of(part: str) -> str:
    return f"{part.replace('_', '.')}@demo.vn"


def new_password() -> str:
    return secrets.token_urlsafe(15)


async def open_registry(voices: Voices, settings: Settings) -> None:
    """The registrar, made the way `giamsat first-admin` makes one."""
    kept = voices.journal.done.get("registrar")
    if kept is None:
        kept = {"login": login_of("registrar"), "password": new_password()}
        await _first_admin(settings, **kept)
        voices.journal.write("registrar", kept)
    voices.credentials["registrar"] = (kept["login"], kept["password"])
    try:
        me = await voices.read("registrar", "/v1/me")
    except Unexpected as error:
        raise SystemExit(STRANGE) from error
    voices.journal.done["registry"] = me["body"]["id"]


STRANGE = (
    "Cơ sở dữ liệu này không phải của bản trình diễn: hãy đặt DATABASE_URL khác, hoặc bỏ demo-story.json trong thư mục "
    "dữ liệu. · This database is not the demo's: set another DATABASE_URL, or remove demo-story.json from the data "
    "folder."
)


async def _first_admin(settings: Settings, *, login: str, password: str) -> None:
    assert settings.database_url is not None
    engine = create_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        async with AsyncSession(engine) as session, session.begin():
            await identity.first_admin(
                session,
                login=login,
                name="Nguyễn Thị Đăng Ký",
                password=password,
                body_name=REGISTRY,
                short_name="VP MTTQVN",
                since=date.fromisoformat(SINCE),
            )
    except Conflict as error:
        raise SystemExit(STRANGE) from error
    finally:
        await engine.dispose()


async def gather(voices: Voices) -> dict[str, str]:
    """The bodies and their people; the ids of bodies by key."""
    ids: dict[str, str] = {}
    for key, body in BODIES.items():
        ids[key] = await voices.once(f"body:{key}", partial(_found, voices, body, ids))
    for key in dict.fromkeys(part.body for part in PARTS.values()):
        await staff(voices, PARTS, key, BODIES[key].short_name, ids[key])
    return ids


async def _found(voices: Voices, body: CastBody, ids: dict[str, str]) -> str:
    return await found(voices, body, ids, SINCE, PLACE if body.level == "province" else None)


async def found(voices: Voices, body: CastBody, ids: dict[str, str], since: str, place_code: str | None) -> str:
    payload: dict[str, Any] = {
        "kind": body.kind,
        "level": body.level,
        "valid_from": since,
        "name": body.name,
        "short_name": body.short_name,
    }
    if place_code:
        payload["place_code"] = place_code
    if body.symbol:
        payload["symbol"] = body.symbol
    if body.parent:
        payload["parent_id"] = ids[body.parent]
    if body.through:
        payload["acts_through"] = [{"body_id": ids[body.through], "from": SINCE}]
    made = await voices.make("registrar", "/v1/bodies", payload, key=f"body-{body.short_name}")
    return str(made["id"])


async def staff(voices: Voices, parts: dict[str, Part], key: str, short_name: str, body_id: str) -> None:
    """The registrar invites the first administrator, who invites the others."""
    ours = {name: part for name, part in parts.items() if part.body == key}
    keeper = next((name for name, part in ours.items() if "administrator" in part.duties), f"administrator:{key}")
    first = ours.get(keeper) or Part(f"Quản trị {short_name}", key, ("administrator",))
    await _invite(voices, "registrar", keeper, first, body_id)
    for name, part in ours.items():
        if name != keeper:
            await _invite(voices, keeper, name, part, body_id)


async def _invite(voices: Voices, by: str, name: str, part: Part, body_id: str) -> None:
    async def deed() -> dict[str, str]:
        login, password = login_of(name.replace(":", ".")), new_password()
        duties = [{"duty": duty, "from": SINCE} for duty in part.duties]
        sent = {"login": login, "name": part.name, "duties": duties}
        link = (await voices.say(by, "POST", f"/v1/bodies/{body_id}/invitations", sent))["link"]
        token = link.rstrip("/").rsplit("/", 1)[-1]
        answer = await voices.http.post(f"/v1/auth/invitations/{token}", json={"password": password})
        if answer.status_code != 201:
            raise Unexpected(f"{name}: {answer.text}")
        return {"login": login, "password": password}

    kept = await voices.once(f"account:{name}", deed)
    voices.credentials[name] = (kept["login"], kept["password"])


def present(key: str, ids: dict[str, str]) -> tuple[str, str]:
    """The body for which people of this one act now, and its name."""
    heir = MOVED.get(key, key)
    if heir == key or heir not in ids:
        return ids[key], BODIES[key].name
    return ids[heir], RENAMED[heir][0]


async def write_accounts(voices: Voices, ids: dict[str, str], folder: Path) -> Path:
    """var/demo-accounts.json, to sign in as each of them; people of ended bodies with the body they act for now."""
    path = folder / ACCOUNTS
    login, password = voices.credentials["registrar"]
    registrar = account_of("registrar", login, password, voices.journal.done["registry"], REGISTRY, ("registrar",))
    accounts = [registrar]
    for name, part in PARTS.items():
        login, password = voices.credentials[name]
        accounts.append(account_of(name, login, password, *present(part.body, ids), part.duties))
    paper = BODIES["paper_addressee"]
    accounts.append(account_of("paper_addressee", None, None, ids["paper_addressee"], paper.name, ()))
    write_private(path, accounts)
    return path


def account_of(
    part: str, login: str | None, password: str | None, body_id: str, body_name: str, duties: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "login": login,
        "password": password,
        "body_id": body_id,
        "body_name": body_name,
        "duties": list(duties),
        "part": part,
    }
