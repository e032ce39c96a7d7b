"""From a paper to its file: which template, which format, and how the same file is recognised again."""

import hashlib
from asyncio import to_thread
from dataclasses import dataclass
from typing import Any

import orjson

from app.adapters import docx, pdf
from app.domain.paper import Paper
from app.models.paper import PaperFormat

MEDIA_TYPES = {PaperFormat.DOCX: docx.MEDIA_TYPE, PaperFormat.PDF: "application/pdf"}


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file before it is written: `tag` changes whenever it would say or look otherwise."""

    content: dict[str, Any]
    format: PaperFormat
    name: str
    template: bytes

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def tag(self) -> str:
        said = orjson.dumps(self.content, option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(b"\0".join((self.format.encode(), self.template, said))).hexdigest()

    async def written(self) -> bytes:
        """Outside of any transaction, and off the loop that serves requests."""
        if self.format == PaperFormat.PDF:
            return await to_thread(pdf.render, self.content)
        return await to_thread(docx.render, self.template, self.content)


def to_file(paper: Paper, wanted: PaperFormat) -> PaperFile:
    template = docx.standard(party=paper.party, layout=paper.layout) if wanted == PaperFormat.DOCX else pdf.form()
    return PaperFile(paper.content(), wanted, f"{paper.name}.{wanted}", template)
