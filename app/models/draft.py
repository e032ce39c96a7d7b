"""Draft texts under social criticism: versions, rounds of opinions, sessions, who was assigned, reminders."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.draft import DraftState, SessionStep
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, instant, json_column, search_expression, words
from app.models.moves import Move, RepresentedMove
from app.models.parts import Moment


class Draft(Entity, table=True):
    """One text that a state body wants to have issued, as the Front received it for criticism."""

    __table_args__ = (
        Index("ix_draft_search", text(search_expression("title")), postgresql_using="gin"),
        Index("ix_draft_published", "id", postgresql_where=text("published_on IS NOT NULL")),
        CheckConstraint("issuing_body_id IS NOT NULL OR issuing_authority IS NOT NULL", name="has_issuer"),
    )

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    title: str = Field(max_length=1000)
    drafting_body_id: UUID = Field(foreign_key="body.id", index=True)
    issuing_body_id: UUID | None = Field(default=None, foreign_key="body.id")
    issuing_authority: str | None = Field(default=None, max_length=300)
    received_on: date
    submission_on: date | None = None
    send_due_on: date | None = None
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    state: DraftState = Field(default=DraftState.DRAFT_RECEIVED, sa_type=words(DraftState, "state"))
    closes_on: date | None = None
    document_issued_on: date | None = None
    criticism_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    reply_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    final_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    promulgated_on: date | None = None
    published_on: date | None = None
    publish_at: datetime | None = Field(default=None, sa_type=instant(), description="Not before; None: that day")


class DraftVersion(Row, table=True):
    """A version of the text by article, clause and point; it never changes, the next one gets the next number."""

    __tablename__ = "draft_version"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: UUID = Field(foreign_key="draft.id")
    number: int
    received_on: date
    articles: list[dict[str, Any]] = Field(sa_column=json_column())
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    account_id: UUID = Field(foreign_key="account.id")


class DraftRound(Row, table=True):
    """A time in which opinions are taken, on one version."""

    __tablename__ = "draft_round"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: UUID = Field(foreign_key="draft.id")
    number: int
    version_id: UUID | None = Field(default=None, foreign_key="draft_version.id")
    opened_on: date
    closes_on: date


class DraftSession(Row, table=True):
    """A criticism conference or a dialogue, step by step."""

    __tablename__ = "draft_session"

    draft_id: UUID = Field(foreign_key="draft.id", index=True)
    held_on: date
    place: str | None = Field(default=None, max_length=500)
    steps: list[dict[str, Any]] = Field(sa_column=json_column())
    attendance: list[dict[str, Any]] = Field(sa_column=json_column())
    minutes: str | None = None
    document_id: UUID | None = Field(default=None, foreign_key="document.id")


class DraftAssignment(Entity, table=True):
    """An expert, or a member body, asked for its opinion; whoever recuses gives none."""

    __tablename__ = "draft_assignment"

    draft_id: UUID = Field(foreign_key="draft.id", index=True)
    body_id: UUID = Field(foreign_key="body.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    person: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    task: str | None = Field(default=None, max_length=2000)
    due_on: date | None = None
    recused_on: date | None = None
    recusal_reason: str | None = Field(default=None, max_length=2000)


class DraftReminder(Row, table=True):
    """The drafting body was asked for the reply it owes."""

    __tablename__ = "draft_reminder"

    draft_id: UUID = Field(foreign_key="draft.id", index=True)
    reminded_on: date
    note: str | None = Field(default=None, max_length=2000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")


class PointText(Payload):
    letter: str = Field(min_length=1, max_length=5, schema_extra={"examples": ["a"]})
    text: str = Field(max_length=50_000)


class ClauseText(Payload):
    number: str = Field(min_length=1, max_length=5, schema_extra={"examples": ["1"]})
    text: str = Field(max_length=50_000)
    points: list[PointText] = Field(default_factory=list, max_length=100)


class ArticleText(Payload):
    number: str = Field(min_length=1, max_length=6, schema_extra={"examples": ["5"]})
    title: str = Field(default="", max_length=1000)
    text: str = Field(default="", max_length=50_000)
    clauses: list[ClauseText] = Field(default_factory=list, max_length=200)


class VersionText(Payload):
    """Exactly one: the articles, the text as it is written, or a DOCX or text file that was uploaded."""

    articles: list[ArticleText] | None = Field(default=None, min_length=1, max_length=2000)
    text: str | None = Field(default=None, min_length=1, max_length=900_000)
    attachment_id: UUID | None = None

    @property
    def given(self) -> int:
        return sum(it is not None for it in (self.articles, self.text, self.attachment_id))


class VersionCreate(VersionText):
    on: date | None = None
    document_id: UUID | None = None

    @model_validator(mode="after")
    def one_source(self) -> Self:
        if self.given != 1:
            raise PydanticCustomError("one_text_source", "Exactly one of articles, text and attachment_id")
        return self


class IssuingAuthority(Payload):
    """An authority that is not on the register of bodies."""

    name: str = Field(min_length=2, max_length=300, schema_extra={"examples": ["HĐND tỉnh Thừa Thiên Huế"]})


class DraftCreate(VersionText):
    """The text may come at once or later as a version."""

    campaign_id: UUID
    title: str = Field(min_length=5, max_length=1000)
    drafting_body_id: UUID
    issuing_body_id: UUID | None = None
    issuing_authority: IssuingAuthority | None = None
    received_on: date | None = Field(default=None, description="Mặc định hôm nay · Today by default")
    submission_on: date | None = Field(
        default=None, description="Ngày trình cơ quan ban hành (D08) · When it goes to the issuing authority"
    )
    document_id: UUID | None = None

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.given > 1:
            raise PydanticCustomError("one_text_source", "At most one of articles, text and attachment_id")
        if self.issuing_body_id is not None and self.issuing_authority is not None:
            raise PydanticCustomError("one_authority", "Either issuing_body_id or issuing_authority")
        if self.issuing_body_id is None and self.issuing_authority is None:
            raise PydanticCustomError("one_authority", "Either issuing_body_id or issuing_authority")
        return self


class DraftUpdate(Payload):
    title: str = Field(default=None, min_length=5, max_length=1000)
    submission_on: date | None = None
    document_id: UUID | None = None


class RoundCreate(Payload):
    closes_on: date
    on: date | None = None


class AssignmentCreate(Payload):
    """Somebody with an account, a named expert, or a member body as a whole."""

    body_id: UUID
    account_id: UUID | None = None
    person: "ExpertName | None" = None
    task: str | None = Field(default=None, max_length=2000)
    due_on: date | None = None

    @model_validator(mode="after")
    def one_person(self) -> Self:
        if self.account_id is not None and self.person is not None:
            raise PydanticCustomError("one_expert", "Either account_id or person")
        return self


class ExpertName(Payload):
    name: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=300)


class Recusal(Payload):
    reason: str = Field(min_length=1, max_length=2000)
    on: date | None = None


class MatrixPublication(Payload):
    """From a day on, or from a moment on; by default as before, or from today. What is redacted is left out."""

    on: date | None = None
    publish_at: Moment | None = Field(default=None, schema_extra={"examples": ["2024-06-01T08:00:00+07:00"]})
    redacted_opinion_ids: list[UUID] | None = Field(
        default=None, max_length=2000, description="Ý kiến không công bố; bỏ trống: như cũ · Left out: as before"
    )

    @model_validator(mode="after")
    def one_beginning(self) -> Self:
        if self.on is not None and self.publish_at is not None:
            raise PydanticCustomError("one_beginning", "Either on or publish_at")
        return self


class DraftReminderCreate(Payload):
    on: date | None = None
    note: str | None = Field(default=None, max_length=2000)
    document_id: UUID | None = None


class HeldStep(Payload):
    step: SessionStep
    note: str | None = Field(default=None, max_length=5000)


class Attendant(ExpertName):
    body_id: UUID | None = None


class Open(Move):
    action: Literal["open"]
    closes_on: date = Field()


class HoldSession(Move):
    """Conference: open, present, orient, discuss, explain, conclude. Dialogue: state_aim, present, question, explain,
    conclude and, where the issuing authority takes part, authority_speaks."""

    action: Literal["hold_session"]
    held_on: date | None = None
    place: str | None = Field(default=None, max_length=500)
    steps: list[HeldStep] = Field(min_length=1, max_length=20)
    attendance: list[Attendant] = Field(default_factory=list, max_length=500)
    minutes: str | None = Field(default=None, max_length=100_000)


class IssueDocument(Move):
    action: Literal["issue_document"]
    issued_on: date | None = None
    document_id: UUID = Field()


class ReplyToCriticism(RepresentedMove):
    action: Literal["reply"]
    document_id: UUID = Field()


class Promulgate(Move):
    """`opinions` says which were taken in, and where in the final text."""

    action: Literal["promulgate"]
    document_id: UUID = Field()
    opinions: list["TakenIn"] = Field(default_factory=list, max_length=2000)


class TakenIn(Payload):
    opinion_id: UUID
    taken_in: bool
    final_clause: str | None = Field(default=None, max_length=300, schema_extra={"examples": ["khoản 2 Điều 5"]})


class CloseDraft(Move):
    action: Literal["close"]


class SettleUnreplied(Move):
    action: Literal["settle_unreplied"]
    reason: str = Field(min_length=1, max_length=5000)


class Abandon(Move):
    action: Literal["abandon"]
    reason: str | None = Field(default=None, min_length=1, max_length=5000)


DraftMove = Annotated[
    Open | HoldSession | IssueDocument | ReplyToCriticism | Promulgate | CloseDraft | SettleUnreplied | Abandon,
    Field(discriminator="action"),
]


class DraftFilter(ListQuery):
    campaign_id: list[UUID] = Field(default_factory=list, max_length=50)
    drafting_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    state: list[DraftState] = Field(default_factory=list, max_length=10)
    q: str | None = Field(default=None, min_length=1, max_length=200)


class VersionRef(SQLModel):
    id: UUID
    number: int
    received_on: date
    articles: int


class RoundRead(SQLModel):
    id: UUID
    number: int
    version_id: UUID | None
    opened_on: date
    closes_on: date


class HeldSessionRead(SQLModel):
    id: UUID
    held_on: date
    place: str | None
    steps: list[dict[str, Any]]
    attendance: list[dict[str, Any]]
    minutes: str | None
    document_id: UUID | None


class AuthorityRead(SQLModel):
    name: str


class DraftParty(SQLModel):
    """As the drafting body and those assigned see it."""

    id: UUID
    view: Literal["full", "party"]
    version: int
    created_at: datetime
    campaign_id: UUID
    title: str
    drafting_body_id: UUID
    drafting_body: BodyRef
    issuing_body_id: UUID | None
    issuing_body: BodyRef | None
    issuing_authority: AuthorityRead | None
    received_on: date
    submission_on: date | None
    send_due_on: date | None = Field(description="Chậm nhất phải gửi (D08) · Latest day to send it")
    sent_late: bool
    document_id: UUID | None
    state: DraftState
    closes_on: date | None
    document_issued_on: date | None
    criticism_document_id: UUID | None
    reply_document_id: UUID | None
    final_document_id: UUID | None
    promulgated_on: date | None
    versions: list[VersionRef]
    rounds: list[RoundRead]
    actions: list[str] | None = None


class DraftRead(DraftParty):
    published_on: date | None
    publish_at: datetime | None
    sessions: list[HeldSessionRead]
    opinions: int
    answered: int


class VersionRead(SQLModel):
    id: UUID
    view: Literal["full"]
    draft_id: UUID
    number: int
    received_on: date
    document_id: UUID | None
    articles: list[ArticleText]


class AssignmentRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    draft_id: UUID
    body_id: UUID
    body: BodyRef
    account_id: UUID | None
    person: dict[str, Any] | None
    task: str | None
    due_on: date | None
    recused_on: date | None
    recusal_reason: str | None
    opinions: int


class DraftReminderRead(SQLModel):
    id: UUID
    view: Literal["full"]
    draft_id: UUID
    reminded_on: date
    note: str | None
    document_id: UUID | None
