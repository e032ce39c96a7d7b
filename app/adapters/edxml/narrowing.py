"""One of our messages for fewer addressees: an axis takes it for all of them or for none.

The same document by its DocumentId and by its fingerprint, which leaves addressees out; only bytes that `build` has
written are cut, so their form is known.
"""

import re
from collections.abc import Collection
from typing import Final

from app.adapters.edxml.signatures import SigningKey, sign

_HEADER_ENDS: Final = b"</edXML:edXMLHeader>"
_TO: Final = re.compile(rb"<edXML:To>.*?</edXML:To>", re.DOTALL)
_ORGAN: Final = re.compile(rb"<edXML:OrganId>([^<]*)<")
_SEAL: Final = re.compile(rb"<ds:Signature[ >].*?</ds:Signature>", re.DOTALL)


def narrowed(content: bytes, organ_ids: Collection[str], key: SigningKey | None) -> bytes:
    """What was signed is signed anew. Without one to leave out they are the same bytes."""
    kept = {it.encode() for it in organ_ids}
    head, ends, rest = content.partition(_HEADER_ENDS)
    if all(_organ(it) in kept for it in _TO.findall(head)):
        return content
    fewer = _TO.sub(lambda it: it[0] if _organ(it[0]) in kept else b"", head)
    plain = _SEAL.sub(b"", fewer)
    cut = plain + ends + rest
    return sign(cut, key) if key is not None and plain != fewer else cut


def _organ(to: bytes) -> bytes:
    found = _ORGAN.search(to)
    return found[1] if found else b""
