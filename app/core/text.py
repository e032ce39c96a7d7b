"""How Vietnamese text is compared, searched and turned into names that every system accepts.

People type "no dong", "NỢ ĐỌNG" or a decomposed "nợ đọng" and mean the same words; "hòa" and "hoà" are one word.
`fold` gives one key to all of them. PostgreSQL computes the same key with a function of that name (the first migration
creates it, with these very characters), so what Python asks for is what the generated search columns hold.
"""

import re
import unicodedata
from typing import Final

# Spelled out, not taken from character classes: Python's and PostgreSQL's classes disagree at the edges.
_MARKS: Final = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_INVISIBLE: Final = r"\u00ad\u200b-\u200d\u2060\ufeff"
_SPACES: Final = r" \t\n\v\f\r\u001c-\u001f\u0085\u1680\u2028\u2029"
# Eth and African D look like Đ and are typed for it; none of the six decomposes.
_BARRED_D: Final = "đĐðÐɖƉ"

_DROPPED = re.compile(f"[{_MARKS}{_INVISIBLE}]")
_SPACE = re.compile(f"[{_SPACES}]+")
_TO_D = str.maketrans(dict.fromkeys(_BARRED_D, "d"))
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_DEVICES: Final = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})


def fold(text: str) -> str:
    """The search key of a text: no marks, no case, single spaces ("Nợ  ĐỌNG" → "no dong")."""
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", text))
    return _SPACE.sub(" ", bare.translate(_TO_D).casefold()).strip(" ")


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; empty when the text has no letter or digit to keep."""
    return _NOT_PLAIN.sub("-", fold(text)).strip("-")


def file_name(text: str, suffix: str) -> str:
    """A name that every file system and HTTP header takes: ASCII, at most 80 characters before the suffix.

    `suffix` is ours, not the user's: "pdf" or ".pdf".
    """
    stem = slug(text)[:80].strip("-") or "van-ban"
    if stem in _DEVICES:
        stem = f"{stem}-van-ban"
    return f"{stem}.{suffix.lstrip('.')}"
