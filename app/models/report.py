"""A report in versions: frozen by hash when circulated, signed by partners, commented by the supervised party."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.report import AnswerKind, ReportKind, ReportState
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, instant, json_column, search_expression, words
from app.models.moves import Move, OnBehalf, RepresentedMove
from app.models.parts import Moment


class Report(Entity, table=True):
    """`number` is the version among reports of this kind on this engagement or campaign; `engagement_id` None: all.

    `on_behalf` names the paper of a body without an account, whose draft the lead's side then keeps.
    """

    __table_args__ = (
        Index("ix_report_campaign_id_id", "campaign_id", "id"),
        Index("ix_report_search", text(search_expression("title")), postgresql_using="gin"),
        Index("ix_report_published", "id", postgresql_where=text("state = 'published'")),
        Index("ix_report_publish_at", "publish_at", postgresql_where=text("publish_at IS NOT NULL")),
    )

    kind: ReportKind = Field(sa_type=words(ReportKind, "kind"))
    campaign_id: UUID = Field(foreign_key="campaign.id")
    engagement_id: UUID | None = Field(default=None, foreign_key="engagement.id", index=True)
    author_body_id: UUID = Field(foreign_key="body.id", index=True)
    title: str = Field(max_length=500)
    number: int = 1
    sections: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    hash: str | None = Field(default=None, max_length=64)
    state: ReportState = Field(default=ReportState.DRAFT, sa_type=words(ReportState, "state"))
    circulated_on: date | None = None
    adopted_on: date | None = None
    issued_on: date | None = None
    published_on: date | None = None
    publish_at: datetime | None = Field(default=None, sa_type=instant(), description="Not before; None: at once")
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    answers_request_id: UUID | None = Field(default=None, foreign_key="revision_request.id", index=True)
    previous_id: UUID | None = Field(default=None, foreign_key="report.id")
    on_behalf: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))


class ReportSignature(Row, table=True):
    """A partner's sign-off on the text with this hash, or its reserved opinion, printed in the report."""

    __tablename__ = "report_signature"
    __table_args__ = (UniqueConstraint("report_id", "body_id"),)

    report_id: UUID = Field(foreign_key="report.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    hash: str = Field(max_length=64)
    opinion: str | None = Field(default=None, max_length=10_000)
    signed_on: date


class ReportComment(Row, table=True):
    """The supervised party's comment on a section, and the delegation's answer to it."""

    __tablename__ = "report_comment"

    report_id: UUID = Field(foreign_key="report.id", index=True)
    section_key: str | None = Field(default=None, max_length=100)
    text: str = Field(max_length=10_000)
    commented_on: date
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    on_behalf: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    answer_kind: AnswerKind | None = Field(default=None, sa_type=words(AnswerKind, "answer_kind"))
    answer_text: str | None = Field(default=None, max_length=10_000)
    answered_on: date | None = None
    answered_by_id: UUID | None = Field(default=None, foreign_key="account.id")


SECTION_KEY = r"^[^/?#%\x00-\x1f]{1,100}$"
Text = Annotated[str, Field(min_length=1, max_length=10_000)]


class SectionText(Payload):
    """What stands in one section. `redacted` sections are left out of what is published."""

    title: str = Field(min_length=1, max_length=500, schema_extra={"examples": ["Tồn tại, hạn chế"]})
    content: str = Field(default="", max_length=100_000)
    finding_ids: list[UUID] = Field(default_factory=list, max_length=500)
    clause: str | None = Field(default=None, max_length=100, description="Mục của đề cương · Key of the outline")
    redacted: bool = False


class Section(SectionText):
    key: str = Field(schema_extra={"pattern": SECTION_KEY, "examples": ["limitations.I"]})


Sections = Annotated[list[Section], Field(max_length=200)]


class ReportCreate(Payload):
    """Of an engagement or of the whole campaign; only a self-report answers a request or comes on a paper."""

    kind: ReportKind
    campaign_id: UUID | None = None
    engagement_id: UUID | None = None
    title: str | None = Field(default=None, min_length=1, max_length=500)
    sections: Sections = Field(default_factory=list)
    document_id: UUID | None = None
    answers_request_id: UUID | None = Field(
        default=None, description="Yêu cầu chỉnh sửa được trả lời · The revision request that this version answers"
    )
    on_behalf: OnBehalf | None = None


class ReportUpdate(Payload):
    """Absent fields stay as they are; `sections` is the whole list."""

    title: str = Field(default="", min_length=1, max_length=500)
    sections: Sections = Field(default_factory=list)
    document_id: UUID | None = None


class CirculateReport(RepresentedMove):
    """A campaign-wide result report to its partners; a new self-report to the delegation that asked for it."""

    action: Literal["circulate"]


class AdoptReport(Move):
    action: Literal["adopt"]
    for_the_head: bool = Field(
        default=False, description="Theo chỉ đạo bằng văn bản của trưởng đoàn · On the head's written instruction"
    )


class IssueReport(Move):
    action: Literal["issue"]
    issued_on: date | None = Field(
        default=None, description="Mặc định ngày của văn bản · The document's date if absent"
    )


class PublishReport(Move):
    action: Literal["publish"]
    publish_at: Moment | None = Field(
        default=None,
        description="Chưa ai ngoài cuộc đọc được trước lúc này · Read by nobody outside before this moment",
        schema_extra={"examples": ["2024-06-01T08:00:00+07:00"]},
    )
    redacted_sections: list[str] | None = Field(
        default=None, max_length=200, description="Các phần không công bố · Keys of the sections left out"
    )


class UnpublishReport(Move):
    action: Literal["unpublish"]


class WithdrawReport(RepresentedMove):
    action: Literal["withdraw"]


ReportMove = Annotated[
    CirculateReport | AdoptReport | IssueReport | PublishReport | UnpublishReport | WithdrawReport,
    Field(discriminator="action"),
]


class DraftReport(Payload):
    """What may be said of a report to be generated."""

    title: str | None = Field(default=None, min_length=1, max_length=500)


class Signing(Payload):
    """A partner's leader signs the text with this hash; with `opinion`, the partner reserves its own."""

    hash: str = Field(min_length=1, max_length=128, description="Mã băm của bản đã đọc · The hash of the text as read")
    opinion: Text | None = None
    on: date | None = None


class CommentCreate(Payload):
    text: Text
    section_key: str | None = Field(default=None, min_length=1, max_length=100)
    on: date | None = None
    on_behalf: OnBehalf | None = None


class CommentAnswer(Payload):
    """`text` is required unless the comment is accepted."""

    kind: AnswerKind
    text: Text | None = None
    on: date | None = None


class ReportFilter(ListQuery):
    campaign_id: list[UUID] | None = None
    engagement_id: list[UUID] | None = None
    kind: list[ReportKind] | None = None
    state: list[ReportState] | None = None
    q: str | None = Field(default=None, min_length=1, max_length=200, description="Tìm trong tiêu đề · Words of titles")


class PublicFilter(ListQuery):
    author_body_id: list[UUID] | None = None
    kind: list[ReportKind] | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    q: str | None = Field(default=None, min_length=1, max_length=200, description="Tìm trong tiêu đề · Words of titles")


class CommentFilter(ListQuery):
    section_key: list[str] | None = None
    answered: bool | None = None


class By(SQLModel):
    account_id: UUID
    body_id: UUID


class OnBehalfRead(SQLModel):
    document_id: UUID
    received_on: date


class PaperRef(SQLModel):
    """The paper by which a report went out."""

    symbol: str | None
    issued_on: date


class SectionRead(SQLModel):
    key: str
    title: str
    content: str
    finding_ids: list[UUID]
    clause: str | None
    redacted: bool = False


class PublicSection(SQLModel):
    key: str
    title: str
    content: str
    clause: str | None


class SignatureEntry(SQLModel):
    """Printed beside the text, never inside it: the text stays what its hash says."""

    id: UUID
    body_id: UUID
    body: BodyRef
    hash: str
    opinion: str | None
    signed_on: date


class SignatureRead(SignatureEntry):
    report_id: UUID
    account_id: UUID
    created_at: datetime


class ReportEntry(SQLModel):
    """A report in a list. `version` counts the versions of its text; the ETag is that of the record."""

    view: Literal["full"]
    id: UUID
    kind: ReportKind
    campaign_id: UUID
    engagement_id: UUID | None
    author_body_id: UUID
    author_body: BodyRef
    title: str
    version: int = Field(description="Bản thứ mấy · Version of the text")
    hash: str | None
    state: ReportState
    circulated_on: date | None
    adopted_on: date | None
    issued_on: date | None
    published_on: date | None
    publish_at: datetime | None
    document_id: UUID | None
    answers_request_id: UUID | None
    previous_id: UUID | None
    on_behalf: OnBehalfRead | None
    created_at: datetime


class ReportRead(ReportEntry):
    document: PaperRef | None
    sections: list[SectionRead]
    signatures: list[SignatureEntry]
    actions: list[str] | None = None


class PublicEntry(SQLModel):
    """What anybody may read of a published conclusion."""

    view: Literal["public"]
    id: UUID
    kind: ReportKind
    author_body_id: UUID
    author_body: BodyRef
    title: str
    version: int
    hash: str
    state: ReportState
    issued_on: date
    published_on: date


class PublicReport(PublicEntry):
    document: PaperRef | None
    sections: list[PublicSection]


class PublicReportSeen(PublicReport):
    """The same for somebody who is signed in, with the moves that are theirs (none)."""

    actions: list[str] | None = None


ReportSeen = Annotated[ReportRead | PublicReportSeen, Field(discriminator="view")]
ReportListed = Annotated[ReportEntry | PublicEntry, Field(discriminator="view")]


class AnswerRead(SQLModel):
    kind: AnswerKind
    text: str | None
    on: date
    account_id: UUID


class CommentRead(SQLModel):
    id: UUID
    report_id: UUID
    section_key: str | None
    text: str
    on: date
    body_id: UUID
    body: BodyRef
    account_id: UUID
    on_behalf: OnBehalfRead | None
    answer: AnswerRead | None
    created_at: datetime


class Change(SQLModel):
    """A run of words or lines: kept, only in the earlier text, or only in the later one."""

    op: Literal["equal", "removed", "added"]
    text: str


class SectionChange(SQLModel):
    key: str
    change: Literal["added", "removed", "changed", "unchanged"]
    title: list[Change]
    content: list[Change]


class Difference(SQLModel):
    """What `report_id` says otherwise than `against_id`; unchanged sections are named without their text."""

    report_id: UUID
    against_id: UUID
    title: list[Change]
    sections: list[SectionChange]
