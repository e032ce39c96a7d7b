"""Papers as PDF: Typst compiles one form; what is printed reaches it as JSON and is never read as markup.

Fonts are shipped, no package and no network is needed; equal papers give equal bytes.
"""

from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

FORMS = Path(__file__).parent / "forms"
FORM = FORMS / "paper.typ"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FORMS / "fonts"])


@cache
def form() -> bytes:
    """The form itself: a file is another one when the form has changed."""
    return FORM.read_bytes()


def render(content: dict[str, Any]) -> bytes:
    """PDF/A-2u: a file for the archive, whose text can be searched and copied; dated like the paper."""
    day = date.fromisoformat(content["day"])
    made = typst.compile(
        FORM,
        root=FORMS,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": orjson.dumps(content).decode()},
        pdf_standards="a-2u",
        timestamp=datetime.combine(day, time(), UTC),
    )
    return bytes(made)
