"""The nightly clock's own records: what each run did, and what it told each body in one message."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, instant


class SweepRun(Row, table=True):
    """One run of the clock as of a day; `finished_at` stays empty where it was cut off, and the next run goes on."""

    __tablename__ = "sweep_run"

    swept_on: date = Field(index=True)
    reminded: int = 0
    escalated: int = 0
    failed: int = 0
    finished_at: datetime | None = Field(default=None, sa_type=instant())


class Digest(Row, table=True):
    """What one run has to tell the people of one body: counts, instead of a message for each recommendation."""

    __table_args__ = (UniqueConstraint("run_id", "body_id"),)

    run_id: UUID = Field(foreign_key="sweep_run.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    upcoming: int
    overdue: int
    escalated: int
