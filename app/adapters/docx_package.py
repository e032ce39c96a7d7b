"""Is this DOCX a plain one? Parts, bytes, relations and fields of a template that somebody uploads, before it is used.

A template may show pictures and link to web pages. It runs nothing, embeds nothing, and fetches nothing when opened.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from app.core.errors import Fault, fault

POINTER: Final = "/attachment_id"
MOST_PARTS: Final = 300
LARGEST: Final = 20 * 1024 * 1024
"""Bytes of all parts together when unpacked; the standard templates have 0.1 MB."""

ACTIVE_PARTS: Final = re.compile(r"vbaProject|vbaData|activeX|/embeddings/|/customUI/|afchunk", re.IGNORECASE)
ACTIVE_RELATIONS: Final = frozenset(
    {"attachedtemplate", "afchunk", "control", "frame", "oleobject", "package", "subdocument", "vbaproject"}
)
ACTIVE_FIELDS: Final = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON|DATABASE|RD|AUTOTEXT)\b", re.IGNORECASE
)
PLAIN_LINK: Final = re.compile(r"(https?|mailto):", re.IGNORECASE)
RELATIONS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
DOCUMENT: Final = "word/document.xml"


class NotPlain(Exception):
    """Cannot be read as a DOCX at all."""


def faults(template: bytes) -> list[Fault]:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            return list(_faults(archive))
    except (zipfile.BadZipFile, NotPlain, NotImplementedError, RuntimeError, OSError):
        return [fault(POINTER, "template_not_docx")]


def _faults(archive: zipfile.ZipFile) -> Iterator[Fault]:
    """What the directory promises is all that is ever unpacked, so it is judged before anything is."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(it.file_size for it in parts) > LARGEST:
        yield fault(POINTER, "template_too_large", megabytes=LARGEST // 1024**2, parts=MOST_PARTS)
        return
    names = [it.filename for it in parts]
    if DOCUMENT not in names or len(set(names)) != len(names) or any(it.flag_bits & 1 for it in parts):
        raise NotPlain
    yield from (fault(POINTER, "template_active_content", part=it[:200]) for it in names if ACTIVE_PARTS.search(it))
    for name in names:
        if name.endswith((".xml", ".rels")):
            yield from _of_part(name, _parsed(archive.read(name)))


def _parsed(part: bytes) -> Any:
    """No entity is resolved, and a part that declares any is none of an office document."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise NotPlain from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotPlain
    return root


def _of_part(name: str, root: Any) -> Iterator[Fault]:
    if name.endswith(".rels"):
        yield from _of_relations(name, root)
    elif name == "[Content_Types].xml":
        if any("macroenabled" in it.get("ContentType", "").lower() for it in root):
            yield fault(POINTER, "template_active_content", part=name)
    else:
        yield from _of_fields(root)


def _of_relations(name: str, root: Any) -> Iterator[Fault]:
    for it in root.iter(RELATIONS):
        kind, target = it.get("Type", "").rsplit("/", 1)[-1].lower(), it.get("Target", "")
        if kind in ACTIVE_RELATIONS:
            yield fault(POINTER, "template_active_content", part=f"{name}: {kind}")
        elif it.get("TargetMode", "").lower() == "external" and not (kind == "hyperlink" and PLAIN_LINK.match(target)):
            yield fault(POINTER, "template_external", target=target[:200])


def _of_fields(root: Any) -> Iterator[Fault]:
    """The words of a field may be spread over several runs."""
    spread = "".join(it.text or "" for it in root.iter("{*}instrText"))
    simple = " ".join(value for it in root.iter("{*}fldSimple") for key, value in it.items() if key.endswith("instr"))
    if found := ACTIVE_FIELDS.search(f"{spread} {simple}"):
        yield fault(POINTER, "template_active_field", field=found[1].upper())
