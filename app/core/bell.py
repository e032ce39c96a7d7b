"""Wakes whoever in this process waits for news. It carries none: who is woken looks for themselves."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """One LISTEN connection rings it for all; `closed` when the process is about to end."""

    def __init__(self) -> None:
        self.closed = False
        self._waiting: set[asyncio.Event] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def ring(self) -> None:
        for it in self._waiting:
            it.set()

    def close(self) -> None:
        self.closed = True
        self.ring()

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """Set at every ring from here on; whoever waits clears it before looking."""
        rung = asyncio.Event()
        self._waiting.add(rung)
        try:
            yield rung
        finally:
            self._waiting.discard(rung)
