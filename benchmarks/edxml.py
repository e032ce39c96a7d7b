"""How fast are messages read and written? `python -m benchmarks.edxml`: one process, no database, no network."""

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime

from app.adapters import edxml
from tests.corpus import FIRST, REPLY, STATUS, with_content

SECONDS = 2.0
NOW = datetime(2024, 6, 1, tzinfo=UTC)
MEGABYTE = 1024 * 1024


def main() -> None:
    plain = b"%PDF-1.4\n" + bytes(MEGABYTE)
    messages = {
        "status": STATUS.encode(),
        "reply, one small PDF": REPLY.encode(),
        "report, PDF and zipped CSV": FIRST.encode(),
        "reply, PDF of 1 MB": with_content(REPLY, 0, plain),
        "reply, PDF of 49 MB": with_content(REPLY, 0, plain * 49),
    }
    for name, raw in messages.items():
        _report(f"read   {name}", len(raw), lambda raw=raw: _read(raw))  # type: ignore[misc]
        with edxml.read(io.BytesIO(raw), now=NOW) as reading:
            content = reading.content
            assert content is not None
            _report(f"write  {name}", len(raw), lambda content=content: edxml.build(content, io.BytesIO()))  # type: ignore[misc]


def _read(raw: bytes) -> None:
    with edxml.read(io.BytesIO(raw), now=NOW) as reading:
        assert reading.content is not None


def _report(name: str, size: int, deed: Callable[[], None]) -> None:
    deed()
    count, started = 0, time.perf_counter()
    while (taken := time.perf_counter() - started) < SECONDS:
        deed()
        count += 1
    print(f"{name:36} {count / taken:8.0f} messages/s {count * size / taken / MEGABYTE:8.1f} MB/s")


if __name__ == "__main__":
    main()
