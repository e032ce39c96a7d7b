"""The first filling of the working-day calendar, from the `holidays` package and what it lacks.

The package knows the law's holidays, compensatory days and most swaps. The decisions it misses are listed here; all
rows go to the database, where officers correct them. Years after the last decided one are projections from the law
alone: the Government fixes Tết, National Day and swaps year by year.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from holidays import country_holidays

from app.domain.calendar import DayKind, MarkedDay

SEED_YEARS: Final = range(2008, 2031)
LAST_DECIDED_YEAR: Final = 2026

_CULTURE_DAY_LAW: Final = "Nghị quyết 28/2026/QH16"
_SWAP_2026: Final = "Thông báo hoán đổi ngày làm việc dịp Tết Dương lịch 2026 (Chính phủ đồng ý ngày 25/12/2025)"

# Swaps that the package (0.109) does not hold.
_CORRECTIONS: Final = (
    MarkedDay(
        date(2026, 1, 2),
        DayKind.DAY_OFF,
        "Ngày nghỉ (thay cho ngày 10/01/2026)",
        "Day off (substituted from 10/01/2026)",
        _SWAP_2026,
    ),
    MarkedDay(
        date(2026, 1, 10),
        DayKind.MAKE_UP,
        "Ngày làm bù (thay cho ngày 02/01/2026)",
        "Make-up working day (for 02/01/2026)",
        _SWAP_2026,
    ),
)

# In force from (Labour Codes of 2019, 2012, 1994): the newest that had begun on the day is its basis.
_LABOUR_CODES: Final = (
    (date(2021, 1, 1), "Bộ luật Lao động 2019 Đ112"),
    (date(2013, 5, 1), "Bộ luật Lao động 2012 Đ115"),
    (date(1995, 1, 1), "Bộ luật Lao động 1994 Đ73"),
)
_SWAPS: Final = {
    2018: "Công văn 6519/VPCP-KGVX (2018)",
    2024: "Công văn 2450/VPCP-KGVX (2024)",
    2025: "Thông báo 6150/TB-BLĐTBXH (2024)",
}
_SWAPPED_FOR: Final = "Ngày nghỉ (thay cho ngày "
_COMPENSATORY: Final = "(nghỉ bù)"


def seed_days(years: Iterable[int] = SEED_YEARS) -> list[MarkedDay]:
    """Every exceptional day of those years, one row a date, by date."""
    wanted = set(years)
    vi = country_holidays("VN", years=wanted, language="vi")
    en = country_holidays("VN", years=wanted, language="en_US")
    rows = {row.date: row for on, name in vi.items() for row in _rows(on, name, en[on])}
    rows |= {row.date: row for row in _CORRECTIONS if row.date.year in wanted}
    return [rows[on] for on in sorted(rows)]


def _rows(on: date, name_vi: str, name_en: str) -> Iterator[MarkedDay]:
    if name_vi.startswith(_SWAPPED_FOR):
        day, month, year = name_vi.removeprefix(_SWAPPED_FOR).rstrip(")").split("/")
        yield from _swap(on, date(int(year), int(month), int(day)))
        return
    compensatory = all(part.endswith(_COMPENSATORY) for part in name_vi.split("; "))
    yield MarkedDay(on, DayKind.DAY_OFF if compensatory else DayKind.HOLIDAY, name_vi, name_en, _basis(on))


def _swap(off: date, worked: date) -> Iterator[MarkedDay]:
    """A swap is two days: the one given and the Saturday that pays for it."""
    basis = _SWAPS.get(off.year, "Quyết định hoán đổi ngày làm việc của Chính phủ, Thủ tướng Chính phủ")
    given, paid = f"{off:%d/%m/%Y}", f"{worked:%d/%m/%Y}"
    yield MarkedDay(
        off, DayKind.DAY_OFF, f"Ngày nghỉ (thay cho ngày {paid})", f"Day off (substituted from {paid})", basis
    )
    yield MarkedDay(
        worked, DayKind.MAKE_UP, f"Ngày làm bù (thay cho ngày {given})", f"Make-up working day (for {given})", basis
    )


def _basis(on: date) -> str:
    culture_day = (on.month, on.day) in {(11, 24), (11, 25), (11, 26)}
    law = _CULTURE_DAY_LAW if culture_day else next(name for since, name in _LABOUR_CODES if since <= on)
    return law if on.year <= LAST_DECIDED_YEAR else f"{law} (dự kiến, chờ thông báo của năm)"
