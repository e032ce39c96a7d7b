"""Tables as people send them, CSV or XLSX, row by row: every cell as text, in memory that does not grow with the file.

openpyxl reads a worksheet as a stream; readers that build the whole rectangle first (calamine) can be made to ask for
billions of cells by two of them far apart. defusedxml, where it is installed, lets openpyxl refuse XML that expands
itself. What the archive says it unpacks to is judged before anything is unpacked, and is never exceeded.
"""

import codecs
import csv
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from app.domain.written import tidy

T = TypeVar("T")
Format = Literal["xlsx", "csv"]
Line = tuple[int, list[str | None]]
"""The number of a row as the spreadsheet shows it, and its cells; blank rows are left out."""

MOST_UNPACKED: Final = 256 * 1024 * 1024
MOST_SHARED: Final = 96 * 1024 * 1024
"""Bytes of all parts of a workbook, and of those that are read into memory whole (strings, styles)."""

MOST_PARTS: Final = 2_000
MOST_COLUMNS: Final = 100
MOST_LINES: Final = 1_048_576
LONGEST_CELL: Final = 32_767
"""The formats' own limits on rows and on characters of a cell; far fewer columns than theirs."""

WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS: Final = (",", ";", "\t")
CELL_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
VIETNAMESE: Final = frozenset(
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
)


class Unreadable(Exception):
    """Neither a workbook nor a table of text; `code` says which way, the words are in messages."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to read the file: a worksheet, or the text split at one delimiter."""

    name: str
    lines: Iterator[Line]


def told_format(head: bytes) -> Format | None:
    """By the first bytes; None for what is neither (a workbook of Excel 97 or with a password is an OLE file)."""
    if head.startswith(WORKBOOK):
        return "xlsx"
    binary = b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not _wide(head)
    return None if head.startswith((OLD_WORKBOOK, b"%PDF")) or binary else "csv"


@contextmanager
def opened(path: Path, kind: Format) -> Iterator[list[Sheet]]:
    """The sheets of a file, each to be read once; Unreadable for whatever the libraries stumble over."""
    try:
        with _workbook(path) if kind == "xlsx" else _text(path) as sheets:
            yield sheets
    except Unreadable:
        raise
    except (UnicodeError, csv.Error):
        raise Unreadable("unreadable_text") from None


@contextmanager
def _workbook(path: Path) -> Iterator[list[Sheet]]:
    import openpyxl  # takes a tenth of a second, and most processes never read a workbook

    _judge_archive(path)
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            shown = [it for it in book.worksheets if it.sheet_state == "visible"]
        except Exception:  # it raises whatever XML, ZIP or its own code happens to raise
            raise Unreadable("unreadable_workbook") from None
        if not shown:
            raise Unreadable("unreadable_workbook")
        yield [Sheet(it.title, _workbook_lines(it)) for it in shown]


def _judge_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable("unreadable_workbook") from None
    if "xl/workbook.xml" not in {it.filename for it in parts}:
        raise Unreadable("unreadable_workbook")
    whole = [it.file_size for it in parts if not it.filename.startswith(("xl/worksheets/", "xl/media/"))]
    if len(parts) > MOST_PARTS or sum(it.file_size for it in parts) > MOST_UNPACKED or sum(whole) > MOST_SHARED:
        raise Unreadable("workbook_too_large")


def _workbook_lines(sheet: Any) -> Iterator[Line]:
    """What the file says of its own dimensions is not believed."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    try:
        for number, row in enumerate(islice(rows, MOST_LINES), start=1):
            if row.count(None) == len(row):  # two cells far apart have a million such rows between them
                continue
            cells = [_shown(it) for it in _without_tail(list(row))]
            if any(cells):
                yield number, cells
    except Exception:  # as above, while it reads on
        raise Unreadable("unreadable_workbook") from None


def _shown(value: Any) -> str | None:
    """As text: days as 2024-12-31, whole numbers without a point, of formulas what they came to."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "x" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return tidy(str(value)[:LONGEST_CELL]) or None


def _without_tail(cells: list[T]) -> list[T]:
    """Without the empty cells at its end."""
    last = next((place for place in reversed(range(len(cells))) if cells[place] is not None), -1)
    return cells[: last + 1]


@contextmanager
def _text(path: Path) -> Iterator[list[Sheet]]:
    encoding = _encoding(path)
    yield [Sheet(it, _text_lines(path, encoding, it)) for it in DELIMITERS]


def _text_lines(path: Path, encoding: str, delimiter: str) -> Iterator[Line]:
    """Excel's own first line `sep=;` is no row."""
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file, delimiter=delimiter)
        for number, row in enumerate(islice(rows, MOST_LINES), start=1):
            if number == 1 and row and row[0].lower().startswith("sep="):
                continue
            cells = _without_tail([tidy(it[:LONGEST_CELL]) or None for it in row[:MOST_COLUMNS]])
            if cells:
                yield number, cells


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16 with or without their marks; else Windows-1258, if what that gives looks Vietnamese."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _wide(head):
        return wide
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    if _decodes(path, "cp1258") and _looks_vietnamese(path):
        return "cp1258"
    raise Unreadable("unknown_encoding")


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: among Latin letters every other byte is nought."""
    even, odd = head[0:400:2], head[1:400:2]
    if len(odd) < 4:
        return None
    if odd.count(0) > len(odd) * 0.5 and even.count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > len(even) * 0.5 and odd.count(0) == 0 else None


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeError:
        return False
    return True


def _looks_vietnamese(path: Path) -> bool:
    """A text in one of the fonts' own encodings (TCVN3, VNI) decodes as well, into letters that no word has."""
    with path.open(encoding="cp1258", newline="") as file:
        sample = unicodedata.normalize("NFC", file.read(1 << 20)).lower()
    letters = {it for it in sample if it.isalpha() or unicodedata.combining(it)}
    return letters <= VIETNAMESE
