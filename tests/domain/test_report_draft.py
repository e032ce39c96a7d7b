"""A generated draft has every part of a result report under a stable key, and every finding where it belongs."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding import FindingKind
from app.domain.report_draft import Material, Noted, Party, Proposed, sections

OUTLINE = [("I", "Phổ biến, quán triệt"), ("II", "Kết quả thực hiện")]
FINDING = st.builds(
    Noted,
    id=st.uuids(),
    kind=st.sampled_from([it for it in FindingKind if it != FindingKind.VIOLATION_SIGN]),
    content=st.just("Một số phong trào chưa bền vững"),
    clause=st.sampled_from(["I", "II", "IX", None]),
)


def material(**fields: object) -> Material:
    return Material(title="Giám sát Kết luận 62-KL/TW", lead="Ban Dân vận Tỉnh ủy", outline=OUTLINE, **fields)  # type: ignore[arg-type]


@given(st.lists(FINDING, max_size=12, unique_by=lambda it: it.id))
def test_every_finding_stands_in_exactly_one_section(findings: list[Noted]) -> None:
    made = sections(material(findings=findings))
    placed = [it for section in made for it in section["finding_ids"]]
    assert sorted(placed) == sorted(str(it.id) for it in findings)
    keys = [it["key"] for it in made]
    assert len(keys) == len(set(keys))


def test_the_parts_stand_in_their_order_even_when_empty() -> None:
    assert [it["key"] for it in sections(material())] == [
        "basis",
        "context",
        "strengths.I",
        "strengths.II",
        "limitations.I",
        "limitations.II",
        "causes_objective",
        "causes_subjective",
        "lessons",
        "recommendations",
        "appendices",
    ]


def test_a_sign_of_violation_is_not_reported() -> None:
    sign = Noted(UUID(int=1), FindingKind.VIOLATION_SIGN, "Dấu hiệu", "I")
    assert not [it for it in sections(material(findings=[sign])) if it["finding_ids"]]


def test_a_finding_says_about_whom_where_and_when() -> None:
    noted = Noted(UUID(int=1), FindingKind.LIMITATION, "Chưa thường xuyên", "I", 3, date(2023, 5, 4), "Huyện ủy")
    text = {it["key"]: it["content"] for it in sections(material(findings=[noted]))}
    assert text["limitations.I"] == "- Huyện ủy: Chưa thường xuyên (3 nơi, 04/05/2023)"


def test_proposals_are_grouped_by_addressee() -> None:
    proposals = [Proposed("UBND xã", "A"), Proposed("Huyện ủy", "B", date(2024, 12, 31)), Proposed("UBND xã", "C")]
    text = {it["key"]: it["content"] for it in sections(material(proposals=proposals))}
    assert text["recommendations"].splitlines() == [
        "Với UBND xã:",
        "- A",
        "- C",
        "Với Huyện ủy:",
        "- B (hoàn thành trước 31/12/2024)",
    ]


def test_the_basis_names_review_period_parties_and_sessions() -> None:
    party = Party("Huyện ủy Quảng Điền", (2, date(2024, 4, 26)), [date(2024, 4, 12)], (1, date(2024, 5, 6)))
    made = sections(material(parties=[party], review=(date(2021, 1, 1), date(2023, 12, 31)), decision="133-QĐ/BDVTU"))
    text = {it["key"]: it["content"] for it in made}
    for expected in ("133-QĐ/BDVTU", "từ 01/01/2021 đến 31/12/2023", "Huyện ủy Quảng Điền", "Số buổi làm việc: 1"):
        assert expected in text["basis"]
    assert "bản 2, gửi 26/04/2024" in text["context"]
    assert "Biên bản làm việc với Huyện ủy Quảng Điền ngày 12/04/2024" in text["appendices"]
