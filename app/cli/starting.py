"""What every command does first: read the settings, log, end gracefully, find its database."""

import asyncio
import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer
from pydantic import SecretStr

from app.core import embedded, log
from app.core.settings import Settings


@contextmanager
def importing() -> Iterator[None]:
    """What modules make stays to the end: looking through it for garbage took a sixth of every start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def begin(settings: Settings) -> Settings:
    log.configure(settings.log_level)
    _end_gracefully()
    return settings


def _end_gracefully() -> None:
    """SIGTERM ends us the way Ctrl+C does, so that the embedded server is stopped too."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)


@contextmanager
def database(settings: Settings, *, prepared: bool = True) -> Iterator[Settings]:
    """The settings with a database: the one given, else the embedded, migrated by its owner and used without DDL."""
    if settings.database_url is not None:
        yield settings
        return
    with embedded.running(settings.database_dir) as server:
        if prepared:
            prepare(server.url())
        yield settings.model_copy(update={"database_url": SecretStr(server.url(role=embedded.APP))})


def prepare(url: str) -> None:
    """The schema of this code, and the reference data."""
    with importing():
        from app.cli import preparing

    preparing.upgrade(url)
    asyncio.run(preparing.load_reference(url))


def url_of(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value()


def complain(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(1)
