"""A coordination agreement with its parties, what they undertake in it, and how its carrying-out is reviewed."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, FiniteFloat
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.agreement import AgreementState
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, json_column, search_expression, words
from app.models.briefing import named_alone
from app.models.moves import Move
from app.models.parts import Period


class Agreement(Entity, table=True):
    """The parties are equals before it: each may draft, sign and review. `lead_body_id` is the one that keeps it."""

    __table_args__ = (
        Index("ix_agreement_search", text(search_expression("title")), postgresql_using="gin"),
        Index("ix_agreement_term_to", "term_to", postgresql_where=text("successor_id IS NULL")),
    )

    title: str = Field(max_length=500)
    lead_body_id: UUID = Field(foreign_key="body.id", index=True)
    focal_body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    term_from: date | None = None
    term_to: date | None = None
    content_groups: list[str] = Field(default_factory=list, sa_column=json_column())
    content_groups_stated: int | None = None
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    signed_on: date | None = None
    ended_on: date | None = None
    expiry_told_on: date | None = Field(default=None, description="When the parties were told that it ends soon")
    successor_id: UUID | None = Field(default=None, foreign_key="agreement.id", index=True)
    state: AgreementState = Field(default=AgreementState.DRAFTING, sa_type=words(AgreementState, "state"), index=True)


class AgreementParty(Row, table=True):
    """A body that is bound by the agreement, and who signs for it."""

    __tablename__ = "agreement_party"
    __table_args__ = (UniqueConstraint("agreement_id", "body_id"),)

    agreement_id: UUID = Field(foreign_key="agreement.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    signer_name: str | None = Field(default=None, max_length=200)
    signer_title: str | None = Field(default=None, max_length=300)


class Commitment(Row, table=True):
    """What one party undertakes; followed up as a recommendation."""

    agreement_id: UUID = Field(foreign_key="agreement.id", index=True)
    body_id: UUID = Field(foreign_key="body.id")
    text: str = Field(max_length=5000)
    due_on: date | None = None
    recommendation_id: UUID | None = Field(default=None, foreign_key="recommendation.id")


class AgreementReview(Row, table=True):
    """What was carried out in a period, in figures; append-only."""

    __tablename__ = "agreement_review"

    agreement_id: UUID = Field(foreign_key="agreement.id", index=True)
    period_from: date
    period_to: date
    indicators: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    summary: str | None = Field(default=None, max_length=10_000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    reviewed_on: date


class Signer(Payload):
    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Võ Thị Minh Sinh"]})
    title: str = Field(min_length=1, max_length=300)


class Party(Payload):
    body_id: UUID
    signer: Signer | None = None


class CommitmentCreate(Payload):
    """`body_id` is the party that undertakes it."""

    body_id: UUID
    text: str = Field(min_length=1, max_length=5000)
    due_on: date | None = None


class AgreementFields(Payload):
    term: Period | None = None
    content_groups: list[Annotated[str, Field(min_length=1, max_length=2000)]] = Field(
        default_factory=list, max_length=50
    )
    content_groups_stated: int | None = Field(
        default=None, ge=0, le=50, description="Số nhóm văn bản nêu, nếu khác · How many the paper says there are"
    )
    focal_body_id: UUID | None = Field(default=None, description="Cơ quan đầu mối · Focal body, party or not")
    document_id: UUID | None = None


class AgreementCreate(AgreementFields):
    """The caller's body is one of the parties."""

    title: str = Field(min_length=1, max_length=500, schema_extra={"examples": ["Quy chế phối hợp 2019–2024"]})
    parties: list[Annotated[Party, BeforeValidator(named_alone)]] = Field(default_factory=list, max_length=100)
    commitments: list[CommitmentCreate] = Field(default_factory=list, max_length=100)


class AgreementUpdate(AgreementFields):
    """A draft may change wholly; afterwards only its focal body and its successor."""

    title: str = Field(default=None, min_length=1, max_length=500)
    parties: list[Annotated[Party, BeforeValidator(named_alone)]] = Field(default=None, max_length=100)
    successor_id: UUID | None = None


class Indicator(Payload):
    """A figure of a review: its value and unit, and of what, where or when."""

    name: str = Field(min_length=1, max_length=500, schema_extra={"examples": ["Quỹ Vì người nghèo"]})
    value: FiniteFloat = Field(schema_extra={"examples": [68000000000]})
    unit: str = Field(min_length=1, max_length=100, schema_extra={"examples": ["đồng"]})
    scope: str | None = Field(default=None, min_length=1, max_length=1000)


class ReviewCreate(Payload):
    period: Period
    indicators: list[Indicator] = Field(default_factory=list, max_length=200)
    summary: str | None = Field(default=None, min_length=1, max_length=10_000)
    document_id: UUID | None = None
    on: date | None = Field(default=None, description="Ngày tổng kết · When it was reviewed, today by default")


class AgreementFilter(ListQuery):
    state: list[AgreementState] = Field(default_factory=list)
    party_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    focal_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    expiring: bool | None = Field(
        default=None,
        description="Hết hạn trong 180 ngày mà chưa có dự thảo tiếp nối · Ends within 180 days without a successor",
    )
    q: str | None = Field(default=None, min_length=1, max_length=200)


class Sign(Move):
    """`document_id` is the signed paper, where the draft does not name it yet."""

    action: Literal["sign"]


class EnterIntoForce(Move):
    action: Literal["enter_into_force"]


class Review(Move):
    action: Literal["review"]


class End(Move):
    action: Literal["end"]
    reason: str = Field(min_length=1, max_length=5000)


class Succeed(Move):
    """By `successor_id`, or by the successor it has already."""

    action: Literal["succeed"]
    successor_id: UUID | None = None


AgreementMove = Annotated[Sign | EnterIntoForce | Review | End | Succeed, Field(discriminator="action")]


class SignerRead(SQLModel):
    name: str
    title: str


class PartyRead(SQLModel):
    body_id: UUID
    body: BodyRef
    signer: SignerRead | None


class CommitmentLine(SQLModel):
    """`recommendation_id` where it is followed up."""

    id: UUID
    body_id: UUID
    body: BodyRef
    text: str
    due_on: date | None
    recommendation_id: UUID | None


class IndicatorRead(SQLModel):
    name: str
    value: float
    unit: str
    scope: str | None = None


class ReviewLine(SQLModel):
    id: UUID
    period: Period
    indicators: list[IndicatorRead]
    summary: str | None
    document_id: UUID | None
    reviewed_on: date


class AgreementRead(SQLModel):
    """`expiring`: its term ends within 180 days and no successor is in draft."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    title: str
    lead_body_id: UUID
    lead_body: BodyRef
    focal_body_id: UUID | None
    focal_body: BodyRef | None
    parties: list[PartyRead]
    term: Period | None
    content_groups: list[str]
    content_groups_stated: int | None
    commitments: list[CommitmentLine]
    reviews: list[ReviewLine]
    document_id: UUID | None
    signed_on: date | None
    ended_on: date | None
    predecessor_id: UUID | None
    successor_id: UUID | None
    expiring: bool
    state: AgreementState
    actions: list[str] | None = None


class CommitmentRead(CommitmentLine):
    view: Literal["full"]
    agreement_id: UUID


class ReviewRead(ReviewLine):
    view: Literal["full"]
    agreement_id: UUID
