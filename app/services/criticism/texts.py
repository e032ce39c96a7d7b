"""Where the text of a version comes from: articles as sent, a text as written, or an uploaded DOCX or text file."""

import io
import zipfile
from asyncio import to_thread
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from app.adapters.storage import Storage
from app.core.errors import UnsupportedMedia, invalid
from app.domain import legal_text
from app.models.draft import VersionText
from app.services import attachments
from app.services.unit_of_work import UnitOfWork

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PLAIN = "text/plain"
LARGEST = 20 * 1024 * 1024
UNPACKED = 100 * 1024 * 1024
"""A DOCX that says it is larger when unpacked is not opened."""


async def articles(uow: UnitOfWork, storage: Storage, source: VersionText) -> list[dict[str, Any]]:
    """The structure of what was sent; a text without a single article is refused."""
    if source.articles is not None:
        return [it.model_dump() for it in source.articles]
    if source.text is not None:
        found = legal_text.nested(legal_text.read(source.text.splitlines()))
    else:
        assert source.attachment_id is not None
        lines = await _lines(uow, storage, source.attachment_id)
        found = legal_text.nested(legal_text.read(lines))
    if not found:
        raise invalid("/text" if source.text is not None else "/attachment_id", "no_articles")
    return found


async def _lines(uow: UnitOfWork, storage: Storage, attachment_id: UUID) -> list[str]:
    it = await attachments.opened(uow, attachment_id)
    if it.media_type not in (DOCX, PLAIN) or it.size > LARGEST:
        raise UnsupportedMedia("text_not_readable")
    assert it.sha256 is not None
    content = await storage.whole(it.sha256, it.size)
    if it.media_type == PLAIN:
        return content.decode("utf-8-sig", "replace").replace("\0", "").splitlines()
    return await to_thread(lambda: list(_paragraphs(content)))


def _paragraphs(content: bytes) -> Iterator[str]:
    """The paragraphs of a document; numbers that the word processor counts itself are not in its text."""
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(it.file_size for it in packed.infolist()) > UNPACKED:
                raise UnsupportedMedia("text_not_readable")
        document = docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UnsupportedMedia("text_not_readable") from error
    for paragraph in document.paragraphs:
        yield from paragraph.text.splitlines()
