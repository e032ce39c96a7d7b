"""Messages as real and hostile senders write them: the files of tests/edxml, and what is made of them here.

`CORPUS` names each with what a gateway answers that knows 000.00.05.A57, 000.00.07.A57 and 000.00.31.A57 as its own
and has accepted message 01, unless the case stands alone. All names, numbers and codes are invented.
"""

import base64
import gzip
import io
import json
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

import httpx

FOLDER = Path(__file__).with_name("edxml")
FIRST, REPLY, STATUS = (
    (FOLDER / name).read_text("utf-8")
    for name in ("01-new-document.edxml", "02-reply-with-response-for.edxml", "03-status-update.edxml")
)
NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
CSV_NAME = "bang-kien-nghi.csv"


@dataclass(frozen=True)
class Case:
    raw: bytes
    outcome: str
    code: str
    http: int
    after: str | None = None
    alone: bool = False


def changed(text: str, *pairs: tuple[str, str], count: int = -1) -> bytes:
    """The text with each first part replaced by the second, which must be there to be replaced."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, count)
    return text.encode()


def moved_last(text: str) -> bytes:
    """DocumentId at the end of the header, as the regulation numbers it."""
    opening, closing = "<edXML:DocumentId>", "</edXML:DocumentId>"
    start, end = text.index(opening), text.index(closing) + len(closing)
    return changed(text[:start] + text[end:], ("</edXML:ToPlaces>", "</edXML:ToPlaces>" + text[start:end]), count=1)


def content_of(text: str, number: int) -> str:
    """The base64 of one attachment."""
    return text.split("<edXML:ContentTransferEncoded")[number + 1].partition(">")[2].partition("<")[0]


def with_content(text: str, number: int, content: bytes | str) -> bytes:
    encoded = base64.b64encode(content).decode() if isinstance(content, bytes) else content
    return changed(text, (content_of(text, number), encoded))


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def workbook() -> bytes:
    """Whose first entry is not the one by which such files are known at first sight."""
    return zipped(("xl/workbook.xml", b"<workbook/>"), ("[Content_Types].xml", b"<Types/>"))


def with_workbook(content: bytes, declared: str) -> bytes:
    text = changed(FIRST, (CSV_NAME, "bang-kien-nghi.xlsx"), ("application/zip", declared)).decode()
    return with_content(text, 1, content)


def many_elements(text: str, count: int) -> bytes:
    return changed(text, ("<edXML:Appendix>", "<edXML:Appendix/>" * count + "<edXML:Appendix>"), count=1)


def second_header(text: str) -> bytes:
    start, end = text.index("<edXML:MessageHeader>"), text.index("</edXML:MessageHeader>") + 22
    return changed(text, ("<edXML:TraceHeaderList>", text[start:end] + "<edXML:TraceHeaderList>"))


def renamed_file(name: str) -> bytes:
    return changed(REPLY, ("210-BC-HU.signed.pdf", name))


PARAMETER_ENTITY = '<!DOCTYPE edXML [<!ENTITY % call SYSTEM "http://127.0.0.1:9/evil.dtd"> %call;]>\n<edXML xmlns='
BY_CODE = "<edXML:Code>45-BC/ĐGS133</edXML:Code>", "<edXML:Code>045/BC-ÐGS133</edXML:Code>"
NO_ID = ("000.00.05.A57,2024/04/12,45-BC/ĐGS133", "")
SUBJECT = "<edXML:Subject>Báo cáo tiếp thu"
XINCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
STRANGER = ("<edXML:OrganId>000.00.31.A57</edXML:OrganId>", "<edXML:OrganId>000.00.77.H01</edXML:OrganId>")
OWN_ID = "000.00.31.A57,2024/04/25,210-BC/HU"
RECALL = (FOLDER / "06-revocation.edxml").read_text("utf-8")

ACCEPTED, QUARANTINED, REJECTED = ("accepted", 202), ("quarantined", 202), ("rejected", 422)


def _case(raw: bytes, verdict: tuple[str, int], code: str, **more: str | bool) -> Case:
    return Case(raw, verdict[0], code, verdict[1], **more)  # type: ignore[arg-type]


GENERATED = {
    "v04-document-id-last": _case(moved_last(REPLY), ACCEPTED, "OK"),
    "v08-cid-without-prefix": _case(changed(REPLY, ("<ContentId>cid:", "<ContentId>")), ACCEPTED, "W-CID-PREFIX"),
    "v09-bom-crlf": _case(b"\xef\xbb\xbf" + REPLY.replace("\n", "\r\n").encode(), ACCEPTED, "OK"),
    "v12-nfd-text": _case(unicodedata.normalize("NFD", FIRST).encode(), ACCEPTED, "OK", alone=True),
    "v14-swapped-separators": _case(changed(REPLY, BY_CODE, NO_ID), ACCEPTED, "W-REF-FUZZY"),
    "v16-xlsx-in-transport-zip": _case(
        with_workbook(zipped(("6f1c.xlsx", workbook())), "application/zip"), ACCEPTED, "OK", alone=True
    ),
    "v17-xlsx-raw": _case(with_workbook(workbook(), "application/xlsx"), ACCEPTED, "OK", alone=True),
    "b02-xxe-parameter-entity": _case(
        changed(REPLY, ("<edXML xmlns=", PARAMETER_ENTITY), count=1), REJECTED, "E-XML-DTD"
    ),
    "b05-v1-soap-namespace": _case(
        b'<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"'
        b' xmlns:edXML="http://www.e-doc.vn/Schema/"><SOAP-ENV:Header><edXML:MessageHeader/></SOAP-ENV:Header>'
        b"<SOAP-ENV:Body/></SOAP-ENV:Envelope>",
        QUARANTINED,
        "E-NS",
    ),
    "b07-null-organid": _case(
        changed(REPLY, ("<edXML:OrganId>000.00.31.A57", "<edXML:OrganId>null"), count=1), QUARANTINED, "E-FROM-ORGANID"
    ),
    "b10-date-two-digit-year": _case(changed(REPLY, ("Date>2024/04/25", "Date>04/25/24")), QUARANTINED, "E-DATE"),
    "b12-base64-garbage": _case(with_content(REPLY, 0, "đây không phải base64 !!!"), QUARANTINED, "E-ATT-BASE64"),
    "b14-duplicate-id-changed-content": _case(
        changed(REPLY, (SUBJECT, "<edXML:Subject>Bản khác: báo cáo tiếp thu")),
        QUARANTINED,
        "D-CONFLICT",
        after="02-reply-with-response-for.edxml",
    ),
    "b16-attachment-not-in-manifest": _case(
        changed(REPLY, ("<ContentId>cid:b206", "<ContentId>cid:c306")), QUARANTINED, "E-ATT-CID"
    ),
    "b18-junk-before-declaration": _case(b"OK\n" + REPLY.encode(), REJECTED, "E-XML-SYNTAX"),
    "b20-many-elements": _case(many_elements(FIRST, 30_000), REJECTED, "E-XML-LIMIT"),
    "b23-zip-slip": _case(
        with_content(REPLY, 0, zipped(("../../etc/cron.d/x.pdf", b"%PDF-1.4"))), QUARANTINED, "E-ATT-ZIP"
    ),
    "b24-name-traversal": _case(renamed_file("..%2f..%2fbc\u202efdp.exe"), QUARANTINED, "E-ATT-NAME"),
    "b26-signature-wrapping": _case(second_header(REPLY), QUARANTINED, "E-CARDINALITY"),
    "b28-status-from-stranger": _case(changed(STATUS, STRANGER, count=1), QUARANTINED, "E-STATUS-SENDER"),
    "b30-status-backwards": _case(
        changed(STATUS, ("StatusCode>03", "StatusCode>01"), ("2024/04/12 17:45:10", "2024/04/12 17:30:00")),
        ("ignored", 202),
        "S-OLDER",
        after="03-status-update.edxml",
    ),
    "b32-xinclude": _case(changed(REPLY, (SUBJECT, f"<edXML:Subject>{XINCLUDE}")), QUARANTINED, "E-NS"),
    "b33-gzip": _case(gzip.compress(REPLY.encode(), mtime=0), REJECTED, "E-XML-SYNTAX"),
    "b35-control-character": _case(changed(REPLY, (SUBJECT, "<edXML:Subject>Báo cáo\x0b")), REJECTED, "E-XML-SYNTAX"),
    "b38-self-response": _case(
        changed(REPLY, ("000.00.05.A57,2024/04/12,45-BC/ĐGS133", OWN_ID)), QUARANTINED, "E-REF-SELF"
    ),
    "b41-status-bad-timestamp": _case(
        changed(STATUS, ("2024/04/12 17:45:10", "hôm qua lúc 5 giờ")), QUARANTINED, "E-DATE"
    ),
    "b43-missing-code-number": _case(
        changed(REPLY, ("<edXML:CodeNumber>210</edXML:CodeNumber>", "")), QUARANTINED, "E-REQUIRED"
    ),
    "b46-status-from-the-future": _case(
        changed(STATUS, ("2024/04/12 17:45:10", "2124/04/12 17:45:10")), QUARANTINED, "E-DATE-FUTURE"
    ),
    "b48-zip-two-entries": _case(
        with_content(REPLY, 0, zipped(("a.pdf", b"%PDF-1.4 a"), ("b.pdf", b"%PDF-1.4 b"))), QUARANTINED, "E-ATT-ZIP"
    ),
    "b49-duplicate-reserialised": _case(
        REPLY.replace("\n", "\r\n").replace("  ", "\t").encode(),
        ("duplicate", 200),
        "D-SAME",
        after="02-reply-with-response-for.edxml",
    ),
    "b50-recall-by-stranger": _case(
        changed(RECALL, ("<edXML:OrganId>000.00.05.A57", "<edXML:OrganId>000.00.77.H01")), QUARANTINED, "E-BUS-TARGET"
    ),
}


def _from_files() -> dict[str, Case]:
    expected = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    return {
        name: Case(
            (FOLDER / name).read_bytes(), it["outcome"], it["code"], it["http"], it.get("after"), it.get("alone", False)
        )
        for name, it in expected.items()
    }


CORPUS: dict[str, Case] = {**_from_files(), **GENERATED}


def assert_told(answer: httpx.Response, name: str) -> None:
    """The gateway says of this message what it should."""
    case, told = CORPUS[name], answer.json()
    assert (answer.status_code, told["outcome"], told["code"]) == (case.http, case.outcome, case.code), told
    assert (told["document_id"] is not None) == (case.outcome in {"accepted", "duplicate"} and "status" not in name)
