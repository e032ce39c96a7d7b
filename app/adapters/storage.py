"""Where the bytes of attachments lie: a local folder in which a file's name is the digest of its content.

Every upload is written in full and moved into place at once: neither a crash nor a concurrent upload leaves half a
file, and nobody learns from the time it takes whether the bytes were here before.
"""

import hashlib
import os
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

CHUNK = 256 * 1024


class TooLong(Exception):
    """More bytes came than may."""


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Storage:
    folder: Path

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> Stored:
        """On disk when it returns, synced; TooLong leaves nothing behind."""
        draft = self.folder / "incoming" / uuid4().hex
        await to_thread(draft.parent.mkdir, parents=True, exist_ok=True)
        file = await to_thread(draft.open, "xb")
        try:
            stored = await _write(file, chunks, limit)
            await to_thread(_place, file, draft, self._path(stored.sha256))
        except BaseException:
            file.close()
            with suppress(FileNotFoundError):
                draft.unlink()
            raise
        return stored

    async def read(self, sha256: str, first: int, last: int) -> AsyncIterator[bytes]:
        """The bytes from `first` to `last`, both included."""
        file = await to_thread(self._path(sha256).open, "rb")
        try:
            await to_thread(file.seek, first)
            left = last - first + 1
            while left > 0 and (chunk := await to_thread(file.read, min(CHUNK, left))):
                left -= len(chunk)
                yield chunk
        finally:
            file.close()

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / sha256


async def _write(file: BinaryIO, chunks: AsyncIterator[bytes], limit: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLong
        digest.update(chunk)
        await to_thread(file.write, chunk)
    return Stored(digest.hexdigest(), size)


def _place(file: BinaryIO, draft: Path, target: Path) -> None:
    """Bytes first, then the name, then the folder that holds the name."""
    file.flush()
    os.fsync(file.fileno())
    file.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
