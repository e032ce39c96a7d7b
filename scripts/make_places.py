"""Write app/reference/places.csv from the maintained package `vietnam-provinces`.

Run it after upgrading the package, read the difference, and commit both:

    python scripts/make_places.py

The package lists the units as they stand on its data day (18/10/2025 in 2025.10.1); later changes are listed in
`CHANGED` until a release carries them. Đồng Nai became a central city on 30/04/2026 and ten of its communes became
wards; which ten is not known here, so all its communes keep the kind of the package.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import vietnam_provinces
from vietnam_provinces import Province, VietNamDivisionType, Ward

TARGET = Path(__file__).parent.parent / "app" / "reference" / "places.csv"
COLUMNS = (
    "code", "kind", "name", "full_name", "parent_code", "valid_from", "valid_to",
    "former_kind", "former_full_name", "changed_on", "source",
)  # fmt: skip
IN_FORCE = "2025-07-01"
SOURCE = f"QĐ 19/2025/QĐ-TTg; vietnam-provinces {vietnam_provinces.__version__}"

KINDS = {
    VietNamDivisionType.TINH: ("province", "Tỉnh"),
    VietNamDivisionType.THANH_PHO_TRUNG_UONG: ("city", "Thành phố"),
    VietNamDivisionType.XA: ("commune", "Xã"),
    VietNamDivisionType.PHUONG: ("ward", "Phường"),
    VietNamDivisionType.DAC_KHU: ("special_zone", "Đặc khu"),
}
CHANGED = {
    "75": {
        "kind": "city",
        "full_name": "Thành phố Đồng Nai",
        "former_kind": "province",
        "former_full_name": "Tỉnh Đồng Nai",
        "changed_on": "2026-04-30",
        "source": f"{SOURCE}; NQ 30/2026/QH16",
    }
}


def places() -> Iterator[dict[str, str]]:
    """Provinces by code, then communes by code: parents come before their children."""
    for province in sorted(Province.iter_all(), key=lambda it: it.code):
        yield place(f"{province.code:02d}", province, parent="")
    for ward in sorted(Ward.iter_all(), key=lambda it: it.code):
        yield place(f"{ward.code:05d}", ward, parent=f"{ward.province_code:02d}")


def place(code: str, unit: Province | Ward, parent: str) -> dict[str, str]:
    """One row; the package writes the kind before most names but not before a province's."""
    kind, title = KINDS[unit.division_type]
    name = unit.name.removeprefix(f"{title} ")
    row = dict.fromkeys(COLUMNS, "") | {
        "code": code,
        "kind": kind,
        "name": name,
        "full_name": f"{title} {name}",
        "parent_code": parent,
        "valid_from": IN_FORCE,
        "source": SOURCE,
    }
    return row | CHANGED.get(code, {})


def main() -> None:
    """Replace the file; line ends are LF so that a rerun without changes leaves no difference."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(places())


if __name__ == "__main__":
    main()
