"""A database of one's own, for what shows only when it is really committed: races, workers, streams."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.core.db import create_engine
from app.core.settings import Settings
from app.main import create_app
from tests.client import Api
from tests.world import World

CONNECTIONS = 10


@pytest.fixture
async def committing(database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database, pool_size=CONNECTIONS)
    yield engine
    await engine.dispose()


@pytest.fixture
def committed(committing: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(committing, expire_on_commit=False)


@pytest.fixture
async def api(committing: AsyncEngine, settings: Settings, world: World) -> AsyncIterator[Api]:
    async with Api(create_app(settings, engine=committing), world) as api:
        yield api
