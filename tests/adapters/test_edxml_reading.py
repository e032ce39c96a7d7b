"""What is read of messages as real and hostile senders write them; no database, no network."""

import base64
import io
import json
import struct
import time
import tracemalloc
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import edxml
from app.adapters.edxml import splitter
from app.adapters.edxml.dates import read_time
from app.domain.edxml import MessageOutcome, Rule, first, match_key, symbol_of
from tests import corpus
from tests.corpus import CORPUS, FIRST, FOLDER, REPLY, STATUS, changed, renamed_file, with_content, zipped

pytestmark = pytest.mark.thorough

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ASKED_OF_THE_REGISTER = {
    "E-TO-NOT-US",
    "D-SAME",
    "D-CONFLICT",
    "W-REF-FUZZY",
    "E-REF-UNKNOWN",
    "E-STATUS-SENDER",
    "E-BUS-TARGET",
    "S-OLDER",
}
"""Rules that no message breaks by itself; the gateway's tests ask for these."""


def told(raw: bytes) -> Rule:
    with edxml.read(io.BytesIO(raw), now=NOW) as reading:
        assert (reading.content is None) == bool(reading.broken)
        return first(reading.broken or reading.warnings)


def message(raw: bytes) -> edxml.Message:
    with edxml.read(io.BytesIO(raw), now=NOW) as reading:
        assert isinstance(reading.content, edxml.Message), reading.broken
        return reading.content


@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus(name: str) -> None:
    case = CORPUS[name]
    code = told(case.raw)
    assert code == ("OK" if case.code in ASKED_OF_THE_REGISTER else case.code)
    if case.code not in ASKED_OF_THE_REGISTER:
        assert code.outcome == case.outcome


def test_every_file_of_the_folder_is_a_case() -> None:
    lying = {str(it.relative_to(FOLDER)) for it in FOLDER.rglob("*.edxml")}
    assert lying == {name for name in CORPUS if "edxml" in name}
    assert json.loads((FOLDER / "expected.json").read_text("utf-8")).keys() == lying


def test_a_document_is_read_with_all_that_it_says() -> None:
    it = message(FIRST.encode())
    assert (it.sender.organ_id, [to.organ_id for to in it.recipients]) == (
        "000.00.05.A57",
        ["000.00.31.A57", "000.00.07.A57"],
    )
    assert it.symbol == "45-BC/ĐGS133"
    assert (it.promulgated, it.due_on) == (date(2024, 4, 12), date(2024, 4, 26))
    assert [(file.name, file.media_type, file.unpacked) for file in it.files] == [
        ("45-BC-DGS133.signed.pdf", "application/pdf", False),
        ("bang-kien-nghi.csv", "text/plain", True),
    ]
    assert it.signer.full_name == "Lê Văn Mẫu"


def test_a_status_is_read() -> None:
    with edxml.read(io.BytesIO(STATUS.encode()), now=NOW) as reading:
        it = reading.content
    assert isinstance(it, edxml.Status)
    assert (it.code, it.about.document_id) == ("03", "000.00.05.A57,2024/04/12,45-BC/ĐGS133")


def test_a_workbook_in_a_transport_zip_is_unpacked_once() -> None:
    it = message(CORPUS["v16-xlsx-in-transport-zip"].raw)
    assert it.files[1].unpacked
    assert it.files[1].size == len(corpus.workbook())
    assert not message(CORPUS["v17-xlsx-raw"].raw).files[1].unpacked


def test_what_cannot_be_accepted_is_still_seen_at_the_desk() -> None:
    with edxml.read(io.BytesIO(CORPUS["bad/b40-secret-document.edxml"].raw), now=NOW) as reading:
        assert reading.content is None
        assert reading.glimpse.from_organ == "000.00.31.A57"
        assert reading.glimpse.to_organs == ("000.00.05.A57",)
        assert reading.glimpse.number == "210"


