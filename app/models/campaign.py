"""A campaign (cuộc giám sát) with its partners, counterparts, supervised bodies and subject documents."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.body import Level
from app.domain.campaign import CampaignForm, CampaignKind, CampaignState, Ground, Outcome, Regime
from app.models.base import BodyRef, Entity, Payload, Row, json_column, search_expression, words
from app.models.board import ThroughBoard
from app.models.moves import Move, OnBehalf
from app.models.parts import Period


class Campaign(Entity, table=True):
    """`review_*` are the years examined, `window_*` is when the campaign itself runs."""

    __table_args__ = (
        Index("ix_campaign_search", text(search_expression("title", "topic")), postgresql_using="gin"),
        Index("ix_campaign_window", text("daterange(window_from, window_to, '[]')"), postgresql_using="gist"),
    )

    kind: CampaignKind = Field(sa_type=words(CampaignKind, "kind"))
    regime: Regime = Field(sa_type=words(Regime, "regime"))
    form: CampaignForm = Field(sa_type=words(CampaignForm, "form"))
    ground: Ground | None = Field(default=None, sa_type=words(Ground, "ground"))
    title: str = Field(max_length=500)
    topic: str | None = Field(default=None, max_length=1000)
    topic_codes: list[str] = Field(default_factory=list, sa_column=json_column())
    scope: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    review_from: date | None = None
    review_to: date | None = None
    window_from: date | None = None
    window_to: date | None = None
    outline: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    lead_body_id: UUID = Field(foreign_key="body.id", index=True)
    deciding_body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    previous_campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id", index=True)
    plan_item_id: UUID | None = Field(default=None, foreign_key="plan_item.id", index=True)
    agreement_id: UUID | None = Field(default=None, foreign_key="agreement.id", index=True)
    state: CampaignState = Field(default=CampaignState.PROPOSED, sa_type=words(CampaignState, "state"))
    suspended_from: str | None = Field(default=None, max_length=32)
    planned_on: date | None = None
    overlap_justification: str | None = Field(default=None, max_length=5000)
    hidden_from_overlap: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class ConcurrenceColumns(SQLModel):
    """A body's agreement with a campaign, or its refusal and the lead's written answer to it."""

    outcome: Outcome | None = Field(default=None, sa_type=words(Outcome, "outcome"))
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    reason: str | None = Field(default=None, max_length=5000)
    answered_on: date | None = None
    answer_text: str | None = Field(default=None, max_length=5000)
    answer_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    answer_on: date | None = None


class CampaignPartner(Row, ConcurrenceColumns, table=True):
    """A body that takes part. `obligatory`: the Front, where an organisation attached to it leads."""

    __tablename__ = "campaign_partner"
    __table_args__ = (UniqueConstraint("campaign_id", "body_id"),)

    campaign_id: UUID = Field(foreign_key="campaign.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    role: str | None = Field(default=None, max_length=200)


class CampaignCounterpart(Row, ConcurrenceColumns, table=True):
    """A body that is asked for its agreement before the campaign is planned (NQLT 403 Đ3(3))."""

    __tablename__ = "campaign_counterpart"
    __table_args__ = (UniqueConstraint("campaign_id", "body_id"),)

    campaign_id: UUID = Field(foreign_key="campaign.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    obligatory: bool = False
    asked_on: date | None = None
    due_on: date | None = None


class CampaignSupervised(SQLModel, table=True):
    """A body that the campaign means to supervise; gives it no view of the campaign before it is notified."""

    __tablename__ = "campaign_supervised"

    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True)
    body_id: UUID = Field(foreign_key="body.id", primary_key=True, index=True)


class SubjectDocument(Row, table=True):
    """The policy whose carrying-out is examined (Kết luận 62-KL/TW of 08/12/2009, Bộ Chính trị)."""

    __tablename__ = "subject_document"

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    symbol: str = Field(max_length=80)
    parsed: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    normalised: str | None = Field(default=None, max_length=80, index=True)
    issued_on: date | None = None
    issuer: str | None = Field(default=None, max_length=300)
    title: str | None = Field(default=None, max_length=1000)


class Window(Payload):
    """When the campaign itself runs, both days included."""

    starts_on: date = Field(schema_extra={"examples": ["2024-03-01"]})
    ends_on: date = Field(schema_extra={"examples": ["2024-06-30"]})

    @model_validator(mode="after")
    def not_reversed(self) -> Self:
        if self.ends_on < self.starts_on:
            raise PydanticCustomError("period_reversed", "The end must not be before the start")
        return self


class Scope(Payload):
    """What is looked at: content, fields of work, places."""

    content: str | None = Field(default=None, max_length=5000)
    fields: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default_factory=list, max_length=50)
    place_codes: list[Annotated[str, StringConstraints(pattern=r"^[0-9]{2,5}$")]] = Field(
        default_factory=list, max_length=200
    )


class OutlineItem(Payload):
    """One clause of the report outline (đề cương); findings and sections of reports refer to its key."""

    key: str = Field(min_length=1, max_length=100)
    title: str = Field(min_length=1, max_length=500)
    asks: str | None = Field(default=None, max_length=5000)


class Outline(Payload):
    items: list[OutlineItem] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def keys_differ(self) -> Self:
        keys = [it.key for it in self.items]
        if len(set(keys)) != len(keys):
            raise PydanticCustomError("keys_repeat", "Every key may stand once")
        return self


class CampaignFields(Payload):
    """What creating and changing share."""

    topic: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        schema_extra={"examples": ["Đổi mới nội dung và phương thức hoạt động của Mặt trận và các đoàn thể"]},
    )
    topic_codes: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(default_factory=list, max_length=20)
    scope: Scope = Field(default_factory=Scope)
    review_period: Period | None = None
    window: Window | None = None
    outline: Outline = Field(default_factory=Outline)
    deciding_body_id: UUID | None = None
    previous_campaign_id: UUID | None = None
    plan_item_id: UUID | None = None
    agreement_id: UUID | None = Field(
        default=None, description="Quy chế phối hợp làm căn cứ · The agreement under which it runs"
    )
    hidden_from_overlap: bool = Field(
        default=False,
        description=(
            "Giám sát đột xuất, do lãnh đạo quyết định: chỉ cấp trên thấy khi rà chồng chéo · "
            "Ad-hoc supervision, a leader's decision: overlap reports tell only the superior"
        ),
    )
    supervised_body_ids: list[UUID] = Field(default_factory=list, max_length=200)


class CampaignCreate(CampaignFields):
    """The caller's body leads; an office names the organ for which it acts as `lead_body_id`."""

    kind: CampaignKind
    regime: Regime
    form: CampaignForm
    ground: Ground | None = None
    title: str = Field(
        min_length=5, max_length=500, schema_extra={"examples": ["Giám sát việc thực hiện Kết luận 62-KL/TW"]}
    )
    lead_body_id: UUID | None = None


