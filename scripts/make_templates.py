"""Makes the standard DOCX templates of papers: `python -m scripts.make_templates`.

Measures are those of NĐ 30/2020/NĐ-CP, Annex I, and of the Party's 05-HD/VPTW and 36-HD/VPTW (domain.md, section 7).
A body that wants another form downloads one of these, changes it in a word processor, and uploads it.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

TARGET = Path(__file__).parents[1] / "app" / "adapters" / "forms"
LAYOUTS = ("named", "letter", "minutes", "wide")
FORMS = ("state", "party")
FONT = "Times New Roman"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
"""What the schema of a paragraph's properties wants behind its borders."""

STYLES = {"Normal", "header", "Header Char", "Default Paragraph Font", "Normal Table", "No List", "Table Grid"}
IDLE_PARTS = ("stylesWithEffects", "customXml", "thumbnail", "numbering")
"""Of the empty document that python-docx begins with: 0.8 MB of styles that no paper uses."""


def main() -> None:
    for form in FORMS:
        for layout in LAYOUTS:
            made = template(party=form == "party", layout=layout)
            made.save(str(TARGET / f"{form}-{layout}.docx"))


def template(*, party: bool, layout: str) -> Any:
    document = Document()
    _page(document, wide=layout == "wide")
    _heading(document, party=party, letter=layout == "letter")
    _control(document, "p if mark")
    _mark(document)
    _control(document, "p endif")
    _letter_opening(document) if layout == "letter" else _title(document, party=party)
    _body(document, "blocks", party=party)
    _signatures(document, party=party, both=layout == "minutes")
    _line(document, "", size=8)
    _body(document, "annexes", party=party)
    _control(document, "p if hash")
    _line(document, "Mã băm SHA-256 của nội dung đã chốt: {{ hash }}", size=9, before=8)
    _control(document, "p endif")
    _slim(document)
    return document


def _slim(document: Any) -> None:
    """A paper is a fifth of the size for it, and made in half the time."""
    styles = document.styles.element
    for it in styles.style_lst:
        if it.name_val not in STYLES:
            styles.remove(it)
    for part in (document.part, document.part.package):
        for name in [name for name, it in part.rels.items() if it.reltype.endswith(IDLE_PARTS)]:
            part.rels.pop(name)


def _page(document: Any, *, wide: bool) -> None:
    """A4; top and bottom 20, left 30, right 15 mm; numbers at the top from the second page on."""
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _field(number.add_run(), "PAGE")
    document.core_properties.author = "{{ issuer }}"
    document.core_properties.title = "{{ abstract }}"
    document.core_properties.comments = ""


