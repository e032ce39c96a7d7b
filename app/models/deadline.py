"""Law as data: rules of periods, the working-day calendar, and the deadlines that pinned a version of both."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Entity, Row, json_column


class Rule(Entity, table=True):
    """A legal period, effective-dated, with its legal basis (domain.deadlines.Rule); `body_id` marks a local rule."""

    __table_args__ = (Index("ix_rule_code_valid_from", "code", "valid_from"),)

    code: str = Field(max_length=20)
    rule_version: int = 1
    regime: str = Field(max_length=16)
    trigger: str = Field(max_length=60)
    unit: str = Field(max_length=16)
    direction: str = Field(max_length=16)
    n: dict[str, int] = Field(default_factory=dict, sa_column=json_column())
    roll_forward: bool = True
    recurring: bool = False
    month_day: str | None = Field(default=None, max_length=5)
    extension_limit: str | None = Field(default=None, max_length=10)
    responsible: str = Field(max_length=300)
    what_vi: str = Field(max_length=1000)
    what_en: str = Field(max_length=1000)
    legal_basis: str = Field(max_length=1000)
    valid_from: date
    valid_to: date | None = None
    body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)


class CalendarDay(SQLModel, table=True):
    """An exception to Monday–Friday; a row corrected by an officer replaces the seeded one."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    kind: str = Field(max_length=16)
    name_vi: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    basis: str = Field(max_length=500)
    corrected: bool = False


class Deadline(Row, table=True):
    """A running or met clock of a record; rule and version are pinned when it starts."""

    __table_args__ = (UniqueConstraint("subject_id", "rule_code", "trigger_on"),)

    subject_type: str = Field(max_length=32)
    subject_id: UUID = Field(index=True)
    rule_id: UUID | None = Field(default=None, foreign_key="rule.id")
    rule_code: str = Field(max_length=20)
    rule_version: int
    legal_basis: str = Field(max_length=1000)
    trigger: str = Field(max_length=60)
    trigger_on: date
    n: int
    unit: str = Field(max_length=16)
    direction: str = Field(max_length=16)
    raw_due_on: date
    due_on: date
    responsible: str | None = Field(default=None, max_length=300)
    met_on: date | None = None
