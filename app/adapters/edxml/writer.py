"""Write a message in the one strict order and the prefixes that the vendor library writes, valid by `edxml.xsd`.

The words are checked before the first byte goes out; files are encoded while they are written, never held whole.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from shutil import copyfileobj
from typing import IO, Final
from uuid import uuid4
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from app.adapters.edxml.dates import written, written_time
from app.adapters.edxml.message import (
    Business,
    File,
    Message,
    Organ,
    Other,
    Reference,
    Seal,
    Signer,
    Staff,
    Status,
    Trace,
    Unsendable,
    spool,
)
from app.adapters.edxml.signatures import MOST_SIGNED, SigningKey, sign
from app.adapters.edxml.splitter import CHUNK, MAX_ATTACHMENT
from app.adapters.edxml.tree import NAMESPACE, schema
from app.domain.edxml import SealFlaw, SignatureState

LONGEST_SUBJECT: Final = 500
_SENT_RAW: Final = frozenset({"pdf", "doc", "docx", "zip"})
"""What the vendor library sends as it is; by a slip in its list every other format, .xlsx too, goes into a zip."""
_ENCODED_AT_ONCE: Final = 3 * CHUNK
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Node = tuple[str, "str | list[Node]"]


def build(message: Message | Status, target: IO[bytes], key: SigningKey | None = None) -> Seal:
    """UTF-8 on `target`, signed where there is a key and the message is not too large; or Unsendable with nothing
    written."""
    if key is None:
        _write(message, target)
        return Seal()
    with spool() as plain:
        _write(message, plain)
        size = plain.tell()
        plain.seek(0)
        if size > MOST_SIGNED:
            copyfileobj(plain, target, CHUNK)
            return Seal(flaw=SealFlaw.TOO_LARGE)
        target.write(sign(plain.read(), key))
    return Seal(SignatureState.VALID, key.certificate.sha256, key.certificate.subject)


def _write(message: Message | Status, target: IO[bytes]) -> None:
    files = message.files if isinstance(message, Message) else ()
    head, tail = _skeleton(message)
    holders = [_attachment(it) for it in files]
    wrapped = [opening + closing for opening, closing in holders]
    attached = ["<AttachmentEncoded>", *wrapped, "</AttachmentEncoded>"] if files else []
    _check("".join([head, *attached, tail]), files)
    target.write(head.encode())
    if files:
        target.write(b"<AttachmentEncoded>")
        for file, (opening, closing) in zip(files, holders, strict=True):
            target.write(opening.encode())
            _encode(file, target)
            target.write(closing.encode())
        target.write(b"</AttachmentEncoded>")
    target.write(tail.encode())


def shortened(text: str, limit: int = LONGEST_SUBJECT) -> str:
    """At most `limit` letters, cut at the end of a word; the whole text stands in the document itself."""
    plain = unicodedata.normalize("NFC", text).strip()
    if len(plain) <= limit:
        return plain
    cut = plain[: limit - 1].rpartition(" ")[0] or plain[: limit - 1]
    return f"{cut.rstrip()}…"


def _check(skeleton: str, files: Iterable[File]) -> None:
    if any(not 0 < it.size <= MAX_ATTACHMENT for it in files):
        raise Unsendable("an attachment is empty or over 50 MB")
    tree = etree.fromstring(skeleton.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    strict = schema("edxml.xsd")
    if not strict.validate(tree):
        raise Unsendable("; ".join(it.message for it in strict.error_log))


def _skeleton(message: Message | Status) -> tuple[str, str]:
    """What comes before and after the attachments."""
    if isinstance(message, Status):
        envelope: list[Node] = [("edXMLHeader", [("MessageHeader", _status(message))])]
    else:
        header: list[Node] = [("MessageHeader", _message(message))]
        if message.traces:
            header.append(("TraceHeaderList", _traces(message.traces, message.business)))
        envelope = [("edXMLHeader", header), ("edXMLBody", [("edXMLManifest", [_listed(it) for it in message.files])])]
    inside = "".join(_rendered(it) for it in envelope)
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{NAMESPACE}">'
        f'<edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}">{inside}</edXML:edXMLEnvelope>'
    )
    return head, "</edXML>"


def _rendered(node: Node, prefix: str = "edXML:") -> str:
    name, value = node
    inside = _clean(value) if isinstance(value, str) else "".join(_rendered(it, prefix) for it in value)
    return f"<{prefix}{name}>{inside}</{prefix}{name}>"


def _clean(text: str) -> str:
    return escape(_NOT_XML.sub("", unicodedata.normalize("NFC", text)))


def _given(*nodes: tuple[str, str | int | date | None]) -> list[Node]:
    """Of optional texts those that say something."""
    return [(name, _text(value)) for name, value in nodes if value is not None and value != ""]


def _text(value: str | int | date) -> str:
    return written(value) if isinstance(value, date) else str(value)


def _organ(it: Organ) -> list[Node]:
    return _given(
        ("OrganId", it.organ_id),
        ("OrganizationInCharge", it.in_charge),
        ("OrganName", it.name),
        ("OrganAdd", it.address),
        ("Email", it.email),
        ("Telephone", it.telephone),
        ("Fax", it.fax),
        ("Website", it.website),
    )


def _message(it: Message) -> list[Node]:
    nodes: list[Node] = [("From", _organ(it.sender)), *(("To", _organ(to)) for to in it.recipients)]
    nodes += _given(("DocumentId", it.document_id))
    nodes.append(("Code", _given(("CodeNumber", it.number), ("CodeNotation", it.notation))))
    nodes.append(("PromulgationInfo", _given(("Place", it.place), ("PromulgationDate", it.promulgated))))
    named = [("TypeName", it.kind.name)]
    nodes.append(("DocumentType", [*_given(("Type", it.kind.type), ("TypeDetail", it.kind.detail)), *named]))
    nodes += _given(("Subject", shortened(it.subject)), ("Content", shortened(it.content)))
    if it.signer != Signer():
        signer = _given(
            ("Competence", it.signer.competence), ("Position", it.signer.position), ("FullName", it.signer.full_name)
        )
        nodes.append(("SignerInfo", signer))
    nodes += [*_given(("DueDate", it.due_on)), ("OtherInfo", _other(it.other))]
    nodes += [("ResponseFor", _reference(answered)) for answered in it.answers]
    nodes += _given(("SteeringType", it.steering))
    if it.places:
        nodes.append(("ToPlaces", [("Place", place) for place in it.places]))
    return nodes


def _other(it: Other) -> list[Node]:
    nodes = _given(
        ("Priority", it.priority),
        ("SphereOfPromulgation", it.sphere),
        ("TyperNotation", it.typist),
        ("PromulgationAmount", it.copies),
        ("PageAmount", it.pages),
    )
    return [*nodes, ("Appendixes", [("Appendix", each) for each in it.appendixes])] if it.appendixes else nodes


def _reference(it: Reference) -> list[Node]:
    return _given(
        ("OrganId", it.organ_id),
        ("Code", it.code),
        ("DocumentId", it.document_id),
        ("PromulgationDate", it.promulgated),
    )


def _staff(it: Staff) -> list[Node]:
    inside = _given(("Department", it.department), ("Staff", it.staff), ("Email", it.email), ("Mobile", it.mobile))
    return [("StaffInfo", inside)] if inside else []


def _status(it: Status) -> list[Node]:
    return [
        ("From", _organ(it.sender)),
        ("ResponseFor", _reference(it.about)),
        *_staff(it.staff),
        ("StatusCode", it.code),
        *_given(("Description", shortened(it.description))),
        ("Timestamp", written_time(it.at)),
    ]


def _traces(traces: Iterable[Trace], business: Business) -> list[Node]:
    listed: list[Node] = [
        ("TraceHeader", [("OrganId", it.organ_id), ("Timestamp", written_time(it.at))]) for it in traces
    ]
    return [*listed, ("Bussiness", _business(business))]


def _business(it: Business) -> list[Node]:
    nodes = _given(
        ("DocumentId", it.document_id), ("BussinessDocType", int(it.type)), ("BussinessDocReason", it.reason)
    )
    nodes.append(("Paper", _digit(it.paper)))
    if it.content_changed or it.receivers_changed or it.receivers:
        info: list[Node] = [
            ("DocumentInfo", _digit(it.content_changed)),
            ("DocumentReceiver", _digit(it.receivers_changed)),
        ]
        if it.receivers:
            changed: list[Node] = [
                ("Receiver", [("OrganId", each.organ_id), ("ReceiverType", _digit(each.added))])
                for each in it.receivers
            ]
            info.append(("ReceiverList", changed))
        nodes.append(("BussinessDocumentInfo", info))
    if it.replacements:
        replaced: list[Node] = [
            ("ReplacementInfo", _replacement(each.document_id, each.organ_ids)) for each in it.replacements
        ]
        nodes.append(("ReplacementInfoList", replaced))
    return [*nodes, *_staff(it.staff)]


def _replacement(document_id: str, organ_ids: tuple[str, ...]) -> list[Node]:
    listed: list[Node] = [("OrganIdList", [("OrganId", it) for it in organ_ids])] if organ_ids else []
    return [("DocumentId", document_id), *listed]


def _digit(value: bool) -> str:
    return "1" if value else "0"


def _listed(it: File) -> Node:
    words = _given(
        ("ContentId", f"cid:{it.cid}"),
        ("ContentType", _declared(it)),
        ("Description", it.description),
        ("AttachmentName", it.name),
    )
    return "Reference", words


def _attachment(it: File) -> tuple[str, str]:
    """The element up to its bytes, and from there on."""
    words = _given(
        ("ContentId", f"cid:{it.cid}"),
        ("AttachmentName", it.name),
        ("Description", it.description),
        ("ContentType", _declared(it)),
    )
    opening = "".join(_rendered(node, "") for node in words)
    return (
        f'<Attachment>{opening}<edXML:ContentTransferEncoded xmlns:edXML="{NAMESPACE}">',
        "</edXML:ContentTransferEncoded></Attachment>",
    )


def _extension(it: File) -> str:
    return it.name.rpartition(".")[2].lower()


def _declared(it: File) -> str:
    extension = _extension(it)
    return f"application/{extension}" if extension in _SENT_RAW else "application/zip"


def _encode(file: File, target: IO[bytes]) -> None:
    file.content.seek(0)
    if _extension(file) in _SENT_RAW:
        _write_base64(file.content, target)
        return
    with spool() as zipped:
        with ZipFile(zipped, "w", ZIP_DEFLATED) as archive:
            _pack(file, archive)
        zipped.seek(0)
        _write_base64(zipped, target)


def _pack(file: File, archive: ZipFile) -> None:
    """One entry under a name of our own; equal files give equal bytes but for that name."""
    entry = ZipInfo(f"{uuid4()}.{_extension(file)}")
    entry.compress_type = ZIP_DEFLATED
    with archive.open(entry, "w") as packed:
        while chunk := file.content.read(CHUNK):
            packed.write(chunk)


def _write_base64(content: IO[bytes], target: IO[bytes]) -> None:
    while chunk := content.read(_ENCODED_AT_ONCE):
        target.write(base64.b64encode(chunk))