class CampaignUpdate(CampaignFields):
    """Only what is sent is changed; kind, regime and form stay what they were."""

    title: str | None = Field(default=None, min_length=5, max_length=500)
    ground: Ground | None = None


class CampaignFilter(ThroughBoard):
    state: list[CampaignState] = Field(default_factory=list)
    kind: list[CampaignKind] = Field(default_factory=list)
    regime: list[Regime] = Field(default_factory=list)
    form: list[CampaignForm] = Field(default_factory=list)
    lead_body_id: list[UUID] = Field(default_factory=list)
    partner_body_id: list[UUID] = Field(default_factory=list)
    supervised_body_id: list[UUID] = Field(default_factory=list)
    agreement_id: list[UUID] = Field(default_factory=list, description="Chỉ cuộc thấy trọn vẹn · Of those seen in full")
    board_id: list[UUID] = Field(
        default_factory=list, max_length=50, description="Ban thực hiện; chỉ cuộc thấy trọn vẹn · Of those seen in full"
    )
    host_body_id: list[UUID] = Field(
        default_factory=list, max_length=50, description="Cơ quan mà Mặt trận tham gia cùng · Of those seen in full"
    )
    lead_level: list[Level] = Field(default_factory=list)
    lead_place_code: list[str] = Field(
        default_factory=list,
        description="Nơi của cơ quan chủ trì; tỉnh gồm cả xã · Of the lead, communes included",
    )
    partner_level: list[Level] = Field(default_factory=list)
    partner_place_code: list[str] = Field(default_factory=list)
    place_code: list[str] = Field(default_factory=list)
    window_from: date | None = Field(default=None, description="Còn diễn ra từ ngày · Still running on or after")
    window_to: date | None = Field(default=None, description="Bắt đầu muộn nhất ngày · Starting on or before")
    year: int | None = Field(default=None, ge=1945, le=2200)
    q: str | None = Field(default=None, min_length=1, max_length=200)


class CampaignAddressee(SQLModel):
    """What an addressee sees once a recommendation was issued to it: title and conclusion."""

    id: UUID
    view: Literal["addressee"]
    version: int
    title: str
    state: CampaignState
    lead_body_id: UUID
    lead_body: BodyRef
    conclusion_ids: list[UUID]
    actions: list[str] | None = None


class CampaignParty(SQLModel):
    """What the supervised party sees from `notified`, and the lead's superior from `planned`."""

    id: UUID
    view: Literal["party"]
    version: int
    kind: CampaignKind
    regime: Regime
    form: CampaignForm
    title: str
    topic: str | None
    scope: Scope
    review_period: Period | None
    window: Window | None
    outline: Outline
    lead_body_id: UUID
    lead_body: BodyRef
    state: CampaignState
    actions: list[str] | None = None


