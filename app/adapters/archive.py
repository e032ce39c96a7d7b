"""ZIP archives written as they are sent: no archive is ever whole in memory or on disk."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from app.adapters.storage import Storage


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored file under its path in the archive."""

    path: str
    sha256: str
    size: int


class _Sink:
    """What ZipFile has written and nobody has taken yet; it cannot seek, so sizes follow the bytes."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def write(self, data: bytes) -> int:
        self._kept += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


async def stream(storage: Storage, index: bytes, entries: Iterable[Entry]) -> AsyncIterator[bytes]:
    """`index.json` first, then the files; equal contents give equal bytes."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        archive.writestr(ZipInfo("index.json"), index)
        for entry in entries:
            with archive.open(ZipInfo(entry.path), "w") as file:
                async for chunk in storage.read(entry.sha256, 0, entry.size - 1):
                    file.write(chunk)
                    yield sink.take()
    yield sink.take()
