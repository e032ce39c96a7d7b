"""The HTTP server, and the worker that the embedded database brings along."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from app.core.settings import Settings
from app.main import create_app

SHUTDOWN_SECONDS = 20
"""How long open requests may take to end after SIGTERM; statements are cut off after 15 s."""


@contextmanager
def worker_beside(ready: Settings, given: Settings) -> Iterator[None]:
    """With a server of their own, people run the worker as a service; the embedded one brings it along."""
    if given.database_url is not None:
        yield
        return
    ours = {"GIAMSAT_DEMO": str(ready.demo).lower(), "GIAMSAT_LOG_LEVEL": ready.log_level}
    beside = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], env=os.environ | ours)
    try:
        yield
    finally:
        beside.terminate()
        beside.wait()


class Server(uvicorn.Server):
    """Ends streams at the first signal: uvicorn waits for open answers, and they would last as long as their tokens."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.config.app.state.bell.close()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


def server(settings: Settings) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.trust_proxy,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return Server(config)
