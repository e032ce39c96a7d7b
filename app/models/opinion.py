"""Opinions on a draft text: anchored to an article, clause or point, judged by a criterion, answered one by one."""

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.draft import AnchorState, Criterion
from app.domain.report import AnswerKind
from app.models.base import BodyRef, Entity, ListQuery, Payload, json_column, words
from app.models.draft import ExpertName
from app.models.moves import OnBehalf
from app.models.report import PaperRef


class Opinion(Entity, table=True):
    """What somebody thinks of a place in the text. `written_*` is where it stood when the opinion was given."""

    __table_args__ = (
        Index("ix_opinion_draft_id_id", "draft_id", "id"),
        Index("ix_opinion_assignment_id", "assignment_id"),
    )

    draft_id: UUID = Field(foreign_key="draft.id")
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    version_id: UUID | None = Field(default=None, foreign_key="draft_version.id")
    round_number: int
    assignment_id: UUID | None = Field(default=None, foreign_key="draft_assignment.id")
    account_id: UUID = Field(foreign_key="account.id")
    author_body_id: UUID = Field(foreign_key="body.id")
    author_person: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    article: str | None = Field(default=None, max_length=6)
    clause: str | None = Field(default=None, max_length=5)
    point: str | None = Field(default=None, max_length=5)
    written_at: str = Field(default="", max_length=60)
    anchor_state: AnchorState = Field(default=AnchorState.ANCHORED, sa_type=words(AnchorState, "anchor_state"))
    criterion: Criterion = Field(sa_type=words(Criterion, "criterion"))
    opinion: str
    proposal: str | None = None
    given_on: date
    late_accepted_by: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    answer_kind: AnswerKind | None = Field(default=None, sa_type=words(AnswerKind, "answer_kind"))
    answer_text: str | None = None
    answered_on: date | None = None
    answered_by_body_id: UUID | None = Field(default=None, foreign_key="body.id")
    answer_on_behalf: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    taken_in: bool | None = None
    final_clause: str | None = Field(default=None, max_length=300)
    redacted: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class Anchored(Payload):
    """A place: an article, a clause of it, a point of that. Left out: the text as a whole."""

    article: str | None = Field(default=None, min_length=1, max_length=6, schema_extra={"examples": ["5"]})
    clause: str | None = Field(default=None, min_length=1, max_length=5)
    point: str | None = Field(default=None, min_length=1, max_length=5)

    @model_validator(mode="after")
    def nested(self) -> Self:
        if (self.clause and not self.article) or (self.point and not self.clause):
            raise PydanticCustomError("anchor_nested", "A clause needs its article, a point its clause")
        return self


class OpinionCreate(Payload):
    draft_id: UUID
    anchor: Anchored = Field(default_factory=Anchored)
    criterion: Criterion
    opinion: str = Field(min_length=1, max_length=20_000)
    proposal: str | None = Field(default=None, min_length=1, max_length=20_000)
    assignment_id: UUID | None = None
    author_body_id: UUID | None = Field(
        default=None, description="Khi cơ quan chủ trì ghi hộ · When the lead records somebody else's opinion"
    )
    author_person: ExpertName | None = None
    late_accepted_by: ExpertName | None = Field(
        default=None, description="Ai đồng ý nhận ý kiến muộn · Who takes it although the round is over"
    )
    on: date | None = None


class OpinionUpdate(Payload):
    """Until the criticism document is issued; an orphaned opinion finds its new place by `anchor`."""

    anchor: Anchored = Field(default=None)
    criterion: Criterion = Field(default=None)
    opinion: str = Field(default=None, min_length=1, max_length=20_000)
    proposal: str | None = Field(default=None, min_length=1, max_length=20_000)


class OpinionReply(Payload):
    kind: AnswerKind
    text: str | None = Field(default=None, min_length=1, max_length=20_000)
    on: date | None = None
    on_behalf: OnBehalf | None = None

    @model_validator(mode="after")
    def explained(self) -> Self:
        if self.text is None and self.kind != AnswerKind.ACCEPTED:
            raise PydanticCustomError("answer_text", "Explain what is not accepted as it stands")
        return self


