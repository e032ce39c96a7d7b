"""Files are shown to a ClamAV daemon where one is set up (its INSTREAM command over TCP)."""

import asyncio
from asyncio import to_thread
from pathlib import Path
from typing import Final

CHUNK: Final = 256 * 1024
SECONDS: Final = 60


class NotScanned(Exception):
    """The daemon cannot be reached, or did not say."""


async def threat(daemon: str, path: Path) -> str | None:
    """The name of what was found in the file, or None when it is clean."""
    host, _, port = daemon.rpartition(":")
    try:
        async with asyncio.timeout(SECONDS):
            return _verdict(await _ask(host, int(port), path))
    except (OSError, TimeoutError, ValueError) as error:
        raise NotScanned from error


async def _ask(host: str, port: int, path: Path) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"zINSTREAM\0")
        with path.open("rb") as file:
            while chunk := await to_thread(file.read, CHUNK):
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
        return await reader.readuntil(b"\0")
    finally:
        writer.close()


def _verdict(answer: bytes) -> str | None:
    said = answer.rstrip(b"\0").decode("utf-8", "replace").removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise NotScanned(said)
