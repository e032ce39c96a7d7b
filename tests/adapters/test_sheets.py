"""Files of tables as the world sends them: every encoding and separator, and those that mean harm."""

import io
import tracemalloc
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from app.adapters import sheets
from app.adapters.sheets import Unreadable, opened, told_format
from app.domain.written import TONES
from tests.tables import a_workbook

pytestmark = pytest.mark.thorough

ROWS = [["Mã", "Tên cơ quan"], ["1", "Ủy ban nhân dân xã Quảng Thái"]]
TEXT = "\r\n".join(",".join(row) for row in ROWS)


def read(path: Path, content: bytes, kind: sheets.Format, sheet: int = 0) -> list[list[str | None]]:
    path.write_bytes(content)
    with opened(path, kind) as found:
        return [cells for _, cells in found[sheet].lines]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bảng.xlsx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_its_mark(file: Path, encoding: str) -> None:
    content = TEXT.encode(encoding)
    assert told_format(content) == "csv"
    assert read(file, content, "csv") == ROWS


def test_windows_1258_is_recognised_and_composed(file: Path) -> None:
    content = "".join(map(_parted, TEXT)).encode("cp1258")
    assert read(file, content, "csv") == ROWS


def _parted(letter: str) -> str:
    """As the code page has it: letters with a circumflex, breve or horn, tones beside them."""
    base, *marks = unicodedata.normalize("NFD", letter)
    tones = "".join(it for it in marks if it in TONES)
    return unicodedata.normalize("NFC", base + "".join(it for it in marks if it not in TONES)) + tones


@pytest.mark.parametrize("content", [b"M\xb7,T\xaan c\xac quan\r\n1,\xfey ban\xa4\xa7", b"a,b\r\n\xff\xfe\xfd\x81"])
def test_the_encodings_of_old_fonts_are_refused_not_guessed(file: Path, content: bytes) -> None:
    with pytest.raises(Unreadable, match="unknown_encoding"):
        read(file, content, "csv")


@pytest.mark.parametrize(("place", "delimiter"), list(enumerate(sheets.DELIMITERS)))
def test_the_usual_separators_and_excel_s_own_first_line(file: Path, place: int, delimiter: str) -> None:
    content = f"sep={delimiter}\r\n" + TEXT.replace(",", delimiter)
    assert read(file, content.encode(), "csv", place) == ROWS


def test_quotes_lines_in_cells_and_blank_rows(file: Path) -> None:
    content = 'a,"b\r\nc","d ""e"""\r\n\r\n,,\r\n1,2,\r\n'
    file.write_text(content, encoding="utf-8")
    with opened(file, "csv") as (by_comma, *_):
        assert list(by_comma.lines) == [(1, ["a", "b\nc", 'd "e"']), (4, ["1", "2"])]


def test_an_endless_cell_is_refused(file: Path) -> None:
    with pytest.raises(Unreadable, match="unreadable_text"):
        read(file, b'"' + b"a" * 200_000, "csv")


def test_formulas_give_what_they_came_to(file: Path) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, '="Xã "&"A"', None, "Xã A")
        sheet.write_boolean(0, 1, True)
        sheet.write_number(0, 2, 12)
        sheet.write_number(0, 3, 1.5)
        sheet.write_formula(0, 4, "=1/0", None, "#DIV/0!")
    assert read(file, target.getvalue(), "xlsx") == [["Xã A", "x", "12", "1.5", "#DIV/0!"]]


def test_hidden_sheets_are_not_looked_at(file: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Danh mục").sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    file.write_bytes(target.getvalue())
    with opened(file, "xlsx") as found:
        assert [it.name for it in found] == ["Sheet"]


FAR_APART = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>đầu</t></is></c></row>
<row r="50000"><c r="XFD50000" t="inlineStr"><is><t>cuối</t></is></c></row></sheetData></worksheet>"""


def test_two_cells_far_apart_cost_no_memory(file: Path) -> None:
    content = rewritten({"xl/worksheets/sheet1.xml": FAR_APART.encode()})
    tracemalloc.start()
    assert read(file, content, "xlsx") == [["đầu"]]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def rewritten(parts: dict[str, bytes]) -> bytes:
    """A workbook in which some parts say something else."""
    target = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(a_workbook(*ROWS)))
    with good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bad:
        kept = {it: good.read(it) for it in good.namelist()}
        for name, content in (kept | parts).items():
            bad.writestr(name, content)
    return target.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 32 * 1024 * 1024)
    bomb = rewritten({"xl/worksheets/sheet1.xml": b" " * (sheets.MOST_UNPACKED + 1)})
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    with pytest.raises(Unreadable, match="workbook_too_large"):
        read(file, bomb, "xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str">
<v>&b;</v></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 not a zip",
        rewritten({"xl/worksheets/sheet1.xml": LAUGHS}),
        rewritten({"xl/worksheets/sheet1.xml": b"<worksheet"}),
        rewritten({"xl/workbook.xml": b"<!DOCTYPE w [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><w>&a;</w>"}),
        a_workbook(*ROWS)[:-200],
    ],
    ids=["no zip", "laughs", "broken", "external", "cut off"],
)
def test_what_is_broken_or_expands_itself_is_refused(file: Path, content: bytes) -> None:
    with pytest.raises(Unreadable, match="unreadable_workbook"):
        read(file, content, "xlsx")


def test_other_files_are_told_apart() -> None:
    assert told_format(a_workbook(*ROWS)) == "xlsx"
    assert told_format(TEXT.encode("cp1258", "replace")) == "csv"
    assert told_format(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") is None
    assert told_format(b"GIF89a\0\0\0") is None
