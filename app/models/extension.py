"""More time for a recommendation, as it is asked, decided and read."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.extension import ExtensionState
from app.domain.recommendation import FollowUpClock
from app.models.base import BodyRef, Entity, Payload, json_column, words
from app.models.moves import Move, OnBehalf, RepresentedMove


class Extension(Entity, table=True):
    """`was_due_on` is the date as it stood when more time was asked; `granted_until` what the leader gave."""

    __table_args__ = (
        Index("ix_extension_recommendation_id_id", "recommendation_id", "id"),
        Index("ix_extension_requested", "recommendation_id", postgresql_where=text("state = 'requested'")),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    clock: FollowUpClock = Field(sa_type=words(FollowUpClock, "follow_up_clock"))
    was_due_on: date
    until: date
    reason: str = Field(max_length=5000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    requested_on: date
    body_id: UUID = Field(foreign_key="body.id")
    account_id: UUID = Field(foreign_key="account.id")
    on_behalf: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    state: ExtensionState = Field(default=ExtensionState.REQUESTED, sa_type=words(ExtensionState, "state"))
    decided_on: date | None = None
    granted_until: date | None = None
    decision_reason: str | None = Field(default=None, max_length=5000)
    decision_document_id: UUID | None = Field(default=None, foreign_key="document.id")


class ExtensionCreate(Payload):
    until: date = Field(description="Đề nghị gia hạn đến · Asked until", schema_extra={"examples": ["2024-09-30"]})
    reason: str = Field(min_length=1, max_length=5000, schema_extra={"examples": ["Chờ hướng dẫn của cấp trên"]})
    clock: FollowUpClock = Field(
        default=FollowUpClock.COMPLETION, description="Hạn hoàn thành hay hạn trả lời · Which of the two dates"
    )
    document_id: UUID | None = None
    on: date | None = None
    on_behalf: OnBehalf | None = None


class GrantExtension(Move):
    action: Literal["grant"]
    until: date | None = Field(default=None, description="Mặc định như đề nghị · As asked by default, never later")


class RefuseExtension(Move):
    action: Literal["refuse"]
    reason: str = Field(min_length=1, max_length=5000)


class WithdrawExtension(RepresentedMove):
    action: Literal["withdraw"]


ExtensionMove = Annotated[GrantExtension | RefuseExtension | WithdrawExtension, Limit(discriminator="action")]


class ExtensionRead(SQLModel):
    """Both dates are kept: the one that stood, and the one that was granted."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    recommendation_id: UUID
    clock: FollowUpClock
    was_due_on: date
    until: date
    reason: str
    document_id: UUID | None
    requested_on: date
    body_id: UUID
    body: BodyRef
    on_behalf: OnBehalf | None
    state: ExtensionState
    decided_on: date | None
    granted_until: date | None
    decision_reason: str | None
    decision_document_id: UUID | None
    actions: list[str] | None = None
