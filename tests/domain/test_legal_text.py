"""Where a text has its articles, and where each place went in the next version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.legal_text import Anchor, carried, flat, nested, read

TEXT = """Căn cứ Luật Tổ chức chính quyền địa phương;
Chương II
Điều 1. Phạm vi điều chỉnh
Nghị quyết này quy định mức hỗ trợ
cho cán bộ thôn.
Mục 1
Điều 2: Đối tượng
1. Người hoạt động không chuyên trách:
a) Trưởng ban công tác Mặt trận;
đ) Chi hội trưởng.
2. Tổ chức liên quan.
ĐIỀU 2a. Nguồn kinh phí
"""


def anchors(text: str) -> list[str]:
    return [str(it.anchor) for it in read(text.splitlines())]


def test_articles_clauses_and_points_are_recognised() -> None:
    assert anchors(TEXT) == [
        "Điều 1",
        "Điều 2",
        "khoản 1 Điều 2",
        "điểm a khoản 1 Điều 2",
        "điểm đ khoản 1 Điều 2",
        "khoản 2 Điều 2",
        "Điều 2a",
    ]


def test_lines_belong_to_the_place_above_them() -> None:
    first = read(TEXT.splitlines())[0]
    assert (first.title, first.text) == (
        "Phạm vi điều chỉnh",
        "Nghị quyết này quy định mức hỗ trợ\ncho cán bộ thôn.",
    )


def test_numbered_lines_before_any_article_are_none() -> None:
    assert read(["1. Căn cứ", "a) Luật"]) == []


@given(st.lists(st.text(max_size=60), max_size=40))
def test_any_text_can_be_read_and_kept(lines: list[str]) -> None:
    places = read(lines)
    assert [it.anchor for it in flat(nested(places))] == [it.anchor for it in places]


OLD = read(TEXT.splitlines())


@pytest.mark.parametrize(
    ("change", "anchor", "went"),
    [
        (("Điều 2:", "Điều 2. Nguyên tắc\nCông khai.\nĐiều 3:"), Anchor("2", "1"), Anchor("3", "1")),
        (("a) Trưởng ban công tác Mặt trận;", "a) Trưởng ban công tác Mặt trận ở thôn, tổ dân phố;"),
         Anchor("2", "1", "a"), Anchor("2", "1", "a")),
        (("đ) Chi hội trưởng.\n", ""), Anchor("2", "1", "đ"), None),
        (("2. Tổ chức liên quan.", "2. Không áp dụng với người đang hưởng lương."), Anchor("2", "2"), None),
        (("", ""), Anchor(), Anchor()),
    ],
)  # fmt: skip
def test_a_place_is_found_again(change: tuple[str, str], anchor: Anchor, went: Anchor | None) -> None:
    assert carried(anchor, OLD, read(TEXT.replace(*change, 1).splitlines())) == went
