"""Stage four: is each attachment what it claims to be, and is there a transport zip to take off?

Every decision looks at the bytes. Senders put all but PDF and Word files into a zip of one entry; it is taken off
once, and never more than what a person would send: one plain entry, at most a hundred times the size it came in.
"""

import hashlib
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from typing import IO, Final
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.adapters.edxml.message import File, spool
from app.adapters.edxml.splitter import CHUNK, MAX_ATTACHMENT, Decoded
from app.adapters.media_types import HEAD, OFFICE, media_type
from app.domain.edxml import Rule

MAX_RATIO: Final = 100
_ODF: Final = "application/vnd.oasis.opendocument."
_PLAIN: Final = "text/plain"
_ZIP: Final = "application/zip"

_BY_EXTENSION: Final = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "odt": f"{_ODF}text",
    "ods": f"{_ODF}spreadsheet",
    "odp": f"{_ODF}presentation",
    "rtf": "application/rtf",
    "zip": _ZIP,
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/x-wav",
    "mp4": "video/mp4",
    "txt": _PLAIN,
    "csv": _PLAIN,
}
_OFFICE_TYPES: Final = frozenset(it for it in _BY_EXTENSION.values() if it.startswith((OFFICE, _ODF)))
_ALIASES: Final = {"application/x-zip-compressed": _ZIP, "text/csv": _PLAIN, "image/jpg": "image/jpeg"}
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_TYPES: Final = frozenset({_BY_EXTENSION["doc"], _BY_EXTENSION["xls"], _BY_EXTENSION["ppt"]})
_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_END, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x07"
_BAD_ZIP: Final = (BadZipFile, zlib.error, struct.error, ValueError, LookupError, EOFError, OSError, RuntimeError)
"""All of these were met with damaged archives; NotImplementedError, of a rare method, is a RuntimeError."""


