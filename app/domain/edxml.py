"""What the exchange of electronic documents decides: rules, outcomes, codes of the protocol (QCVN 102:2016/BTTTT).

The rules of `Rule` are listed in the order in which they are asked; of several that are broken the first is told.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import Final


class MessageOutcome(StrEnum):
    """What became of a message; what is rejected was never a message, what is quarantined waits for a person."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    REJECTED = "rejected"


class Rule(StrEnum):
    """The stable codes: E- errors, D- repeated deliveries, S- statuses that change nothing, W- warnings."""

    XML_ENCODING = "E-XML-ENCODING"
    XML_DTD = "E-XML-DTD"
    XML_PI = "E-XML-PI"
    XML_LIMIT = "E-XML-LIMIT"
    ATT_SIZE = "E-ATT-SIZE"
    XML_SYNTAX = "E-XML-SYNTAX"
    NS = "E-NS"
    CARDINALITY = "E-CARDINALITY"
    SKELETON = "E-SKELETON"
    FROM_ORGANID = "E-FROM-ORGANID"
    FROM_MISMATCH = "E-FROM-MISMATCH"
    SIG_INVALID = "E-SIG-INVALID"
    SIG_REQUIRED = "E-SIG-REQUIRED"
    STATUS_CODE = "E-STATUS-CODE"
    TO_DUPLICATE = "E-TO-DUPLICATE"
    TO_NOT_US = "E-TO-NOT-US"
    REQUIRED = "E-REQUIRED"
    DATE = "E-DATE"
    DATE_FUTURE = "E-DATE-FUTURE"
    SECRET = "E-SECRET"  # noqa: S105 - a secret document, not a password
    ATT_BASE64 = "E-ATT-BASE64"
    ATT_CID = "E-ATT-CID"
    ATT_NAME = "E-ATT-NAME"
    ATT_ZIP = "E-ATT-ZIP"
    ATT_TYPE = "E-ATT-TYPE"
    ATT_SCAN = "E-ATT-SCAN"
    BUS_TYPE = "E-BUS-TYPE"
    SAME = "D-SAME"
    CONFLICT = "D-CONFLICT"
    BUS_TARGET = "E-BUS-TARGET"
    REF_SELF = "E-REF-SELF"
    REF_UNKNOWN = "E-REF-UNKNOWN"
    STATUS_SENDER = "E-STATUS-SENDER"
    OLDER = "S-OLDER"
    FROM_UNKNOWN = "E-FROM-UNKNOWN"
    OK = "OK"
    DATE_FORMAT = "W-DATE-FORMAT"
    ATT_TYPE_DIFFERS = "W-ATT-TYPE"
    CID_PREFIX = "W-CID-PREFIX"
    REF_FUZZY = "W-REF-FUZZY"

    @property
    def outcome(self) -> MessageOutcome:
        if self in _REJECTING:
            return MessageOutcome.REJECTED
        if self is Rule.SAME:
            return MessageOutcome.DUPLICATE
        if self is Rule.OLDER:
            return MessageOutcome.IGNORED
        return MessageOutcome.ACCEPTED if self is Rule.OK or self.startswith("W-") else MessageOutcome.QUARANTINED


_REJECTING: Final = frozenset(
    {Rule.XML_ENCODING, Rule.XML_DTD, Rule.XML_PI, Rule.XML_LIMIT, Rule.XML_SYNTAX, Rule.ATT_SIZE}
)
_ASKED: Final = {rule: place for place, rule in enumerate(Rule)}


def first(rules: set[Rule]) -> Rule:
    """Of the broken rules the one that is told."""
    return min(rules, key=_ASKED.__getitem__, default=Rule.OK)


class SignatureState(StrEnum):
    """Of the signature over a whole message. `unverified`: decoration, of nobody whose certificate is known, or too
    large to be looked at; nothing follows from it."""

    ABSENT = "absent"
    UNVERIFIED = "unverified"
    VALID = "valid"
    INVALID = "invalid"


class SealFlaw(StrEnum):
    """Why a signature is not valid: not built as it must be, by an expired certificate, over other content, by a
    certificate that is not the sender's; or why it was not looked at."""

    STRUCTURE = "structure"
    EXPIRED = "expired"
    CONTENT = "content"
    UNTRUSTED = "untrusted"
    TOO_LARGE = "too_large"


class MessageKind(StrEnum):
    """A document, or the news of what became of one; `unknown` could not be read."""

    EDOC = "edoc"
    STATUS = "status"
    UNKNOWN = "unknown"


class BusinessType(IntEnum):
    """BussinessDocType, spelled as the protocol does."""

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACE = 3


class StatusCode(StrEnum):
    """What an addressee reports of a document. FINISHED closes its own processing and is no answer."""

    ARRIVED = "01"
    REFUSED = "02"
    ACCEPTED = "03"
    ASSIGNED = "04"
    IN_PROGRESS = "05"
    FINISHED = "06"
    RECALL_ASKED = "13"
    RECALL_AGREED = "15"
    RECALL_REFUSED = "16"


