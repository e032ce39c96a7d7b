"""One text to several addressees, as it is drafted, issued and read."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel

from app.domain.recommendation import Implementation, Origin, Overdue, RecommendationState, ReplyStatus
from app.models.base import BodyRef, Payload
from app.models.parts import DueBasis
from app.models.recommendation import IssueRecommendation, Owner

MOST = 200


class SeriesAddressee(Payload):
    body_id: UUID
    owner: Owner


class SeriesCreate(Payload):
    """A recommendation as ever, with an owner for each addressee."""

    origin: Origin = Origin.REPORT
    origin_id: UUID | None = None
    campaign_id: UUID | None = None
    engagement_id: UUID | None = None
    verifier_body_id: UUID | None = None
    action: str = Field(min_length=1, max_length=5000)
    expected_result: str | None = Field(default=None, min_length=1, max_length=5000)
    measure: str | None = Field(default=None, min_length=1, max_length=2000)
    finding_ids: list[UUID] = Field(default_factory=list, max_length=200)
    copy_to: list[UUID] = Field(default_factory=list, max_length=50)
    reply_due_on: date | None = None
    reply_due_basis: DueBasis | None = None
    due_on: date | None = None
    due_basis: DueBasis | None = None
    addressees: Annotated[list[SeriesAddressee], Field(min_length=2, max_length=MOST)]

    @model_validator(mode="after")
    def each_once(self) -> Self:
        if len({it.body_id for it in self.addressees}) != len(self.addressees):
            raise PydanticCustomError("addressee_twice", "Each addressee once")
        return self


class SeriesIssue(IssueRecommendation):
    """All drafts of the series at once, with one document."""


class SeriesWorst(SQLModel):
    """Axis by axis the worst of its recommendations; the withdrawn ones do not count."""

    state: RecommendationState
    reply_status: ReplyStatus | None
    implementation: Implementation | None
    overdue: Overdue


class SeriesMember(SQLModel):
    id: UUID
    version: int
    number: int | None
    addressee_id: UUID | None
    addressee: BodyRef | None
    due_on: date | None
    state: RecommendationState
    reply_status: ReplyStatus | None
    implementation: Implementation | None
    overdue: Overdue


class SeriesRead(SQLModel):
    """As far as the caller sees its recommendations."""

    id: UUID
    view: Literal["full"]
    action: str
    size: int
    worst: SeriesWorst
    next_due_on: date | None = Field(description="Hạn gần nhất còn chạy · The nearest date that still runs")
    recommendations: list[SeriesMember]
