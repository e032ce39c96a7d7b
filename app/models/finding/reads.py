"""Findings and waiting edits as they are shown."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.domain.finding import FindingKind, FindingState, PendingEditState, Severity
from app.models.base import BodyRef, PersonRef
from app.models.finding.payloads import Criterion
from app.models.parts import Evidence


class PlaceRef(SQLModel):
    code: str
    name: str


class ReferralRead(SQLModel):
    """Where a sign of violation was sent."""

    to_body_id: UUID
    to_body: BodyRef
    document_id: UUID
    on: date


class FindingRead(SQLModel):
    """Bodies are named as on the day the finding was recorded."""

    id: UUID
    version: int
    view: Literal["full"]
    state: FindingState
    campaign_id: UUID
    engagement_id: UUID
    supervised_body_id: UUID
    supervised_body: BodyRef
    author: PersonRef
    author_body_id: UUID
    author_body: BodyRef
    kind: FindingKind
    content: str
    clause: str | None
    severity: Severity | None
    occurred_on: date | None
    context: bool
    place_code: str | None
    place: PlaceRef | None
    extent: int | None
    criteria: list[Criterion]
    repeat_of: UUID | None
    cause_of: list[UUID]
    evidence: list[Evidence]
    session_id: UUID | None
    referral: ReferralRead | None
    not_pursued_reason: str | None
    pending_edits: int = Field(description="Số sửa đổi đang chờ · Edits that wait to be settled")
    recorded_at_device: datetime | None
    created_at: datetime
    actions: list[str] | None = None


class FindingMerged(FindingRead):
    merged_from: int | None = Field(
        default=None, description="Phiên bản cũ mà sửa đổi dựa vào · The older version that the edit was made on"
    )


class PendingEditRead(SQLModel):
    """`fields` is the whole edit as it was sent; nothing of it is applied yet."""

    id: UUID
    version: int
    view: Literal["full"]
    state: PendingEditState
    finding_id: UUID
    author: PersonRef
    author_body_id: UUID
    author_body: BodyRef
    base_version: int
    fields: dict[str, Any]
    colliding: list[str]
    created_at: datetime
    actions: list[str] | None = None


class PendingEditMade(SQLModel):
    pending_edit_id: UUID
