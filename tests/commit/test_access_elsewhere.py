"""A process keeps its callers in memory, and forgets them as soon as access changes in another process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.settings import Settings
from app.main import create_app
from app.models.account import Account
from tests.api.passwords import PASSWORD, bearer, give_password
from tests.world import World

Two = tuple[FastAPI, FastAPI]


@pytest.fixture
async def processes(database: str, settings: Settings) -> AsyncIterator[Two]:
    """Two applications with pools and listeners of their own, on one database."""
    own = settings.model_copy(update={"database_url": SecretStr(database), "demo": False, "pool_size": 2})
    async with AsyncExitStack() as stack:
        here, there = create_app(own), create_app(own)
        for app in (here, there):
            await stack.enter_async_context(app.router.lifespan_context(app))
            await until(lambda app=app: app.state.principals.listening)
        yield here, there


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - another connection changes it
            await asyncio.sleep(0.01)


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_a_revoked_session_ends_in_every_process(processes: Two, template: World) -> None:
    here, there = processes
    async with here.state.sessions() as session:
        await give_password(session, "lead_officer")
    form = {"grant_type": "password", "username": "lead_officer@example.vn", "password": PASSWORD}
    async with client(here) as ours, client(there) as theirs:
        granted = (await ours.post("/v1/auth/token", data=form)).json()
        headers = bearer(granted["access_token"])
        assert (await theirs.get("/v1/me", headers=headers)).status_code == 200
        kept = there.state.principals
        assert kept._kept, "the other process remembers the caller"
        assert (await ours.post("/v1/auth/revoke", data={"token": granted["refresh_token"]})).status_code == 200
        await until(lambda: not kept._kept)
        assert (await theirs.get("/v1/me", headers=headers)).status_code == 401
        assert (await ours.get("/v1/me", headers=headers)).status_code == 401


async def test_a_failure_is_counted_although_its_answer_is_a_refusal(processes: Two, template: World) -> None:
    here, _ = processes
    form = {"grant_type": "password", "username": "head@example.vn", "password": "not the password"}
    async with client(here) as ours:
        assert (await ours.post("/v1/auth/token", data=form)).status_code == 400
    async with AsyncSession(here.state.engine) as session:
        account = await session.get(Account, template.account["head"])
        assert account is not None
        assert account.failed_attempts == 1


async def test_a_spent_refresh_token_used_twice_at_once_leaves_nobody_signed_in(
    processes: Two, template: World
) -> None:
    """Two holders race: one wins the rotation, the other's attempt ends the session of both."""
    here, there = processes
    async with here.state.sessions() as session:
        await give_password(session, "lead_officer")
    form = {"grant_type": "password", "username": "lead_officer@example.vn", "password": PASSWORD}
    async with client(here) as ours, client(there) as theirs:
        granted = (await ours.post("/v1/auth/token", data=form)).json()
        again = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
        answers = await asyncio.gather(*(it.post("/v1/auth/token", data=again) for it in (ours, theirs)))
        assert sorted(it.status_code for it in answers) == [200, 400]
        won = next(it.json() for it in answers if it.status_code == 200)
        last = {"grant_type": "refresh_token", "refresh_token": won["refresh_token"]}
        assert (await ours.post("/v1/auth/token", data=last)).status_code == 400
