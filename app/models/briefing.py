"""A briefing with its participants and conclusions; the proposals put before it stand in a module of their own."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.briefing import BriefingKind, BriefingState
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, json_column, search_expression, words
from app.models.moves import Move
from app.models.parts import Period
from app.models.proposal import ProposalCreate, ProposalLine


class Briefing(Entity, table=True):
    """`period_*` is what is reported on, `scheduled_on` the day for which the briefing is called."""

    __table_args__ = (
        Index("ix_briefing_search", text(search_expression("title")), postgresql_using="gin"),
        Index("ix_briefing_chair_body_id_scheduled_on", "chair_body_id", "scheduled_on"),
    )

    kind: BriefingKind = Field(sa_type=words(BriefingKind, "kind"))
    title: str | None = Field(default=None, max_length=500)
    chair_body_id: UUID = Field(foreign_key="body.id")
    period_from: date | None = None
    period_to: date | None = None
    scheduled_on: date
    held_on: date | None = None
    place: str | None = Field(default=None, max_length=500)
    report_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    agenda: list[str] = Field(default_factory=list, sa_column=json_column())
    state: BriefingState = Field(default=BriefingState.SCHEDULED, sa_type=words(BriefingState, "state"), index=True)


class BriefingParticipant(Row, table=True):
    """A body that takes part, and who came for it; one row for each person."""

    __tablename__ = "briefing_participant"

    briefing_id: UUID = Field(foreign_key="briefing.id", index=True)
    body_id: UUID = Field(foreign_key="body.id", index=True)
    name: str | None = Field(default=None, max_length=200)
    title: str | None = Field(default=None, max_length=300)


class BriefingConclusion(Row, table=True):
    """What the chair concluded, and whom it charges; append-only."""

    __tablename__ = "briefing_conclusion"

    briefing_id: UUID = Field(foreign_key="briefing.id", index=True)
    text: str = Field(max_length=5000)
    to_body_id: UUID = Field(foreign_key="body.id")
    due_on: date | None = None
    recommendation_id: UUID | None = Field(default=None, foreign_key="recommendation.id")


def named_alone(value: Any) -> Any:
    """The id of a body alone stands for the body without a name of somebody."""
    return {"body_id": value} if isinstance(value, str | UUID) else value


class Participant(Payload):
    body_id: UUID
    name: str | None = Field(default=None, min_length=1, max_length=200, schema_extra={"examples": ["Lê Quang Tùng"]})
    title: str | None = Field(default=None, min_length=1, max_length=300)


Participants = list[Annotated[Participant, BeforeValidator(named_alone)]]


class BriefingFields(Payload):
    title: str | None = Field(
        default=None,
        min_length=1,
        max_length=500,
        schema_extra={"examples": ["Làm việc với Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh"]},
    )
    period: Period | None = None
    place: str | None = Field(default=None, min_length=1, max_length=500)
    report_document_id: UUID | None = None
    agenda: list[Annotated[str, Field(min_length=1, max_length=1000)]] = Field(default_factory=list, max_length=100)
    participants: Participants = Field(default_factory=list, max_length=300)


class BriefingCreate(BriefingFields):
    """The caller's body is in the chair unless an organ is named for which it acts."""

    kind: BriefingKind
    chair_body_id: UUID | None = None
    scheduled_on: date | None = Field(
        default=None, description="Mặc định hôm nay · Today by default", schema_extra={"examples": ["2021-08-26"]}
    )
    proposals: list[ProposalCreate] = Field(default_factory=list, max_length=100)


class BriefingUpdate(BriefingFields):
    """Only what is sent is changed, until the briefing is concluded."""

    scheduled_on: date = Field(default=None)


class ConclusionCreate(Payload):
    text: str = Field(min_length=1, max_length=5000)
    to_body_id: UUID
    due_on: date | None = None


class BriefingFilter(ListQuery):
    kind: list[BriefingKind] = Field(default_factory=list)
    state: list[BriefingState] = Field(default_factory=list)
    chair_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    participant_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    scheduled_from: date | None = None
    scheduled_to: date | None = None
    q: str | None = Field(default=None, min_length=1, max_length=200)


class Hold(Move):
    action: Literal["hold"]


class CallOff(Move):
    """It will not be held after all."""

    action: Literal["call_off"]
    reason: str = Field(min_length=1, max_length=5000)


class ConcludeBriefing(Move):
    """`document_id` is the notice of conclusions, where one is issued."""

    action: Literal["conclude"]


class CloseBriefing(Move):
    action: Literal["close"]


BriefingMove = Annotated[Hold | CallOff | ConcludeBriefing | CloseBriefing, Field(discriminator="action")]


class ParticipantRead(SQLModel):
    body_id: UUID
    body: BodyRef
    name: str | None
    title: str | None


class ConclusionLine(SQLModel):
    """`recommendation_id` where it is followed up."""

    id: UUID
    text: str
    to_body_id: UUID
    to_body: BodyRef
    due_on: date | None
    recommendation_id: UUID | None


class ConclusionRead(ConclusionLine):
    view: Literal["full"]
    briefing_id: UUID


class BriefingParty(SQLModel):
    """For the addressee of a proposal, which is no participant: the occasion, and what is put to it."""

    id: UUID
    view: Literal["party"]
    version: int
    kind: BriefingKind
    title: str | None
    chair_body_id: UUID
    chair_body: BodyRef
    scheduled_on: date
    held_on: date | None
    state: BriefingState
    proposals: list[ProposalLine]
    actions: list[str] | None = None


class BriefingRead(BriefingParty):
    """`carried_over` are proposals noted earlier by this chair that nobody has closed since."""

    view: Literal["full"]  # type: ignore[assignment]
    created_at: datetime
    period: Period | None
    place: str | None
    report_document_id: UUID | None
    agenda: list[str]
    participants: list[ParticipantRead]
    carried_over: list[ProposalLine]
    conclusions: list[ConclusionLine]


BriefingSeen = BriefingRead | BriefingParty
