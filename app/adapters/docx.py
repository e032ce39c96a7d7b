"""Papers as DOCX: a template, filled in by docxtpl in a sandbox, with what is printed as data.

The standard templates are ours. One that a body uploaded is filled in by a process of its own with limits of time and
memory (adapters.docx_apart), so that it can spoil its own paper and nothing else.
"""

import io
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from app.adapters import docx_package
from app.adapters.docx_names import Names
from app.adapters.docx_package import POINTER
from app.core.errors import Fault, fault

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = Path(__file__).parent / "forms"
FIGURE = re.compile(r"[\d/.,%-]+")
"""What a table shows in the middle of a cell: numbers and days."""


class Broken(Exception):
    """Why a template cannot be filled in, and beside which words of it."""

    def __init__(self, reason: str, near: str) -> None:
        self.reason, self.near = reason, near
        super().__init__(reason, near)


def standard(*, party: bool, layout: str) -> bytes:
    return _read(f"{'party' if party else 'state'}-{layout}.docx")


@cache
def _read(name: str) -> bytes:
    return (FORMS / name).read_bytes()


def render(template: bytes, content: dict[str, Any]) -> bytes:
    """Broken names the place in the template; whatever else it raises is a template that is no DOCX at all."""
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.render(content, _sandbox(), autoescape=True)
    except TemplateError as error:
        raise Broken(str(error.message or error), _near(error)) from error
    _fit(document, [it for it in [*content["blocks"], *content["annexes"]] if it["kind"] == "table"])
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def examine(template: bytes, everything: dict[str, Any], samples: list[dict[str, Any]]) -> tuple[list[Fault], set[str]]:
    """What is wrong with a template that somebody uploads, and the placeholders that it uses; never raises for it."""
    if faults := docx_package.faults(template):
        return faults, set()
    names = Names(everything)
    try:
        names.look_at(DocxTemplate(io.BytesIO(template)), _sandbox())
        if not names.faults:
            for content in samples:
                Document(io.BytesIO(render(template, content)))
    except Broken as broken:
        names.faults.append(fault(POINTER, "template_syntax", reason=f"{broken.reason} {broken.near}".strip()[:300]))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, XMLSyntaxError):
        names.faults.append(fault(POINTER, "template_not_docx"))
    return names.faults, names.used


class _Sandbox(ImmutableSandboxedEnvironment):
    """No files, no Python behind the data; a name that does not exist is an error rather than a gap in the paper.

    What was compiled before is not compiled again: that is half the work of a paper in a standard form.
    """

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self._compiled = lru_cache(maxsize=64)(super().from_string)

    def from_string(self, source: Any, *rest: Any, **more: Any) -> Template:
        return self._compiled(source)


@cache
def _sandbox() -> _Sandbox:
    return _Sandbox()


def _near(error: TemplateError) -> str:
    """The words around the fault: docxtpl keeps a line for each paragraph."""
    lines: Iterable[str] = getattr(error, "docx_context", None) or ()
    told = " ".join(it.strip() for it in lines if "{" in it)
    return re.sub(r"\s+", " ", told)[:200]


def _fit(document: Any, blocks: list[dict[str, Any]]) -> None:
    """Give the tables that were made from blocks the widths that these ask for."""
    waiting = list(blocks)
    for table in document.tables:
        if not waiting or [it.text for it in table.rows[0].cells] != list(waiting[0]["columns"]):
            continue
        widths, section = waiting.pop(0)["widths"], document.sections[0]
        room = section.page_width - section.left_margin - section.right_margin
        table.autofit = False
        shares = [Emu(room * it // sum(widths)) for it in widths]
        for column, width in zip(table.columns, shares, strict=True):
            column.width = width
        for row in table.rows:
            for cell, width in zip(row.cells, shares, strict=True):
                cell.width = width
                if FIGURE.fullmatch(cell.text):
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