def test_a_person_puts_a_date_right() -> None:
    raw = CORPUS["bad/b09-wrong-date.edxml"].raw
    right = {"PromulgationInfo/PromulgationDate": "2024/02/29"}
    with edxml.read(io.BytesIO(raw), now=NOW, overrides=right) as reading:
        assert isinstance(reading.content, edxml.Message)
        assert reading.content.promulgated == date(2024, 2, 29)


def test_the_fingerprint_is_of_the_content_not_of_the_way_here() -> None:
    first_way = edxml.fingerprint(message(REPLY.encode()))
    assert edxml.fingerprint(message(CORPUS["b49-duplicate-reserialised"].raw)) == first_way
    assert edxml.fingerprint(message(changed(REPLY, ("2024/04/25 09:05:30", "2024/04/25 10:00:00")))) == first_way
    assert edxml.fingerprint(message(CORPUS["b14-duplicate-id-changed-content"].raw)) != first_way
    other_file = with_content(REPLY, 0, b"%PDF-1.4 other")
    assert edxml.fingerprint(message(other_file)) != first_way


SPHERE = "<edXML:SphereOfPromulgation>Liên thông văn bản"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Tuyệt mật", "E-SECRET"),
        ("TỐI MẬT", "E-SECRET"),
        ("Văn bản mật, nội bộ", "E-SECRET"),
        ("M\u1eacT", "E-SECRET"),
        ("MA\u0323\u0302T", "E-SECRET"),
        ("Mặt trận Tổ quốc", "OK"),
        ("Mật ong", "E-SECRET"),
    ],
)
def test_secret_documents_never_pass(words: str, code: str) -> None:
    assert told(changed(REPLY, (SPHERE, f"<edXML:SphereOfPromulgation>{words}"))) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2024/04/25", "OK"),
        ("25/4/2024", "W-DATE-FORMAT"),
        ("2024-04-25", "W-DATE-FORMAT"),
        ("25-04-2024", "W-DATE-FORMAT"),
        ("2024/4/5", "W-DATE-FORMAT"),
        ("04/25/2024", "E-DATE"),
        ("2023/02/29", "E-DATE"),
        ("0001/01/01", "E-DATE"),
        ("20240425", "E-DATE"),
        ("２０２４/04/25", "E-DATE"),
        ("2024/04/25 00:00:00", "W-DATE-FORMAT"),
        ("2024-04-24T17:00:00Z", "W-DATE-FORMAT"),
        ("25/04/2024 08:15", "W-DATE-FORMAT"),
        ("2024-04-25T24:00:00", "E-DATE"),
        ("2024-04-25T00:00:00+99:00", "E-DATE"),
        ("9999-12-31T23:00:00-14:00", "E-DATE"),
        ("2024/06/02", "E-DATE-FUTURE"),
        ("9999/12/31", "E-DATE-FUTURE"),
        ("", "E-REQUIRED"),
    ],
)
def test_days_are_read_and_never_guessed(written: str, code: str) -> None:
    date_of_issue = "<edXML:PromulgationDate>2024/04/25"
    assert told(changed(REPLY, (date_of_issue, f"<edXML:PromulgationDate>{written}"))) == code


@pytest.mark.parametrize(
    ("sent", "here", "by_rule"),
    [
        ("2024-04-24T17:30:00Z", "2024-04-25T00:30:00", False),
        ("2024-04-25T00:30:00.5+07:00", "2024-04-25T00:30:00", False),
        ("2024/04/25 00:30:00", "2024-04-25T00:30:00", True),
    ],
)
def test_another_zone_is_reckoned_to_the_clock_of_viet_nam(sent: str, here: str, by_rule: bool) -> None:
    assert read_time(sent) == (datetime.fromisoformat(here), by_rule)


