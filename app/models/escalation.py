"""A rung climbed: to whom it went, the letter that says so, and by when that body is to act."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.escalation import Rung
from app.models.base import BodyRef, Row, json_column, words
from app.models.recommendation.reads import BasisRead


class Escalation(Row, table=True):
    __table_args__ = (
        UniqueConstraint("recommendation_id", "level"),
        Index("ix_escalation_undigested", "id", postgresql_where=text("by_clock AND digested_in_id IS NULL")),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    level: int
    rung: Rung = Field(sa_type=words(Rung, "rung"))
    by_clock: bool
    escalated_on: date
    to_body_id: UUID = Field(foreign_key="body.id")
    copy_to: list[str] = Field(default_factory=list, sa_column=json_column())
    reason: str = Field(max_length=5000)
    rule_id: UUID | None = Field(default=None, foreign_key="rule.id")
    due_on: date | None = None
    due_basis: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    letter_subject: str = Field(max_length=500)
    letter_text: str
    digested_in_id: UUID | None = Field(default=None, foreign_key="sweep_run.id")


class EscalationRead(SQLModel):
    """`due_on` is when the rung itself is to have an effect; the clock then climbs the next."""

    id: UUID
    view: Literal["full"]
    recommendation_id: UUID
    level: int
    rung: Rung
    by_clock: bool
    escalated_on: date
    to_body_id: UUID
    to_body: BodyRef
    copy_to: list[UUID]
    copy_to_bodies: list[BodyRef]
    reason: str
    rule_id: UUID | None
    due_on: date | None
    due_basis: BasisRead | None
    letter_subject: str
    letter_text: str
    created_at: datetime