class Refused(Exception):
    """This attachment breaks a rule."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Sent:
    """An attachment as it came: its words, and its decoded bytes."""

    cid: str
    name: str
    description: str
    declared: str
    decoded: Decoded


def inspect(sent: Sent) -> tuple[File, set[Rule]]:
    """The file with its transport zip taken off, and what is odd about it; Refused for what nobody should open."""
    if sent.decoded.broken:
        raise Refused(Rule.ATT_BASE64)
    if not is_safe_name(sent.name):
        raise Refused(Rule.ATT_NAME)
    extension = _extension(sent.name)
    if extension not in _BY_EXTENSION:
        raise Refused(Rule.ATT_TYPE)
    raw = sent.decoded.file
    if extension == "zip" or not _head(raw).startswith(_ZIP_STARTS) or _is_office(raw, extension):
        file = _file(sent, raw, sent.decoded.sha256, sent.decoded.size, unpacked=False)
    else:
        file = _file(sent, *_take_off(raw, sent.decoded.size), unpacked=True)
        raw.close()
    return file, _oddities(file, extension)


def _file(sent: Sent, content: IO[bytes], sha256: str, size: int, *, unpacked: bool) -> File:
    extension = _extension(sent.name)
    real = _real_type(content, extension)
    if real is None or (unpacked and real == _ZIP) or (real == _PLAIN) != (_BY_EXTENSION[extension] == _PLAIN):
        content.close()
        raise Refused(Rule.ATT_ZIP if unpacked and real == _ZIP else Rule.ATT_TYPE)
    return File(
        cid=sent.cid,
        name=sent.name,
        description=sent.description,
        media_type=real,
        declared=sent.declared,
        unpacked=unpacked,
        sha256=sha256,
        size=size,
        content=content,
    )


def is_safe_name(name: str) -> bool:
    """A file name that shows itself as it is: no path, no escape, no letter that hides or turns others."""
    plain = name
    for _ in range(3):
        plain = unquote(plain)
    spoken = name + plain
    hidden = any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in spoken)
    bare = plain.strip(". ")
    return bool(bare) and len(name) <= 500 and not hidden and not set("/\\:") & set(spoken) and ".." not in plain[:3]


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _head(content: IO[bytes]) -> bytes:
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    return head


def _real_type(content: IO[bytes], extension: str) -> str | None:
    """The type by the bytes. Old Office formats share one signature, and any order of entries is an Office zip."""
    head = _head(content)
    expected = _BY_EXTENSION[extension]
    if head.startswith(_OLE) and expected in _OLE_TYPES:
        return expected
    if head.startswith(_ZIP_STARTS) and expected in _OFFICE_TYPES and _is_office(content, extension):
        return expected
    return media_type(head)


def _oddities(file: File, extension: str) -> set[Rule]:
    """Said to be something else than it is; a type that nobody knows says nothing."""
    declared = file.declared.lower().partition(";")[0].strip()
    declared = _ALIASES.get(declared, _BY_EXTENSION.get(declared.removeprefix("application/"), declared))
    packed = file.unpacked or file.media_type in _OFFICE_TYPES
    known = declared in _BY_EXTENSION.values() and not (packed and declared == _ZIP)
    differs = known and (declared != file.media_type or file.unpacked)
    return {Rule.ATT_TYPE_DIFFERS} if differs or _BY_EXTENSION[extension] != file.media_type else set()


def _is_office(content: IO[bytes], extension: str) -> bool:
    """A zip that is itself the document: its kind is listed inside."""
    if _BY_EXTENSION[extension] not in _OFFICE_TYPES:
        return False
    try:
        with _opened(content, entries=10_000) as archive:
            names = set(archive.namelist())
    except _BAD_ZIP:
        return False
    return "[Content_Types].xml" in names or "mimetype" in names


def _opened(content: IO[bytes], *, entries: int) -> ZipFile:
    """The archive, once its end says how much there is to read: zipfile reads the whole directory into memory."""
    content.seek(0, 2)
    size = content.tell()
    content.seek(max(0, size - 65_557))
    tail = content.read()
    exact = tail[-22:-18] == _END and tail[-2:] == b"\0\0"
    place = len(tail) - 22 if exact else tail.rfind(_END)
    if place < 0 or len(tail) - place < 22 or tail[max(0, place - 20) : place].startswith(_LOCATOR_64):
        raise BadZipFile("no end, or one of 64 bits")
    count, directory = struct.unpack_from("<HL", tail, place + 10)
    if count > entries or directory > entries * 300:
        raise BadZipFile("too many entries")
    content.seek(0)
    return ZipFile(content)


def _take_off(content: IO[bytes], size: int) -> tuple[IO[bytes], str, int]:
    """The one entry of a transport zip, its digest and its real size."""
    target = spool()
    try:
        with _opened(content, entries=1_000) as archive:
            (entry,) = archive.infolist()
            if not _is_plain(entry):
                raise Refused(Rule.ATT_ZIP)
            return target, *_copy(archive, entry, target, min(size * MAX_RATIO, MAX_ATTACHMENT))
    except _BAD_ZIP as error:
        target.close()
        raise Refused(Rule.ATT_ZIP) from error
    except Refused:
        target.close()
        raise


def _is_plain(entry: ZipInfo) -> bool:
    """A file by a name without a path; no link, no folder, no cipher, no rare method."""
    name = entry.orig_filename
    linked = (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000)
    hidden = any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in name)
    pathless = bool(name) and not set("/\\:") & set(name) and name.strip(". ") != ""
    method = entry.compress_type in (ZIP_STORED, ZIP_DEFLATED)
    return pathless and method and not linked and not hidden and not entry.flag_bits & 1


def _copy(archive: ZipFile, entry: ZipInfo, target: IO[bytes], limit: int) -> tuple[str, int]:
    """Counts the bytes that come, whatever the archive says of itself."""
    digest, size = hashlib.sha256(), 0
    with archive.open(entry) as packed:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise Refused(Rule.ATT_ZIP)
            digest.update(chunk)
            target.write(chunk)
    target.seek(0)
    return digest.hexdigest(), size
