"""What does a document's number and symbol say: 62-KL/TW, 12/KH-MTTQ-BTT, 97/2025/QH15, 249/MTTQ-BTT?

Two offices write symbols in two ways: the Party "number-type/organ" (05-HD/VPTW), the State and the Front
"number/type-organ" (NĐ 30/2020), whose letters carry no type. The press mixes them up; what can be repaired
without guessing is repaired and says so in `warning`.

A symbol never identifies its issuer by itself (TU is every provincial Party committee), nor is it unique: keep the
text as it was written beside what is read here.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Family(StrEnum):
    """The writing rule a symbol follows; Front papers are `state_admin` or `state_letter`."""

    PARTY = "party"
    STATE_LEGAL = "state_legal"
    STATE_ADMIN = "state_admin"
    STATE_LETTER = "state_letter"


class Warned(StrEnum):
    """What had to be repaired before the symbol could be read."""

    SEPARATOR_SWAPPED = "separator_swapped"
    MISSING_HYPHEN = "missing_hyphen"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol taken apart; `type` is None where the rule writes none (letters, numbered laws)."""

    family: Family
    number: int
    organ: str
    type: str | None = None
    year: int | None = None
    warning: Warned | None = None
    type_separator: str = "-"

    @property
    def normalised(self) -> str:
        """The one way to write it: two digits at least, hyphen and slash where the family puts them."""
        number = f"{self.number:02d}"
        if self.family is Family.PARTY:
            return f"{number}-{self.type}/{self.organ}"
        head = number if self.year is None else f"{number}/{self.year}"
        return f"{head}/{self.organ}" if self.type is None else f"{head}/{self.type}{self.type_separator}{self.organ}"


# Longer than any symbol met (a joint resolution of three bodies has 39 characters); bounds the work on hostile input.
_LONGEST: Final = 120

_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2212"
_LOOKALIKES: Final = str.maketrans(dict.fromkeys(_DASHES, "-") | {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ"})
_EDGES: Final = " \t\r\n\u00a0.,;()"
_PREFIX = re.compile(r"\Asố\s*:?\s*", re.IGNORECASE)
_AROUND_SEPARATOR = re.compile(r"\s*([/-])\s*")

_TYPES: Final = (
    "NQLT|QCPH|CTHĐ|QyĐ|QĐi|TTr|CTr|GGT|GUQ|GNP|BGN|BTT|NQ|QĐ|QC|CT|KL|TB|HD|KH|BC|BB|CV|"
    "ĐC|ĐA|PA|DA|TC|HĐ|CĐ|GM|BS|NĐ|TT|PG|PC|PB"
)
_WORD: Final = "[A-ZĐ][A-ZĐa-z0-9.]*"
_ORGAN: Final = f"{_WORD}(?:-{_WORD})*"
_NUMBER: Final = "(?P<number>[0-9]{1,5})"
_TYPE: Final = f"(?P<type>{_TYPES})"

_PARTY = re.compile(f"{_NUMBER}-{_TYPE}/(?P<organ>{_ORGAN})")
_STATE_LEGAL = re.compile(f"{_NUMBER}/(?P<year>(?:19|20)[0-9]{{2}})/(?:{_TYPE}(?P<sep>[-/]))?(?P<organ>{_ORGAN})")
_STATE_ADMIN = re.compile(f"{_NUMBER}/{_TYPE}(?P<sep>[-/])(?P<organ>{_ORGAN})")
_GLUED = re.compile(f"{_NUMBER}/{_TYPE}(?P<organ>(?:MTTQ|UBND|HĐND)(?:-{_WORD})*)")
_STATE_LETTER = re.compile(f"{_NUMBER}/(?P<organ>{_WORD}(?:-{_WORD})+)")
_PARTY_ORGAN = re.compile(r"TW|TU|HU|QU|ThU|ĐU|ĐB|CB|BCĐ|(?:VP|UBKT|BTC|BDV|BTG|BTGDV|BNC)(?:TW|TU|HU|ĐU)?")

# The order matters: a letter's pattern would also take every typed State symbol.
_READINGS: Final = (
    (_PARTY, Family.PARTY, None),
    (_STATE_LEGAL, Family.STATE_LEGAL, None),
    (_STATE_ADMIN, Family.STATE_ADMIN, None),
    (_GLUED, Family.STATE_ADMIN, Warned.MISSING_HYPHEN),
    (_STATE_LETTER, Family.STATE_LETTER, None),
)


def parse(raw: str) -> Symbol | None:
    """Read a symbol as people write it, or None when it is none; never raises, whatever the text."""
    if len(raw) > _LONGEST:
        return None
    text = _tidy(raw)
    for pattern, family, warning in _READINGS:
        if match := pattern.fullmatch(text):
            return _symbol(match.groupdict(), family, warning)
    return None


def _tidy(raw: str) -> str:
    """Undo what keyboards and typesetters do: dashes, Eth for Đ, spaces round separators, a leading "Số:"."""
    text = unicodedata.normalize("NFC", raw).translate(_LOOKALIKES)
    return _AROUND_SEPARATOR.sub(r"\1", _PREFIX.sub("", text.strip(_EDGES)).strip(_EDGES))


def _symbol(parts: dict[str, str | None], family: Family, warning: Warned | None) -> Symbol:
    organ, year = parts["organ"] or "", parts.get("year")
    if family is Family.STATE_ADMIN and warning is None and _PARTY_ORGAN.fullmatch(organ):
        family, warning = Family.PARTY, Warned.SEPARATOR_SWAPPED
    return Symbol(
        family=family,
        number=int(parts["number"] or 0),
        organ=organ,
        type=parts.get("type"),
        year=None if year is None else int(year),
        warning=warning,
        type_separator=parts.get("sep") or "-",
    )
