"""A request that the supervised party revise its own report and send it again, as it is made, waived and read."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.domain.engagement import RevisionRequestState
from app.models.base import BodyRef, ListQuery, Payload
from app.models.moves import Move
from app.models.parts import DueBasis
from app.models.recommendation import Owner


class RevisionRequestCreate(Payload):
    reason: str = Field(min_length=1, max_length=5000)
    sections: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(default_factory=list, max_length=200)
    due_on: date = Field(schema_extra={"examples": ["2024-04-26"]})
    due_basis: DueBasis
    owner: Owner | None = Field(
        default=None, description="Mặc định: người đứng đầu · By default whoever heads the body"
    )
    on: date | None = None


class Waive(Move):
    action: Literal["waive"]
    reason: str = Field(min_length=1, max_length=5000)
    for_the_head: bool = False


class RevisionRequestFilter(ListQuery):
    engagement_id: list[UUID] = Field(default_factory=list)
    campaign_id: list[UUID] = Field(default_factory=list)
    state: list[RevisionRequestState] = Field(default_factory=list)


class RevisionRequestRead(SQLModel):
    """`recommendation_id` is the promise that it created; `answered_by` the report that answered it."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    engagement_id: UUID
    campaign_id: UUID
    supervised_body_id: UUID
    supervised_body: BodyRef
    reason: str
    sections: list[str]
    requested_on: date
    due_on: date
    due_basis: dict[str, Any]
    state: RevisionRequestState
    answered_on: date | None
    answered_by: UUID | None
    recommendation_id: UUID | None
    actions: list[str] | None = None
