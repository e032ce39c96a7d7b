"""What a phone takes along: the engagement, and all that its members look up while they are out."""

from sqlmodel import SQLModel

from app.models.campaign import CampaignSeen
from app.models.delegation import DelegationSeen, MemberSeen
from app.models.document import DocumentRead
from app.models.engagement import EngagementRead
from app.models.finding import FindingRead
from app.models.session import SessionRead


class PackedPlace(SQLModel):
    code: str
    kind: str
    name: str
    full_name: str
    parent_code: str | None


class PackedWord(SQLModel):
    code: str
    vi: str
    en: str


class FieldPack(SQLModel):
    """`findings` are the caller's own, in every state; `vocabulary` has the words of the values in a finding."""

    engagement: EngagementRead
    campaign: CampaignSeen
    delegation: DelegationSeen
    members: list[MemberSeen]
    sessions: list[SessionRead]
    findings: list[FindingRead]
    documents: list[DocumentRead]
    places: list[PackedPlace]
    vocabulary: dict[str, list[PackedWord]]
