"""Reporting periods: which days, and what was counted in them when they were closed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import Index, Numeric
from sqlmodel import Field, SQLModel

from app.domain.reporting_period import ReportingPeriodState
from app.models.base import BodyRef, Entity, ListQuery, Payload, words
from app.models.moves import Move
from app.models.parts import Period
from app.models.year import YearFigures


class ReportingPeriod(Entity, table=True):
    """Both days included; the periods of a body do not overlap."""

    __tablename__ = "reporting_period"
    __table_args__ = (Index("ix_reporting_period_body_id_period_from", "body_id", "period_from"),)

    body_id: UUID = Field(foreign_key="body.id")
    title: str = Field(max_length=300)
    period_from: date
    period_to: date
    state: ReportingPeriodState = Field(
        default=ReportingPeriodState.OPEN, sa_type=words(ReportingPeriodState, "reporting_period_state")
    )
    closed_on: date | None = None


class ReportingLine(SQLModel, table=True):
    """A record that counted in a figure when `period_id` was closed; never changed.

    `of_period_id` is the period in whose days it lies: another, earlier one where the line corrects what that one said.
    """

    __tablename__ = "reporting_line"
    __table_args__ = (Index("ix_reporting_line_of_period_id", "of_period_id"),)

    period_id: UUID = Field(foreign_key="reporting_period.id", primary_key=True)
    of_period_id: UUID = Field(foreign_key="reporting_period.id", primary_key=True)
    figure: str = Field(max_length=64, primary_key=True)
    record_id: UUID = Field(primary_key=True)
    record_type: str = Field(max_length=32)
    amount: Decimal = Field(sa_type=Numeric(20, 2))


class ReportingPeriodCreate(Payload):
    """The caller's body reports; an office names the organ for which it acts as `body_id`."""

    period: Period
    body_id: UUID | None = None
    title: str | None = Field(
        default=None, min_length=1, max_length=300, schema_extra={"examples": ["Báo cáo 7 tháng đầu năm 2024"]}
    )


class CloseReportingPeriod(Move):
    action: Literal["close"]


class ReportingPeriodFilter(ListQuery):
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    state: list[ReportingPeriodState] = Field(default_factory=list, max_length=5)
    day: date | None = Field(default=None, description="Kỳ có ngày này · The period in which this day lies")


class ReportingPeriodEntry(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    body_id: UUID
    body: BodyRef
    title: str
    period: Period
    state: ReportingPeriodState
    closed_on: date | None
    actions: list[str] | None = None


class NotedRecord(SQLModel):
    """`title` is null when the record can no longer be seen."""

    type: str
    id: UUID
    title: str | None


class LastStep(SQLModel):
    """The last step that was recorded of the record after the closing."""

    action: str
    on: date
    at: datetime


class ReportingNote(SQLModel):
    """This record would change this figure `from` – `to`, had the period not been closed; notes in turn."""

    figure: str
    record: NotedRecord
    from_: float = Field(alias="from")
    to: float
    step: LastStep | None


class Correction(SQLModel):
    """What was corrected in closed periods since they were closed counts here."""

    figure: str
    amount: float


class ReportingPeriodRead(ReportingPeriodEntry):
    """`figures` of an open period are those of today; of a closed one as they stood when it was closed.

    `corrections` are not in `figures`, which stay equal to their lists: add them to what is reported.
    """

    figures: YearFigures
    corrections: list[Correction]
    notes: list[ReportingNote]