@pytest.mark.parametrize(
    "name",
    [
        "../bao-cao.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "C:bao-cao.pdf",
        "bao%2fcao.pdf",
        "bao%252fcao.pdf",
        "%2e%2e%5cbao-cao.pdf",
        "bao-cao\u202efdp.pdf",
        "bao\u200bcao.pdf",
        "bao&#9;cao.pdf",
        "bao&#10;cao.pdf",
        "bao%00cao.pdf",
        "..",
        "",
        "a" * 501 + ".pdf",
    ],
)
def test_names_that_hide_something_are_kept_apart(name: str) -> None:
    assert told(renamed_file(name)) == "E-ATT-NAME"


@pytest.mark.parametrize("name", ["Báo cáo 50% (lần 2).pdf", "báo.cáo.SIGNED.PDF", "V-v trả lời, 12.4.2024.pdf"])
def test_names_that_people_give_pass(name: str) -> None:
    assert told(renamed_file(name)) == "OK"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"%PDF-1.4", "E-ATT-TYPE"),
        ("a.pdf.exe", b"MZ" + bytes(100), "E-ATT-TYPE"),
        ("a.pdf", b"\x7fELF" + bytes(100), "E-ATT-TYPE"),
        ("a.docx", b"MZ" + bytes(100), "E-ATT-TYPE"),
        ("a.pdf", b"<html><script>alert(1)</script></html>", "E-ATT-TYPE"),
        ("a.html", b"<html></html>", "E-ATT-TYPE"),
        ("a", b"%PDF-1.4", "E-ATT-TYPE"),
        ("a.csv", b"%PDF-1.4", "E-ATT-TYPE"),
        ("a.txt", b"MZ\x90\x00", "E-ATT-TYPE"),
        ("a.png", b"%PDF-1.4", "W-ATT-TYPE"),
        ("a.pdf", zipped(("x.pdf", zipped(("y.pdf", b"%PDF-1.4")))), "E-ATT-ZIP"),
        ("a.pdf", zipped(("x.pdf", b"MZ" + bytes(64))), "E-ATT-TYPE"),
        ("a.pdf", zipped(), "E-ATT-ZIP"),
        ("a.pdf", zipped(("", b"%PDF-1.4")), "E-ATT-ZIP"),
        ("a.pdf", zipped(("d/", b"")), "E-ATT-ZIP"),
        ("a.pdf", zipped(("/etc/x.pdf", b"%PDF-1.4")), "E-ATT-ZIP"),
        ("a.pdf", zipped(("C:\\x.pdf", b"%PDF-1.4")), "E-ATT-ZIP"),
        ("a.pdf", zipped(("x.pdf", b"%PDF-1.4"), method=zipfile.ZIP_BZIP2), "E-ATT-ZIP"),
        ("a.pdf", zipped(("x.pdf", b"%PDF-1.4" + bytes(1_000_000))), "E-ATT-ZIP"),
        ("a.zip", zipped(("x.pdf", b"%PDF-1.4"), ("y.pdf", b"%PDF-1.4")), "W-ATT-TYPE"),
    ],
)
def test_attachments_are_judged_by_their_bytes(name: str, content: bytes, code: str) -> None:
    text = renamed_file(name).decode()
    assert told(with_content(text, 0, content)) == code


def encrypted() -> bytes:
    raw = bytearray(zipped(("x.pdf", b"%PDF-1.4")))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def linked() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("x.pdf")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def lying() -> bytes:
    """Says that it holds ten bytes."""
    raw = bytearray(zipped(("x.pdf", b"%PDF-1.4" + bytes(5_000_000))))
    struct.pack_into("<L", raw, raw.index(b"PK\x01\x02") + 24, 10)
    struct.pack_into("<L", raw, 22, 10)
    return bytes(raw)


def of_64_bits() -> bytes:
    raw = zipped(("x.pdf", b"%PDF-1.4"))
    end = raw.index(b"PK\x05\x06")
    return raw[:end] + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1) + raw[end:]


def endless() -> bytes:
    """A directory said to be four thousand million bytes long."""
    raw = bytearray(zipped(("x.pdf", b"%PDF-1.4")))
    struct.pack_into("<L", raw, raw.index(b"PK\x05\x06") + 12, 0xFFFFFFF0)
    return bytes(raw)


