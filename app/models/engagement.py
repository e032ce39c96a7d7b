"""An engagement: one supervised party, its working sessions, and the requests to revise its own report."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.domain.campaign import Regime
from app.domain.deadlines import Standing
from app.domain.engagement import EngagementState, RevisionRequestState
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, json_column, words
from app.models.moves import Move, RepresentedMove


class Engagement(Entity, table=True):
    """The supervised party is a body, or a person (name, post) of a body."""

    __table_args__ = (CheckConstraint("supervised_person IS NULL OR supervised_person ? 'name'", name="person_named"),)

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    delegation_id: UUID = Field(foreign_key="delegation.id", index=True)
    supervised_body_id: UUID = Field(foreign_key="body.id", index=True)
    supervised_person: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    state: EngagementState = Field(default=EngagementState.PREPARING, sa_type=words(EngagementState, "state"))
    document_ids: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    session_planned_on: date | None = None
    notified_on: date | None = None
    received_on: date | None = None
    self_report_due_on: date | None = None
    self_reported_on: date | None = None
    comments_due_on: date | None = None
    finalised_on: date | None = None
    procedure_breaches: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())


class WorkingSession(Row, table=True):
    """A working session (buổi làm việc): chaired and minuted by either side; only its minutes may come later."""

    __tablename__ = "working_session"

    engagement_id: UUID = Field(foreign_key="engagement.id", index=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    held_on: date
    place: str | None = Field(default=None, max_length=500)
    chair: dict[str, Any] = Field(sa_column=json_column())
    minute_taker: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    attendance: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    minutes_text: str | None = None
    minutes_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    earlier_minutes: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    promise_ids: list[str] = Field(default_factory=list, sa_column=json_column())
    recorded_late: bool = False


class RevisionRequest(Entity, table=True):
    """Asks the supervised party for a new version of its own report; creates the promise `recommendation_id`."""

    __tablename__ = "revision_request"

    engagement_id: UUID = Field(foreign_key="engagement.id", index=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    reason: str = Field(max_length=5000)
    sections: list[str] = Field(default_factory=list, sa_column=json_column())
    requested_on: date
    due_on: date
    due_basis: dict[str, Any] = Field(sa_column=json_column())
    state: RevisionRequestState = Field(default=RevisionRequestState.OPEN, sa_type=words(RevisionRequestState, "state"))
    answered_on: date | None = None
    recommendation_id: UUID | None = Field(default=None, foreign_key="recommendation.id")


class SupervisedPerson(Payload):
    """Somebody who holds a post; the name is for the delegation and the person's own body."""

    name: str = Field(min_length=1, max_length=200)
    post: str = Field(min_length=1, max_length=300)
    body_id: UUID


class Supervised(Payload):
    """One supervised party: a body, or a person by name and post."""

    body_id: UUID | None = None
    person: SupervisedPerson | None = None

    @model_validator(mode="after")
    def one_party(self) -> Self:
        if (self.body_id is None) == (self.person is None):
            raise PydanticCustomError("one_supervised", "Exactly one of body_id and person")
        return self

    @property
    def party_body_id(self) -> UUID:
        body_id = self.person.body_id if self.person else self.body_id
        assert body_id is not None
        return body_id

    @property
    def pointer(self) -> str:
        return "/supervised/person/body_id" if self.person else "/supervised/body_id"


class EngagementCreate(Payload):
    delegation_id: UUID
    supervised: Supervised
    session_planned_on: date | None = Field(default=None, schema_extra={"examples": ["2024-04-12"]})


class EngagementUpdate(Payload):
    """Only what is sent is changed; moving the session reckons the legal dates anew."""

    supervised: Supervised | None = None
    session_planned_on: date | None = None
    received_on: date | None = Field(default=None, description="Ngày đối tượng nhận được · When the papers arrived")
    self_report_due_on: date | None = None
    comments_due_on: date | None = None


