"""When progress on a recommendation is to be reported, and which report answered which day."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.progress_schedule import MOST, Rhythm
from app.models.base import Day, Payload, Row
from app.models.parts import not_before


class ProgressDue(Row, table=True):
    """One day on which a report is due; answered by the first report of that day or later, or an early one."""

    __tablename__ = "progress_due"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "due_on"),
        Index(
            "ix_progress_due_unanswered", "recommendation_id", "due_on", postgresql_where=text("progress_id IS NULL")
        ),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    due_on: date
    progress_id: UUID | None = Field(default=None, foreign_key="progress.id")


class ProgressSchedulePut(Payload):
    """Either a rhythm with its first day, or the days themselves; none of both ends the reporting."""

    every: Rhythm | None = None
    starts_on: date | None = Field(default=None, schema_extra={"examples": ["2024-07-31"]})
    until: Annotated[date | None, not_before("starts_on")] = Field(
        default=None, description="Mặc định là hạn hoàn thành · The completion date by default"
    )
    dates: list[Day] = Field(default_factory=list, max_length=MOST)

    @model_validator(mode="after")
    def one_form(self) -> Self:
        if (self.every is None) != (self.starts_on is None) or (self.every is not None and self.dates):
            raise PydanticCustomError("rhythm_or_dates", "Either every and starts_on, or dates")
        return self


class ProgressDueStanding(StrEnum):
    ANSWERED = "answered"
    DUE = "due"
    OVERDUE = "overdue"


class ProgressDueRead(SQLModel):
    due_on: date
    progress_id: UUID | None
    state: ProgressDueStanding


class ProgressScheduleRead(SQLModel):
    """Soonest first; `next_due_on` is the soonest that nobody has answered."""

    recommendation_id: UUID
    view: Literal["full"]
    next_due_on: date | None
    overdue: int
    dates: list[ProgressDueRead]
