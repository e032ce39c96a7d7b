"""Files as somebody uploaded them: checked, kept before the record of them commits, shown to whoever may open them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlmodel import col

from app.adapters.media_types import HEAD, media_type
from app.adapters.storage import CHUNK, Storage, Stored, TooLong
from app.core.errors import Conflict, Forbidden, TooLarge, UnsupportedMedia, invalid
from app.core.ids import new_id
from app.models.document import Attachment, AttachmentRead, AttachmentState
from app.policies.actions import papers
from app.policies.visibility import unscoped
from app.services.reading import Projection
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork, subject

ATTACHMENT = Projection(model=Attachment, reads={"full": AttachmentRead})
NAME_LENGTH = 255


class Upload(Protocol):
    """An arriving file; `filename` is what the sender calls it."""

    filename: str | None

    async def read(self, size: int = -1) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """`repeated`: the same id and content had arrived before."""

    id: UUID
    repeated: bool


async def keep(
    uow: UnitOfWork, storage: Storage, upload: Upload, *, identifier: UUID | None, caption: str | None, limit: int
) -> Kept:
    if not papers(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return Kept(made, repeated=True)
    head = await upload.read(HEAD)
    if not head:
        raise invalid("/file", "empty_file")
    kind = media_type(head)
    if kind is None:
        raise UnsupportedMedia("file_type_refused")
    try:
        stored = await storage.keep(_chunks(head, upload), limit=limit)
    except TooLong:
        raise TooLarge from None
    if identifier is not None and (known := await _known(uow, identifier, stored)) is not None:
        return Kept(known.id, repeated=True)
    it = _attachment(uow, identifier, upload.filename, kind, stored, caption)
    uow.add(it)
    uow.record("attachment.create", it)
    return Kept(it.id, repeated=False)


async def _chunks(head: bytes, upload: Upload) -> AsyncIterator[bytes]:
    yield head
    while chunk := await upload.read(CHUNK):
        yield chunk


async def _known(uow: UnitOfWork, identifier: UUID, stored: Stored) -> Attachment | None:
    """The same file sent again; any other use of the id is a conflict that tells nothing about whose it is."""
    await uow.serialise("attachment", identifier)
    anybody = unscoped(Attachment, reason="an id chosen by a client must be free")
    known = (await uow.session.execute(anybody.where(col(Attachment.id) == identifier))).scalar_one_or_none()
    sent = (uow.who.account_id, uow.who.body_id, stored.sha256)
    if known is not None and (known.account_id, known.owner_body_id, known.sha256) != sent:
        raise Conflict("id_reused")
    if known is not None:
        uow.stand_for(subject(known), known.id)
    return known


def _attachment(
    uow: UnitOfWork, identifier: UUID | None, name: str | None, kind: str, stored: Stored, caption: str | None
) -> Attachment:
    return Attachment(
        id=identifier or new_id(),
        owner_body_id=uow.who.body_id,
        account_id=uow.who.account_id,
        file_name=plain_name(name),
        media_type=kind,
        size=stored.size,
        sha256=stored.sha256,
        caption=caption,
        state=AttachmentState.STORED,
    )


def plain_name(name: str | None) -> str:
    """The last part of the sender's path, without what cannot be shown; "tệp" when nothing is left."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[-NAME_LENGTH:] or "tệp"


async def opened(uow: UnitOfWork, identifier: UUID) -> Attachment:
    """The attachment whose bytes the caller may read."""
    return await find(uow, Attachment, identifier)