class CampaignAsked(CampaignParty):
    """An asked counterpart sees the ground as well, from `consulting`."""

    ground: Ground | None


class CampaignRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    kind: CampaignKind
    regime: Regime
    form: CampaignForm
    ground: Ground | None
    title: str
    topic: str | None
    topic_codes: list[str]
    scope: Scope
    review_period: Period | None
    window: Window | None
    outline: Outline
    lead_body_id: UUID
    lead_body: BodyRef
    deciding_body_id: UUID | None
    deciding_body: BodyRef | None
    previous_campaign_id: UUID | None
    plan_item_id: UUID | None
    agreement_id: UUID | None
    supervised_body_ids: list[UUID]
    supervised_bodies: list[BodyRef]
    partner_bodies: list[BodyRef]
    state: CampaignState
    planned_on: date | None
    overlap_justification: str | None
    hidden_from_overlap: bool
    actions: list[str] | None = None


CampaignSeen = CampaignRead | CampaignAsked | CampaignParty | CampaignAddressee


class ConcurrenceAnswer(SQLModel):
    text: str
    document_id: UUID
    on: date


class ParticipantRead(SQLModel):
    """A partner or an asked counterpart with its agreement, if it has answered."""

    id: UUID
    body_id: UUID
    body: BodyRef
    outcome: Outcome | None
    document_id: UUID | None
    reason: str | None
    on: date | None
    answer: ConcurrenceAnswer | None


class PartnerRead(ParticipantRead):
    role: str | None


class CounterpartRead(ParticipantRead):
    obligatory: bool
    asked_on: date | None
    due_on: date | None


class PartnerCreate(Payload):
    body_id: UUID
    role: str | None = Field(default=None, min_length=1, max_length=200)


class CounterpartCreate(Payload):
    body_id: UUID
    obligatory: bool = False
    due_on: date | None = None


class Concurrence(Payload):
    """A body's answer to the lead's question, by its leader or from its paper."""

    outcome: Outcome
    document_id: UUID
    reason: str | None = Field(default=None, min_length=1, max_length=5000)
    on: date | None = None
    on_behalf: OnBehalf | None = None


class RefusalAnswer(Payload):
    """The lead's written answer to a refusal."""

    text: str = Field(min_length=1, max_length=5000)
    document_id: UUID
    on: date | None = None


class ParsedSymbol(SQLModel):
    number: int
    type: str | None
    organ: str


class SubjectDocumentCreate(Payload):
    symbol: str = Field(min_length=1, max_length=80, schema_extra={"examples": ["62-KL/TW"]})
    issued_on: date | None = Field(default=None, schema_extra={"examples": ["2009-12-08"]})
    issuer: str | None = Field(default=None, min_length=1, max_length=300, schema_extra={"examples": ["Bộ Chính trị"]})
    title: str | None = Field(default=None, min_length=1, max_length=1000)


class SubjectDocumentRead(SQLModel):
    """`parsed` and `normalised` are null when the symbol follows no known grammar; the raw text is kept."""

    id: UUID
    symbol: str
    parsed: ParsedSymbol | None
    normalised: str | None
    issued_on: date | None
    issuer: str | None
    title: str | None


class Consult(Move):
    action: Literal["consult"]
    counterpart_body_ids: list[UUID] = Field(max_length=50)
    due_on: date


class ReturnCampaign(Move):
    action: Literal["return"]
    reason: str = Field(min_length=1, max_length=5000)


class Plan(Move):
    action: Literal["plan"]
    overlap_acknowledged: bool
    justification: str | None = Field(default=None, min_length=1, max_length=5000)


class Start(Move):
    action: Literal["start"]


class ReportCampaign(Move):
    action: Literal["report"]


class Conclude(Move):
    action: Literal["conclude"]
    report_id: UUID


class CloseCampaign(Move):
    action: Literal["close"]


class SuspendCampaign(Move):
    action: Literal["suspend"]
    reason: str = Field(min_length=1, max_length=5000)
    document_id: UUID


class ResumeCampaign(Move):
    action: Literal["resume"]
    reason: str = Field(min_length=1, max_length=5000)


class CancelCampaign(Move):
    action: Literal["cancel"]
    reason: str = Field(min_length=1, max_length=5000)
    document_id: UUID


CampaignMove = Annotated[
    Consult
    | ReturnCampaign
    | Plan
    | Start
    | ReportCampaign
    | Conclude
    | CloseCampaign
    | SuspendCampaign
    | ResumeCampaign
    | CancelCampaign,
    Field(discriminator="action"),
]