class OpinionFilter(ListQuery):
    draft_id: list[UUID] = Field(default_factory=list, max_length=50)
    campaign_id: list[UUID] = Field(default_factory=list, max_length=50)
    criterion: list[Criterion] = Field(default_factory=list, max_length=10)
    anchor_state: list[AnchorState] = Field(default_factory=list, max_length=5)
    article: str | None = Field(default=None, max_length=6)
    answered: bool | None = None
    mine: bool = Field(default=False, description="Chỉ ý kiến tôi ghi · Only those I recorded")


class AnchorRead(SQLModel):
    article: str | None
    clause: str | None
    point: str | None


class OpinionAnswerRead(SQLModel):
    kind: AnswerKind
    text: str | None
    on: date
    by_body_id: UUID
    on_behalf: dict[str, Any] | None = None


class OpinionParty(SQLModel):
    """As the drafting body reads it in the issued document."""

    id: UUID
    view: Literal["full", "party"]
    version: int
    draft_id: UUID
    version_id: UUID | None
    anchor: AnchorRead
    written_at: str
    anchor_state: AnchorState
    criterion: Criterion
    opinion: str
    proposal: str | None
    given_on: date
    answer: OpinionAnswerRead | None
    taken_in: bool | None
    final_clause: str | None


class OpinionRead(OpinionParty):
    created_at: datetime
    campaign_id: UUID
    round_number: int
    assignment_id: UUID | None
    author_body_id: UUID
    author_body: BodyRef
    author_person: dict[str, Any] | None
    late_accepted_by: dict[str, Any] | None
    redacted: bool = Field(description="Không có trong bảng công bố · Left out of the published matrix")


class MatrixOpinion(SQLModel):
    id: UUID
    criterion: Criterion
    opinion: str
    proposal: str | None
    answer: OpinionAnswerRead | None
    taken_in: bool | None
    final_clause: str | None


class MatrixRow(SQLModel):
    anchor: AnchorRead
    label: str
    text: str
    opinions: list[MatrixOpinion]


class Coverage(SQLModel):
    opinions: int
    answered: int
    taken_in: int
    percent: float | None = Field(description="Tỷ lệ đã trả lời; null khi không có ý kiến · null without opinions")


class PublicAnswer(SQLModel):
    kind: AnswerKind
    text: str | None
    on: date


class PublicOpinion(SQLModel):
    """What was said and what became of it; nobody is named."""

    criterion: Criterion
    opinion: str
    proposal: str | None
    answer: PublicAnswer | None
    taken_in: bool | None
    final_clause: str | None


class PublicMatrixRow(SQLModel):
    anchor: AnchorRead
    label: str
    text: str
    opinions: list[PublicOpinion]


class PublicMatrixFilter(ListQuery):
    lead_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    drafting_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    published_from: date | None = None
    published_to: date | None = None
    q: str | None = Field(default=None, min_length=1, max_length=200, description="Tìm trong tiêu đề · Words of titles")


class PublicMatrixEntry(SQLModel):
    """A criticised draft whose matrix anybody may read; `document` is the criticism document."""

    view: Literal["public"]
    id: UUID
    title: str
    lead_body_id: UUID
    lead_body: BodyRef
    drafting_body_id: UUID
    drafting_body: BodyRef
    issuing_authority: str
    document: PaperRef | None
    document_issued_on: date
    promulgated_on: date | None
    published_on: date


class PublicMatrix(PublicMatrixEntry):
    """The matrix; coverage counts what is shown."""

    version_number: int | None
    coverage: Coverage
    rows: list[PublicMatrixRow]
    orphaned: list[PublicMatrixRow]


class Matrix(SQLModel):
    """Absorb and explain: the text place by place with its opinions; `orphaned` have lost their place."""

    draft_id: UUID
    title: str
    version_number: int | None
    coverage: Coverage
    rows: list[MatrixRow]
    orphaned: list[MatrixRow]
