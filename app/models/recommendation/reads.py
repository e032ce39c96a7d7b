"""What is shown of a recommendation, by view (api.md, "Who sees what")."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlmodel import SQLModel

from app.domain.deadlines import Standing
from app.domain.recommendation import (
    FollowUpClock,
    Implementation,
    Origin,
    Overdue,
    RecommendationState,
    ReminderClock,
    ReplyStatus,
)
from app.domain.report import AnswerKind
from app.domain.transfer import Ending
from app.models.base import BodyRef, PersonRef
from app.models.due_change import DueChangeRead
from app.models.moves import OnBehalf
from app.models.parts import Evidence
from app.models.recommendation.payloads import Owner


class BasisRead(SQLModel):
    """A rule with the law it stood on when the date was set, or words."""

    rule_id: UUID | None = None
    code: str | None = None
    rule_version: int | None = None
    legal_basis: str | None = None
    text: str | None = None


class ReplyRead(SQLModel):
    kind: AnswerKind
    explanation: str | None = None
    document_id: UUID
    on: date


class VerificationRead(SQLModel):
    implementation: Implementation
    note: str
    on: date
    body_id: UUID


class RecommendationParty(SQLModel):
    """For superiors of either side and the proposer: the letter and what became of it."""

    id: UUID
    view: Literal["party"]
    version: int
    created_at: datetime
    number: int | None
    origin: Origin
    campaign_id: UUID | None
    series_id: UUID | None
    issuer_body_id: UUID
    issuer_body: BodyRef
    proposer_body_id: UUID | None
    proposer_body: BodyRef | None
    addressee_id: UUID
    addressee: BodyRef
    verifier_body_id: UUID
    verifier_body: BodyRef
    copy_to: list[UUID]
    copy_to_bodies: list[BodyRef]
    owner: Owner | None
    action: str
    expected_result: str | None
    measure: str | None
    issued_on: date
    document_id: UUID | None
    received_on: date | None
    reply_due_on: date | None
    reply_due_basis: BasisRead | None
    due_on: date | None
    due_basis: BasisRead | None
    state: RecommendationState
    reply_status: ReplyStatus | None
    implementation: Implementation | None
    overdue: Overdue
    escalation_level: int
    escalated_to_id: UUID | None
    escalated_to: BodyRef | None
    first_replied_on: date | None
    reply: ReplyRead | None
    verification: VerificationRead | None
    resolved_on: date | None
    because: Ending | None = Field(description="divided: chia cho các cơ quan kế thừa · passed to several successors")
    divided_from_id: UUID | None
    first_addressee: BodyRef | None = Field(description="Trước khi chuyển giao · Before any transfer")
    actions: list[str] | None = None


class RecommendationRead(SQLModel):
    """For the issuer's side, the addressee, the verifier and the supervised party."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    number: int | None
    origin: Origin
    origin_id: UUID | None
    campaign_id: UUID | None
    engagement_id: UUID | None
    series_id: UUID | None
    issuer_body_id: UUID
    issuer_body: BodyRef
    proposer_body_id: UUID | None
    proposer_body: BodyRef | None
    addressee_id: UUID | None
    addressee: BodyRef | None
    verifier_body_id: UUID
    verifier_body: BodyRef
    copy_to: list[UUID]
    copy_to_bodies: list[BodyRef]
    owner: Owner | None
    action: str
    expected_result: str | None
    measure: str | None
    finding_ids: list[UUID]
    issued_on: date | None
    document_id: UUID | None
    received_on: date | None
    received_assumed: bool
    reply_from: date | None
    reply_due_on: date | None
    reply_due_basis: BasisRead | None
    due_on: date | None
    due_basis: BasisRead | None
    paused_since: date | None
    state: RecommendationState
    reply_status: ReplyStatus | None
    implementation: Implementation | None
    overdue: Overdue
    escalation_level: int
    escalated_to_id: UUID | None
    escalated_to: BodyRef | None
    first_replied_on: date | None
    reply: ReplyRead | None
    verification: VerificationRead | None
    claimed_on: date | None
    claim_evidence: list[Evidence]
    resolved_on: date | None
    because: Ending | None = Field(description="divided: chia cho các cơ quan kế thừa · passed to several successors")
    divided_from_id: UUID | None
    first_addressee: BodyRef | None = Field(description="Trước khi chuyển giao · Before any transfer")
    actions: list[str] | None = None


class ProgressRead(SQLModel):
    id: UUID
    view: Literal["full"]
    recommendation_id: UUID
    percent: int
    note: str
    evidence: list[Evidence]
    reported_on: date
    account: PersonRef
    body_id: UUID
    body: BodyRef
    on_behalf: OnBehalf | None
    created_at: datetime


class ReminderRead(SQLModel):
    id: UUID
    view: Literal["full"]
    recommendation_id: UUID
    reminded_on: date
    note: str | None
    document_id: UUID | None
    written: bool
    clock: ReminderClock | None
    due_on: date | None
    offset_days: int | None = Field(
        description="Do hệ thống nhắc: 15 = trước hạn 15 ngày làm việc, -7 = quá hạn 7 ngày · By the clock, else null"
    )
    body_id: UUID
    body: BodyRef
    created_at: datetime


class FollowUpDeadline(SQLModel):
    """One of the two dates a recommendation runs against, with the dates it had before.

    `running` is false once answered, in dispute, paused, or ended.
    """

    clock: FollowUpClock
    from_on: date | None
    first_due_on: date
    due_on: date
    basis: BasisRead | None
    met_on: date | None
    state: Standing
    running: bool
    paused_since: date | None
    changes: list[DueChangeRead]


RecommendationSeen = Annotated[RecommendationRead | RecommendationParty, Field(discriminator="view")]
