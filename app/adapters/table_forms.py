"""Tables for people to fill in, and filled-in tables given back with what is wrong marked in them."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from app.adapters.tables import harmless
from app.adapters.xlsx import LONGEST_TEXT
from app.domain.paper import printable

FILLED_TO = 20_000
"""Down to which row drop-downs and date formats reach."""

FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "border": 1}
HEADING = {**FONT, "bold": True, "text_wrap": True, "align": "center"}


@dataclass(frozen=True, slots=True)
class Blank:
    """A column to be filled in: `choices` become a drop-down."""

    title: str
    note: str
    width: int = 18
    required: bool = False
    is_date: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """`notes` is the heading and the lines of the sheet that explains the columns."""

    name: str
    blanks: Sequence[Blank]
    notes_name: str
    notes: Sequence[Sequence[str]]
    lists_name: str


def blank_workbook(form: Form) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(form.name[:31])
    notes, lists = book.add_worksheet(form.notes_name[:31]), book.add_worksheet(form.lists_name[:31])
    lists.hide()
    sheet.freeze_panes(1, 0)
    for place, blank in enumerate(form.blanks):
        _prepare(book, sheet, place, blank)
        _offer(sheet, lists, place, blank)
    _explain(book, notes, form.notes)
    book.close()
    return target.getvalue()


def _prepare(book: Any, sheet: Any, place: int, blank: Blank) -> None:
    """Text stays text: a code keeps its noughts, an identifier is no number."""
    look = {**FONT, "num_format": "dd/mm/yyyy" if blank.is_date else "@", "text_wrap": True, "border": 0}
    sheet.set_column(place, place, blank.width, book.add_format(look))
    colour = "#FCE4D6" if blank.required else "#D9E2F3"
    sheet.write_string(0, place, blank.title, book.add_format({**HEADING, "bg_color": colour}))
    sheet.write_comment(0, place, blank.note)


def _offer(sheet: Any, lists: Any, place: int, blank: Blank) -> None:
    if not blank.choices:
        return
    for row, choice in enumerate(blank.choices):
        lists.write_string(row, place, choice)
    cells = xlsxwriter.utility.xl_range_abs(0, place, len(blank.choices) - 1, place)
    source = f"='{lists.get_name()}'!{cells}"
    sheet.data_validation(1, place, FILLED_TO, place, {"validate": "list", "source": source, "error_type": "warning"})


def _explain(book: Any, sheet: Any, notes: Sequence[Sequence[str]]) -> None:
    heading, line = book.add_format({**HEADING, "bg_color": "#D9E2F3"}), book.add_format({**FONT, "text_wrap": True})
    for row, cells in enumerate(notes):
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text, line if row else heading)
    for place, width in enumerate((34, 20, 12, 60, 60, 34)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)


def blank_csv(titles: Sequence[str]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerow(titles)
    return target.getvalue().encode("utf-8-sig")


class Marked(Protocol):
    """Rows in, in order; `wrong` are the places of the cells that are to blame."""

    def add(self, cells: Sequence[str | None], wrong: Collection[int]) -> None: ...

    def close(self) -> None: ...


class MarkedWorkbook:
    """Rows as they were sent, the cells that are to blame in red, the reasons at the end. Rows go to disk."""

    def __init__(self, path: Path, name: str, headers: Sequence[str]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), {**options, "tmpdir": str(path.parent)})
        self._sheet = self._book.add_worksheet(name[:31])
        self._plain = self._book.add_format({**FONT, "text_wrap": True})
        self._wrong = self._book.add_format({**FONT, "text_wrap": True, "bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(headers) - 1, 24)
        heading = self._book.add_format({**HEADING, "bg_color": "#D9E2F3"})
        for place, title in enumerate(headers):
            self._sheet.write_string(0, place, printable(title)[:LONGEST_TEXT], heading)
        self._rows = 0

    def add(self, cells: Sequence[str | None], wrong: Collection[int]) -> None:
        self._rows += 1
        for place, cell in enumerate(cells):
            text = printable(cell or "")[:LONGEST_TEXT]
            self._sheet.write_string(self._rows, place, text, self._wrong if place in wrong else self._plain)

    def close(self) -> None:
        self._book.close()


class MarkedCsv:
    """The same as text; nothing that a spreadsheet would compute."""

    def __init__(self, path: Path, name: str, headers: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self.add(headers, ())

    def add(self, cells: Sequence[str | None], wrong: Collection[int]) -> None:
        self._rows.writerow([harmless(it or "") for it in cells])

    def close(self) -> None:
        self._file.close()
