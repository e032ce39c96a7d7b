"""Processes that work as `giamsat worker` does, each with an environment and a death of its own.

They are forked from one that has imported what a worker needs and nothing else: three of them cost one import.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from typing import Any

from app.core import log
from app.core.settings import Settings
from app.worker import work

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload([__name__])


def _work(given: dict[str, str]) -> None:
    os.environ |= given
    settings = Settings()
    log.configure(settings.log_level)
    asyncio.run(work(settings))


def forked(does: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    process = FORKING.Process(target=does, args=arguments)
    process.start()
    return process


@contextmanager
def workers(**given: str) -> Iterator[Callable[[], ForkServerProcess]]:
    """Each call starts one with these settings; at the end none is left behind."""
    started: list[ForkServerProcess] = []

    def start() -> ForkServerProcess:
        started.append(forked(_work, given))
        return started[-1]

    try:
        yield start
    finally:
        for process in started:
            kill(process)


def look_at_what_follows() -> None:
    from app.services.edxml import registering, statuses

    assert statuses.FOLLOWERS
    assert registering.ANSWERED
    assert "app.routers" not in sys.modules


def kill(process: ForkServerProcess) -> None:
    assert process.pid is not None
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join()
