"""The text of a report as the law looks at it: what exactly was circulated, and what changed between two versions."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any
from unicodedata import normalize

Section = Mapping[str, Any]

TEXT_FIELDS = ("key", "title", "content", "finding_ids", "clause")
"""What a section says. Whether it is `redacted` for the public is no part of the text: it may be decided later."""


def digest(*, kind: str, title: str, number: int, sections: Sequence[Section]) -> str:
    """SHA-256 of the canonical JSON: sorted keys, Unicode in NFC, nothing that depends on who stored it or when."""
    said = [{name: section.get(name) for name in TEXT_FIELDS} for section in sections]
    text = {"kind": str(kind), "title": title, "number": number, "sections": said}
    canonical = json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(normalize("NFC", canonical).encode()).hexdigest()


MOST_PARTS = 2_000
"""Passages of more lines or words are compared as a whole: the comparison is quadratic."""


def difference(earlier: str, later: str) -> list[dict[str, str]]:
    """Line by line, and word by word within the lines that changed; joined, the parts give either text again."""
    runs: list[tuple[str, str]] = []
    for before, after in _replaced(earlier.splitlines(keepends=True), later.splitlines(keepends=True)):
        if before == after:
            runs.append(("equal", "".join(before)))
        else:
            runs += _by_words("".join(before), "".join(after))
    return [{"op": op, "text": text} for op, text in _joined(runs)]


def _replaced(before: list[str], after: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    if max(len(before), len(after)) > MOST_PARTS:
        yield before, after
        return
    for _, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        yield before[i:j], after[k:m]


def _by_words(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    for was, became in _replaced(old, new):
        if was == became:
            yield "equal", "".join(was)
            continue
        yield "removed", "".join(was)
        yield "added", "".join(became)


WORDS = re.compile(r"\s+|\S+")


def _joined(runs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Neighbours of one kind as one run; empty ones left out."""
    for op, group in groupby((it for it in runs if it[1]), key=lambda it: it[0]):
        yield op, "".join(text for _, text in group)


def compare(earlier: Sequence[Section], later: Sequence[Section]) -> list[dict[str, Any]]:
    """Section by section, in the order of the later text, then what it no longer has."""
    before, after = ({it["key"]: it for it in sections} for sections in (earlier, later))
    return [_changed(key, before.get(key), after.get(key)) for key in dict.fromkeys([*after, *before])]


def _changed(key: str, before: Section | None, after: Section | None) -> dict[str, Any]:
    title = difference(_said(before, "title"), _said(after, "title"))
    content = difference(_said(before, "content"), _said(after, "content"))
    if before is None or after is None:
        return {"key": key, "change": "added" if before is None else "removed", "title": title, "content": content}
    if all(before.get(name) == after.get(name) for name in TEXT_FIELDS):
        return {"key": key, "change": "unchanged", "title": [], "content": []}
    return {"key": key, "change": "changed", "title": title, "content": content}


def _said(section: Section | None, name: str) -> str:
    return str(section.get(name) or "") if section else ""