@pytest.mark.parametrize("make", [encrypted, linked, lying, of_64_bits, endless])
def test_zips_that_lie_are_kept_apart(make: object) -> None:
    assert callable(make)
    assert told(with_content(REPLY, 0, make())) == "E-ATT-ZIP"


@given(st.data())
def test_a_damaged_zip_is_never_a_crash(data: st.DataObject) -> None:
    raw = bytearray(zipped(("x.pdf", b"%PDF-1.4 " + bytes(range(200)))))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(5, len(raw)))
    assert told(with_content(REPLY, 0, bytes(raw[:cut]))) in {"E-ATT-ZIP", "E-ATT-TYPE", "OK", "W-ATT-TYPE"}


@given(st.data())
def test_a_damaged_message_is_never_a_crash(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([FIRST, REPLY, STATUS])).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        raw[start : start + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=8))
    told(bytes(raw))


ENCODED_TEXTS = [
    ("A", "E-ATT-BASE64"),
    ("", "E-ATT-BASE64"),
    ("====", "E-ATT-BASE64"),
    ("JVBERi0=JVBERi0=", "E-ATT-BASE64"),
    ("JVBE Ri0x\tLjQ=", "OK"),
    ("JVBERi0_LjQ-", "E-ATT-BASE64"),
    ("<edXML:b>JVBERi0xLjQ=</edXML:b>", "E-ATT-BASE64"),
    ("<edXML:ContentTransferEncoded>JVBERi0x</edXML:ContentTransferEncoded>LjQ=", "E-ATT-BASE64"),
    ("JVBE<!-- a remark -->Ri0xLjQ=", "OK"),
    ("<![CDATA[JVBERi0xLjQ=]]>", "OK"),
]


@pytest.mark.parametrize(("encoded", "code"), ENCODED_TEXTS)
def test_base64_is_read_to_the_letter(encoded: str, code: str) -> None:
    assert told(with_content(REPLY, 0, encoded)) == code


def test_content_ids_that_differ_by_their_prefix_alone_collide() -> None:
    cids = ("<ContentId>cid:a4d2a0fa-4c28-5964-9dfc-9628153e1a06", "<ContentId>45857e56-1b91-543f-a2e1-2d3e002ec84c")
    assert told(changed(FIRST, cids)) == "E-ATT-CID"


def attachments(count: int) -> bytes:
    """One more file than a message may carry, each small."""
    listed = "".join(
        f"<edXML:Reference><edXML:ContentId>cid:f{n}</edXML:ContentId><edXML:ContentType>application/pdf"
        f"</edXML:ContentType><edXML:AttachmentName>{n}.pdf</edXML:AttachmentName></edXML:Reference>"
        for n in range(count)
    )
    carried = "".join(
        f"<Attachment><ContentId>cid:f{n}</ContentId><AttachmentName>{n}.pdf</AttachmentName><ContentType>"
        "application/pdf</ContentType><ContentTransferEncoded>JVBERi0xLjQ=</ContentTransferEncoded></Attachment>"
        for n in range(count)
    )
    pairs = (
        ("</edXML:edXMLManifest>", listed + "</edXML:edXMLManifest>"),
        ("</AttachmentEncoded>", carried + "</AttachmentEncoded>"),
    )
    return changed(REPLY, *pairs)


def test_as_many_attachments_as_a_message_may_carry_and_one_more() -> None:
    assert len(message(attachments(199)).files) == 200
    assert told(attachments(200)) == "E-XML-LIMIT"


def large(size: int) -> bytes:
    return with_content(REPLY, 0, b"%PDF-1.4\n" + bytes(size - 9))


