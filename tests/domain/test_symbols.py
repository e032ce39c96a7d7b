import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.symbols import Family, Warned, parse

PARTY, LEGAL, ADMIN, LETTER = Family.PARTY, Family.STATE_LEGAL, Family.STATE_ADMIN, Family.STATE_LETTER

WELL_FORMED = [
    ("62-KL/TW", PARTY, 62, None, "KL", "TW"),
    ("09-KL/BCĐ", PARTY, 9, None, "KL", "BCĐ"),
    ("983-QĐ/TU", PARTY, 983, None, "QĐ", "TU"),
    ("59-CV/TU", PARTY, 59, None, "CV", "TU"),
    ("24-ĐA/TU", PARTY, 24, None, "ĐA", "TU"),
    ("147-CTHĐ/TU", PARTY, 147, None, "CTHĐ", "TU"),
    ("03-HD/BTGDVTU", PARTY, 3, None, "HD", "BTGDVTU"),
    ("152-BC/ĐU", PARTY, 152, None, "BC", "ĐU"),
    ("05-NQ/ĐU", PARTY, 5, None, "NQ", "ĐU"),
    ("24-BS/UBKTTU", PARTY, 24, None, "BS", "UBKTTU"),
    ("133-QĐ/BDVTU", PARTY, 133, None, "QĐ", "BDVTU"),
    ("291/QĐ-MTTQ-BTT", ADMIN, 291, None, "QĐ", "MTTQ-BTT"),
    ("13/QĐ-MTTQ-BTT", ADMIN, 13, None, "QĐ", "MTTQ-BTT"),
    ("12/KH-MTTQ-BTT", ADMIN, 12, None, "KH", "MTTQ-BTT"),
    ("23/TTr-MTTW-BTT", ADMIN, 23, None, "TTr", "MTTW-BTT"),
    ("43/NQ-HĐND", ADMIN, 43, None, "NQ", "HĐND"),
    ("1660/NQ-UBTVQH15", ADMIN, 1660, None, "NQ", "UBTVQH15"),
    ("01/QCPH/UBND-UBMTTQ", ADMIN, 1, None, "QCPH", "UBND-UBMTTQ"),
    ("249/MTTQ-BTT", LETTER, 249, None, None, "MTTQ-BTT"),
    ("06/2024/QĐ-UBND", LEGAL, 6, 2024, "QĐ", "UBND"),
    ("75/2015/QH13", LEGAL, 75, 2015, None, "QH13"),
    ("97/2025/QH15", LEGAL, 97, 2025, None, "QH15"),
    ("19/2025/QĐ-TTg", LEGAL, 19, 2025, "QĐ", "TTg"),
    ("114/2025/UBTVQH15", LEGAL, 114, 2025, None, "UBTVQH15"),
    ("403/2017/NQLT-UBTVQH14-CP-ĐCTUBTWMTTQVN", LEGAL, 403, 2017, "NQLT", "UBTVQH14-CP-ĐCTUBTWMTTQVN"),
    ("525/2012/NQLT/UBTVQH13-ĐCTUBTWMTTQVN", LEGAL, 525, 2012, "NQLT", "UBTVQH13-ĐCTUBTWMTTQVN"),
]


@pytest.mark.parametrize(("raw", "family", "number", "year", "kind", "organ"), WELL_FORMED)
def test_a_well_formed_symbol_is_read_and_written_back_unchanged(
    raw: str, family: Family, number: int, year: int | None, kind: str | None, organ: str
) -> None:
    symbol = parse(raw)
    assert symbol is not None
    assert (symbol.family, symbol.number, symbol.year, symbol.type, symbol.organ) == (family, number, year, kind, organ)
    assert symbol.warning is None
    assert symbol.normalised == raw


@pytest.mark.parametrize(
    ("raw", "normalised"),
    [
        ("11-QÐi/TW", "11-QĐi/TW"),
        ("367 - QĐ/TWĐTN-VP", "367-QĐ/TWĐTN-VP"),
        ("23/HD- ĐCT", "23/HD-ĐCT"),
        ("Số: 05/BC-MTTQ-BTT", "05/BC-MTTQ-BTT"),
        ("số 62-KL/TW,", "62-KL/TW"),
        ("(62–KL/TW)", "62-KL/TW"),
        ("8-KL/TW", "08-KL/TW"),
        (unicodedata.normalize("NFD", "Số 09-KL/BCĐ"), "09-KL/BCĐ"),
        ("62\u00a0-\u00a0KL/TW", "62-KL/TW"),
    ],
)
def test_the_typists_habits_are_undone_without_a_warning(raw: str, normalised: str) -> None:
    symbol = parse(raw)
    assert symbol is not None
    assert (symbol.normalised, symbol.warning) == (normalised, None)


@pytest.mark.parametrize(
    ("raw", "normalised", "family", "warning"),
    [
        ("217/QĐ-TW", "217-QĐ/TW", PARTY, Warned.SEPARATOR_SWAPPED),
        ("22/CT-TW", "22-CT/TW", PARTY, Warned.SEPARATOR_SWAPPED),
        ("90/TBMTTQ-BTT", "90/TB-MTTQ-BTT", ADMIN, Warned.MISSING_HYPHEN),
    ],
)
def test_a_repair_says_what_was_wrong(raw: str, normalised: str, family: Family, warning: Warned) -> None:
    symbol = parse(raw)
    assert symbol is not None
    assert (symbol.normalised, symbol.family, symbol.warning) == (normalised, family, warning)


@pytest.mark.parametrize(
    "raw", ["", "KH-04/KH-MTTQ", "12-/TU", "62", "62/TW", "123456-KL/TW", "62-KL/TW; 63-KL/TW", "٦٢-KL/TW", "62-XX/TW"]
)
def test_what_is_no_symbol_is_none(raw: str) -> None:
    assert parse(raw) is None


def test_board_and_agreement_share_letters_but_not_places() -> None:
    """BTT is Ban Thường trực in an organ and Bản thỏa thuận as a type."""
    agreement, notice = parse("07/BTT-MTTQ"), parse("07/TB-MTTQ-BTT")
    assert agreement is not None
    assert notice is not None
    assert (agreement.type, agreement.organ) == ("BTT", "MTTQ")
    assert (notice.type, notice.organ) == ("TB", "MTTQ-BTT")


@given(st.one_of(st.text(), st.text(alphabet="0123456789-/ .AĐKLTWMQ\u00a0\u2013số:", max_size=130)))
def test_reading_never_fails_and_what_is_read_reads_again_the_same(raw: str) -> None:
    symbol = parse(raw)
    if symbol is None:
        return
    again = parse(symbol.normalised)
    assert again is not None
    assert again.normalised == symbol.normalised


@pytest.mark.parametrize("hostile", [" " * 10**6, "1/" + "A-" * 10**6, "1/" + "A" * 10**6, "số" * 10**6, " - " * 40])
def test_hostile_text_costs_nothing(hostile: str) -> None:
    started = time.perf_counter()
    assert parse(hostile) is None
    assert time.perf_counter() - started < 0.05
