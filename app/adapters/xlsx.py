"""Tables as XLSX: real dates and numbers, a frozen heading with filters, late rows in red, charts.

Rows go to disk as they come, so memory does not grow with their number; they are written in order and never read back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

import xlsxwriter

from app.core.clock import CIVIL_ZONE
from app.domain.paper import printable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767
"""Limits of the format, the heading not counted."""

FIRST_DAY = date(1900, 3, 1)
"""Earlier days are text: the format's calendar has a 29/02/1900."""


Kind = Literal["text", "date", "number", "decimal", "ratio", "instant"]
NUMBERS = ("number", "decimal", "ratio")


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind = "text"
    width: int = 18


class Book:
    """A file under a path, or in memory."""

    def __init__(self, target: Path | BinaryIO) -> None:
        place = str(target) if isinstance(target, Path) else target
        options: dict[str, Any] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        if isinstance(target, Path):
            options["tmpdir"] = str(target.parent)
        self._book = xlsxwriter.Workbook(place, options)
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        line = {**font, "border": 1}
        self._heading = self._book.add_format(
            {**line, "bold": True, "text_wrap": True, "bg_color": "#D9E2F3", "align": "center"}
        )
        self._late = self._book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self._formats = {
            "text": self._book.add_format({**line, "text_wrap": True}),
            "number": self._book.add_format({**line, "num_format": "#,##0"}),
            "decimal": self._book.add_format({**line, "num_format": "General"}),
            "ratio": self._book.add_format({**line, "num_format": "0.0%"}),
            "date": self._book.add_format({**line, "num_format": "dd/mm/yyyy"}),
            "instant": self._book.add_format({**line, "num_format": "dd/mm/yyyy hh:mm"}),
        }

    def sheet(self, name: str, columns: Sequence[Column]) -> "Sheet":
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, self._heading)
        return Sheet(self, sheet, list(columns))

    def close(self) -> None:
        self._book.close()


class Sheet:
    """The heading is row 0; `add` writes the next row."""

    def __init__(self, book: Book, sheet: Any, columns: list[Column]) -> None:
        self._book, self._sheet, self._columns = book, sheet, columns
        self.rows = 0

    def add(self, values: Sequence[Any]) -> None:
        self.rows += 1
        for place, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            self._write(place, column, value)

    def _write(self, place: int, column: Column, value: Any) -> None:
        look = self._book._formats[column.kind]
        if value is None or value == "":
            self._sheet.write_blank(self.rows, place, None, look)
        elif column.kind in NUMBERS:
            self._sheet.write_number(self.rows, place, value, look)
        elif (moment := _moment(column.kind, value)) is not None:
            self._sheet.write_datetime(self.rows, place, moment, look)
        else:
            self._sheet.write_string(self.rows, place, printable(str(value))[:LONGEST_TEXT], look)

    def finish(self, *, late: int | None = None) -> None:
        """Filters over all rows; rows that say something in column `late`, or count something there, are red."""
        last = max(self.rows, 1)
        self._sheet.autofilter(0, 0, last, len(self._columns) - 1)
        if late is not None:
            letter = xlsxwriter.utility.xl_col_to_name(late)
            counts = self._columns[late].kind in NUMBERS
            criteria = f"=${letter}2>0" if counts else f"=LEN(${letter}2)>0"
            rule = {"type": "formula", "criteria": criteria, "format": self._book._late}
            self._sheet.conditional_format(1, 0, last, len(self._columns) - 1, rule)

    def chart(
        self,
        kind: Literal["column", "bar", "pie"],
        title: str,
        *,
        names: int,
        values: Sequence[int],
        stacked: bool = False,
        most: int = MOST_ROWS,
    ) -> None:
        """Beside the table, of its first `most` rows; the figures can be read in it too."""
        if self.rows == 0:
            return
        chart = self._book._book.add_chart({"type": kind, "subtype": "stacked"} if stacked else {"type": kind})
        last = min(self.rows, most)
        for column in values:
            chart.add_series(
                {
                    "name": [self._sheet.name, 0, column],
                    "categories": [self._sheet.name, 1, names, last, names],
                    "values": [self._sheet.name, 1, column, last, column],
                    "data_labels": {"value": not stacked},
                }
            )
        if kind == "bar":
            chart.set_y_axis({"reverse": True})
        if kind != "pie":
            chart.set_legend({"position": "bottom"})
        chart.set_title({"name": title})
        chart.set_size({"width": 720, "height": 400})
        self._sheet.insert_chart(1, len(self._columns) + 1, chart)


def _moment(kind: str, value: Any) -> date | datetime | None:
    """What the format's calendar can hold; instants are shown as the clocks in Viet Nam show them."""
    if kind == "date":
        day = value if isinstance(value, date) else date.fromisoformat(value)
        return day if day >= FIRST_DAY else None
    if kind == "instant":
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(CIVIL_ZONE).replace(tzinfo=None)
    return None
