"""Files as somebody uploaded them: checked, kept before the record of them commits, shown to whoever may open them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.adapters import photos, scanning
from app.adapters.media_types import HEAD, media_type
from app.adapters.storage import CHUNK, Storage, Stored, TooLong
from app.core.errors import Conflict, Forbidden, NotVisible, TooLarge, UnsupportedMedia, invalid
from app.core.ids import new_id
from app.models.document import Attachment, AttachmentRead, AttachmentState, Carriage
from app.policies.actions import papers
from app.policies.visibility import unscoped
from app.services.reading import Projection
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork, subject

ATTACHMENT = Projection(model=Attachment, reads={"full": AttachmentRead})
NAME_LENGTH = 255
AT_ONCE = 50
NOT_SCANNED = "not_scanned"
ARRIVING = "application/octet-stream"
"""The type of what has not arrived yet."""


class Upload(Protocol):
    """An arriving file; `filename` is what the sender calls it."""

    filename: str | None

    async def read(self, size: int = -1) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files go, and what looks at them before."""

    storage: Storage
    clamd: str | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """What a sender says of a file."""

    name: str | None
    identifier: UUID | None = None
    caption: str | None = None
    keep_location: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """`repeated`: the same id and content had arrived before."""

    id: UUID
    repeated: bool


@dataclass(slots=True)
class Inspection:
    """What becomes of a file between its arrival and its place."""

    kind: str
    keep_location: bool
    clamd: str | None
    threat: str | None = None

    async def __call__(self, path: Path) -> None:
        if not self.keep_location:
            try:
                await photos.forget_location(path, self.kind)
            except photos.LocationStays:
                raise UnsupportedMedia("photo_with_location") from None
        if self.clamd is not None:
            try:
                self.threat = await scanning.threat(self.clamd, path)
            except scanning.NotScanned:
                self.threat = NOT_SCANNED

    @property
    def state(self) -> AttachmentState:
        return AttachmentState.STORED if self.threat is None else AttachmentState.QUARANTINED


async def keep(uow: UnitOfWork, shelf: Shelf, upload: Upload, described: Described, *, limit: int) -> Kept:
    """A file in one request."""
    if not papers(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return Kept(made, repeated=True)
    head = await upload.read(HEAD)
    if not head:
        raise invalid("/file", "empty_file")
    inspection = Inspection(told_type(head), described.keep_location, shelf.clamd)
    try:
        stored = await shelf.storage.keep(_chunks(head, upload), limit=limit, check=inspection)
    except TooLong:
        raise TooLarge from None
    if described.identifier is not None and (known := await _known(uow, described.identifier, stored)) is not None:
        return Kept(known.id, repeated=True)
    it = announced(uow, described, size=stored.size)
    arrive(it, stored, inspection)
    uow.add(it)
    uow.record("attachment.create", it)
    return Kept(it.id, repeated=False)


def told_type(head: bytes) -> str:
    kind = media_type(head)
    if kind is None:
        raise UnsupportedMedia("file_type_refused")
    return kind


async def _chunks(head: bytes, upload: Upload) -> AsyncIterator[bytes]:
    yield head
    while chunk := await upload.read(CHUNK):
        yield chunk


async def _known(uow: UnitOfWork, identifier: UUID, stored: Stored) -> Attachment | None:
    """The same file sent again; any other use of the id is a conflict that tells nothing about whose it is."""
    known = await by_chosen_id(uow, identifier)
    if known is not None and known.sha256 != stored.sha256:
        raise Conflict("id_reused")
    return known


async def by_chosen_id(uow: UnitOfWork, identifier: UUID) -> Attachment | None:
    """What this sender has already made under the id it chose; an id of anybody else's is a conflict."""
    await uow.serialise("attachment", identifier)
    anybody = unscoped(Attachment, reason="an id chosen by a client must be free")
    known = (await uow.session.execute(anybody.where(col(Attachment.id) == identifier))).scalar_one_or_none()
    if known is None:
        return None
    if (known.account_id, known.owner_body_id) != (uow.who.account_id, uow.who.body_id):
        raise Conflict("id_reused")
    uow.stand_for(subject(known), known.id)
    return known


def announced(uow: UnitOfWork, described: Described, *, size: int) -> Attachment:
    """A file that is still to arrive."""
    return Attachment(
        id=described.identifier or new_id(),
        owner_body_id=uow.who.body_id,
        account_id=uow.who.account_id,
        file_name=plain_name(described.name),
        media_type=ARRIVING,
        size=size,
        caption=described.caption,
        keep_location=described.keep_location,
    )


def arrive(it: Attachment, stored: Stored, inspection: Inspection) -> None:
    it.media_type = inspection.kind
    it.size = stored.size
    it.sha256 = stored.sha256
    it.state = inspection.state
    it.threat = inspection.threat


def plain_name(name: str | None) -> str:
    """The last part of the sender's path, without what cannot be shown; "tệp" when nothing is left."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[-NAME_LENGTH:] or "tệp"


async def opened(uow: UnitOfWork, identifier: UUID) -> Attachment:
    """The attachment whose bytes the caller may read."""
    it = await find(uow, Attachment, identifier)
    if it.state == AttachmentState.PENDING:
        raise Conflict("file_pending")
    if it.state == AttachmentState.QUARANTINED:
        raise Conflict("file_quarantined", params={"threat": it.threat})
    return it


async def own(uow: UnitOfWork, identifier: UUID, *, lock: bool = True) -> Attachment:
    """A file for whoever sends it; others, who may well see it, have no part in its arrival."""
    it = await find(uow, Attachment, identifier, lock=lock)
    if (it.account_id, it.owner_body_id) != (uow.who.account_id, uow.who.body_id):
        raise NotVisible
    return it


async def drop(uow: UnitOfWork, storage: Storage, identifier: UUID) -> None:
    """Take a file back that no record and no paper has; what is carried stays for good."""
    it = await own(uow, identifier)
    carried = select(exists().where(col(Carriage.attachment_id) == it.id))
    if it.document_id is not None or (await uow.session.execute(carried)).scalar_one():
        raise Conflict("file_carried")
    await storage.abandon(it.id)
    uow.record("attachment.delete", it)
    await uow.session.delete(it)


async def look_again(session: AsyncSession, shelf: Shelf) -> int:
    """Show the scanner what came while it could not be reached; gives how many files it has now seen."""
    unseen = unscoped(Attachment, reason="files that nobody could look at").where(
        col(Attachment.state) == AttachmentState.QUARANTINED, col(Attachment.threat) == NOT_SCANNED
    )
    unseen = unseen.limit(AT_ONCE).with_for_update(skip_locked=True)
    seen = 0
    for it in (await session.execute(unseen)).scalars():
        assert it.sha256 is not None
        inspection = Inspection(it.media_type, keep_location=True, clamd=shelf.clamd)
        await shelf.storage.examine(it.sha256, it.size, inspection)
        it.state, it.threat = inspection.state, inspection.threat
        seen += it.threat != NOT_SCANNED
    return seen
