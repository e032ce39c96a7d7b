"""Examples of what is sent, from one file, shown in the OpenAPI document: one for each action, named by it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

FILE = Path(__file__).with_suffix(".toml")
STORY = UUID("00000000-0000-7000-8000-000000000133")
NAME = "delegation_133"
DAY = (1_712_880_000_000).to_bytes(6, "big")

Examples = dict[str, dict[str, Any]]


@cache
def examples() -> dict[str, Examples]:
    """By operation and name; read when the document is first asked for, not when the server starts."""
    told = tomllib.loads(FILE.read_text("utf-8"))
    return {operation: _named(payloads) for operation, payloads in told.items()}


def _named(payloads: Any) -> Examples:
    each = payloads if isinstance(payloads, list) else [payloads]
    return {it.get("action", it.get("kind")) if payloads is each else NAME: {"value": _with_ids(it)} for it in each}


def _with_ids(value: Any) -> Any:
    """`@name` stands for an id that is the same wherever the name is."""
    if isinstance(value, dict):
        return {key: _with_ids(it) for key, it in value.items()}
    if isinstance(value, list):
        return [_with_ids(it) for it in value]
    return _id(value) if isinstance(value, str) and value.startswith("@") else value


def _id(name: str) -> str:
    """A UUIDv7 as clients make them, from 12/04/2024."""
    named = uuid5(STORY, name).bytes
    return str(UUID(bytes=DAY + bytes([0x70 | named[6] & 0x0F]) + named[7:]))
