"""A recommendation (kiến nghị) with its four axes, the progress reported on it, and the reminders it took."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from app.domain.recommendation import Implementation, Origin, RecommendationState, ReminderClock, ReplyStatus
from app.domain.transfer import Ending
from app.models.base import Entity, Row, json_column, search_expression, words

NO_DUE_DATE = date.max
"""Lists sort by columns that are never NULL: without a due date a recommendation comes last."""


class Recommendation(Entity, table=True):
    __table_args__ = (
        Index("ix_recommendation_search", text(search_expression("action", "expected_result")), postgresql_using="gin"),
        Index("ix_recommendation_issuer_body_id_id", "issuer_body_id", "id"),
        Index("ix_recommendation_addressee_id_id", "addressee_id", "id"),
        Index("ix_recommendation_verifier_body_id_id", "verifier_body_id", "id"),
        Index("ix_recommendation_proposer_body_id_id", "proposer_body_id", "id"),
        Index("ix_recommendation_campaign_id_id", "campaign_id", "id"),
        Index("ix_recommendation_engagement_id_id", "engagement_id", "id"),
        Index("ix_recommendation_due_sort_id", "due_sort", "id"),
        Index("ix_recommendation_escalated", "addressee_id", "id", postgresql_where=text("escalation_level > 0")),
        Index("ix_recommendation_divided", "addressee_id", postgresql_where=text("divided_from_id IS NOT NULL")),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR addressee_id IS NOT NULL", name="addressed"),
    )

    number: int | None = None
    origin: Origin = Field(sa_type=words(Origin, "origin"))
    origin_id: UUID | None = None
    campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id")
    engagement_id: UUID | None = Field(default=None, foreign_key="engagement.id")
    issuer_body_id: UUID = Field(foreign_key="body.id")
    proposer_body_id: UUID | None = Field(default=None, foreign_key="body.id")
    addressee_id: UUID | None = Field(default=None, foreign_key="body.id")
    verifier_body_id: UUID = Field(foreign_key="body.id")
    copy_to: list[str] = Field(default_factory=list, sa_column=json_column())
    owner_name: str | None = Field(default=None, max_length=200)
    owner_title: str | None = Field(default=None, max_length=300)
    action: str = Field(max_length=5000)
    expected_result: str | None = Field(default=None, max_length=5000)
    measure: str | None = Field(default=None, max_length=2000)
    finding_ids: list[str] = Field(default_factory=list, sa_column=json_column())
    issued_on: date | None = None
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    received_on: date | None = None
    received_assumed: bool = False
    reply_from: date | None = Field(default=None, description="The day from which the present reply date counts")
    reply_due_on: date | None = None
    reply_due_basis: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    due_on: date | None = None
    due_basis: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    due_set_on: date | None = Field(default=None, description="When the present due_on was set, if after the issue")
    paused_since: date | None = Field(default=None, description="Since when its clocks stand still, end unknown")
    due_sort: date = Field(default=NO_DUE_DATE, description="due_on, or NO_DUE_DATE")
    state: RecommendationState = Field(
        default=RecommendationState.DRAFT, sa_type=words(RecommendationState, "state"), index=True
    )
    reply_status: ReplyStatus | None = Field(default=None, sa_type=words(ReplyStatus, "reply_status"))
    implementation: Implementation | None = Field(default=None, sa_type=words(Implementation, "implementation"))
    escalation_level: int = 0
    escalated_to_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    series_id: UUID | None = Field(default=None, index=True)
    because: Ending | None = Field(default=None, sa_type=words(Ending, "because"))
    divided_from_id: UUID | None = Field(default=None, foreign_key="recommendation.id")
    first_addressee_id: UUID | None = Field(default=None, foreign_key="body.id", description="Before any transfer")
    first_issuer_id: UUID | None = Field(default=None, foreign_key="body.id", description="Before any transfer")
    first_replied_on: date | None = None
    resolved_on: date | None = None
    claimed_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    reply: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    verification: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    claimed_on: date | None = None
    claim_evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())


class Progress(Row, table=True):
    """What the addressee reports on the way; moves nothing by itself."""

    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    percent: int
    note: str = Field(max_length=5000)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    reported_on: date
    on_behalf: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))


class Reminder(Row, table=True):
    """An urging (đôn đốc); only one with a document counts as written.

    One sent by the clock names the date it reminds of and which of its reminders it is (domain.reminders), once.
    """

    __table_args__ = (
        UniqueConstraint("recommendation_id", "clock", "due_on", "offset_days"),
        Index("ix_reminder_undigested", "id", postgresql_where=text("clock IS NOT NULL AND digested_in_id IS NULL")),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    reminded_on: date
    note: str | None = Field(default=None, max_length=5000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    clock: ReminderClock | None = Field(default=None, sa_type=words(ReminderClock, "reminder_clock"))
    due_on: date | None = None
    offset_days: int | None = Field(default=None, description="15: fifteen working days before; -7: seven days after")
    digested_in_id: UUID | None = Field(default=None, foreign_key="sweep_run.id")
