"""A message as plain data: a document with its files, or the status of one. Names follow the protocol's, in order."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from app.domain.edxml import BusinessType, SealFlaw, SignatureState, StatusCode, symbol_of

SPOOLED: Final = 256 * 1024
"""Files up to this size stay in memory."""


class Unsendable(ValueError):
    """Why a message cannot go out, for whoever put it together: what the strict schema says against it, or its key."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What the signature of a message proves by itself: `certificate` is the SHA-256 of the one that made it."""

    state: SignatureState = SignatureState.ABSENT
    certificate: str = ""
    subject: str = ""
    flaw: SealFlaw | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    organ_id: str
    in_charge: str = ""
    name: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """ResponseFor: the document that is answered; senders leave out any part of it."""

    organ_id: str = ""
    code: str = ""
    document_id: str = ""
    promulgated: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    department: str = ""
    staff: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    competence: str = ""
    position: str = ""
    full_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """DocumentType: what `type` means differs between senders, so trust the name (Party kinds have no number)."""

    name: str = ""
    type: int = 2
    detail: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """OtherInfo: priority 0 normal … 4 express at a set hour."""

    priority: int = 0
    sphere: str = ""
    typist: str = ""
    copies: int | None = None
    pages: int | None = None
    appendixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Times are those of Viet Nam, without a zone, as sent."""

    organ_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    organ_id: str
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    document_id: str
    organ_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """What is asked of the receiver: a new document, or the recall, update, replacement of `document_id`."""

    type: BusinessType = BusinessType.NEW
    document_id: str = ""
    reason: str = ""
    paper: bool = False
    content_changed: bool = False
    receivers_changed: bool = False
    receivers: tuple[Receiver, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    staff: Staff = Staff()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One attachment, its transport zip taken off; `media_type` is told from the bytes, `declared` is what was said.

    Two files are equal when their bytes are; whoever holds the reading closes `content`.
    """

    cid: str
    name: str
    description: str = ""
    media_type: str
    declared: str = field(default="", compare=False)
    unpacked: bool = field(default=False, compare=False)
    sha256: str
    size: int
    content: IO[bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A document on its way (`messagetype=edoc`)."""

    sender: Organ
    recipients: tuple[Organ, ...]
    document_id: str
    number: str
    notation: str
    place: str = ""
    promulgated: date
    kind: Kind = Kind()
    subject: str
    content: str = ""
    signer: Signer = Signer()
    due_on: date | None = None
    other: Other = Other()
    answers: tuple[Reference, ...] = ()
    steering: int | None = None
    places: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()
    business: Business = Business()
    files: tuple[File, ...] = ()

    @property
    def symbol(self) -> str:
        return symbol_of(self.number, self.notation, self.document_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What became of a document (`messagetype=status`); it has no id of its own."""

    sender: Organ
    about: Reference
    staff: Staff = Staff()
    code: StatusCode
    description: str = ""
    at: datetime


def spool() -> IO[bytes]:
    """A place for bytes of unknown length, in memory while they are few."""
    return SpooledTemporaryFile(max_size=SPOOLED)


def file_of(content: IO[bytes], *, cid: str, name: str, media_type: str, description: str = "") -> File:
    """A file to be sent: its digest and size are taken from the bytes."""
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(SPOOLED):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return File(
        cid=cid,
        name=name,
        description=description,
        media_type=media_type,
        sha256=digest.hexdigest(),
        size=size,
        content=content,
    )
