"""Stage one: read a stream of XML once, take the base64 out of it, and leave a small tree of what is said.

Time and memory are bounded whatever comes: attachments go decoded to spooled files, everything else has limits, and
what no sender needs (DTD, entities, processing instructions, other encodings than UTF-8) ends the reading.
Attributes carry no meaning in this protocol and are dropped.
"""

import binascii
import hashlib
from collections.abc import Callable
from typing import IO, Final, Self
from xml.parsers import expat

from lxml import etree

from app.adapters.edxml.message import spool
from app.domain.edxml import Rule

CHUNK: Final = 256 * 1024
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 20_000
"""500 addressees of nine fields must pass."""
MAX_ATTRIBUTES: Final = 16
MAX_NAME: Final = 1024
"""Of an element with its namespace, which is written anew for every element."""
MAX_TEXT: Final = 64 * 1024
MAX_SAID: Final = 8 * 1024 * 1024
"""All texts and names together, attachments apart."""
MAX_ATTACHMENTS: Final = 200
MAX_ATTACHMENT: Final = 50 * 1024 * 1024
MAX_MESSAGE: Final = 200 * 1024 * 1024

_ENCODED: Final = "ContentTransferEncoded"
_UTF_8: Final = {"utf-8", "utf8"}
_OTHER_ENCODINGS: Final = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"<\x00",
    b"\x00<",
    b"\x00\x00\xfe\xff",
    b"\x00\x00\x00<",
    b"\x4c\x6f\xa7",
)
_BLANKS: Final = b" \t\r\n"


class Rejected(Exception):
    """This is no message: the rule it breaks before anything of it can be trusted."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule)
        self.rule = rule


class Decoded:
    """One attachment, decoded while it is read; `broken` when what came is not base64."""

    def __init__(self) -> None:
        self.file: IO[bytes] = spool()
        self.size = 0
        self.broken = False
        self._digest = hashlib.sha256()
        self._rest = b""
        self._padded = False

    @classmethod
    def nothing(cls) -> Self:
        """Of an attachment that brought no bytes."""
        made = cls()
        made.end()
        return made

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def feed(self, text: str) -> None:
        if self.broken:
            return
        try:
            self._decode(self._rest + text.encode("ascii").translate(None, _BLANKS))
        except (UnicodeEncodeError, binascii.Error):
            self.broken = True

    def _decode(self, encoded: bytes) -> None:
        if self._padded and encoded:
            raise binascii.Error("data after padding")
        whole = len(encoded) & ~3
        self._rest, encoded = encoded[whole:], encoded[:whole]
        data = binascii.a2b_base64(encoded, strict_mode=True)
        self._padded = encoded.endswith(b"=")
        self.size += len(data)
        if self.size > MAX_ATTACHMENT:
            raise Rejected(Rule.ATT_SIZE)
        self._digest.update(data)
        self.file.write(data)

    def end(self) -> None:
        self.broken = self.broken or bool(self._rest) or self.size == 0
        self.file.seek(0)


class Splitter:
    """The handlers of one reading. `tree` is what was said; the text of each ContentTransferEncoded is the place of
    its bytes in `decoded`."""

    def __init__(self) -> None:
        self.decoded: list[Decoded] = []
        self._builder = etree.TreeBuilder()
        self._path: list[str] = []
        self._sink: Decoded | None = None
        self._sink_depth = 0
        self._elements = self._namespaces = self._text = self._said = 0
        self._parser = self._make_parser()

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8", namespace_separator="}")
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.ordered_attributes = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = _refuse(Rule.XML_DTD)
        parser.EntityDeclHandler = _refuse(Rule.XML_DTD)
        parser.ProcessingInstructionHandler = _refuse(Rule.XML_PI)
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        return parser

    def read(self, source: IO[bytes]) -> "etree._Element":
        """The tree, or Rejected with everything closed again."""
        try:
            return self._read(source)
        except (expat.ExpatError, ValueError) as error:
            self.close()
            raise Rejected(Rule.XML_SYNTAX) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        for it in self.decoded:
            it.file.close()

    def _read(self, source: IO[bytes]) -> "etree._Element":
        taken = 0
        while chunk := source.read(CHUNK):
            if taken == 0 and chunk.startswith(_OTHER_ENCODINGS):
                raise Rejected(Rule.XML_ENCODING)
            taken += len(chunk)
            if taken > MAX_MESSAGE:
                raise Rejected(Rule.XML_LIMIT)
            self._parser.Parse(chunk, False)
            self._refuse_endless_token(taken)
        self._parser.Parse(b"", True)
        return self._builder.close()

    def _refuse_endless_token(self, taken: int) -> None:
        """A tag or comment longer than two chunks: expat before 2.6 reads it anew with every chunk (CVE-2023-52425)."""
        if taken - self._parser.CurrentByteIndex > 2 * CHUNK:
            raise Rejected(Rule.XML_LIMIT)

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _UTF_8:
            raise Rejected(Rule.XML_ENCODING)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._namespaces += 1

    def _start(self, name: str, attributes: list[str]) -> None:
        self._elements += 1
        self._said += len(name)
        declared, self._namespaces = self._namespaces, 0
        if self._elements > MAX_ELEMENTS or len(self._path) >= MAX_DEPTH:
            raise Rejected(Rule.XML_LIMIT)
        if len(name) > MAX_NAME or self._said > MAX_SAID:
            raise Rejected(Rule.XML_LIMIT)
        if declared + len(attributes) // 2 > MAX_ATTRIBUTES or any(len(it) > MAX_TEXT for it in attributes):
            raise Rejected(Rule.XML_LIMIT)
        local = name.rpartition("}")[2]
        if self._sink is not None:
            self._sink.broken = True
            self._path.append(local)
            return
        if local == _ENCODED and self._path and self._path[-1] == "Attachment":
            self._open_sink()
        self._path.append(local)
        self._text = 0
        self._builder.start(_named(name), {})

    def _open_sink(self) -> None:
        if len(self.decoded) >= MAX_ATTACHMENTS:
            raise Rejected(Rule.XML_LIMIT)
        self._sink, self._sink_depth = Decoded(), len(self._path)
        self.decoded.append(self._sink)

    def _end(self, name: str) -> None:
        self._path.pop()
        self._text = 0
        if self._sink is not None:
            if len(self._path) > self._sink_depth:
                return
            self._sink.end()
            self._sink = None
            self._builder.data(str(len(self.decoded) - 1))
        self._builder.end(_named(name))

    def _data(self, text: str) -> None:
        if self._sink is not None:
            self._sink.feed(text)
            return
        size = len(text.encode())
        self._text += size
        self._said += size
        if self._text > MAX_TEXT or self._said > MAX_SAID:
            raise Rejected(Rule.XML_LIMIT)
        self._builder.data(text)


def _named(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _refuse(rule: Rule) -> Callable[..., None]:
    def refused(*_: object) -> None:
        raise Rejected(rule)

    return refused
