"""A working session as it is recorded: who met, what was minuted, what was promised."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import field_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel

from app.domain.recommendation import RecommendationState
from app.models.base import Payload
from app.models.parts import DueBasis, Person
from app.models.recommendation import Owner


class Minutes(Payload):
    """Biên bản: its text, its paper, or both."""

    text: str | None = Field(default=None, min_length=1, max_length=100_000)
    document_id: UUID | None = None


class Promise(Payload):
    """What the supervised party undertakes; it becomes an issued recommendation at once."""

    text: str = Field(min_length=1, max_length=5000)
    owner: Owner
    due_on: date
    due_basis: DueBasis


class SessionCreate(Payload):
    """Either side may chair and take the minutes; without minutes the engagement cannot move on."""

    held_on: date = Field(schema_extra={"examples": ["2024-04-12"]})
    place: str = Field(min_length=1, max_length=500, schema_extra={"examples": ["Huyện ủy Quảng Điền"]})
    chair: Person
    minute_taker: Person | None = None
    attendance: list[Person] = Field(default_factory=list, max_length=500)
    minutes: Minutes = Field(default_factory=Minutes)
    promises: list[Promise] = Field(default_factory=list, max_length=100)


class SessionUpdate(Payload):
    """Minutes that were finished after the session was recorded, or that were put right."""

    minutes: Minutes
    reason: str | None = Field(default=None, min_length=1, max_length=2000)

    @field_validator("minutes")
    @classmethod
    def minuted(cls, minutes: Minutes) -> Minutes:
        if minutes.text is None and minutes.document_id is None:
            raise PydanticCustomError("text_or_document", "Either a text or a document")
        return minutes


class AttendantRead(SQLModel):
    name: str
    title: str
    body_id: UUID
    account_id: UUID | None = None


class MinutesRead(SQLModel):
    text: str | None
    document_id: UUID | None


class Recorder(SQLModel):
    account_id: UUID
    body_id: UUID


class EarlierMinutes(MinutesRead):
    """What stood there until somebody replaced it, and why."""

    replaced_at: datetime
    replaced_by: Recorder
    reason: str | None


class OwnerNamed(SQLModel):
    name: str | None
    title: str | None


class PromiseRead(SQLModel):
    """The promise as it stands now; its life goes on as that of its recommendation."""

    recommendation_id: UUID
    text: str
    owner: OwnerNamed
    due_on: date
    due_basis: dict[str, Any]
    state: RecommendationState


class SessionRead(SQLModel):
    id: UUID
    view: Literal["full"]
    created_at: datetime
    engagement_id: UUID
    campaign_id: UUID
    held_on: date
    recorded_late: bool
    place: str | None
    chair: AttendantRead
    minute_taker: AttendantRead | None
    attendance: list[AttendantRead]
    minutes: MinutesRead
    earlier_minutes: list[EarlierMinutes]
    promises: list[PromiseRead]
