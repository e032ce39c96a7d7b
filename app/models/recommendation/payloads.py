"""What clients say about a recommendation outside its moves: its content, progress, reminders, and what to list."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import field_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field

from app.domain.body import BodyKind, Level
from app.domain.campaign import CampaignForm, Regime
from app.domain.recommendation import Implementation, Origin, Overdue, RecommendationState, ReplyStatus
from app.models.base import Payload
from app.models.board import ThroughBoard
from app.models.moves import OnBehalf
from app.models.parts import DueBasis, Evidence


class Owner(Payload):
    """Who answers for carrying it out."""

    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Trương Duy Hải"]})
    title: str = Field(min_length=1, max_length=300, schema_extra={"examples": ["Phó Bí thư Thường trực Huyện ủy"]})


class Content(Payload):
    """What is asked of whom, until when; a draft may still lack what `issue` needs."""

    addressee_id: UUID | None = None
    copy_to: list[UUID] = Field(default_factory=list, max_length=50)
    owner: Owner | None = None
    expected_result: str | None = Field(default=None, min_length=1, max_length=5000)
    measure: str | None = Field(default=None, min_length=1, max_length=2000, description="By what it is measured")
    finding_ids: list[UUID] = Field(default_factory=list, max_length=200)
    reply_due_on: date | None = None
    reply_due_basis: DueBasis | None = None
    due_on: date | None = Field(default=None, description="Hạn hoàn thành · By when it is to be carried out")
    due_basis: DueBasis | None = None
    proposer_body_id: UUID | None = None
    series_id: UUID | None = Field(default=None, description="Một nội dung gửi nhiều nơi · One text to several bodies")


class RecommendationCreate(Content):
    """A draft; origin `report` names its campaign, origin `session` its engagement."""

    origin: Origin = Origin.REPORT
    origin_id: UUID | None = None
    campaign_id: UUID | None = None
    engagement_id: UUID | None = None
    verifier_body_id: UUID | None = Field(default=None, description="Mặc định là bên ban hành · The issuer by default")
    action: str = Field(min_length=1, max_length=5000)


class RecommendationUpdate(Content):
    """Of a draft; a field not sent stays as it is."""

    action: str | None = Field(default=None, min_length=1, max_length=5000)
    verifier_body_id: UUID | None = None

    @field_validator("action", "verifier_body_id", "copy_to", "finding_ids", mode="before")
    @classmethod
    def not_emptied(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("missing", "Field required")
        return value


class ProgressCreate(Payload):
    percent: int = Field(ge=0, le=100)
    note: str = Field(min_length=1, max_length=5000)
    evidence: list[Evidence] = Field(default_factory=list, max_length=50)
    on: date | None = None
    on_behalf: OnBehalf | None = None


class ReminderCreate(Payload):
    on: date | None = None
    note: str | None = Field(default=None, min_length=1, max_length=5000)
    document_id: UUID | None = Field(
        default=None, description="Chỉ văn bản mới là đôn đốc bằng văn bản · Makes it a written one"
    )


class RecommendationSort(StrEnum):
    NEWEST = "-created"
    OLDEST = "created"
    SOONEST = "due_on"
    LATEST = "-due_on"


class RecommendationFilter(ThroughBoard):
    """Every filter of the list. What lies outside the caller's view of a row (its engagement) does not match it."""

    campaign_id: list[UUID] = Field(default_factory=list)
    delegation_id: list[UUID] = Field(default_factory=list)
    engagement_id: list[UUID] = Field(default_factory=list)
    series_id: list[UUID] = Field(default_factory=list)
    issuer_body_id: list[UUID] = Field(default_factory=list)
    issuer_level: list[Level] = Field(default_factory=list)
    issuer_place_code: list[str] = Field(
        default_factory=list, description="Tỉnh gồm cả xã của nó · A province with its communes"
    )
    campaign_regime: list[Regime] = Field(
        default_factory=list, description="Của cuộc giám sát; chỉ cuộc được thấy · Of campaigns whose form is told"
    )
    campaign_form: list[CampaignForm] = Field(default_factory=list)
    addressee_id: list[UUID] = Field(default_factory=list)
    addressee_kind: list[BodyKind] = Field(default_factory=list)
    state: list[RecommendationState] = Field(default_factory=list)
    reply_status: list[ReplyStatus] = Field(default_factory=list)
    implementation: list[Implementation] = Field(default_factory=list)
    origin: list[Origin] = Field(default_factory=list)
    overdue: list[Overdue] = Field(default_factory=list)
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    owner: str | None = Field(default=None, min_length=2, max_length=200, description="Một phần tên · Part of the name")
    mine: bool | None = Field(
        default=None, description="Bên tôi ban hành, thực hiện hoặc xác minh · My body issues, acts or verifies"
    )
    orphaned: bool | None = Field(default=None, description="Nơi nhận đã kết thúc · The addressee is no more")
    q: str | None = Field(default=None, min_length=1, max_length=200)
    sort: RecommendationSort = RecommendationSort.NEWEST