def test_the_longest_attachment_passes_in_little_memory_and_a_longer_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert edxml.MAX_ATTACHMENT == 50 * 1024 * 1024
    longest = 8 * 1024 * 1024
    monkeypatch.setattr(splitter, "MAX_ATTACHMENT", longest)
    raw = io.BytesIO(large(longest))
    tracemalloc.start()
    with edxml.read(raw, now=NOW) as reading:
        assert isinstance(reading.content, edxml.Message)
        assert reading.content.files[0].size == longest
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < longest / 2
    assert told(large(longest + 1)) == "E-ATT-SIZE"


HEADER = "<edXML:MessageHeader>"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (HEADER, f"<!-- {'x' * 3_000_000} -->{HEADER}", "E-XML-LIMIT"),
        (HEADER, f'<edXML:MessageHeader id="{"x" * 3_000_000}">', "E-XML-LIMIT"),
        (HEADER, f'<edXML:MessageHeader id="{"x" * 100_000}">', "E-XML-LIMIT"),
        (HEADER, f"<{'x' * 3_000_000}/>{HEADER}", "E-XML-LIMIT"),
        (HEADER, "<edXML:MessageHeader " + " ".join(f'xmlns:n{i}="urn:{i}"' for i in range(500)) + ">", "E-XML-LIMIT"),
        (HEADER, HEADER + "<edXML:x>" * 70 + "</edXML:x>" * 70, "E-XML-LIMIT"),
        (HEADER, HEADER + f"<edXML:x>{'x' * 60_000}</edXML:x>" * 200, "E-XML-LIMIT"),
        (HEADER, HEADER + "\x00", "E-XML-SYNTAX"),
        (HEADER, HEADER + "&#0;", "E-XML-SYNTAX"),
        (HEADER, HEADER + "&#xFFFE;", "E-XML-SYNTAX"),
        (HEADER, HEADER + "<a:b:c xmlns:a='urn:a'/>", "E-XML-SYNTAX"),
        (HEADER, HEADER + "<x:y/>", "E-XML-SYNTAX"),
        (HEADER, HEADER + "&#xD800;", "E-XML-SYNTAX"),
        (HEADER, f'<edXML:MessageHeader xmlns:n="{"u" * 3_000_000}">', "E-XML-LIMIT"),
        (HEADER, "&#65;" * 300_000 + HEADER, "E-XML-LIMIT"),
        (HEADER, "<!---->" * 100_000 + HEADER, "OK"),
        (HEADER, '<edXML:MessageHeader xmlns:xml="urn:x">', "E-XML-SYNTAX"),
        ("</edXML>\n", "</edXML>\0", "E-XML-SYNTAX"),
        ("<edXML:OrganId>000.00.31", "<edXML:OrganId>000<!-- x -->.00.31", "OK"),
        ("<edXML:OrganId>000.00.31", "<edXML:OrganId>０００.00.31", "E-FROM-ORGANID"),
        ("Date>2024/04/25", "Date>٢٠٢٤/04/25", "E-DATE"),
        ("Date>2024/04/25", "Date>0001/01/01", "E-DATE"),
        ('encoding="UTF-8"', 'encoding="windows-1258"', "E-XML-ENCODING"),
        ('encoding="UTF-8"', 'encoding="UTF-7"', "E-XML-ENCODING"),
        ('encoding="UTF-8"', 'encoding="UTF-16"', "E-XML-ENCODING"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "", "OK"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "<!-- vendor -->", "OK"),
        ('<?xml version="1.0" encoding="UTF-8"?>', '\n<?xml version="1.0" encoding="UTF-8"?>', "E-XML-SYNTAX"),
        ("</edXML>\n", "</edXML><edXML/>", "E-XML-SYNTAX"),
        ("</edXML>\n", "</edXML><?x y?>", "E-XML-PI"),
        (HEADER, HEADER + "<edXML:Unknown>x</edXML:Unknown>", "E-SKELETON"),
        (HEADER, HEADER + '<n:Extension xmlns:n="urn:n"><n:x/></n:Extension>', "OK"),
        (HEADER, HEADER + '<n:From xmlns:n="urn:n"><n:OrganId>000.00.05.A57</n:OrganId></n:From>', "E-NS"),
        (HEADER, '<edXML:MessageHeader mustUnderstand="1" id="x">', "OK"),
        ("<edXML:CodeNumber>210", "<edXML:CodeNumber><edXML:b>2</edXML:b>10", "E-SKELETON"),
        ("<edXML:CodeNumber>210", "<edXML:CodeNumber>210</edXML:CodeNumber><edXML:CodeNumber>211", "E-CARDINALITY"),
        ("<edXML:edXMLEnvelope", "<edXMLEnvelope/><edXML:edXMLEnvelope", "E-CARDINALITY"),
        ("<edXML:Subject>", "<edXML:Subject>&lt;script&gt;", "OK"),
        ("<edXML:Subject>", "<edXML:Subject><![CDATA[<b>]]>", "OK"),
        ("<edXML:BussinessDocType>0", "<edXML:BussinessDocType>-1", "E-BUS-TYPE"),
        ("<edXML:BussinessDocType>0", "<edXML:BussinessDocType>٢", "E-BUS-TYPE"),
        ("<edXML:BussinessDocType>0", "<edXML:BussinessDocType>", "OK"),
        ("<edXML:Subject>Báo cáo tiếp thu, giải trình", "<edXML:Subject>" + "Báo cáo " * 200, "OK"),
    ],
)
def test_hostile_and_odd_xml(old: str, new: str, code: str) -> None:
    text = REPLY if old in REPLY else REPLY + "\n"
    assert told(changed(text, (old, new), count=1)) == code


