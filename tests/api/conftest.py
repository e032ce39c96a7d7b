"""What all tests of a module stand on may be made once: see `tests.ground`."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from tests.client import Api
from tests.fixtures import sharing, undone
from tests.world import World


@pytest.fixture(scope="module")
async def ground(engine: AsyncEngine, app: FastAPI) -> AsyncIterator[AsyncConnection]:
    """Of a module whose own `connection` is `standing` on it."""
    async with undone(engine, app) as connection:
        yield connection


@pytest.fixture(scope="module")
async def groundwork(ground: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """For the rows of the ground."""
    async with sharing(ground)() as session:
        yield session


@pytest.fixture(scope="module")
async def first(ground: AsyncConnection, app: FastAPI, world: World) -> AsyncIterator[Api]:
    """For what is asked before the tests."""
    async with Api(app, world) as api:
        yield api
