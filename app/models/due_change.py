"""Every date that a recommendation has run against: what it was, what it became, and why."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.recommendation import FollowUpClock
from app.models.base import Row, words


class DueChangeCause(StrEnum):
    EXTENSION = "extension"
    PAUSE = "pause"
    CALENDAR = "calendar"
    AMENDMENT = "amendment"
    RETURN = "return"
    DISPUTE = "dispute"
    REOPENING = "reopening"
    TRANSFER = "transfer"
    RECEIPT = "receipt"


class DueChange(Row, table=True):
    """`record_id` is the extension or the pause that moved the date."""

    __tablename__ = "due_change"
    __table_args__ = (Index("ix_due_change_recommendation_id_id", "recommendation_id", "id"),)

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    clock: FollowUpClock = Field(sa_type=words(FollowUpClock, "follow_up_clock"))
    was_due_on: date | None = None
    due_on: date
    because: DueChangeCause = Field(sa_type=words(DueChangeCause, "because"))
    record_id: UUID | None = None
    changed_on: date


class DueChangeRead(SQLModel):
    was_due_on: date | None
    due_on: date
    because: DueChangeCause
    record_id: UUID | None
    changed_on: date
