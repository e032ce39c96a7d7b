"""Checks of what was closed, as they are planned, concluded and read."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.effectiveness_check import Effect, EffectivenessCheckState
from app.models.base import Entity, Payload, json_column, words
from app.models.moves import Move
from app.models.parts import Evidence


class EffectivenessCheck(Entity, table=True):
    __tablename__ = "effectiveness_check"
    __table_args__ = (
        Index("ix_effectiveness_check_recommendation_id_id", "recommendation_id", "id"),
        Index("ix_effectiveness_check_planned", "recommendation_id", postgresql_where=text("state = 'planned'")),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    due_on: date
    question: str | None = Field(default=None, max_length=5000)
    account_id: UUID = Field(foreign_key="account.id")
    state: EffectivenessCheckState = Field(
        default=EffectivenessCheckState.PLANNED, sa_type=words(EffectivenessCheckState, "state")
    )
    outcome: Effect | None = Field(default=None, sa_type=words(Effect, "outcome"))
    note: str | None = Field(default=None, max_length=5000)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    decided_on: date | None = None


class EffectivenessCheckCreate(Payload):
    due_on: date = Field(schema_extra={"examples": ["2025-06-30"]})
    question: str | None = Field(
        default=None, min_length=1, max_length=5000, description="Cần xem lại điều gì · What is to be looked at"
    )
    on: date | None = None


class ConcludeCheck(Move):
    action: Literal["conclude"]
    outcome: Effect
    note: str = Field(min_length=1, max_length=5000)
    evidence: list[Evidence] = Field(min_length=1, max_length=50)


class CancelCheck(Move):
    action: Literal["cancel"]
    reason: str = Field(min_length=1, max_length=5000)


EffectivenessCheckMove = Annotated[ConcludeCheck | CancelCheck, Limit(discriminator="action")]


class EffectivenessCheckRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    recommendation_id: UUID
    due_on: date
    question: str | None
    state: EffectivenessCheckState
    outcome: Effect | None
    note: str | None
    evidence: list[Evidence]
    decided_on: date | None
    actions: list[str] | None = None
