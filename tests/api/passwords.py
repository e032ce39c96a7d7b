"""Sign-ins of the cast, whose accounts have no password until a test gives them one."""

from typing import Any

import httpx
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core import passwords
from app.models.account import Account
from tests.client import Api, ok

PASSWORD = "hai mùa mưa nắng"
_HASH = passwords.hashed(PASSWORD)


async def give_password(session: AsyncSession, *parts: str) -> None:
    logins = [f"{part}@example.vn" for part in parts]
    await session.execute(update(Account).where(col(Account.login).in_(logins)).values(password_hash=_HASH))
    await session.commit()


async def ask(api: Api, **form: Any) -> httpx.Response:
    return await api.http.post("/v1/auth/token", data=form)


async def password_grant(api: Api, part: str, password: str = PASSWORD, **rest: Any) -> httpx.Response:
    return await ask(api, grant_type="password", username=f"{part}@example.vn", password=password, **rest)


async def sign_in(api: Api, part: str, **rest: Any) -> dict[str, Any]:
    return ok(await password_grant(api, part, **rest))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
