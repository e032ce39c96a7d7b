"""Stage two: is the tree a message of this protocol, and what does each of its elements say?

Any order and any prefix is taken; a name counts with its namespace alone. What should be there once is there once:
the second of two headers is how a signed message is given another content.
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
_XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
_N: Final = f"{{{NAMESPACE}}}"

_CONTAINERS: Final = frozenset(
    {
        "edXML",
        "edXMLEnvelope",
        "edXMLHeader",
        "MessageHeader",
        "From",
        "To",
        "Code",
        "PromulgationInfo",
        "DocumentType",
        "SignerInfo",
        "Author",
        "OtherInfo",
        "Appendixes",
        "ResponseFor",
        "ResponseForTask",
        "ToPlaces",
        "TraceHeaderList",
        "TraceHeader",
        "Bussiness",
        "BussinessDocumentInfo",
        "BussinessDocInfo",
        "ReceiverList",
        "Receiver",
        "StaffInfo",
        "ReplacementInfoList",
        "ReplacementInfo",
        "OrganIdList",
        "edXMLBody",
        "edXMLManifest",
        "Reference",
        "AttachmentEncoded",
        "Attachment",
        "ErrorList",
        "Error",
        "Signature",
        "DigitalSignature",
    }
)
_REPEATED: Final = frozenset(
    {
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
_SIGNATURES: Final = frozenset({"Signature", "DigitalSignature"})
"""Decoration whose inside is never read: no sender's verifies."""


@cache
def schema(name: str) -> "etree.XMLSchema":
    """One of our two schemas, reconstructed from what senders write; no official one was published."""
    raw = (files("app.adapters.edxml") / name).read_bytes()
    return etree.XMLSchema(etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True)))


def flaw(root: "etree._Element") -> Rule | None:
    """What keeps a tree from being read at all."""
    if etree.QName(root).namespace != NAMESPACE or any(_is_foreign(it) for it in _read_elements(root)):
        return Rule.NS
    if any(_is_repeated(it) for it in _read_elements(root)):
        return Rule.CARDINALITY
    if not schema("edxml-lenient.xsd").validate(root) or any(_has_inside(it) for it in _read_elements(root)):
        return Rule.SKELETON
    return None


def _read_elements(root: "etree._Element") -> Iterator["etree._Element"]:
    """Every element but those inside signatures."""
    waiting = [root]
    while waiting:
        it = waiting.pop()
        yield it
        if etree.QName(it).localname not in _SIGNATURES:
            waiting.extend(it)


def _is_foreign(it: "etree._Element") -> bool:
    """A known name of another namespace, anything foreign inside a text, XInclude anywhere; extensions are ignored."""
    name = etree.QName(it)
    if name.namespace == NAMESPACE:
        return False
    if name.namespace == _XINCLUDE:
        return True
    parent = it.getparent()
    within = None if parent is None else etree.QName(parent)
    if within is not None and within.namespace == NAMESPACE and within.localname not in _CONTAINERS:
        return True
    return name.localname in _CONTAINERS - _SIGNATURES


def _is_repeated(it: "etree._Element") -> bool:
    parent = etree.QName(it).localname
    seen = Counter(child.tag for child in it if str(child.tag).startswith(_N))
    return any(count > 1 and (parent, str(tag)[len(_N) :]) not in _REPEATED for tag, count in seen.items())


def _has_inside(it: "etree._Element") -> bool:
    """An element where a text belongs."""
    name = etree.QName(it)
    if name.namespace != NAMESPACE or not len(it):
        return False
    parent = it.getparent()
    plain_code = name.localname == "Code" and parent is not None and etree.QName(parent).localname == "ResponseFor"
    return name.localname not in _CONTAINERS or plain_code


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
