"""What we write is valid by the strict schema, and read again it says the same."""

import io
import unicodedata
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.adapters import edxml
from app.adapters.edxml.tree import schema
from app.domain.edxml import BusinessType, StatusCode
from tests.corpus import CORPUS, FIRST, REPLY

pytestmark = pytest.mark.thorough

NOW = datetime(2030, 1, 1, tzinfo=UTC)

_letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zs", "Zl", "Zp"], max_codepoint=0x1FFFF)


def words(longest: int, *, least: int = 1) -> st.SearchStrategy[str]:
    """Composed and trimmed text, as everything that is read; cut to length, for few would be short enough."""
    several = st.lists(st.text(_letters, min_size=1, max_size=12), min_size=least, max_size=5).map(" ".join)
    composed = several.map(lambda it: unicodedata.normalize("NFC", it)[:longest].strip())
    return composed.filter(lambda it: least <= len(it) and unicodedata.is_normalized("NFC", it))


optional = words(50, least=0)
organ_ids = st.from_regex(r"[A-Za-z0-9]{1,6}(\.[A-Za-z0-9]{1,4}){1,4}", fullmatch=True)
days = st.dates(date(1945, 9, 2), date(2029, 12, 31))
times = st.datetimes(datetime(1945, 9, 2), datetime(2029, 12, 31)).map(lambda it: it.replace(microsecond=0))  # noqa: DTZ001
digits = st.integers(0, 999)


def organs(ids: st.SearchStrategy[str] = organ_ids) -> st.SearchStrategy[edxml.Organ]:
    return st.builds(
        edxml.Organ,
        organ_id=ids,
        name=words(200),
        in_charge=optional,
        address=optional,
        email=optional,
        telephone=words(20, least=0),
        fax=words(20, least=0),
        website=optional,
    )


def recipients() -> st.SearchStrategy[tuple[edxml.Organ, ...]]:
    several = st.lists(organ_ids, min_size=1, max_size=4, unique_by=str.upper)
    return several.flatmap(lambda ids: st.tuples(*(organs(st.just(it)) for it in ids)))


references = st.builds(
    edxml.Reference, organ_id=organ_ids, code=words(50), document_id=words(120).map("R,".__add__), promulgated=days
)
staff = st.builds(edxml.Staff, department=optional, staff=optional, email=optional, mobile=words(20, least=0))
businesses = st.builds(
    edxml.Business,
    type=st.sampled_from(BusinessType),
    document_id=optional,
    reason=optional,
    paper=st.booleans(),
    content_changed=st.booleans(),
    receivers_changed=st.booleans(),
    receivers=st.lists(st.builds(edxml.Receiver, organ_id=organ_ids, added=st.booleans()), max_size=3).map(tuple),
    replacements=st.lists(
        st.builds(edxml.Replacement, document_id=words(60), organ_ids=st.lists(organ_ids, max_size=2).map(tuple)),
        max_size=2,
    ).map(tuple),
    staff=staff,
)


@st.composite
def files(draw: st.DrawFn) -> edxml.File:
    extension, media_type, head = draw(
        st.sampled_from(
            [("pdf", "application/pdf", b"%PDF-1.4 "), ("csv", "text/plain", b"a;b "), ("png", "image/png", PNG)]
        )
    )
    content = head + draw(st.text("abcxyz0123456789", max_size=40)).encode()
    stem = draw(st.text("abcđêô ", min_size=1, max_size=12)).strip() or "x"
    return edxml.file_of(
        io.BytesIO(content), cid=draw(st.uuids()).hex, name=f"{stem}.{extension}", media_type=media_type
    )


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

messages = st.builds(
    edxml.Message,
    sender=organs(),
    recipients=recipients(),
    document_id=words(200).map("D,".__add__),
    number=st.from_regex("[0-9]{1,11}", fullmatch=True),
    notation=words(30),
    place=optional,
    promulgated=days,
    kind=st.builds(edxml.Kind, name=optional, type=digits, detail=st.none() | digits),
    subject=words(500),
    content=words(500, least=0),
    signer=st.builds(edxml.Signer, competence=optional, position=optional, full_name=optional),
    due_on=st.none() | days,
    other=st.builds(
        edxml.Other,
        priority=st.integers(0, 4),
        sphere=st.sampled_from(["", "Liên thông văn bản", "Mặt trận"]),
        typist=words(20, least=0),
        copies=st.none() | digits,
        pages=st.none() | digits,
        appendixes=st.lists(words(100), max_size=3).map(tuple),
    ),
    answers=st.lists(references, max_size=2).map(tuple),
    steering=st.none() | st.integers(0, 3),
    places=st.lists(words(100), max_size=3).map(tuple),
    traces=st.lists(st.builds(edxml.Trace, organ_id=organ_ids, at=times), min_size=1, max_size=3).map(tuple),
    business=businesses,
    files=st.lists(files(), max_size=3, unique_by=lambda it: it.cid).map(tuple),
)
statuses = st.builds(
    edxml.Status,
    sender=organs(),
    about=references,
    staff=staff,
    code=st.sampled_from(StatusCode),
    description=words(500, least=0),
    at=times,
)