class EngagementFilter(ListQuery):
    delegation_id: list[UUID] = Field(default_factory=list)
    campaign_id: list[UUID] = Field(default_factory=list)
    state: list[EngagementState] = Field(default_factory=list)
    supervised_body_id: list[UUID] = Field(default_factory=list)


class PackageDocuments(Payload):
    """What goes out in one package: kế hoạch, quyết định, đề cương (NQLT 403 Đ7(3))."""

    plan: UUID
    decision: UUID
    outline: UUID


class Notify(Move):
    """`received_on` is the day of receipt where it is known already; the plan may set the day of the self-report."""

    action: Literal["notify"]
    document_ids: PackageDocuments
    session_planned_on: date = Field(schema_extra={"examples": ["2024-04-12"]})
    received_on: date | None = None
    self_report_due_on: date | None = None


class SubmitSelfReport(RepresentedMove):
    action: Literal["submit_self_report"]
    report_id: UUID


class ReturnSelfReport(Move):
    action: Literal["return_self_report"]
    reason: str = Field(min_length=1, max_length=5000)
    due_on: date


class HoldSession(Move):
    action: Literal["hold_session"]
    session_id: UUID


class CirculateDraft(Move):
    action: Literal["circulate_draft"]
    report_id: UUID
    comments_due_on: date


class Revise(Move):
    action: Literal["revise"]


class Finalise(Move):
    """`for_the_head`: by a deputy or the secretary on the head's instruction, which `document_id` names."""

    action: Literal["finalise"]
    for_the_head: bool = False


class Discontinue(Move):
    action: Literal["discontinue"]
    reason: str = Field(min_length=1, max_length=5000)
    document_id: UUID


EngagementMove = Annotated[
    Notify | SubmitSelfReport | ReturnSelfReport | HoldSession | CirculateDraft | Revise | Finalise | Discontinue,
    Field(discriminator="action"),
]


class PersonRead(SQLModel):
    name: str
    post: str
    body_id: UUID


class SupervisedRead(SQLModel):
    """Either `body_id` or `person`, as it was named."""

    body_id: UUID | None = None
    person: PersonRead | None = None


class PackageRead(SQLModel):
    plan: UUID
    decision: UUID
    outline: UUID


class Breach(SQLModel):
    """A period that was not kept: `procedure_breach` by the delegation, `self_report_late` by the supervised party."""

    code: Literal["procedure_breach", "self_report_late"]
    rule: str | None = None
    rule_version: int | None = None
    legal_basis: str | None = None
    due_on: date
    on: date


class EngagementParty(SQLModel):
    """What the supervised party sees from `notified` on."""

    id: UUID
    view: Literal["party"]
    version: int
    campaign_id: UUID
    campaign_title: str
    regime: Regime
    lead_body_id: UUID
    lead_body: BodyRef
    delegation_id: UUID
    delegation_name: str
    supervised: SupervisedRead
    supervised_body_id: UUID
    supervised_body: BodyRef
    state: EngagementState
    document_ids: PackageRead | None
    session_planned_on: date | None
    notified_on: date | None
    received_on: date | None
    self_report_due_on: date | None
    self_reported_on: date | None
    self_report_late: bool
    comments_due_on: date | None
    finalised_on: date | None
    procedure_breach: bool
    procedure_breaches: list[Breach]
    revision_open: bool
    actions: list[str] | None = None


class EngagementRead(EngagementParty):
    view: Literal["full"]  # type: ignore[assignment]
    created_at: datetime


EngagementSeen = EngagementRead | EngagementParty


class EngagementDeadline(SQLModel):
    """A date that binds one side: by a rule with its legal basis, or set by the delegation's own plan (no rule)."""

    rule: str | None = Field(schema_extra={"examples": ["D02"]})
    rule_version: int | None
    what_vi: str
    what_en: str
    legal_basis: str | None
    trigger: str
    trigger_on: date | None
    raw_due_on: date
    due_on: date
    met_on: date | None
    responsible: str | None
    state: Standing
    explain: str | None = Field(description="Cách tính từng ngày · How it was reckoned, day by day")
