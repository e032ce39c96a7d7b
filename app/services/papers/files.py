"""From a paper to its file: which template, which format, and how the same file is recognised again."""

import hashlib
from asyncio import to_thread
from dataclasses import dataclass
from typing import Any

import orjson

from app.adapters import docx, docx_apart, pdf
from app.core.errors import Conflict
from app.domain.paper import Paper
from app.models.paper import PaperFormat

MEDIA_TYPES = {PaperFormat.DOCX: docx.MEDIA_TYPE, PaperFormat.PDF: "application/pdf"}


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file before it is written: `tag` changes whenever it would say or look otherwise.

    `own`: the template is one that a body has uploaded.
    """

    content: dict[str, Any]
    format: PaperFormat
    name: str
    template: bytes
    own: bool = False

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
        if self.own:
            return await self._in_own_form()
        return await to_thread(docx.render, self.template, self.content)

    async def _in_own_form(self) -> bytes:
        """Examined when it was uploaded, it may still fail at a paper that is much longer than the samples."""
        try:
            return await docx_apart.render(self.template, self.content)
        except docx.Broken as broken:
            raise Conflict("template_failed", params={"reason": broken.reason, "near": broken.near}) from None


def to_file(paper: Paper, wanted: PaperFormat) -> PaperFile:
    template = docx.standard(party=paper.party, layout=paper.layout) if wanted == PaperFormat.DOCX else pdf.form()
    return PaperFile(paper.content(), wanted, f"{paper.name}.{wanted}", template)
