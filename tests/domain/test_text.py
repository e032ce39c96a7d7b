import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import file_name, fold, slug


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize(
    "text", ["nợ đọng", "NỢ ĐỌNG", "  Nợ\u00a0 đọng\n", "no dong", "nợ Ðọng", "nợ \u0189ọng", "nợ\u200b đọng"]
)
def test_every_way_of_typing_the_same_words_gives_one_key(text: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == "no dong"  # type: ignore[arg-type]


@pytest.mark.parametrize(("old", "new"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("khỏe", "khoẻ")])
def test_old_and_new_tone_placement_are_one_word(old: str, new: str) -> None:
    assert fold(old) == fold(new)


def test_every_vietnamese_letter_folds_to_plain_ascii() -> None:
    letters = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(
        unicodedata.normalize("NFC", base + tone)
        for base in "aăâeêioôơuưy"
        for tone in "\u0300\u0301\u0303\u0309\u0323"
    )
    assert fold(letters).isascii()


@given(st.text(st.characters(max_codepoint=0x1FFF)))
def test_folding_twice_changes_nothing_more_for_what_people_type(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)


@given(st.text(max_size=300), st.sampled_from(["pdf", ".docx", "xlsx"]))
def test_a_file_name_is_safe_whatever_the_title(title: str, suffix: str) -> None:
    name = file_name(title, suffix)
    stem, _, extension = name.partition(".")
    assert name.isascii()
    assert stem == slug(stem) != ""
    assert len(stem) <= 90
    assert extension == suffix.lstrip(".")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Báo cáo kết quả giám sát số 05/BC-MTTQ-BTT", "bao-cao-ket-qua-giam-sat-so-05-bc-mttq-btt.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("???", "van-ban.pdf"),
        ("CON", "con-van-ban.pdf"),
    ],
)
def test_file_names(title: str, name: str) -> None:
    assert file_name(title, "pdf") == name


def test_a_long_title_is_cut_without_a_trailing_hyphen() -> None:
    assert file_name("giám sát " * 40, "pdf") == "giam-sat-" * 8 + "giam-sat.pdf"
