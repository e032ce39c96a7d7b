"""Who takes part: the bodies of Thừa Thiên Huế in 2024, and one account for each part."""

from dataclasses import dataclass

SINCE = "2015-01-01"
PLACE = "46"


@dataclass(frozen=True)
class CastBody:
    """`parent` and `through` (the office by which an organ acts) are keys of this table."""

    name: str
    short_name: str
    kind: str
    level: str
    symbol: str | None = None
    parent: str | None = None
    through: str | None = None


REGISTRY = "Văn phòng Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"

BODIES: dict[str, CastBody] = {
    "superior": CastBody("Tỉnh ủy Thừa Thiên Huế", "Tỉnh ủy TT-Huế", "party_committee", "province", "TU"),
    "lead": CastBody(
        "Ban Dân vận Tỉnh ủy Thừa Thiên Huế", "BDV Tỉnh ủy", "mass_mob", "province", "BDVTU", parent="superior"
    ),
    "partner": CastBody(
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Thừa Thiên Huế", "MTTQ tỉnh", "front_committee", "province", "MTTQ-BTT"
    ),
    "partner_b": CastBody("Hội Nông dân tỉnh Thừa Thiên Huế", "HND tỉnh", "spo", "province", "HND", parent="partner"),
    "counterpart": CastBody("Ủy ban nhân dân tỉnh Thừa Thiên Huế", "UBND tỉnh", "pc_committee", "province", "UBND"),
    "committee": CastBody("Huyện ủy Quảng Điền", "Huyện ủy", "party_committee", "district", "HU", parent="superior"),
    "office": CastBody("Văn phòng Huyện ủy Quảng Điền", "VP Huyện ủy", "office", "district", parent="committee"),
    "supervised": CastBody(
        "Ban Thường vụ Huyện ủy Quảng Điền", "BTV Huyện ủy", "party_sc", "district", "HU", "committee", "office"
    ),
    "addressee_superior": CastBody(
        "Ủy ban nhân dân huyện Quảng Điền", "UBND huyện", "pc_committee", "district", "UBND", parent="counterpart"
    ),
    "addressee": CastBody(
        "Phòng Nội vụ huyện Quảng Điền", "Phòng Nội vụ", "department", "district", "NV", parent="addressee_superior"
    ),
    "paper_addressee": CastBody(
        "Ủy ban nhân dân xã Quảng Thái", "UBND xã Quảng Thái", "pc_committee", "commune", parent="addressee_superior"
    ),
    "verifier": CastBody(
        "Ủy ban Kiểm tra Tỉnh ủy Thừa Thiên Huế",
        "UBKT Tỉnh ủy",
        "inspection_commission",
        "province",
        "UBKTTU",
        "superior",
    ),
    "stranger": CastBody(
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Nghệ An", "MTTQ Nghệ An", "front_committee", "province", "MTTQ-BTT"
    ),
}


HEIRS: dict[str, CastBody] = {
    "board": CastBody(
        "Ban Tuyên giáo Tỉnh ủy Thừa Thiên Huế", "BTG Tỉnh ủy", "mass_mob", "province", "BTGTU", parent="superior"
    ),
    "quang_dien": CastBody(
        "Đảng ủy thị trấn Sịa", "Đảng ủy Sịa", "party_committee", "commune", "ĐU", parent="superior"
    ),
    "dan_dien": CastBody(
        "Đảng ủy xã Đan Điền", "Đảng ủy Đan Điền", "party_committee", "commune", "ĐU", parent="superior"
    ),
    "phong_quang": CastBody(
        "Đảng ủy phường Phong Quảng", "Đảng ủy Phong Quảng", "party_committee", "commune", "ĐU", parent="superior"
    ),
    "hoa_chau": CastBody(
        "Đảng ủy phường Hóa Châu", "Đảng ủy Hóa Châu", "party_committee", "commune", "ĐU", parent="superior"
    ),
}
"""What the reorganisation of 2025 leads to. Two of them bore other names before: see RENAMED."""

RENAMED: dict[str, tuple[str, str, str]] = {
    "board": ("Ban Tuyên giáo và Dân vận Thành ủy Huế", "BTGDV Thành ủy", "BTGDVTU"),
    "quang_dien": ("Đảng ủy xã Quảng Điền", "Đảng ủy Quảng Điền", "ĐU"),
}
PLACES = {"quang_dien": "19867", "dan_dien": "19885"}

MOVED = {"lead": "board", "office": "quang_dien"}
"""Where the people of bodies that end go on."""


@dataclass(frozen=True)
class Part:
    name: str
    body: str
    duties: tuple[str, ...]


PARTS: dict[str, Part] = {
    "administrator": Part("Lê Thị Hạnh", "lead", ("administrator",)),
    "lead_leader": Part("Trần Quốc Thái", "lead", ("leader",)),
    "lead_officer": Part("Hoàng Minh Châu", "lead", ("officer",)),
    "lead_clerk": Part("Ngô Thị Thảo", "lead", ("clerk",)),
    "head": Part("Nguyễn Xuân Dương", "lead", ("leader",)),
    "secretary": Part("Phan Văn Lộc", "lead", ("officer",)),
    "auditor": Part("Võ Đình Khang", "lead", ("auditor",)),
    "member_a": Part("Tôn Nữ Diệu An", "partner", ("officer",)),
    "partner": Part("Bùi Đức Hòa", "partner", ("leader",)),
    "member_b": Part("Đặng Văn Bình", "partner_b", ("officer",)),
    "partner_b": Part("Hồ Thị Lệ", "partner_b", ("leader",)),
    "counterpart": Part("Lý Văn Thuận", "counterpart", ("leader",)),
    "supervised": Part("Trương Duy Hải", "office", ("leader",)),
    "addressee": Part("Cao Thị Vân", "addressee", ("leader",)),
    "addressee_superior": Part("Mai Văn Tài", "addressee_superior", ("leader",)),
    "verifier": Part("Đỗ Quang Vinh", "verifier", ("leader",)),
    "superior": Part("Phạm Hữu Nghĩa", "superior", ("leader",)),
    "stranger": Part("Nguyễn Thị Lam", "stranger", ("leader", "officer", "clerk")),
}
"""Nguyễn Xuân Dương and Trương Duy Hải are of the story; the other names are made up."""
