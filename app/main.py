"""The API as an ASGI application: what is made at start, what wraps every request, which routers it has."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute
from starlette.types import Lifespan

from app.adapters.edxml import MAX_MESSAGE
from app.adapters.storage import Storage
from app.core import problems
from app.core.bell import Bell
from app.core.cursors import Cursors
from app.core.db import create_engine, plain_dsn, statement_pool
from app.core.methods import Methods
from app.core.middleware import BodyLimit, RequestContext, SecurityHeaders, Unexpected
from app.core.openapi import describe
from app.core.rates import Buckets
from app.core.settings import Settings
from app.core.tokens import Keyring, Tokens
from app.examples import examples
from app.routers import routers
from app.services import changes, demo_clock
from app.services.events import Streams
from app.services.principals import CHANNEL, Principals


def create_app(settings: Settings, *, engine: AsyncEngine | None = None) -> FastAPI:
    """`engine` is given by tests; otherwise one is made for DATABASE_URL and closed at shutdown."""
    app = FastAPI(
        title="Giám sát",
        lifespan=_lifespan(settings, engine),
        openapi_url="/openapi.json",
        docs_url="/docs",
        redoc_url=None,
        redirect_slashes=False,  # one address each: a redirect would be in no contract
    )
    _provide(app, settings)
    if engine is not None:
        bind(app, engine)
    routes = list(app.routes)
    for router in routers():
        app.include_router(router)
        routes += router.routes
    problems.install(app)
    describe(app, examples)
    _wrap(app, settings, routes)
    return app


def _lifespan(settings: Settings, engine: AsyncEngine | None) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        listener = None
        if engine is None:
            assert settings.database_url is not None
            url = settings.database_url.get_secret_value()
            bind(app, create_engine(url, pool_size=settings.pool_size))
            app.state.statements = await statement_pool(url, size=settings.pool_size)
            listener = asyncio.create_task(_listen(app, url))
            gc.freeze()  # what stays to the end is not looked through again and again
        if settings.demo:
            async with app.state.readings() as session:
                await demo_clock.follow(session)
        yield
        app.state.bell.close()
        if listener is not None:
            listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listener
            await app.state.statements.close()
            await app.state.engine.dispose()

    return lifespan


def _provide(app: FastAPI, settings: Settings) -> None:
    """What the operations ask of the application, but for the database."""
    keyring = Keyring(settings.keys_dir)
    app.state.settings = settings
    app.state.tokens = Tokens(
        keyring, issuer=settings.public_url, audience=settings.audience, minutes=settings.access_minutes
    )
    app.state.cursors = Cursors(keyring.derive("cursors"))
    app.state.principals = Principals()
    app.state.bell = Bell()
    app.state.storage = Storage(settings.files_dir, settings.files_url)
    app.state.exports = Storage(settings.exports_dir, settings.exports_url)
    app.state.imports = Storage(settings.imports_dir, settings.imports_url)
    app.state.public_rates = Buckets(settings.public_per_minute)


def bind(app: FastAPI, engine: AsyncEngine) -> None:
    """Two makers of sessions on one pool: for changes, and READ ONLY for what only looks."""
    app.state.engine = engine
    app.state.statements = None
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    reading = engine.execution_options(postgresql_readonly=True)
    app.state.readings = async_sessionmaker(reading, expire_on_commit=False)
    app.state.streams = Streams(app.state.bell, app.state.readings, app.state.principals, app.state.cursors)


TUS = ("Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset")
"""Headers of files sent in pieces."""


def _wrap(app: FastAPI, settings: Settings, routes: list[BaseRoute]) -> None:
    """The last added is the outermost."""
    app.add_middleware(Methods, routes=routes, endless={"/v1/events"})
    app.add_middleware(Unexpected)
    app.add_middleware(
        BodyLimit,
        limit=settings.max_body_bytes,
        larger={
            ("POST", "/v1/attachments"): settings.max_upload_bytes + 65_536,
            ("POST", "/v1/imports"): settings.max_upload_bytes + 65_536,
            ("PATCH", "/v1/attachments"): settings.max_resumable_bytes,
            ("POST", "/v1/edxml/inbound"): MAX_MESSAGE + 65_536,
        },
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "Idempotency-Key", "Accept-Language", *TUS],
            expose_headers=["ETag", "Location", "Idempotency-Replayed", "Retry-After", "X-Request-ID", *TUS],
        )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestContext)


async def _listen(app: FastAPI, url: str) -> None:
    """Wake the streams whenever something changed, and keep the callers' cache honest: forget all of it whenever access
    changed, keep none while we cannot hear."""
    principals: Principals = app.state.principals
    bell: Bell = app.state.bell

    def access_changed(*_: object) -> None:
        principals.forget()
        bell.ring()

    while True:
        with contextlib.suppress(OSError, asyncpg.PostgresError, TimeoutError):
            connection = await asyncpg.connect(plain_dsn(url), timeout=5)
            try:
                await connection.add_listener(CHANNEL, access_changed)
                await connection.add_listener(changes.CHANNEL, lambda *_: bell.ring())
                access_changed()
                principals.listening = True
                while not connection.is_closed():
                    await asyncio.sleep(5)
                    await connection.execute("SELECT 1", timeout=3)
            finally:
                principals.listening = False
                principals.forget()
                with contextlib.suppress(OSError, asyncpg.PostgresError, TimeoutError):
                    await connection.close(timeout=1)
        await asyncio.sleep(1)
