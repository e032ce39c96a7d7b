"""A finding (kết quả, tồn tại, hạn chế …) and the edits that wait for a person to settle them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.domain.finding import FindingKind, FindingState, PendingEditState, Severity
from app.models.base import Entity, instant, json_column, search_expression, words


class Finding(Entity, table=True):
    """The client names it (UUIDv7); `first_digest` recognises the resending of the same first content."""

    __table_args__ = (
        Index("ix_finding_search", text(search_expression("content")), postgresql_using="gin"),
        Index("ix_finding_repeat_of", "repeat_of", postgresql_where=text("repeat_of IS NOT NULL")),
        Index("ix_finding_campaign_id_id", "campaign_id", "id"),
        Index("ix_finding_engagement_id_id", "engagement_id", "id"),
    )

    campaign_id: UUID = Field(foreign_key="campaign.id")
    engagement_id: UUID = Field(foreign_key="engagement.id")
    author_account_id: UUID = Field(foreign_key="account.id", index=True)
    author_body_id: UUID = Field(foreign_key="body.id")
    kind: FindingKind = Field(sa_type=words(FindingKind, "kind"))
    content: str = Field(max_length=10_000)
    clause: str | None = Field(default=None, max_length=100)
    severity: Severity | None = Field(default=None, sa_type=words(Severity, "severity"))
    occurred_on: date | None = None
    context: bool = False
    place_code: str | None = Field(default=None, foreign_key="place.code")
    extent: int | None = None
    criteria: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    repeat_of: UUID | None = Field(default=None, foreign_key="finding.id")
    cause_of: list[str] = Field(default_factory=list, sa_column=json_column())
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    session_id: UUID | None = Field(default=None, foreign_key="working_session.id")
    recorded_at_device: datetime | None = Field(default=None, sa_type=instant())
    state: FindingState = Field(default=FindingState.DRAFT, sa_type=words(FindingState, "state"))
    first_digest: str = Field(max_length=64)
    referral: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    not_pursued_reason: str | None = Field(default=None, max_length=5000)
    field_versions: dict[str, int] = Field(default_factory=dict, sa_column=json_column())


class PendingEdit(Entity, table=True):
    """An edit made on an older version whose fields collide; it waits for take, drop or combine."""

    __tablename__ = "pending_edit"

    finding_id: UUID = Field(foreign_key="finding.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    base_version: int
    fields: dict[str, Any] = Field(sa_column=json_column())
    colliding: list[str] = Field(default_factory=list, sa_column=json_column())
    state: PendingEditState = Field(default=PendingEditState.PENDING, sa_type=words(PendingEditState, "state"))
