"""A table as CSV: UTF-8 with its mark, so that spreadsheets read Vietnamese, and no cell that they would compute."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from app.adapters import xlsx
from app.adapters.xlsx import Column
from app.domain.paper import printable

MEDIA_TYPES = {"xlsx": xlsx.MEDIA_TYPE, "csv": "text/csv; charset=utf-8"}
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula when it opens a CSV (OWASP, CSV Injection)."""


class Table(Protocol):
    """Rows in, in order; `late` is the column in which late rows say so."""

    def add(self, values: Sequence[Any]) -> None: ...

    def close(self, *, late: int | None = None) -> None: ...


class CsvTable:
    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([it.title for it in columns])

    def add(self, values: Sequence[Any]) -> None:
        self._rows.writerow(["" if it is None else harmless(it) for it in values])

    def close(self, *, late: int | None = None) -> None:
        self._file.close()


def harmless(value: Any) -> Any:
    """Text that would be a formula begins with an apostrophe; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(COMPUTED) else text


class XlsxTable:
    """With a sheet of figures and a chart beside the rows, counted while they pass: by the words of one column."""

    def __init__(self, path: Path, name: str, columns: Sequence[Column], *, counted: int, figures: str) -> None:
        self._book = xlsx.Book(path)
        self._sheet = self._book.sheet(name, columns)
        self._heading, self._figures = columns[counted].title, figures
        self._counted, self._counts = counted, dict[str, int]()

    def add(self, values: Sequence[Any]) -> None:
        self._sheet.add(values)
        word = str(values[self._counted] or "–")
        self._counts[word] = self._counts.get(word, 0) + 1

    def close(self, *, late: int | None = None) -> None:
        self._sheet.finish(late=late)
        figures = self._book.sheet(self._figures, [Column(self._heading, width=40), Column("Σ", "number")])
        for word, number in sorted(self._counts.items(), key=lambda it: -it[1]):
            figures.add([word, number])
        figures.finish()
        figures.chart("bar", self._heading, names=0, values=(1,))
        self._book.close()