S = StatusCode
REPORTABLE: Final = frozenset({S.REFUSED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.FINISHED})
ON_RECALL: Final = frozenset({S.RECALL_AGREED, S.RECALL_REFUSED})
WITH_REASON: Final = frozenset({S.REFUSED, S.RECALL_REFUSED})
_NEXT: Final[dict[StatusCode, frozenset[StatusCode]]] = {
    S.ARRIVED: REPORTABLE,
    S.REFUSED: frozenset({S.ACCEPTED}),
    S.ACCEPTED: frozenset({S.ASSIGNED, S.IN_PROGRESS, S.FINISHED}),
    S.ASSIGNED: frozenset({S.IN_PROGRESS, S.FINISHED}),
    S.IN_PROGRESS: frozenset({S.FINISHED}),
    S.FINISHED: frozenset(),
}
"""Steps may be skipped, none is taken back; who refused a paper may accept it after all."""


def reportable(told: Sequence[StatusCode], *, recall_open: bool) -> frozenset[StatusCode]:
    """What a receiver may report next, of all that it has told in order. A recalled paper is done with."""
    if S.RECALL_AGREED in told:
        return frozenset()
    steps = [it for it in told if it not in ON_RECALL]
    return _NEXT[steps[-1] if steps else S.ARRIVED] | (ON_RECALL if recall_open else frozenset())


ORGAN_ID: Final = re.compile(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)*")


def is_organ_id(text: str) -> bool:
    """Old form 000.00.00.H57 or new form H57.12 (QĐ 20/2020/QĐ-TTg); `null` is what some senders write for none."""
    return 3 <= len(text) <= 35 and text.lower() != "null" and ORGAN_ID.fullmatch(text) is not None


_DASHES: Final = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_LABEL: Final = re.compile(r"\ASỐ\s*[:.]?\s*")
_PARTS: Final = re.compile(r"\A0*([0-9]+)[-/]?(.*)\Z", re.DOTALL)


def match_key(symbol: str) -> str:
    """The key by which numbers are compared, never shown: `Số: 045/BC-ÐGS133` and `45-BC/ĐGS133` → `45|BC-ĐGS133`."""
    text = _DASHES.sub("-", unicodedata.normalize("NFC", symbol)).upper().replace("\u00d0", "\u0110")
    bare = "".join(_LABEL.sub("", text.strip()).split()).replace("/", "-")
    parts = _PARTS.match(bare)
    return f"{parts[1]}|{parts[2]}" if parts else bare


def symbol_of(number: str, notation: str, document_id: str = "") -> str:
    """Number and notation as printed: as the DocumentId writes them, else by the notation's own separator."""
    printed = document_id.rpartition(",")[2].strip()
    joined = f"{number}{'-' if '/' in notation else '/'}{notation}"
    return printed if document_id.count(",") >= 2 and match_key(printed) == match_key(joined) else joined


class MessageDirection(StrEnum):
    IN = "in"
    OUT = "out"


class MessageChannel(StrEnum):
    """By which way a message came in or goes out."""

    PUSH = "push"
    UPLOAD = "upload"
    AXIS = "axis"
    RELAY = "relay"
    FILE = "file"
    DISPATCH = "dispatch"


class MessageState(StrEnum):
    """Where a message stands: what came in, from `accepted` on; what goes out, from `built` on."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
    REJECTED = "rejected"
    DISCARDED = "discarded"
    BUILT = "built"
    SENT = "sent"
    FAILED = "failed"


PURGEABLE: Final = frozenset({MessageState.REJECTED, MessageState.DISCARDED, MessageState.IGNORED})
"""Of these nothing follows any more; what was accepted is kept as long as its document."""


class PurgeOutcome(StrEnum):
    """What another person says when somebody wants the bytes of a message destroyed."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class OrganScheme(StrEnum):
    """By which rule an organ id was given: QCVN 102:2016, QĐ 20/2020/QĐ-TTg, or by an axis for itself."""

    QCVN102 = "qcvn102"
    QD20 = "qd20"
    SYSTEM = "system"


class ReceiptKind(StrEnum):
    """Why a message was looked at: it was delivered, or a person had it read again."""

    DELIVERY = "delivery"
    REPLAY = "replay"


class LinkKind(StrEnum):
    """How the document that is answered was found; all but the first are confirmed by a person."""

    DOCUMENT_ID = "document_id"
    NUMBER_DATE = "number_date"
    PERSON = "person"


class ClientScope(StrEnum):
    """What a machine client may ask for; never more than its body may."""

    EDXML_PUSH = "edxml:push"
    EDXML_READ = "edxml:read"
    DISPATCH_RELAY = "dispatch:relay"
    WEBHOOKS_MANAGE = "webhooks:manage"
    CHANGES_READ = "changes:read"
