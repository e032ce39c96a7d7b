"""One database for all tests of what shows only when it is really committed: races, workers, streams.

Each finds it as the template is. `database` is its address for whoever brings an engine or a process of their own;
most tests share one engine and one application, which have their connections and statements ready.
"""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.core.db import create_engine
from app.core.embedded import SUPERUSER, Embedded
from app.core.settings import Settings
from app.main import create_app
from tests.client import Api
from tests.commit.restored import Restored
from tests.fixtures import TEMPLATE, create_database
from tests.world import World

CONNECTIONS = 10


@pytest.fixture(scope="session")
def name_of_shared() -> str:
    return f"shared_{uuid4().hex}"


@pytest.fixture(scope="session")
async def restored(server: Embedded, template: World, name_of_shared: str) -> AsyncIterator[Restored]:
    await create_database(server, name_of_shared, TEMPLATE)
    connection = await asyncpg.connect(server.dsn(name_of_shared, role=SUPERUSER))
    restored = Restored(connection)
    await restored.remember()
    yield restored
    await connection.close()


@pytest.fixture
async def database(server: Embedded, restored: Restored, name_of_shared: str) -> AsyncIterator[str]:
    yield server.url(name_of_shared, role="giamsat_app")
    await restored.restore()


@pytest.fixture(scope="session")
async def shared_engine(server: Embedded, restored: Restored, name_of_shared: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(server.url(name_of_shared, role="giamsat_app"), pool_size=CONNECTIONS)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def shared_app(shared_engine: AsyncEngine, settings: Settings) -> FastAPI:
    return create_app(settings, engine=shared_engine)


@pytest.fixture
def committing(database: str, shared_engine: AsyncEngine) -> AsyncEngine:
    return shared_engine


@pytest.fixture
def committed(committing: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(committing, expire_on_commit=False)


@pytest.fixture
def served(database: str, shared_app: FastAPI) -> FastAPI:
    shared_app.state.principals.forget()
    return shared_app


@pytest.fixture
async def api(served: FastAPI, world: World) -> AsyncIterator[Api]:
    async with Api(served, world) as api:
        yield api
