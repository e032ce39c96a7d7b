"""What a column of an imported table is, how its header is recognised, and what its cells come to."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from app.core.errors import Fault, fault
from app.core.text import fold
from app.core.words import LANGUAGES, catalogue, heading, vocabulary
from app.domain import written

Kind = Literal["text", "date", "integer", "truth", "code", "codes", "body", "bodies", "place", "record"]

KEY: Final = "key"
"""The field that names a row, in every kind of table."""

_CODE = re.compile(r"\(([a-z_]+)\)")
_ORNAMENT = re.compile(r"[*:\s]+$")


@dataclass(frozen=True, slots=True)
class Column:
    """`pointers` are the places in the payload that this column fills, by default the field of its own name; `*` is
    any place of a list.

    What `body`, `bodies`, `place` and `record` name is looked up; everything else is read as it stands.
    """

    field: str
    kind: Kind = "text"
    required: bool = False
    vocabulary: str | None = None
    pointers: tuple[str, ...] = ()
    width: int = 18

    def fills(self, pointer: str) -> int:
        """How closely this column says what lies there; 0 for not at all."""
        places = self.pointers or (f"/{self.field}",)
        return max(len(it) if _covers(it, pointer) else 0 for it in places)


def _covers(pattern: str, pointer: str) -> bool:
    wanted, given = pattern.split("/"), pointer.split("/")
    return len(wanted) <= len(given) and all(one in ("*", it) for one, it in zip(wanted, given, strict=False))


@dataclass(frozen=True)
class Table:
    """The columns of one kind of import; `name` is that of its words in messages."""

    name: str
    columns: tuple[Column, ...]

    def of(self, field: str) -> Column | None:
        return next((it for it in self.columns if it.field == field), None)

    def at(self, pointer: str) -> Column | None:
        """Whose cell is to blame for a fault of the payload."""
        nearest = max(self.columns, key=lambda it: it.fills(pointer))
        return nearest if nearest.fills(pointer) else None

    def heading(self, language: str, field: str) -> str:
        return heading(language, f"import_{self.name}", field)

    def note(self, language: str, field: str) -> str:
        return str(catalogue(language)["note"][f"import_{self.name}"][field])

    def example(self, field: str) -> str:
        """Empty where a first row would leave the cell empty."""
        return str(catalogue("vi")["example"][f"import_{self.name}"].get(field, ""))

    def title(self, field: str) -> str:
        """What the template has for a header: the words for people, the code for programs."""
        return f"{self.heading('vi', field)} ({field})"

    def recognise(self, header: str, mapping: Mapping[str, str]) -> str | None:
        """The field a header stands for: as the caller says, by the code in it, or by either language's words."""
        if header in mapping:
            return mapping[header]
        known = {it.field for it in self.columns}
        if (coded := _CODE.search(header)) and coded[1] in known:
            return coded[1]
        return _headers(self).get(fold(_ORNAMENT.sub("", header)))


@cache
def _headers(table: Table) -> dict[str, str]:
    words = {fold(table.heading(language, it.field)): it.field for it in table.columns for language in LANGUAGES}
    return words | {it.field: it.field for it in table.columns}


class Unlike(Exception):
    """A cell that is not what its column asks for."""

    def __init__(self, why: Fault) -> None:
        self.why = why
        super().__init__(why.code)


def plain_value(column: Column, text: str) -> Any:
    """What a cell comes to that needs no looking up; Unlike when it comes to nothing."""
    reading = READINGS.get(column.kind)
    return reading(column, text) if reading else text


def _day(column: Column, text: str) -> Any:
    if (found := written.day(text)) is None:
        raise Unlike(fault("", "unlike_date"))
    return found


def _integer(column: Column, text: str) -> Any:
    if (found := written.integer(text)) is None:
        raise Unlike(fault("", "unlike_integer"))
    return found


def _truth(column: Column, text: str) -> Any:
    if (found := written.truth(text)) is None:
        raise Unlike(fault("", "unlike_truth"))
    return found


def _code(column: Column, text: str) -> Any:
    assert column.vocabulary is not None
    known = _codes(column.vocabulary)
    if (found := known.get(fold(text))) is None:
        raise Unlike(fault("", "unlike_code", allowed=", ".join(allowed(column.vocabulary))))
    return found


def _several_codes(column: Column, text: str) -> Any:
    return [_code(column, it) for part in written.several(text) for it in part.split(",") if it.strip()]


READINGS: dict[str, Callable[[Column, str], Any]] = {
    "date": _day,
    "integer": _integer,
    "truth": _truth,
    "code": _code,
    "codes": _several_codes,
}


@cache
def _codes(name: str) -> dict[str, str]:
    """A value by its code and by its words in either language."""
    terms = vocabulary()[name]
    by_words = {fold(it[language]): it["code"] for it in terms for language in reversed(LANGUAGES)}
    return by_words | {it["code"]: it["code"] for it in terms}


def allowed(name: str) -> list[str]:
    """The words of a list of values, as drop-downs offer them."""
    return [it["vi"] for it in vocabulary()[name]]