def _field(run: Any, name: str) -> None:
    run.font.size = Pt(13)
    for kind, text in (("begin", None), (None, name), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _heading(document: Any, *, party: bool, letter: bool) -> None:
    """Two columns: who issues it and its number; the country or the Party, place and date."""
    right = Mm(88 if party else 94)
    left = _room(document) - right
    left_cell, right_cell = _columns(document, left, right)
    size = 14 if party else 12
    _control(left_cell, "p if parent")
    _line(left_cell, "{{ parent }}", size=size, align=CENTRE)
    _control(left_cell, "p endif")
    _line(left_cell, "{{ issuer }}", size=size, bold=True, align=CENTRE)
    _line(left_cell, "*", size=size, align=CENTRE) if party else _rule(left_cell, left, Mm(26))
    _line(left_cell, "{{ number }}", size=14 if party else 13, align=CENTRE, before=0 if party else 4)
    if letter:
        _line(left_cell, "{{ abstract }}", size=12, italic=party, align=CENTRE)
    _national(right_cell, right, party=party)


def _room(document: Any) -> int:
    section = document.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def _national(cell: Any, width: int, *, party: bool) -> None:
    """The rule is as long as the words above it."""
    if party:
        _line(cell, "ĐẢNG CỘNG SẢN VIỆT NAM", size=15, bold=True, align=CENTRE)
        _rule(cell, width, Mm(73))
    else:
        _line(cell, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE)
        _line(cell, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTRE)
        _rule(cell, width, Mm(56))
    _line(cell, "{{ dated }}", size=14 if party else 13, italic=True, align=CENTRE, before=8)


def _mark(document: Any) -> None:
    paragraph = _line(document, "{{ mark }}", bold=True, size=13, before=10, align=CENTRE)
    paragraph.paragraph_format.left_indent = Mm(2)
    paragraph.paragraph_format.right_indent = _room(document) - Mm(45)
    _border(paragraph, "top", "left", "bottom", "right", space=3)


def _title(document: Any, *, party: bool) -> None:
    _line(document, "{{ type_name }}", size=16 if party else 14, bold=True, align=CENTRE, before=14)
    abstract = _line(document, "{{ abstract }}", size=14, bold=True, align=CENTRE)
    abstract.paragraph_format.left_indent = abstract.paragraph_format.right_indent = Mm(12)
    if party:
        _line(document, "-----", size=14, bold=True, align=CENTRE)
    else:
        _rule(document, _room(document), Mm(55))
    _control(document, "p if to")
    _line(document, "Kính gửi: {{ to | join('; ') }}", italic=True, align=CENTRE, before=6)
    _control(document, "p endif")
    _line(document, "", size=6)


def _letter_opening(document: Any) -> None:
    _control(document, "p if to | length == 1")
    _line(document, "Kính gửi: {{ to[0] }}", align=CENTRE, before=14)
    _control(document, "p else")
    _line(document, "Kính gửi:", before=14, indent=Cm(2.5))
    _control(document, "p for it in to")
    _line(document, "- {{ it }}{{ '.' if loop.last else ';' }}", indent=Cm(4.5))
    _control(document, "p endfor")
    _control(document, "p endif")
    _line(document, "", size=6)


def _body(document: Any, name: str, *, party: bool) -> None:
    """Every kind of block by its own paragraph, so that each can be given another look; the last words of a paper
    stay on the page of its signature."""
    _control(document, f"p for it in {name}")
    _control(document, "p if it.kind == 'heading'")
    _paragraph(document, "{{ it.text }}", bold=True, keep=True)
    _control(document, "p elif it.kind == 'subheading'")
    _paragraph(document, "{{ it.text }}", bold=True, italic=True, keep=True)
    _control(document, "p elif it.kind == 'item' and loop.last")
    _paragraph(document, "- {{ it.text }}", keep=True)
    _control(document, "p elif it.kind == 'item'")
    _paragraph(document, "- {{ it.text }}")
    _control(document, "p elif it.kind == 'note'")
    _paragraph(document, "{{ it.text }}", italic=True)
    _control(document, "p elif it.kind == 'basis'")
    _paragraph(document, "- {{ it.text }}" if party else "{{ it.text }}", italic=not party)
    _control(document, "p elif it.kind == 'centred'")
    _line(document, "{{ it.text }}", bold=True, align=CENTRE, before=6).paragraph_format.keep_with_next = True
    _control(document, "p elif it.kind == 'article' and loop.last")
    _write(_paragraph(document, "{{ it.label }}", bold=True, keep=True), " {{ it.text }}", size=14)
    _control(document, "p elif it.kind == 'article'")
    _write(_paragraph(document, "{{ it.label }}", bold=True), " {{ it.text }}", size=14)
    _control(document, "p elif it.kind == 'table'")
    _table(document)
    _control(document, "p elif loop.last")
    _paragraph(document, "{{ it.text }}", keep=True)
    _control(document, "p else")
    _paragraph(document, "{{ it.text }}")
    _control(document, "p endif")
    _control(document, "p endfor")


def _table(document: Any) -> None:
    """Columns and rows come from the block; the product sets the widths when it has made the rows. The heading before
    a table, its first line and its first row stay together."""
    _line(document, "", size=4).paragraph_format.keep_with_next = True
    table = document.add_table(rows=4, cols=3)
    table.style = document.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = (
        ("{%tc for name in it.columns %}", "{{ name }}", "{%tc endfor %}"),
        ("{%tr for row in it.rows %}", "", ""),
        ("{%tc for value in row %}", "{{ value }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell.paragraphs[0], text, size=12, bold=row is table.rows[0])
            cell.paragraphs[0].paragraph_format.space_before = cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    heading = table.rows[0]
    heading._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in heading.cells:
        cell.paragraphs[0].alignment = CENTRE
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        for run in cell.paragraphs[0].runs:
            run.font.bold = True


def _signatures(document: Any, *, party: bool, both: bool) -> None:
    width = _room(document)
    _line(document, "", size=8).paragraph_format.keep_with_next = True
    left, right = _columns(document, width // 2, width - width // 2)
    if both:
        _signature(left, "signatures[0]")
        _signature(right, "signatures[-1]")
        _line(document, "", size=8)
        _recipients(document, party=party)
        return
    _recipients(left, party=party)
    _signature(right, "signatures[0]")


def _signature(cell: Any, name: str) -> None:
    _control(cell, f"p for line in {name}.lines")
    _line(cell, "{{ line }}", bold=True, align=CENTRE)
    _control(cell, "p endfor")
    _line(cell, f"{{{{ {name}.name }}}}", bold=True, align=CENTRE, before=64)


def _recipients(where: Any, *, party: bool) -> None:
    _control(where, "p if copies")
    if party:
        _line(where, "Nơi nhận:", size=14, underline=True)
    else:
        _line(where, "Nơi nhận:", size=12, bold=True, italic=True)
    _control(where, "p for it in copies")
    between = "," if party else ";"
    _line(where, f"- {{{{ it }}}}{{{{ '.' if loop.last else '{between}' }}}}", size=12 if party else 11)
    _control(where, "p endfor")
    _control(where, "p endif")


def _columns(document: Any, left: int, right: int) -> tuple[Any, Any]:
    """A table without lines that stays on one page; the empty paragraphs that cells come with are dropped."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _without_padding(table)
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for column, cell, width in zip(table.columns, row.cells, (left, right), strict=True):
        column.width = cell.width = width
        cell._tc.remove(cell.paragraphs[0]._p)
    return row.cells[0], row.cells[1]


def _without_padding(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _control(where: Any, statement: str) -> None:
    where.add_paragraph(f"{{%{statement} %}}")


def _line(
    where: Any,
    text: str,
    *,
    size: float = 14,
    align: Any = None,
    before: float = 0,
    indent: int | None = None,
    **look: bool,
) -> Any:
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.left_indent = indent
    _write(paragraph, text, size=size, **look)
    return paragraph


def _paragraph(document: Any, text: str, *, keep: bool = False, **look: bool) -> Any:
    """Justified, first line 1.27 cm, 6 points apart."""
    paragraph = document.add_paragraph()
    paragraph.alignment = JUSTIFIED
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.line_spacing = 1.1
    paragraph.paragraph_format.keep_with_next = keep
    _write(paragraph, text, size=14, **look)
    return paragraph


def _write(paragraph: Any, text: str, *, size: float, **look: bool) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    for name, value in look.items():
        setattr(run.font, name, value)
    if not text:
        _size_of_the_mark(paragraph, run)


def _size_of_the_mark(paragraph: Any, run: Any) -> None:
    """An empty line is as high as the mark at its end, whatever its runs say."""
    paragraph._p.get_or_add_pPr().append(run._r.rPr)
    paragraph._p.remove(run._r)


def _rule(where: Any, column: int, length: int) -> None:
    """A line in the middle of the column: the border of an empty paragraph."""
    paragraph = _line(where, "", size=3)
    paragraph.paragraph_format.line_spacing = Pt(4)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = (column - length) // 2
    _border(paragraph, "bottom")


def _border(paragraph: Any, *sides: str, space: int = 1) -> None:
    """`space` points between the line and the words."""
    borders = OxmlElement("w:pBdr")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", str(space)), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


if __name__ == "__main__":
    main()
