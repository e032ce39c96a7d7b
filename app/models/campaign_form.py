"""What the forms of supervision without a delegation need: the board and its plan, host and nomination, own records."""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import ARRAY, Column, Index, Uuid
from sqlmodel import Field, SQLModel

from app.domain.board import BoardKind, BoardState
from app.domain.campaign import RecordKind
from app.domain.deadlines import Standing
from app.domain.participation import HostOrgan, HostStep
from app.models.base import BodyRef, Day, ListQuery, Payload, Row, words


class CampaignBoard(Row, table=True):
    """Through which board the campaign works, and the board's plan for it: when it begins, to whom it went."""

    __tablename__ = "campaign_board"

    campaign_id: UUID = Field(foreign_key="campaign.id", unique=True)
    board_id: UUID = Field(foreign_key="board.id", index=True)
    starts_on: date | None = None
    plan_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    plan_sent_on: date | None = None
    plan_sent_to: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))


class CampaignParticipation(Row, table=True):
    """The competent body whose supervision the Front joins (Luật MTTQ Đ27, form 4; NQLT 403 Đ12)."""

    __tablename__ = "campaign_participation"

    campaign_id: UUID = Field(foreign_key="campaign.id", unique=True)
    host_body_id: UUID = Field(foreign_key="body.id", index=True)
    organ: HostOrgan | None = Field(default=None, sa_type=words(HostOrgan, "organ"))
    programme: str | None = Field(default=None, max_length=1000)
    invitation_document_id: UUID | None = Field(default=None, foreign_key="document.id")


class CampaignHostStep(Row, table=True):
    """What the host did, or announced for a day to come; append-only."""

    __tablename__ = "campaign_host_step"
    __table_args__ = (Index("ix_campaign_host_step_campaign_id_id", "campaign_id", "id"),)

    campaign_id: UUID = Field(foreign_key="campaign.id")
    step: HostStep = Field(sa_type=words(HostStep, "step"))
    on_date: date
    complex: bool = False
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    note: str | None = Field(default=None, max_length=2000)


class Nomination(Row, table=True):
    """Who takes part in the host's supervision, by which paper; another takes the place of the one it replaces."""

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    name: str = Field(max_length=200)
    title: str = Field(max_length=300)
    body_id: UUID = Field(foreign_key="body.id")
    document_id: UUID = Field(foreign_key="document.id")
    nominated_on: date
    replaces_id: UUID | None = Field(default=None, foreign_key="nomination.id", unique=True)


class CampaignRecord(Row, table=True):
    """Minutes or a written opinion of a campaign without engagements; append-only."""

    __tablename__ = "campaign_record"
    __table_args__ = (Index("ix_campaign_record_campaign_id_id", "campaign_id", "id"),)

    campaign_id: UUID = Field(foreign_key="campaign.id")
    kind: RecordKind = Field(sa_type=words(RecordKind, "kind"))
    held_on: date
    place: str | None = Field(default=None, max_length=500)
    author_name: str = Field(max_length=200)
    author_title: str | None = Field(default=None, max_length=300)
    author_body_id: UUID | None = Field(default=None, foreign_key="body.id")
    nomination_id: UUID | None = Field(default=None, foreign_key="nomination.id", index=True)
    text: str | None = Field(default=None, max_length=20_000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    asks: str | None = Field(default=None, max_length=5000)


class SentPlan(Payload):
    """The board's plan for this supervision: to the Front, the committee of the commune, whom it supervises."""

    document_id: UUID
    sent_on: Day | None = Field(default=None, description="Mặc định hôm nay · Today by default")
    to_body_ids: list[UUID] = Field(min_length=1, max_length=50)


class BoardAtWork(Payload):
    """What is not named is taken away; `starts_on` is by default when the campaign's window opens."""

    board_id: UUID
    starts_on: Day | None = Field(default=None, schema_extra={"examples": ["2024-05-06"]})
    plan: SentPlan | None = None


class PlanDue(SQLModel):
    """By when the plan had to be sent, by which rule (D11)."""

    rule: str
    legal_basis: str
    due_on: date
    state: Standing


class SentPlanRead(SQLModel):
    document_id: UUID
    sent_on: date
    to_body_ids: list[UUID]


class CampaignBoardRead(SQLModel):
    """`procedure_breach`: the plan went out later than the rule allows, or has not although that day has passed."""

    id: UUID
    view: Literal["full"]
    campaign_id: UUID
    board_id: UUID
    board_kind: BoardKind
    board_state: BoardState
    board_body: BodyRef
    starts_on: date | None
    plan: SentPlanRead | None
    plan_due: PlanDue | None
    procedure_breach: bool


class Host(Payload):
    """Whose supervision the Front joins, and the paper that invited it."""

    host_body_id: UUID
    organ: HostOrgan | None = Field(
        default=None,
        description="Đoàn của Thường trực hay của Ban HĐND: hạn báo cáo khác nhau · Whose delegation it is (D19)",
    )
    programme: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        schema_extra={"examples": ["Đoàn giám sát của Thường trực HĐND tỉnh về đất đai"]},
    )
    invitation_document_id: UUID | None = None


