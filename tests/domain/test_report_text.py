"""The hash of a report is that of its text and of nothing else; a comparison loses no letter of either text."""

import json
from typing import Any
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from app.domain.report_text import TEXT_FIELDS, compare, difference, digest

WORDS = st.text(alphabet='aăâđêôơưạ ếộ\n,.-/"\\', max_size=20)
SECTION = st.fixed_dictionaries(
    {
        "key": st.text(alphabet="IVX.123", min_size=1, max_size=6),
        "title": WORDS,
        "content": WORDS,
        "finding_ids": st.lists(st.sampled_from(["f-1", "f-2", "f-3"]), max_size=3),
        "clause": st.none() | WORDS,
        "redacted": st.booleans(),
    }
)
SECTIONS = st.lists(SECTION, max_size=2)
TEXT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["result_report", "conclusion"]),
        "title": WORDS,
        "number": st.integers(1, 99),
        "sections": SECTIONS,
    }
)


@given(TEXT, st.permutations(["key", "title", "content", "finding_ids", "clause", "redacted"]))
def test_the_hash_does_not_depend_on_how_the_text_was_stored(text: dict[str, Any], names: list[str]) -> None:
    """JSONB reorders keys, a client may send decomposed letters, a section may be withheld from publication later."""
    stored = json.loads(json.dumps(text))
    for section in stored["sections"]:
        kept = {name: section.pop(name) for name in names}
        section.update({**kept, "redacted": not kept["redacted"]})
    stored["title"] = normalize("NFD", stored["title"])
    assert digest(**stored) == digest(**text)


@given(TEXT, TEXT)
def test_other_texts_have_other_hashes(one: dict[str, Any], other: dict[str, Any]) -> None:
    def said(text: dict[str, Any]) -> Any:
        sections = [{name: it[name] for name in TEXT_FIELDS} for it in text["sections"]]
        return normalize("NFC", json.dumps({**text, "sections": sections}, ensure_ascii=False, sort_keys=True))

    assert (digest(**one) == digest(**other)) == (said(one) == said(other))


@given(SECTION)
def test_each_field_of_a_section_counts(section: dict[str, Any]) -> None:
    whole = {"kind": "conclusion", "title": "Kết luận", "number": 1}
    for name in TEXT_FIELDS:
        changed = {**section, name: [*section[name], "x"] if name == "finding_ids" else f"{section[name]}x"}
        assert digest(sections=[changed], **whole) != digest(sections=[section], **whole), name


def test_the_hash_of_a_known_text_stays_the_same_in_every_release() -> None:
    section = {"key": "I", "title": "Kết quả", "content": "Tốt", "finding_ids": [], "clause": None}
    known = digest(kind="conclusion", title="Kết luận", number=1, sections=[section])
    assert known == "6abbb13451bb3dd957513e037430d748470d2cea11ae59145f7036f70456713b"


@given(WORDS, WORDS)
def test_a_comparison_gives_both_texts_back(earlier: str, later: str) -> None:
    parts = difference(earlier, later)
    assert "".join(it["text"] for it in parts if it["op"] != "added") == earlier
    assert "".join(it["text"] for it in parts if it["op"] != "removed") == later
    assert all(it["text"] for it in parts)


def test_a_changed_word_is_shown_within_its_line() -> None:
    assert difference("Chưa bền vững\nĐạt", "Khá bền vững\nĐạt") == [
        {"op": "removed", "text": "Chưa"},
        {"op": "added", "text": "Khá"},
        {"op": "equal", "text": " bền vững\nĐạt"},
    ]


def test_very_long_passages_are_compared_as_a_whole() -> None:
    earlier, later = "a " * 5_000, "b " * 5_000
    assert [it["op"] for it in difference(earlier, later)] == ["removed", "added"]


def test_sections_are_matched_by_key() -> None:
    def section(key: str, content: str) -> dict[str, Any]:
        return {"key": key, "title": "Phần", "content": content, "finding_ids": [], "clause": None}

    earlier = [section("I", "một"), section("II", "hai"), section("III", "ba")]
    later = [section("IV", "bốn"), section("III", "khác"), section("I", "một")]
    changes = [(it["key"], it["change"]) for it in compare(earlier, later)]
    assert changes == [("IV", "added"), ("III", "changed"), ("I", "unchanged"), ("II", "removed")]
