"""A campaign (cuộc giám sát) with its partners, counterparts, supervised bodies and subject documents."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.campaign import CampaignForm, CampaignKind, CampaignState, Ground, Outcome, Regime
from app.models.base import Entity, Row, json_column, search_expression, words


class Campaign(Entity, table=True):
    """`review_*` are the years examined, `window_*` is when the campaign itself runs."""

    __table_args__ = (
        Index("ix_campaign_search", text(search_expression("title", "topic")), postgresql_using="gin"),
        Index("ix_campaign_window", text("daterange(window_from, window_to, '[]')"), postgresql_using="gist"),
    )

    kind: CampaignKind = Field(sa_type=words(CampaignKind, "kind"))
    regime: Regime = Field(sa_type=words(Regime, "regime"))
    form: CampaignForm = Field(sa_type=words(CampaignForm, "form"))
    ground: Ground | None = Field(default=None, sa_type=words(Ground, "ground"))
    title: str = Field(max_length=500)
    topic: str | None = Field(default=None, max_length=1000)
    topic_codes: list[str] = Field(default_factory=list, sa_column=json_column())
    scope: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    review_from: date | None = None
    review_to: date | None = None
    window_from: date | None = None
    window_to: date | None = None
    outline: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    lead_body_id: UUID = Field(foreign_key="body.id", index=True)
    deciding_body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    previous_campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id", index=True)
    state: CampaignState = Field(default=CampaignState.PROPOSED, sa_type=words(CampaignState, "state"))
    suspended_from: str | None = Field(default=None, max_length=32)
    planned_on: date | None = None
    overlap_justification: str | None = Field(default=None, max_length=5000)


class ConcurrenceColumns(SQLModel):
    """A body's agreement with a campaign, or its refusal and the lead's written answer to it."""

    outcome: Outcome | None = Field(default=None, sa_type=words(Outcome, "outcome"))
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    reason: str | None = Field(default=None, max_length=5000)
    answered_on: date | None = None
    answer_text: str | None = Field(default=None, max_length=5000)
    answer_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    answer_on: date | None = None


class CampaignPartner(Row, ConcurrenceColumns, table=True):
    """A body that takes part. `obligatory`: the Front, where an organisation attached to it leads."""

    __tablename__ = "campaign_partner"
    __table_args__ = (UniqueConstraint("campaign_id", "body_id"),)

    campaign_id: UUID = Field(foreign_key="campaign.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    role: str | None = Field(default=None, max_length=200)


class CampaignCounterpart(Row, ConcurrenceColumns, table=True):
    """A body that is asked for its agreement before the campaign is planned (NQLT 403 Đ3(3))."""

    __tablename__ = "campaign_counterpart"
    __table_args__ = (UniqueConstraint("campaign_id", "body_id"),)

    campaign_id: UUID = Field(foreign_key="campaign.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    obligatory: bool = False
    asked_on: date | None = None
    due_on: date | None = None


class CampaignSupervised(SQLModel, table=True):
    """A body that the campaign means to supervise; gives it no view of the campaign before it is notified."""

    __tablename__ = "campaign_supervised"

    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True)
    body_id: UUID = Field(foreign_key="body.id", primary_key=True, index=True)


class SubjectDocument(Row, table=True):
    """The policy whose carrying-out is examined (Kết luận 62-KL/TW of 08/12/2009, Bộ Chính trị)."""

    __tablename__ = "subject_document"

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    symbol: str = Field(max_length=80)
    parsed: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    normalised: str | None = Field(default=None, max_length=80, index=True)
    issued_on: date | None = None
    issuer: str | None = Field(default=None, max_length=300)
    title: str | None = Field(default=None, max_length=1000)