class ParticipationRead(SQLModel):
    id: UUID
    view: Literal["full"]
    campaign_id: UUID
    host_body_id: UUID
    host_body: BodyRef
    organ: HostOrgan | None
    programme: str | None
    invitation_document_id: UUID | None


class HostStepCreate(Payload):
    """`on` is the day of the step, for `session_planned` the day of the session; by default today.

    `complex`: the matter takes the longer time that the law allows for an explanation (Luật 121/2025 Đ40).
    """

    step: HostStep
    on: Day | None = None
    complex: bool = False
    document_id: UUID | None = None
    note: str | None = Field(default=None, min_length=1, max_length=2000)

    @model_validator(mode="after")
    def complex_matters_are_explained(self) -> Self:
        if self.complex and self.step != HostStep.EXPLANATION_REQUESTED:
            raise PydanticCustomError("complex_explanation", "Only a requested explanation is of a complex matter")
        return self


class HostStepFilter(ListQuery):
    step: list[HostStep] = Field(default_factory=list)


class HostStepRead(SQLModel):
    id: UUID
    view: Literal["full"]
    campaign_id: UUID
    step: HostStep
    on: date
    complex: bool
    document_id: UUID | None
    note: str | None


class Nominee(Payload):
    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Lê Thị Hạnh"]})
    title: str = Field(min_length=1, max_length=300, schema_extra={"examples": ["Phó Chủ tịch Ủy ban MTTQ tỉnh"]})
    body_id: UUID


class NominationCreate(Payload):
    """`document_id` is the decision or letter that nominates."""

    person: Nominee
    document_id: UUID
    replaces_id: UUID | None = None
    on: Day | None = None


class NomineeRead(SQLModel):
    name: str
    title: str
    body_id: UUID


class NominationRead(SQLModel):
    """`replaced_by_id`: who took part from then on."""

    id: UUID
    view: Literal["full"]
    campaign_id: UUID
    person: NomineeRead
    body: BodyRef
    document_id: UUID
    on: date
    replaces_id: UUID | None
    replaced_by_id: UUID | None


class RecordAuthor(Payload):
    """Who took the minutes, or whose opinion it is: an expert, a member of the board."""

    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Lê Văn Thành"]})
    title: str | None = Field(default=None, min_length=1, max_length=300)
    body_id: UUID | None = None


class RecordCreate(Payload):
    """A text, a paper, or both. The opinion of whom the Front nominated names the nomination as its author."""

    kind: RecordKind
    held_on: Day = Field(schema_extra={"examples": ["2024-05-08"]})
    place: str | None = Field(default=None, min_length=1, max_length=500)
    author: RecordAuthor | None = None
    nomination_id: UUID | None = None
    text: str | None = Field(default=None, min_length=1, max_length=20_000)
    document_id: UUID | None = None
    asks: str | None = Field(
        default=None,
        min_length=1,
        max_length=5000,
        description="Điều đề nghị cơ quan chủ trì kiến nghị · What the host is asked to recommend",
    )

    @model_validator(mode="after")
    def said_by_somebody(self) -> Self:
        if (self.author is None) == (self.nomination_id is None):
            raise PydanticCustomError("one_author", "Either author or nomination_id")
        if self.text is None and self.document_id is None:
            raise PydanticCustomError("text_or_document", "A text or a document")
        if self.asks is not None and self.kind != RecordKind.OPINION:
            raise PydanticCustomError("asks_in_opinion", "Only an opinion asks for something")
        return self


class RecordFilter(ListQuery):
    kind: list[RecordKind] = Field(default_factory=list)


class AuthorRead(SQLModel):
    name: str
    title: str | None
    body_id: UUID | None


class RecordRead(SQLModel):
    """`confirmed_on`: when the Front confirmed the minutes of its board."""

    id: UUID
    view: Literal["full"]
    campaign_id: UUID
    kind: RecordKind
    held_on: date
    place: str | None
    author: AuthorRead
    nomination_id: UUID | None
    text: str | None
    document_id: UUID | None
    asks: str | None
    confirmed_on: date | None
