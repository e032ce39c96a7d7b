"""A small HTTP/1.1 client on asyncio streams: it must never be what is measured."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.cases import Case

CONNECTIONS = 8
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass
class Measured:
    """What one variant did of one case, over all of its slices."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def p95_ms(self) -> float:
        return 1000 * sorted(self.latencies)[int(len(self.latencies) * 0.95)]


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, request: bytes) -> tuple[int, bytes]:
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        assert length is not None, head
        return int(head[9:12]), await self.reader.readexactly(int(length[1]))


class Client:
    """Eight connections to one server, made anew for every slice: uvicorn ends what was idle for five seconds."""

    def __init__(self, port: int) -> None:
        self.port = port

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[list[Connection]]:
        opened = [await asyncio.open_connection("127.0.0.1", self.port, limit=2**20) for _ in range(CONNECTIONS)]
        yield [Connection(reader, writer) for reader, writer in opened]
        for _, writer in opened:
            writer.close()

    async def once(self, case: Case) -> bytes:
        async with self.connected() as connections:
            status, body = await connections[0].send(case.request)
        assert status == case.status, (case.name, status, body[:1000])
        return body

    async def run(self, case: Case, seconds: float, into: Measured) -> None:
        """Every connection asks again as soon as it has its answer."""
        earlier = len(into.latencies)
        async with self.connected() as connections:
            started = time.perf_counter()
            await asyncio.gather(*(_ask(it, case, started + seconds, into) for it in connections))
            took = time.perf_counter() - started
        into.seconds += took
        into.rates.append((len(into.latencies) - earlier) / took)


async def _ask(connection: Connection, case: Case, until: float, into: Measured) -> None:
    while (asked := time.perf_counter()) < until:
        status, body = await connection.send(case.request)
        into.latencies.append(time.perf_counter() - asked)
        assert status == case.status, (case.name, status, body[:1000])
