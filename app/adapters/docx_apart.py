"""A body's own template is examined and filled in by a process of its own, with bounds of time and memory.

Whatever it was made to do, it spoils its own paper and nothing else: the process has no secrets in its environment, may
not write a file, and is gone after one answer. What it costs is the start of Python, about a quarter of a second.
"""

import asyncio
import resource
import signal
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from app.adapters import docx, docx_package
from app.core.errors import Fault, fault

ROOT: Final = str(Path(__file__).parents[2])
SECONDS: Final = 10
CPU_SECONDS: Final = 5
MEMORY: Final = 1024**3
"""Bytes of address space, of which a process with these libraries takes about 0.2 GB."""

LARGEST: Final = 30 * 1024 * 1024
AT_ONCE: Final = 2
LENGTH: Final = struct.Struct(">Q")
REFUSED: Final = 3
_slots = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Examined:
    """What is wrong with a template, and which placeholders it uses."""

    faults: list[Fault]
    uses: list[str]


async def examine(template: bytes, everything: dict[str, Any], samples: list[dict[str, Any]]) -> Examined:
    """`everything` is a paper that has every part; `samples` are filled in to see whether that succeeds."""
    job = {"deed": "examine", "everything": everything, "samples": samples}
    try:
        told = orjson.loads(await _ask(job, template))
    except docx.Broken as broken:
        return Examined([fault(docx_package.POINTER, "template_too_slow", reason=broken.reason)], [])
    faults = [fault(docx_package.POINTER, it["code"], **it["params"]) for it in told["faults"]]
    return Examined(faults, told["uses"])


async def render(template: bytes, content: dict[str, Any]) -> bytes:
    """Broken also when it takes too long or too much."""
    return await _ask({"deed": "render", "content": content}, template)


async def _ask(job: dict[str, Any], template: bytes) -> bytes:
    said = orjson.dumps(job)
    async with _slots:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            __name__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": ROOT, "LANG": "C.UTF-8"},
        )
        try:
            async with asyncio.timeout(SECONDS):
                made, _ = await process.communicate(LENGTH.pack(len(said)) + said + template)
        except TimeoutError:
            raise docx.Broken("time", "") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == REFUSED:
        raise docx.Broken(**orjson.loads(made))
    if process.returncode != 0:
        raise docx.Broken("time" if process.returncode == -signal.SIGXCPU else "memory", "")
    return made


def main() -> None:
    """One job from standard input, one answer to standard output."""
    _bound()
    size = LENGTH.unpack(sys.stdin.buffer.read(LENGTH.size))[0]
    job, template = orjson.loads(sys.stdin.buffer.read(size)), sys.stdin.buffer.read()
    try:
        _do(job, template, sys.stdout.buffer)
    except docx.Broken as broken:
        sys.stdout.buffer.write(orjson.dumps({"reason": broken.reason, "near": broken.near}))
        sys.exit(REFUSED)


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _do(job: dict[str, Any], template: bytes, answer: BinaryIO) -> None:
    if job["deed"] == "render":
        made = docx.render(template, job["content"])
        if len(made) > LARGEST:
            raise docx.Broken("memory", "")
        answer.write(made)
        return
    faults, uses = docx.examine(template, job["everything"], job["samples"])
    told = [{"code": it.code, "params": dict(it.params)} for it in faults]
    answer.write(orjson.dumps({"faults": told, "uses": sorted(uses)}))


if __name__ == "__main__":
    main()