END, DSIG = "</edXML:edXMLHeader>", 'xmlns="http://www.w3.org/2000/09/xmldsig#"'
SIGNED = "<SignedInfo><Reference URI=''/><Reference/></SignedInfo><SignatureValue>x</SignatureValue>"
SECOND = REPLY[REPLY.index(HEADER) : REPLY.index("</edXML:MessageHeader>") + len("</edXML:MessageHeader>")]
BODY = "<edXML:edXMLBody>"
LISTED = "<edXML:ReplyFors><edXML:ReplyFor>4</edXML:ReplyFor></edXML:ReplyFors>"
INCLUDE = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (END, f"<Signature {DSIG}>{SIGNED}</Signature>{END}", "OK"),
        (END, f"<Signature>{SIGNED}</Signature>{END}", "OK"),
        (END, f"<edXML:Signature><edXML:Object>{SECOND}</edXML:Object></edXML:Signature>{END}", "E-CARDINALITY"),
        (END, f"<Signature {DSIG}><Object>{SECOND}</Object></Signature>{END}", "E-CARDINALITY"),
        (END, f"<edXML:Signature>{INCLUDE}</edXML:Signature>{END}", "E-NS"),
        (BODY, BODY + SECOND, "E-CARDINALITY"),
        (BODY, f'{BODY}<e:wrapped xmlns:e="urn:e">{SECOND}</e:wrapped>', "E-CARDINALITY"),
        ("<edXML:Direction>", f"{LISTED}<edXML:Direction>", "OK"),
        ("<edXML:Direction>", "<edXML:x><edXML:y/><edXML:y/></edXML:x><edXML:x/><edXML:Direction>", "OK"),
        ("<AttachmentName>", "<Info><Size>6</Size></Info><MD5>không kiểm tra</MD5><AttachmentName>", "OK"),
        ("<edXML:Subject>", f"<edXML:Subject>{INCLUDE}", "E-NS"),
    ],
)
def test_what_vendors_add_is_passed_over_unless_it_hides_a_message(old: str, new: str, code: str) -> None:
    assert told(changed(REPLY, (old, new), count=1)) == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\x00" * 1000, "E-XML-SYNTAX"),
        (b"   ", "E-XML-SYNTAX"),
        (b"\xef\xbb\xbf", "E-XML-SYNTAX"),
        (REPLY.encode("utf-16-le"), "E-XML-ENCODING"),
        (REPLY.encode("utf-16-be"), "E-XML-ENCODING"),
        (REPLY.encode("utf-32"), "E-XML-ENCODING"),
        (REPLY.encode().replace("Điền".encode(), b"\xd0i\xea\xf8n"), "E-XML-SYNTAX"),
        (b"<html><body>502</body></html>", "E-NS"),
        (b"<edXML/>", "E-NS"),
        (f'<edXMLEnvelope xmlns="{corpus.NAMESPACE}"/>'.encode(), "E-SKELETON"),
        (f'<edXML xmlns="{corpus.NAMESPACE}"/>'.encode(), "E-SKELETON"),
        (b"<" * 100_000, "E-XML-SYNTAX"),
        (b"<a>" * 100_000, "E-XML-LIMIT"),
    ],
)
def test_what_is_no_message(raw: bytes, code: str) -> None:
    assert told(raw) == code


