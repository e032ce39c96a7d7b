"""What is this file really? Told from its first bytes, never from its name or from what the sender claims."""

import codecs
from typing import Final

import filetype

HEAD: Final = 8192
"""How many bytes it takes to tell an office document from any other ZIP."""

OFFICE: Final = "application/vnd.openxmlformats-officedocument."
ALLOWED: Final = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        f"{OFFICE}wordprocessingml.document",
        f"{OFFICE}spreadsheetml.sheet",
        f"{OFFICE}presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/rtf",
        "application/zip",
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/tiff",
        "image/heic",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/x-wav",
        "video/mp4",
        "text/plain",
    }
)
"""Papers, pictures and recordings; nothing that a browser would run."""

_CONTROL: Final = frozenset(range(32)) - {9, 10, 12, 13}


def media_type(head: bytes) -> str | None:
    """The type of a file that may be kept, else None."""
    known = filetype.guess_mime(head)
    found = known if known is not None else ("text/plain" if _is_text(head) else None)
    return found if found in ALLOWED else None


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters; a letter cut at the end of the head does not matter."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not _CONTROL & set(head)
