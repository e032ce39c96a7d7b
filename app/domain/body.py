"""What bodies are: kinds and levels (domain.md, section 2), and how one becomes another (section 3.10)."""

from enum import StrEnum


class BodyKind(StrEnum):
    FRONT_COMMITTEE = "front_committee"
    SPO = "spo"
    MASS_ASSOC = "mass_assoc"
    MASS_MOB = "mass_mob"
    PARTY_COMMITTEE = "party_committee"
    PARTY_SC = "party_sc"
    INSPECTION_COMMISSION = "inspection_commission"
    PC_COUNCIL = "pc_council"
    PC_COMMITTEE = "pc_committee"
    DEPARTMENT = "department"
    PTIB = "ptib"
    CISB = "cisb"
    OFFICE = "office"
    OTHER = "other"


PARTY_KINDS = frozenset(
    {BodyKind.PARTY_COMMITTEE, BodyKind.PARTY_SC, BodyKind.MASS_MOB, BodyKind.INSPECTION_COMMISSION}
)
ATTACHED_TO_FRONT = frozenset({BodyKind.SPO, BodyKind.MASS_ASSOC})
"""Attached to the Front since 01/07/2025 (Luật MTTQ Đ5 as amended); lead only with its concurrence (Đ26(3))."""


MAY_LEAD = frozenset(
    {
        BodyKind.FRONT_COMMITTEE,
        BodyKind.PC_COUNCIL,
        BodyKind.PTIB,
        BodyKind.CISB,
        *PARTY_KINDS,
        *ATTACHED_TO_FRONT,
    }
)
"""Bodies that supervise others: the Front and what is attached to it, the Party, councils, boards of the grassroots."""

ORGANS = frozenset(
    {BodyKind.PARTY_SC, BodyKind.INSPECTION_COMMISSION, BodyKind.MASS_MOB, BodyKind.DEPARTMENT, BodyKind.OFFICE}
)
"""Parts of their parent when of its level; a committee below, or an organisation attached to it, stands by itself."""


GOVERNMENT_KINDS = frozenset({BodyKind.PC_COUNCIL, BodyKind.PC_COMMITTEE, BodyKind.DEPARTMENT})
"""Forms of reporting count recommendations to the Party, to the government and to others (domain.md, section 6.1)."""


class Level(StrEnum):
    CENTRE = "centre"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class PlaceKind(StrEnum):
    """Two tiers since 01/07/2025: provinces and cities, and below them communes, wards and special zones."""

    PROVINCE = "province"
    CITY = "city"
    COMMUNE = "commune"
    WARD = "ward"
    SPECIAL_ZONE = "special_zone"


class LineageKind(StrEnum):
    MERGE = "merge"
    CONSOLIDATE = "consolidate"
    DIVIDE = "divide"
    SPLIT = "split"
    DISSOLVE = "dissolve"
    RENAME = "rename"
    RETYPE = "retype"


SURVIVED = frozenset({LineageKind.SPLIT, LineageKind.RENAME, LineageKind.RETYPE})
"""The predecessor goes on: parts leave it, or it bears another name or kind (BLDS 2015 Đ88–93 by analogy)."""
SUCCEEDED = frozenset({LineageKind.MERGE, LineageKind.CONSOLIDATE, LineageKind.DIVIDE, LineageKind.SPLIT})
"""Kinds without sense unless some successor is named."""
