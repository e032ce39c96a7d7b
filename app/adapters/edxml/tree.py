"""Stage two: is the tree a message of this protocol, and what does each of its elements say?

Any order and any prefix is taken; a name counts with its namespace alone. What should be there once is there once,
wherever it hides: the second of two headers is how a signed message is given another content. What vendors add under
names of their own is passed over with all that is in it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from lxml import etree

from app.domain.edxml import Rule

NAMESPACE: Final = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
_XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
_N: Final = f"{{{NAMESPACE}}}"


def _named(names: str) -> frozenset[str]:
    return frozenset(f"{_N}{name}" for name in names.split())


_CONTAINERS: Final = _named("""
    edXML edXMLEnvelope edXMLHeader MessageHeader From To Code PromulgationInfo DocumentType SignerInfo
    Author OtherInfo Appendixes ResponseFor ResponseForTask ToPlaces TraceHeaderList TraceHeader Bussiness
    BussinessDocumentInfo BussinessDocInfo ReceiverList Receiver StaffInfo ReplacementInfoList
    ReplacementInfo OrganIdList edXMLBody edXMLManifest Reference AttachmentEncoded Attachment ErrorList
    Error
    """)
_TEXTS: Final = _named("""
    OrganId OrganizationInCharge OrganName OrganAdd Email Telephone Fax Website DocumentId CodeNumber CodeNotation
    Place PromulgationDate Type TypeDetail TypeName Subject Content Competence Position FullName DueDate Priority
    SphereOfPromulgation TyperNotation PromulgationAmount PageAmount Appendix SteeringType Timestamp StatusCode
    Description BussinessDocType BussinessDocReason Paper DocumentInfo DocumentReceiver ReceiverType Department Staff
    Mobile ContentId ContentType AttachmentName ContentTransferEncoded
    """)
_KNOWN: Final = _CONTAINERS | _TEXTS
_FRAME: Final = _named("""
    edXML edXMLEnvelope edXMLHeader MessageHeader TraceHeaderList edXMLBody edXMLManifest AttachmentEncoded
    """)
"""Once in the whole message, in whatever it is wrapped."""
_REPEATED: Final = frozenset(
    (f"{_N}{parent}", f"{_N}{child}")
    for parent, child in {
        ("MessageHeader", "To"),
        ("MessageHeader", "ResponseFor"),
        ("ToPlaces", "Place"),
        ("Appendixes", "Appendix"),
        ("TraceHeaderList", "TraceHeader"),
        ("ReceiverList", "Receiver"),
        ("ReplacementInfoList", "ReplacementInfo"),
        ("OrganIdList", "OrganId"),
        ("edXMLManifest", "Reference"),
        ("AttachmentEncoded", "Attachment"),
        ("ErrorList", "Error"),
    }
)
SIGNATURE: Final = f"{{{DSIG}}}Signature"
DECORATIONS: Final = frozenset({f"{_N}Signature", f"{_N}DigitalSignature"})
"""What vendors write in the protocol's own namespace: no sender's verifies."""


@cache
def schema(name: str) -> "etree.XMLSchema":
    """One of our two schemas, reconstructed from what senders write; no official one was published."""
    raw = (files("app.adapters.edxml") / name).read_bytes()
    return etree.XMLSchema(etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True)))


def flaw(root: "etree._Element") -> Rule | None:
    """What keeps a tree from being read at all."""
    if not str(root.tag).startswith(_N):
        return Rule.NS
    read = list(_read_elements(root))
    if any(_is_foreign(tag, within) for _, tag, within in read) or _includes(root):
        return Rule.NS
    if _hides_a_frame(root) or any(_repeats(it, tag) for it, tag, _ in read):
        return Rule.CARDINALITY
    if any(_holds_elements(it, tag, within) for it, tag, within in read):
        return Rule.SKELETON
    return None if schema("edxml-lenient.xsd").validate(root) else Rule.SKELETON


def _read_elements(root: "etree._Element") -> Iterator[tuple["etree._Element", str, str]]:
    """Every element of the protocol and what stands in it, with its tag and that of the element around it."""
    waiting = [(root, str(root.tag), "")]
    while waiting:
        it, tag, within = waiting.pop()
        yield it, tag, within
        if len(it) and tag in _KNOWN:
            waiting += [(child, str(child.tag), tag) for child in it]


def _is_foreign(tag: str, within: str) -> bool:
    """A known name of another namespace, and anything foreign inside a text; extensions are ignored."""
    if tag.startswith(_N):
        return False
    return within in _TEXTS or _N + tag.rpartition("}")[2] in _CONTAINERS


def _includes(root: "etree._Element") -> bool:
    return next(root.iter(f"{{{_XINCLUDE}}}*"), None) is not None


def _hides_a_frame(root: "etree._Element") -> bool:
    """In a signature or an extension too: there the signed header stands while another one is read."""
    seen = Counter(str(it.tag) for it in root.iter(*_FRAME))
    return any(count > 1 for count in seen.values())


def _repeats(it: "etree._Element", tag: str) -> bool:
    if len(it) < 2:
        return False
    seen = Counter(str(child.tag) for child in it)
    return any(count > 1 and name in _KNOWN and (tag, name) not in _REPEATED for name, count in seen.items())


def _holds_elements(it: "etree._Element", tag: str, within: str) -> bool:
    """An element where a text belongs: `Code` is a text inside a ResponseFor alone."""
    return len(it) > 0 and (tag in _TEXTS or (tag == f"{_N}Code" and within == f"{_N}ResponseFor"))


def one(parent: "etree._Element | None", path: str) -> "etree._Element | None":
    """The element at a path of plain names."""
    for name in path.split("/"):
        parent = None if parent is None else parent.find(_N + name)
    return parent


def many(parent: "etree._Element | None", path: str) -> list["etree._Element"]:
    *way, name = path.split("/")
    holder = one(parent, "/".join(way)) if way else parent
    return [] if holder is None else holder.findall(_N + name)


def said(parent: "etree._Element | None", path: str = "") -> str:
    """The text at a path: composed (NFC) and trimmed, empty when there is none."""
    it = one(parent, path) if path else parent
    return "" if it is None else unicodedata.normalize("NFC", it.text or "").strip()
