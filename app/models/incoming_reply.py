"""Papers that came in for a recommendation, as they are registered, classified and read."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.incoming_reply import IncomingReplyState
from app.domain.report import AnswerKind
from app.models.base import Entity, Payload, words
from app.models.moves import Move


class IncomingReply(Entity, table=True):
    """`account_id` is empty where the paper came by the exchange and nobody registered it by hand."""

    __tablename__ = "incoming_reply"
    __table_args__ = (
        Index("ix_incoming_reply_recommendation_id_id", "recommendation_id", "id"),
        Index("ix_incoming_reply_received", "recommendation_id", postgresql_where=text("state = 'received'")),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    document_id: UUID = Field(foreign_key="document.id")
    received_on: date
    note: str | None = Field(default=None, max_length=5000)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    state: IncomingReplyState = Field(default=IncomingReplyState.RECEIVED, sa_type=words(IncomingReplyState, "state"))
    kind: AnswerKind | None = Field(default=None, sa_type=words(AnswerKind, "answer_kind"))
    explanation: str | None = Field(default=None, max_length=10_000)
    decided_on: date | None = None
    decision_reason: str | None = Field(default=None, max_length=5000)


class IncomingReplyCreate(Payload):
    document_id: UUID
    received_on: date = Field(schema_extra={"examples": ["2024-06-12"]})
    note: str | None = Field(default=None, min_length=1, max_length=5000)


class ClassifyReply(Move):
    """What the paper says; `on` is the day of the reply, by default the day on which the paper arrived."""

    action: Literal["classify"]
    kind: AnswerKind
    explanation: str | None = Field(default=None, min_length=1, max_length=10_000)


class NotAReply(Move):
    action: Literal["not_a_reply"]
    reason: str = Field(min_length=1, max_length=5000)


IncomingReplyMove = Annotated[ClassifyReply | NotAReply, Limit(discriminator="action")]


class IncomingReplyRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    recommendation_id: UUID
    document_id: UUID
    received_on: date
    note: str | None
    state: IncomingReplyState
    kind: AnswerKind | None
    explanation: str | None
    decided_on: date | None
    decision_reason: str | None
    actions: list[str] | None = None