@pytest.mark.parametrize("size", [50, 500, 5_000, 50_000, 400_000])
def test_a_message_cut_anywhere_is_rejected(size: int) -> None:
    raw = large(600_000)
    assert told(raw[:size]) == "E-XML-SYNTAX"


def test_an_endless_comment_costs_no_time() -> None:
    started = time.perf_counter()
    assert told(b"<!--" + b"x" * 60_000_000) == "E-XML-LIMIT"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("length", [60_000, 900])
def test_an_endless_namespace_costs_no_time(length: int) -> None:
    """The parser writes it anew for every element within."""
    started = time.perf_counter()
    wrapped = f'<n:a xmlns:n="{"u" * length}">{"<n:b/>" * 15_000}</n:a>{HEADER}'
    assert told(changed(REPLY, (HEADER, wrapped))) == "E-XML-LIMIT"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("organ_id", "code"),
    [("H57", "OK"), ("H57.12.3", "OK"), ("00.53.W00", "OK"), ("NULL", "E-FROM-ORGANID"), ("H5", "E-FROM-ORGANID")]
    + [(it, "E-FROM-ORGANID") for it in ("000..H57", "000.00.05.A57;DROP", "A" * 36, "Đ57.1", ".H57")],
)
def test_organ_ids_of_both_generations(organ_id: str, code: str) -> None:
    sender = "<edXML:OrganId>000.00.31.A57"
    assert told(changed(REPLY, (sender, f"<edXML:OrganId>{organ_id}"), count=1)) == code


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("7816/VPCP-TTĐT", "7816|VPCP-TTĐT"),
        ("Số: 045/BC-ÐGS133", "45|BC-ĐGS133"),
        ("45-BC/ĐGS133", "45|BC-ĐGS133"),
        (" 45 - BC / ĐGS133 ", "45|BC-ĐGS133"),
        ("45–bc/đgs133", "45|BC-ĐGS133"),
        ("", ""),
    ],
)
def test_numbers_are_compared_by_what_they_say(written: str, key: str) -> None:
    assert match_key(written) == key


def test_numbers_are_printed_as_their_family_prints_them() -> None:
    assert symbol_of("45", "BC/ĐGS133") == "45-BC/ĐGS133"
    assert symbol_of("3127", "UBND-TH") == "3127/UBND-TH"
    assert symbol_of("12", "KH/MTTQ", "H57,2024/01/01,12/KH-MTTQ") == "12/KH-MTTQ"


def test_every_rule_has_its_outcome() -> None:
    assert {it.outcome for it in Rule} == set(MessageOutcome)
    assert [it for it in Rule if it.startswith("W-") and it.outcome is not MessageOutcome.ACCEPTED] == []


def test_the_first_rule_asked_is_told() -> None:
    both = changed(REPLY, ("<edXML:CodeNumber>210", "<edXML:CodeNumber>")).decode()
    assert told(with_content(both, 0, "!")) == "E-REQUIRED"
    assert base64.b64decode(corpus.content_of(REPLY, 0)).startswith(b"%PDF")
