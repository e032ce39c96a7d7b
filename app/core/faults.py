"""What pydantic finds wrong with what was sent, as ours; no HTTP framework is needed to say so."""

import re
from collections.abc import Sequence
from typing import Any

from app.core.errors import Fault


def _pointer(location: Sequence[int | str]) -> str:
    """Faults of the body are JSON pointers (RFC 6901), others name the parameter."""
    place, *path = (str(part).encode(errors="replace").decode() for part in location)
    if place != "body":
        return "/".join(path)
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)


def _untagged(error: dict[str, Any], sent: Any) -> list[int | str]:
    """Pydantic puts the tag of a discriminated union into the location; what was sent has no such step."""
    location: list[int | str] = list(error["loc"])
    absent = len(location) - 1 if error["type"] == "missing" else None
    place, here = location[:1], sent if location[0] == "body" else None
    for i, part in enumerate(location[1:], start=1):
        if isinstance(here, dict) and i != absent and part not in here and part in here.values():
            continue
        place.append(part)
        here = _inside(here, part)
    return place


def _inside(sent: Any, part: int | str) -> Any:
    if isinstance(sent, dict):
        return sent.get(part)
    known = isinstance(sent, list) and isinstance(part, int) and part < len(sent)
    return sent[part] if known else None


MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")


def _words(choice: str) -> str:
    """Pydantic's lists of words say "or" in English, and name some of them as Python does."""
    return MEMBER.sub(r"\1", choice).replace("' or '", "', '")


def faults_of(errors: list[dict[str, Any]], sent: Any = None) -> list[Fault]:
    """Pydantic's findings on what was sent, as ours."""
    found = []
    for error in errors:
        params = {key: _words(str(value)) for key, value in (error.get("ctx") or {}).items()}
        pointer = _pointer(_untagged(error, sent))
        found.append(Fault(error["type"], pointer, (*params.items(), ("msg", error["msg"]))))
    return found
