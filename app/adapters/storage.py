"""Where bytes lie: a local folder, or a bucket of an S3-compatible store; a file's name is the digest of its content.

Bytes arrive in a spool beside the data of this process and are put in place whole: neither a crash nor a concurrent
upload leaves half a file, and nobody learns from the time it takes whether the bytes were here before. What arrives
piece by piece (tus) waits in the spool as well, so that all processes that take uploads share that folder.
"""

import fcntl
import hashlib
import os
from asyncio import to_thread
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO
from uuid import UUID, uuid4

import obstore
from obstore.store import LocalStore, from_url

CHUNK = 256 * 1024

Check = Callable[[Path], Awaitable[None]]
"""Looks at a file before it is put in place; may change it, or refuse it by raising."""


class TooLong(Exception):
    """More bytes came than may."""


class Busy(Exception):
    """Another request is sending the same upload."""


class WrongOffset(Exception):
    """Bytes for another place than the next; `here` is how many have arrived."""

    def __init__(self, here: int) -> None:
        self.here = here
        super().__init__(here)


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


class Storage:
    """`url` (s3://bucket/prefix, credentials and endpoint from AWS_…) puts the files there instead of in `folder`."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._spool = folder / "incoming"
        self._pieces = folder / "arriving"
        for it in (self._spool, self._pieces):
            it.mkdir(parents=True, exist_ok=True)
        self._folder = None if url else folder
        self._store: Any = from_url(url) if url else LocalStore(prefix=folder, mkdir=True)

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int, check: Check | None = None) -> Stored:
        """In place when it returns, synced; TooLong, or what `check` raises, leaves nothing behind."""
        draft = self._spool / uuid4().hex
        try:
            file = await to_thread(draft.open, "xb")
            with file:
                await _write(file, chunks, limit)
            return await self._place(draft, check)
        finally:
            await to_thread(_forget, draft)

    async def read(self, sha256: str, first: int, last: int) -> AsyncIterator[bytes]:
        """The bytes from `first` to `last`, both included."""
        if last < first:
            return
        found = await obstore.get_async(self._store, _key(sha256), options={"range": (first, last + 1)})
        async for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    async def whole(self, sha256: str, size: int) -> bytes:
        """All of it in memory: for what is known to be small enough."""
        return b"".join([chunk async for chunk in self.read(sha256, 0, size - 1)])

    async def remove(self, sha256: str) -> None:
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, _key(sha256))

    async def examine(self, sha256: str, size: int, check: Check) -> None:
        """Show a copy of what lies here to `check`."""
        copy = self._spool / uuid4().hex
        try:
            file = await to_thread(copy.open, "xb")
            with file:
                await _write(file, self.read(sha256, 0, size - 1), size)
            await check(copy)
        finally:
            await to_thread(_forget, copy)

    async def arrived(self, identifier: UUID) -> int:
        """How many bytes of an upload in pieces are here."""
        return await to_thread(_size, self._part(identifier))

    async def append(self, identifier: UUID, offset: int, chunks: AsyncIterator[bytes], *, limit: int) -> int:
        """Add bytes at `offset`; what came before a broken line stays. Gives the new number of bytes."""
        file = await to_thread(self._part(identifier).open, "ab")
        with file:
            _claim(file)
            here = file.tell()
            if here != offset:
                raise WrongOffset(here)
            async for chunk in chunks:
                if here + len(chunk) > limit:
                    raise TooLong
                here += await to_thread(file.write, chunk)
            await to_thread(_sync, file)
        return here

    async def head(self, identifier: UUID, size: int) -> bytes:
        """The first bytes of what has arrived, by which its type is told."""
        return await to_thread(_first, self._part(identifier), size)

    async def complete(self, identifier: UUID, *, check: Check | None = None) -> Stored:
        """Put an upload in pieces in place; what `check` refuses is thrown away."""
        part = self._part(identifier)
        try:
            return await self._place(part, check)
        finally:
            await to_thread(_forget, part)

    async def abandon(self, identifier: UUID) -> None:
        await to_thread(_forget, self._part(identifier))

    def _part(self, identifier: UUID) -> Path:
        return self._pieces / identifier.hex

    async def _place(self, draft: Path, check: Check | None) -> Stored:
        """Bytes first, then the name, then the folder that holds the name."""
        if check is not None:
            await check(draft)
        stored = await to_thread(_digested, draft)
        if self._folder is None:
            await obstore.put_async(self._store, _key(stored.sha256), draft)
        else:
            await to_thread(_move, draft, self._folder / _key(stored.sha256))
        return stored


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


async def _write(file: BinaryIO, chunks: AsyncIterator[bytes], limit: int) -> None:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLong
        await to_thread(file.write, chunk)


def _claim(file: BinaryIO) -> None:
    """One writer at a time; the lock ends with the file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy from None


def _digested(path: Path) -> Stored:
    with path.open("rb") as file:
        return Stored(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _first(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _move(draft: Path, target: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


async def chunks_of(content: IO[bytes]) -> AsyncIterator[bytes]:
    """All of it, from its beginning."""
    content.seek(0)
    while chunk := content.read(CHUNK):
        yield chunk
