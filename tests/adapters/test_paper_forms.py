"""Every kind of paper in both forms, measured on the page as others read it: margins, sizes, numbers of pages."""

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from app.adapters import docx, pdf
from app.domain.paper import Block, PaperForm, PaperKind, table
from app.domain.paper_samples import sample
from tests.papers import POINTS_PER_MM, has, tidy

pytestmark = pytest.mark.thorough

EVERY = [(kind, form) for kind in PaperKind for form in PaperForm]
SLACK, ACCENT = 1.0, 4.0
"""Points by which a letter may lean over the margin, and those that the accent of a capital stands above its line."""

NUMBERS = 16 * POINTS_PER_MM
"""How far down the number of a page may stand."""


@contextmanager
def printed(kind: PaperKind, form: PaperForm) -> Iterator[list[pypdfium2.PdfPage]]:
    with closing(pypdfium2.PdfDocument(rendered(kind, form))) as opened:
        yield list(opened)


@cache
def rendered(kind: PaperKind, form: PaperForm) -> bytes:
    return pdf.render(sample(kind, form).content())


def written(kind: PaperKind, form: PaperForm) -> Any:
    paper = sample(kind, form)
    return Document(io.BytesIO(docx.render(docx.standard(party=paper.party, layout=paper.layout), paper.content())))


@pytest.mark.parametrize(("kind", "form"), EVERY)
def test_nothing_is_printed_in_the_margins(kind: PaperKind, form: PaperForm) -> None:
    """NĐ 30/2020 Annex I: left 30–35 mm, right 15–20, top and bottom 20–25; only the page number is higher."""
    with printed(kind, form) as pages:
        for page in pages:
            width, height = page.get_size()
            text = page.get_textpage()
            boxes = [text.get_charbox(it) for it in range(text.count_chars()) if text.get_text_range(it, 1).strip()]
            assert min(it[0] for it in boxes) >= 30 * POINTS_PER_MM - SLACK
            assert max(it[2] for it in boxes) <= width - 15 * POINTS_PER_MM + SLACK
            assert min(it[1] for it in boxes) >= 20 * POINTS_PER_MM - SLACK
            body = [it for it in boxes if it[3] < height - NUMBERS]
            assert max(it[3] for it in body) <= height - 20 * POINTS_PER_MM + ACCENT


@pytest.mark.parametrize("form", PaperForm)
def test_pages_are_numbered_in_the_middle_above_from_the_second_on(form: PaperForm) -> None:
    with printed(PaperKind.RESULT_REPORT, form) as pages:
        for page, number in zip(pages, ("", "2"), strict=True):
            width, height = page.get_size()
            text, bottom = page.get_textpage(), height - NUMBERS
            above = text.get_text_bounded(bottom=bottom)
            middle = text.get_text_bounded(left=width / 2 - 20, right=width / 2 + 40, bottom=bottom)
            assert (tidy(above), tidy(middle)) == (number, number)


@pytest.mark.parametrize(("kind", "form"), EVERY)
def test_both_files_say_the_same(kind: PaperKind, form: PaperForm) -> None:
    paper = sample(kind, form)
    with printed(kind, form) as pages:
        lines = [page.get_textpage().get_text_bounded(top=page.get_height() - NUMBERS) for page in pages]
    in_pdf = tidy(" ".join(lines)).replace("\ufffe", "-")
    in_docx = tidy(" ".join(it.text or "" for it in written(kind, form).element.body.iter("{*}t")))
    cells = [cell for block in paper.blocks for row in block.rows for cell in row]
    said = [paper.number, paper.dated, paper.abstract, *(it.text for it in paper.blocks), *cells, *paper.copies]
    assert (has(in_docx, *said), has(in_pdf, *said)) == ([], [])


