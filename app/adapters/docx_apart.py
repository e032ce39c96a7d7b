"""A body's own template is examined and filled in by a process of its own, with bounds of time and memory.

Whatever it was made to do, it spoils its own paper and nothing else: the process (adapters.docx_job) has no secrets in
its environment, may not write a file, and is gone after one answer. What it costs is the start of Python.
"""

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from app.adapters import docx, docx_job, docx_package
from app.core.errors import Fault, fault

ROOT: Final = str(Path(__file__).parents[2])
SECONDS: Final = 10
AT_ONCE: Final = 2
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
            docx_job.__name__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": ROOT, "LANG": "C.UTF-8"},
        )
        try:
            async with asyncio.timeout(SECONDS):
                made, _ = await process.communicate(docx_job.asked(said, template))
        except TimeoutError:
            raise docx.Broken("time", "") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == docx_job.REFUSED:
        raise docx.Broken(**orjson.loads(made))
    if process.returncode != 0:
        raise docx.Broken("time" if process.returncode == -signal.SIGXCPU else "memory", "")
    return made
