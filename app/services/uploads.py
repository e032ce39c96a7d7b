"""Files sent in pieces, by the tus protocol 1.0.0 (core, creation, termination): a broken line costs one piece.

The row of a pending file is made first and may be referenced at once. No transaction is open while bytes arrive.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from app.adapters.media_types import HEAD
from app.adapters.storage import Busy, Storage, TooLong, WrongOffset
from app.core.errors import AppError, Conflict, Forbidden, TooLarge, invalid
from app.models.base import refuse_unstorable
from app.models.document import Attachment, AttachmentState
from app.policies.actions import papers
from app.services import attachments
from app.services.attachments import Described, Inspection, Kept, Shelf
from app.services.unit_of_work import UnitOfWork

Open = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
CAPTION_LENGTH = 500


def described(metadata: str) -> Described:
    """`Upload-Metadata`: pairs of a key and a value in Base64, separated by commas."""
    told: dict[str, str] = {}
    for pair in filter(None, (it.strip() for it in metadata.split(","))):
        key, _, value = pair.partition(" ")
        try:
            told[key] = b64decode(value, validate=True).decode()
            refuse_unstorable(told[key])
        except (NotBase64, ValueError):
            raise invalid("Upload-Metadata", "bad_upload_metadata", key=key) from None
    return Described(
        name=told.get("filename"),
        identifier=_uuid7(told["id"]) if "id" in told else None,
        caption=told.get("caption", "")[:CAPTION_LENGTH] or None,
        keep_location=told.get("keep_location") == "true",
    )


def _uuid7(value: str) -> UUID:
    try:
        identifier = UUID(value)
    except ValueError:
        identifier = UUID(int=0)
    if identifier.version != 7:
        raise invalid("Upload-Metadata", "bad_upload_metadata", key="id")
    return identifier


async def announce(uow: UnitOfWork, described: Described, *, size: int, limit: int) -> Kept:
    """Make the row of a file that will arrive in pieces; announcing it again answers the same."""
    if not papers(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return Kept(made, repeated=True)
    if size > limit:
        raise TooLarge
    if described.identifier is not None:
        known = await attachments.by_chosen_id(uow, described.identifier)
        if known is not None and known.state == AttachmentState.PENDING and known.size != size:
            raise Conflict("id_reused")
        if known is not None:
            return Kept(known.id, repeated=True)
    it = attachments.announced(uow, described, size=size)
    uow.add(it)
    uow.record("attachment.create", it)
    return Kept(it.id, repeated=False)


async def progress(uow: UnitOfWork, storage: Storage, identifier: UUID) -> tuple[int, int]:
    """How many bytes have arrived, and of how many."""
    it = await attachments.own(uow, identifier, lock=False)
    if it.state != AttachmentState.PENDING:
        return it.size, it.size
    return await storage.arrived(it.id), it.size


async def receive(begin: Open, shelf: Shelf, identifier: UUID, offset: int, chunks: AsyncIterator[bytes]) -> int:
    """Add a piece; the last one puts the file in place. Gives the new offset."""
    async with begin() as uow:
        it = await attachments.own(uow, identifier)
        if it.state != AttachmentState.PENDING:
            raise Conflict("file_arrived")
    try:
        here = await shelf.storage.append(identifier, offset, chunks, limit=it.size)
    except WrongOffset as error:
        raise Conflict("upload_offset", params={"offset": error.here}) from None
    except Busy:
        raise Conflict("upload_busy") from None
    except TooLong:
        raise TooLarge from None
    if here == it.size:
        await _complete(begin, shelf, it)
    return here


async def _complete(begin: Open, shelf: Shelf, it: Attachment) -> None:
    """A file that is refused leaves no bytes: it is pending anew, and is forgotten like whatever nothing uses."""
    try:
        kind = attachments.told_type(await shelf.storage.head(it.id, HEAD))
        inspection = Inspection(kind, it.keep_location, shelf.clamd)
        stored = await shelf.storage.complete(it.id, check=inspection)
    except AppError:
        await shelf.storage.abandon(it.id)
        raise
    async with begin() as uow:
        arrived = await attachments.own(uow, it.id)
        if arrived.state != AttachmentState.PENDING:
            return
        attachments.arrive(arrived, stored, inspection)
        uow.record("attachment.arrive", arrived)
