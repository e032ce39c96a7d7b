"""A proposal put before a briefing, and how the chair answers it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.proposal import ProposalState
from app.models.base import BodyRef, Entity, ListQuery, Payload, words
from app.models.follow_up import FollowUp
from app.models.moves import Move


class Proposal(Entity, table=True):
    """`noted_on` and `closed_on` say on which agendas of the chair it stands, so that no list of them is kept."""

    __table_args__ = (
        Index("ix_proposal_noted", "chair_body_id", "noted_on", postgresql_where=text("noted_on IS NOT NULL")),
    )

    briefing_id: UUID = Field(foreign_key="briefing.id", index=True)
    chair_body_id: UUID = Field(foreign_key="body.id", index=True)
    proposer_body_id: UUID = Field(foreign_key="body.id", index=True)
    to_body_id: UUID = Field(foreign_key="body.id", index=True)
    text: str = Field(max_length=5000)
    state: ProposalState = Field(default=ProposalState.OPEN, sa_type=words(ProposalState, "state"))
    reason: str | None = Field(default=None, max_length=5000)
    noted_on: date | None = None
    closed_on: date | None = None
    recommendation_id: UUID | None = Field(default=None, foreign_key="recommendation.id")


class ProposalCreate(Payload):
    """Of the caller's body, or recorded by the chair for another participant; put to the chair by default."""

    text: str = Field(
        min_length=1,
        max_length=5000,
        schema_extra={"examples": ["Xử lý tình trạng doanh nghiệp nợ bảo hiểm xã hội và tiền lương"]},
    )
    proposer_body_id: UUID | None = None
    to_body_id: UUID | None = None


class ProposalFilter(ListQuery):
    briefing_id: list[UUID] = Field(default_factory=list, max_length=50)
    chair_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    proposer_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    to_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    state: list[ProposalState] = Field(default_factory=list)


class Note(Move):
    """It stays on the chair's next agenda until it is taken up or declined."""

    action: Literal["note"]
    reason: str = Field(min_length=1, max_length=5000)


class TakeUp(FollowUp, Move):
    """Makes a draft recommendation of the chair's body, which its leader issues."""

    action: Literal["take_up"]
    reason: str = Field(min_length=1, max_length=5000)


class Decline(Move):
    action: Literal["decline"]
    reason: str = Field(min_length=1, max_length=5000)


ProposalMove = Annotated[Note | TakeUp | Decline, Field(discriminator="action")]


class ProposalLine(SQLModel):
    """`reason` is that of the present answer; `recommendation_id` is there once it was taken up."""

    id: UUID
    version: int
    briefing_id: UUID
    proposer_body_id: UUID
    proposer_body: BodyRef
    to_body_id: UUID
    to_body: BodyRef
    text: str
    state: ProposalState
    reason: str | None
    noted_on: date | None
    closed_on: date | None
    recommendation_id: UUID | None


class ProposalRead(ProposalLine):
    view: Literal["full"]
    created_at: datetime
    chair_body_id: UUID
    chair_body: BodyRef
    actions: list[str] | None = None