def test_a_decision_in_the_form_of_the_state() -> None:
    """What it rests on in italics, the word in the middle, the number of each article in bold."""
    shown = {it.text: it for it in written(PaperKind.DECISION, PaperForm.STATE).paragraphs}
    basis = next(it for text, it in shown.items() if text.startswith("Căn cứ Kết luận"))
    assert basis.runs[0].font.italic
    assert shown["QUYẾT ĐỊNH:"].alignment == 1
    label, text = next(it for text, it in shown.items() if text.startswith("Điều 2.")).runs
    assert (label.text, label.font.bold, text.font.bold) == ("Điều 2.", True, None)
    assert {label.font.size, text.font.size} == {Pt(14)}


@pytest.mark.parametrize(("form", "ends"), [(PaperForm.STATE, ";"), (PaperForm.PARTY, ",")])
def test_the_list_of_recipients_ends_with_a_full_stop(form: PaperForm, ends: str) -> None:
    cell = written(PaperKind.REMINDER, form).tables[-1].rows[0].cells[0]
    last = "Lưu: VT." if form == PaperForm.STATE else "Lưu Văn phòng."
    assert [it.text for it in cell.paragraphs][1:] == [f"- Như trên{ends}", f"- {last}"]


def test_a_letter_to_several_names_each_on_a_line() -> None:
    lines = [it.text for it in written(PaperKind.REMINDER, PaperForm.STATE).paragraphs]
    first = lines.index("Kính gửi:")
    named = ["- Ủy ban nhân dân huyện Quảng Điền;", "- Ban Thường vụ Huyện ủy Quảng Điền."]
    assert lines[first + 1 : first + 3] == named


def test_a_word_longer_than_its_place_is_broken_there() -> None:
    """An address in the text and in a cell ends neither behind the margin nor in the next column."""
    address = "https://vanban.example.vn/" + "x" * 150
    row = table([("Nội dung", 3), ("Nơi đăng", 1)], [("Báo cáo", address)])
    paper = replace(sample(PaperKind.RESULT_REPORT, PaperForm.STATE), blocks=(Block("text", address), row))
    with closing(pypdfium2.PdfDocument(pdf.render(paper.content()))) as opened:
        [page] = opened
        text = page.get_textpage()
        right = max(text.get_charbox(it)[2] for it in range(text.count_chars()))
        assert right <= page.get_width() - 15 * POINTS_PER_MM + SLACK
        assert "".join(text.get_text_range().split()).count("x" * 150) == 2


@pytest.mark.parametrize("kind", [PaperKind.REMINDER, PaperKind.DECISION, PaperKind.MINUTES])
def test_the_last_words_stay_on_the_page_of_the_signature(kind: PaperKind) -> None:
    blocks = (Block("text", "Một."), Block("text", "Hai."))
    paper = replace(sample(kind, PaperForm.PARTY), blocks=blocks)
    made = Document(io.BytesIO(docx.render(docx.standard(party=True, layout=paper.layout), paper.content())))
    kept = {it.text: it.paragraph_format.keep_with_next for it in made.paragraphs}
    assert (kept["Một."], kept["Hai."]) == (False, True)
    filled = replace(paper, blocks=[Block("text", "Một đoạn. " * 7)] * 21)
    with closing(pypdfium2.PdfDocument(pdf.render(filled.content()))) as opened:
        last = list(opened)[-1].get_textpage().get_text_range()
    assert "Một đoạn." in last


@pytest.mark.parametrize("form", PaperForm)
def test_a_table_follows_its_heading_closely(form: PaperForm) -> None:
    """The line between them is as low as its mark, and goes where the table goes."""
    body = written(PaperKind.RESULT_REPORT, form).element.body
    before = [it.getprevious() for it in body.iter("{*}tbl") if it.find(".//{*}tblHeader") is not None]
    assert before
    for line in before:
        assert line.find(".//{*}keepNext") is not None
        assert line.find("./{*}pPr/{*}rPr/{*}sz").get(qn("w:val")) == "8"
