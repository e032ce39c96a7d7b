"""The process of one template (adapters.docx_apart): one job from standard input, one answer to standard output.

It starts anew for every paper in a form of one's own, so it imports what fills templates in, and little else.
"""

import json
import resource
import struct
import sys
from typing import Any, BinaryIO, Final

from app.adapters import docx

CPU_SECONDS: Final = 5
MEMORY: Final = 1024**3
"""Bytes of address space, of which a process with these libraries takes about 0.2 GB."""

LARGEST: Final = 30 * 1024 * 1024
LENGTH: Final = struct.Struct(">Q")
REFUSED: Final = 3


def asked(job: bytes, template: bytes) -> bytes:
    """What is written to the process: the job as JSON behind its length, then the template."""
    return LENGTH.pack(len(job)) + job + template


def main() -> None:
    _bound()
    size = LENGTH.unpack(sys.stdin.buffer.read(LENGTH.size))[0]
    job, template = json.loads(sys.stdin.buffer.read(size)), sys.stdin.buffer.read()
    try:
        _do(job, template, sys.stdout.buffer)
    except docx.Broken as broken:
        sys.stdout.buffer.write(_told({"reason": broken.reason, "near": broken.near}))
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
    answer.write(
        _told({"faults": [{"code": it.code, "params": dict(it.params)} for it in faults], "uses": sorted(uses)})
    )


def _told(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode()


if __name__ == "__main__":
    main()
