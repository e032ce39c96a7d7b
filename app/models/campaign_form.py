"""What the forms of supervision without a delegation need: the board and its plan, host and nomination, own records."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.campaign import RecordKind
from app.models.base import Row, words


class CampaignBoard(Row, table=True):
    """Through which board the campaign works, and the board's plan for it: when it begins, to whom it went."""

    __tablename__ = "campaign_board"

    campaign_id: UUID = Field(foreign_key="campaign.id", unique=True)
    board_id: UUID = Field(foreign_key="board.id", index=True)
    starts_on: date | None = None
    plan_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    plan_sent_on: date | None = None
    plan_sent_to: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))


class CampaignParticipation(Row, table=True):
    """The competent body whose supervision the Front joins (Luật MTTQ Đ27, form 4; NQLT 403 Đ12)."""

    __tablename__ = "campaign_participation"

    campaign_id: UUID = Field(foreign_key="campaign.id", unique=True)
    host_body_id: UUID = Field(foreign_key="body.id", index=True)
    programme: str | None = Field(default=None, max_length=1000)
    invitation_document_id: UUID | None = Field(default=None, foreign_key="document.id")


class Nomination(Row, table=True):
    """Who takes part in the host's supervision, by which paper; another takes the place of the one it replaces."""

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    name: str = Field(max_length=200)
    title: str = Field(max_length=300)
    body_id: UUID = Field(foreign_key="body.id")
    document_id: UUID = Field(foreign_key="document.id")
    nominated_on: date
    replaces_id: UUID | None = Field(default=None, foreign_key="nomination.id", unique=True)


class CampaignRecord(Row, table=True):
    """Minutes or a written opinion of a campaign without engagements; append-only."""

    __tablename__ = "campaign_record"
    __table_args__ = (Index("ix_campaign_record_campaign_id_id", "campaign_id", "id"),)

    campaign_id: UUID = Field(foreign_key="campaign.id")
    kind: RecordKind = Field(sa_type=words(RecordKind, "kind"))
    held_on: date
    place: str | None = Field(default=None, max_length=500)
    author_name: str = Field(max_length=200)
    author_title: str | None = Field(default=None, max_length=300)
    author_body_id: UUID | None = Field(default=None, foreign_key="body.id")
    nomination_id: UUID | None = Field(default=None, foreign_key="nomination.id", index=True)
    text: str | None = Field(default=None, max_length=20_000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    asks: str | None = Field(default=None, max_length=5000)
