"""What people write in the cells of a table: days as 31/12/2024, yes and no, several names in one cell, one name in
several spellings."""

import re
import unicodedata
from datetime import date
from typing import Final

from app.core.text import fold

TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Grave, acute, tilde, hook and dot below: a syllable bears at most one, "hòa" and "hoà" the same."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+)?")
_CIVIL = re.compile(r"(?:ngày\s+)?([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}(?:\.0+)?")
_SPACE = re.compile(r"\s+")
_SEVERAL = re.compile(r"[;\n]")

YES: Final = frozenset({"x", "co", "yes", "true", "1", "dung", "y", "c"})
NO: Final = frozenset({"khong", "no", "false", "0", "sai", "n", "k"})


def tidy(text: str) -> str:
    """Composed (NFC), single-spaced within a line, trimmed; lines stay."""
    lines = (_SPACE.sub(" ", it).strip() for it in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(lines).strip()


def day(text: str) -> date | None:
    """31/12/2024 as Vietnamese write it, 2024-12-31, or nothing: never month first, never a number of days."""
    if found := _ISO.fullmatch(text):
        year, month, number = (int(it) for it in found.groups())
    elif found := _CIVIL.fullmatch(text):
        number, month, year = (int(it) for it in found.groups())
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def integer(text: str) -> int | None:
    return int(text.partition(".")[0]) if _INTEGER.fullmatch(text) else None


def truth(text: str) -> bool | None:
    folded = fold(text)
    if folded in YES:
        return True
    return False if folded in NO else None


def several(text: str) -> list[str]:
    """Parts of a cell, one a line or between semicolons; a name may hold commas."""
    return [it.strip() for it in _SEVERAL.split(text) if it.strip()]


def spelled(name: str) -> str:
    """One key for the spellings of one name: letter case, spaces, composed or not, the tone on either vowel.

    Unlike `fold` it keeps marks: "Tân Lập" and "Tân Láp" are two places.
    """
    plain = unicodedata.normalize("NFD", _SPACE.sub(" ", name).strip().casefold())
    return " ".join(_syllable(it) for it in plain.split(" "))


def _syllable(decomposed: str) -> str:
    tones = "".join(sorted(it for it in decomposed if it in TONES))
    return unicodedata.normalize("NFC", "".join(it for it in decomposed if it not in TONES)) + tones
