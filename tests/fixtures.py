"""One PostgreSQL per run, one rolled-back connection per test, a cast of real callers with real tokens.

`api` and `world` are shared by most tests. Tests that need a real commit (workers, races) take `database`, a clone.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm.session import JoinTransactionMode

from app.core import clock, passwords
from app.core.db import create_engine
from app.core.embedded import Embedded, running
from app.core.settings import Settings
from app.main import create_app
from app.services import reference
from tests import access, savepoints
from tests.client import Api
from tests.queries import Queries, refuse_unscoped
from tests.world import World, build_world

hypothesis_settings.register_profile("shared-machine", deadline=None)
hypothesis_settings.load_profile("shared-machine")

gc.set_threshold(200_000, 20, 100)
"""Looking for garbage took a fifth of the run."""


def pytest_collection_finish() -> None:
    """The application and the tests stay to the end."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """pytest looks five times through all there is for what was never awaited or closed; once is enough."""
    gc.collect()
    gc.freeze()


ROOT = Path(__file__).parent.parent
TEMPLATE = "giamsat_template"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 as ever, without the work that is meant to slow a thief down."""
    quick = PasswordHash((Argon2Hasher(memory_cost=64, time_cost=1, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hashes", quick)
        patch.setattr(passwords, "_DUMMY", quick.hash("nobody has this password"))
        yield


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running(tmp_path_factory.mktemp("postgres"), durable=False) as embedded:
        asyncio.run(create_database(embedded, TEMPLATE))
        migrate(embedded.url(TEMPLATE))
        yield embedded


async def create_database(embedded: Embedded, name: str, template: str = "template1") -> None:
    connection = await asyncpg.connect(embedded.dsn("postgres"))
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    await connection.close()


def migrate(url: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    command.upgrade(config, "head")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("var"), demo=True, access_minutes=60)


@pytest.fixture(scope="session")
async def template(server: Embedded, settings: Settings) -> World:
    """The template with its reference data and the cast, committed once."""
    engine = create_engine(server.url(TEMPLATE), pool_size=1)
    async with AsyncSession(engine) as session, session.begin():
        await reference.load(session)
        world = await build_world(session)
    await engine.dispose()
    return world


@pytest.fixture(scope="session")
async def engine(server: Embedded, template: World) -> AsyncIterator[AsyncEngine]:
    await create_database(server, "giamsat_tests", TEMPLATE)
    await access.tell_at_once(server.dsn("giamsat_tests"))
    engine = create_engine(server.url("giamsat_tests", role="giamsat_app"), pool_size=2)
    event.listen(engine.sync_engine, "before_cursor_execute", refuse_unscoped)
    savepoints.send_plainly(engine)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def app(engine: AsyncEngine, settings: Settings) -> FastAPI:
    return create_app(settings, engine=engine)


@pytest.fixture(scope="session")
def world(app: FastAPI, template: World) -> World:
    template.sign_in(app.state.tokens)
    return template


@asynccontextmanager
async def undone(engine: AsyncEngine, app: FastAPI) -> AsyncIterator[AsyncConnection]:
    """All that `app` does meanwhile happens on one connection and is rolled back at the end."""
    async with engine.connect() as connection, connection.begin() as transaction:
        await connection.exec_driver_sql("SELECT 1")
        kept = app.state.sessions, app.state.readings
        app.state.sessions, app.state.readings = sharing(connection), sharing(connection, "rollback_only")
        async with access.heard(connection, app.state.principals):
            yield connection
        app.state.sessions, app.state.readings = kept
        await transaction.rollback()


def sharing(
    connection: AsyncConnection, mode: JoinTransactionMode = "create_savepoint"
) -> async_sessionmaker[AsyncSession]:
    """Share the connection, never the session: what a request commits is a savepoint of the test."""
    return async_sessionmaker(connection, join_transaction_mode=mode, expire_on_commit=False)


@pytest.fixture
async def connection(engine: AsyncEngine, app: FastAPI) -> AsyncIterator[AsyncConnection]:
    async with undone(engine, app) as connection:
        yield connection


@pytest.fixture
def sessions(connection: AsyncConnection) -> async_sessionmaker[AsyncSession]:
    return sharing(connection)


@pytest.fixture
async def session(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


@pytest.fixture
async def api(app: FastAPI, world: World, sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[Api]:
    async with Api(app, world) as api:
        yield api


@pytest.fixture
def queries(engine: AsyncEngine, app: FastAPI) -> Iterator[Queries]:
    """With who is calling asked each time, or the first of two requests would count one more than the second."""
    app.state.principals.listening = False
    with Queries(engine) as queries:
        yield queries


@pytest.fixture
async def database(server: Embedded, template: World) -> AsyncIterator[str]:
    """A database of one's own, for tests that commit; its URL is the application role's."""
    name = f"test_{uuid4().hex}"
    await create_database(server, name, TEMPLATE)
    yield server.url(name, role="giamsat_app")
    connection = await asyncpg.connect(server.dsn("postgres"))
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


@pytest.fixture(autouse=True)
def real_clock() -> Iterator[None]:
    yield
    clock.set_today(None)
