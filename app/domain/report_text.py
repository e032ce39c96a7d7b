"""The text of a report as the law looks at it: what exactly was circulated, and what changed between two versions."""

import hashlib
import json
from collections.abc import Mapping, Sequence
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
