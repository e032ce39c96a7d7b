"""An engagement: one supervised party, its working sessions, and the requests to revise its own report."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from app.domain.engagement import EngagementState, RevisionRequestState
from app.models.base import Entity, Row, json_column, words


class Engagement(Entity, table=True):
    """The supervised party is a body, or a person (name, post) of a body."""

    __table_args__ = (CheckConstraint("supervised_person IS NULL OR supervised_person ? 'name'", name="person_named"),)

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    delegation_id: UUID = Field(foreign_key="delegation.id", index=True)
    supervised_body_id: UUID = Field(foreign_key="body.id", index=True)
    supervised_person: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    state: EngagementState = Field(default=EngagementState.PREPARING, sa_type=words(EngagementState, "state"))
    document_ids: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    session_planned_on: date | None = None
    notified_on: date | None = None
    received_on: date | None = None
    self_report_due_on: date | None = None
    self_reported_on: date | None = None
    comments_due_on: date | None = None
    finalised_on: date | None = None
    procedure_breaches: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())


class WorkingSession(Row, table=True):
    """A working session (buổi làm việc): chaired and minuted by either side; append-only."""

    __tablename__ = "working_session"

    engagement_id: UUID = Field(foreign_key="engagement.id", index=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    held_on: date
    place: str | None = Field(default=None, max_length=500)
    chair: dict[str, Any] = Field(sa_column=json_column())
    minute_taker: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    attendance: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    minutes_text: str | None = None
    minutes_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    promise_ids: list[str] = Field(default_factory=list, sa_column=json_column())


class RevisionRequest(Entity, table=True):
    """Asks the supervised party for a new version of its own report; creates the promise `recommendation_id`."""

    __tablename__ = "revision_request"

    engagement_id: UUID = Field(foreign_key="engagement.id", index=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    reason: str = Field(max_length=5000)
    sections: list[str] = Field(default_factory=list, sa_column=json_column())
    requested_on: date
    due_on: date
    due_basis: dict[str, Any] = Field(sa_column=json_column())
    state: RevisionRequestState = Field(default=RevisionRequestState.OPEN, sa_type=words(RevisionRequestState, "state"))
    answered_on: date | None = None
    recommendation_id: UUID | None = Field(default=None, foreign_key="recommendation.id")
