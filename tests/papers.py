"""Papers opened by libraries that did not write them: words and measures of DOCX, words and pages of PDF."""

import io
import re
import unicodedata
from typing import Any

import httpx
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

POINTS_PER_MM = 72 / 25.4


def docx(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return Document(io.BytesIO(answer.content))


def pdf(answer: httpx.Response) -> PdfReader:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def words(opened: Any) -> str:
    """Everything that is printed, in order, in single spaces."""
    if isinstance(opened, PdfReader):
        return tidy(" ".join(page.extract_text() for page in opened.pages))
    return tidy(" ".join(it.text or "" for it in opened.element.body.iter(qn("w:t"))))


def tidy(text: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text)).strip()


def has(text: str, *parts: str) -> list[str]:
    """The parts that a text does not say; a PDF breaks lines where it likes."""
    bare = text.replace(" ", "")
    return [it for it in parts if tidy(it).replace(" ", "") not in bare]