def written(message: edxml.Message | edxml.Status) -> bytes:
    target = io.BytesIO()
    edxml.build(message, target)
    return target.getvalue()


def is_strict(raw: bytes) -> bool:
    return schema("edxml.xsd").validate(etree.fromstring(raw))


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(messages)
def test_what_is_written_is_read_as_it_was(message: edxml.Message) -> None:
    raw = written(message)
    assert is_strict(raw)
    with edxml.read(io.BytesIO(raw), now=NOW) as reading:
        assert reading.content == message, reading.broken
        assert reading.warnings == set()


@settings(max_examples=20)
@given(statuses)
def test_a_status_too(status: edxml.Status) -> None:
    raw = written(status)
    assert is_strict(raw)
    with edxml.read(io.BytesIO(raw), now=NOW) as reading:
        assert reading.content == status


@pytest.mark.parametrize("name", [name for name, it in CORPUS.items() if it.outcome == "accepted"])
def test_what_others_wrote_is_written_again_strictly(name: str) -> None:
    """A ResponseFor without its DocumentId is what we never write ourselves."""
    with edxml.read(io.BytesIO(CORPUS[name].raw), now=NOW) as reading:
        it = reading.content
        assert it is not None
        if isinstance(it, edxml.Message):
            it = replace(it, answers=tuple(each for each in it.answers if each.document_id))
        assert is_strict(written(it))


@pytest.mark.parametrize("name", [name for name, it in CORPUS.items() if "edxml" in name and it.outcome == "accepted"])
def test_the_strict_schema_judges_the_corpus_as_it_should(name: str) -> None:
    strict = not name.startswith(("variants/v03", "variants/v05", "variants/v06", "variants/v11"))
    assert is_strict(CORPUS[name].raw) == strict


def test_pdf_and_word_travel_raw_and_all_else_in_a_zip_of_one_entry() -> None:
    with edxml.read(io.BytesIO(FIRST.encode()), now=NOW) as reading:
        assert reading.content is not None
        tree = etree.fromstring(written(reading.content))
    declared = [it.text for it in tree.iterfind("{*}AttachmentEncoded/{*}Attachment/{*}ContentType")]
    assert declared == ["application/pdf", "application/zip"]


def test_a_workbook_comes_back_as_it_was() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = edxml.file_of(target, cid="x1", name="bảng.xlsx", media_type=office)
    with edxml.read(io.BytesIO(REPLY.encode()), now=NOW) as reading:
        assert isinstance(reading.content, edxml.Message)
        raw = written(replace(reading.content, files=(file,)))
    with edxml.read(io.BytesIO(raw), now=NOW) as again:
        assert isinstance(again.content, edxml.Message)
        assert again.content.files == (file,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipients": ()},
        {"subject": ""},
        {"number": "1" * 12},
        {"notation": "x" * 31},
        {"document_id": ""},
        {"traces": (edxml.Trace(organ_id="!", at=datetime(2024, 1, 1)),)},  # noqa: DTZ001
    ],
)
def test_what_no_receiver_would_take_is_not_written(wrong: dict[str, object]) -> None:
    with edxml.read(io.BytesIO(REPLY.encode()), now=NOW) as reading:
        assert isinstance(reading.content, edxml.Message)
        target = io.BytesIO()
        with pytest.raises(edxml.Unsendable):
            edxml.build(replace(reading.content, **wrong), target)  # type: ignore[arg-type]
        assert target.getvalue() == b""


def test_a_long_subject_is_cut_at_the_end_of_a_word() -> None:
    cut = edxml.shortened("kiến nghị " * 60)
    assert len(cut) <= 500
    assert cut.endswith(("kiến…", "nghị…"))
    assert edxml.shortened("x" * 600) == "x" * 499 + "…"
