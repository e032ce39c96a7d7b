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
