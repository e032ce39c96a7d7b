"""What is filed as a finding, changed in it, asked of the list."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import UUID7, AfterValidator, AwareDatetime, ConfigDict
from pydantic import Field as Limit
from pydantic_core import PydanticCustomError
from sqlmodel import Field

from app.domain.finding import FindingKind, FindingState, Severity
from app.models.base import ListQuery, Payload
from app.models.parts import Evidence


class Criterion(Payload):
    """What the finding is measured by: a paper, and the place in it."""

    document: str = Field(min_length=1, max_length=300, schema_extra={"examples": ["Kết luận 62-KL/TW"]})
    article: str | None = Field(default=None, min_length=1, max_length=100)
    clause: str | None = Field(default=None, min_length=1, max_length=100)


EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def _by_a_clock(value: datetime) -> datetime:
    """A phone's clock may be wrong, but not so wrong that its instant has no UTC form."""
    if not EARLIEST <= value <= LATEST:
        raise PydanticCustomError("not_by_a_clock", "Must lie between 1970 and 9999")
    return value.astimezone(UTC)


Content = Annotated[str, Limit(min_length=1, max_length=10_000, description="Nội dung · What was found")]
Clause = Annotated[str, Limit(min_length=1, max_length=100, description="Mục của đề cương · A key of the outline")]
PlaceCode = Annotated[str, Limit(min_length=2, max_length=5, description="Mã đơn vị hành chính · Code of /v1/places")]
Extent = Annotated[
    int, Limit(ge=1, le=100_000, description="Số nơi có việc này ('có lúc, có nơi') · In how many places")
]
Criteria = Annotated[list[Criterion], Limit(max_length=20)]
CauseOf = Annotated[
    list[UUID], Limit(max_length=50, description="Là nguyên nhân của · Findings that this is a cause of")
]
EvidenceList = Annotated[list[Evidence], Limit(max_length=50)]
DeviceInstant = Annotated[AwareDatetime, AfterValidator(_by_a_clock)]

EXAMPLE: dict[str, Any] = {
    "kind": "limitation",
    "content": "Có nơi chưa cụ thể hóa chỉ tiêu thi đua, sơ kết còn chậm",
    "clause": "II.1",
    "severity": "moderate",
    "occurred_on": "2023-06-30",
    "extent": 2,
    "criteria": [{"document": "Kết luận 62-KL/TW", "clause": "2"}],
    "evidence": [{"kind": "note", "text": "Sổ họp của hai chi hội năm 2023"}],
}


class FindingCreate(Payload):
    """The client may name the record (UUIDv7); sending the same again then makes nothing twice."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"engagement_id": "019503c2-5e00-7000-8000-000000000133", **EXAMPLE}]}
    )

    id: UUID7 | None = None
    engagement_id: UUID
    campaign_id: UUID | None = Field(default=None, description="Suy ra từ engagement_id · Follows from engagement_id")
    kind: FindingKind
    content: Content
    clause: Clause | None = None
    severity: Severity | None = None
    occurred_on: date | None = None
    context: bool = Field(
        default=False, description="Bối cảnh ngoài thời kỳ giám sát · Needed when outside the review period"
    )
    place_code: PlaceCode | None = None
    extent: Extent | None = None
    criteria: Criteria = Field(default_factory=list)
    repeat_of: UUID | None = Field(default=None, description="Lặp lại kết quả trước · Earlier, on the same body")
    cause_of: CauseOf = Field(default_factory=list)
    evidence: EvidenceList = Field(default_factory=list)
    session_id: UUID | None = Field(default=None, description="Buổi làm việc đã nêu · The session where it came up")
    recorded_at_device: DeviceInstant | None = None


class FindingUpdate(Payload):
    """Only what is sent changes. A field without null in its type may be left out, not emptied."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"severity": "serious", "extent": 3}]})

    kind: FindingKind = Field(default=None)
    content: Content = Field(default=None)
    clause: Clause | None = None
    severity: Severity | None = None
    occurred_on: date | None = None
    context: bool = Field(default=None)
    place_code: PlaceCode | None = None
    extent: Extent | None = None
    criteria: Criteria = Field(default=None)
    repeat_of: UUID | None = None
    cause_of: CauseOf = Field(default=None)
    evidence: EvidenceList = Field(default=None)
    session_id: UUID | None = None


EDITABLE = frozenset(FindingUpdate.model_fields)
LISTS = frozenset({"criteria", "cause_of", "evidence"})


def as_stored(payload: FindingCreate | FindingUpdate, names: frozenset[str]) -> dict[str, Any]:
    """The named fields as the columns hold them."""
    plain = payload.model_dump(include=set(names - LISTS))
    return {**plain, **payload.model_dump(mode="json", include=set(names & LISTS), exclude_none=True)}


class ReferralCreate(Payload):
    """A sign of violation goes to the body competent for it, with a paper."""

    to_body_id: UUID
    document_id: UUID
    on: date | None = None


class FindingFilter(ListQuery):
    campaign_id: list[UUID] = Field(default_factory=list)
    engagement_id: list[UUID] = Field(default_factory=list)
    kind: list[FindingKind] = Field(default_factory=list)
    state: list[FindingState] = Field(default_factory=list)
    severity: list[Severity] = Field(default_factory=list)
    author: list[UUID] = Field(default_factory=list, description="Tài khoản của người ghi · Account of the author")
    clause: list[str] = Field(default_factory=list)
    q: str | None = Field(default=None, max_length=200, description="Tìm không cần dấu · Search, marks optional")
