"""Number books, and the numbers that were taken from them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.document import DocumentKind
from app.domain.number_book import BookDirection, NumberingStyle, NumberState, is_year
from app.models.base import BodyRef, Entity, ListQuery, Payload, words
from app.models.moves import Move
from app.models.parts import Period


class NumberBook(Entity, table=True):
    """One count of numbers. `kind` is the Party's type of paper; a State book counts all types together."""

    __tablename__ = "number_book"
    __table_args__ = (
        UniqueConstraint(
            "body_id",
            "direction",
            "kind",
            "series",
            "period_from",
            name="uq_number_book_count",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("period_from <= period_to", name="period"),
    )

    body_id: UUID = Field(foreign_key="body.id")
    direction: BookDirection = Field(sa_type=words(BookDirection, "direction"))
    style: NumberingStyle = Field(sa_type=words(NumberingStyle, "style"))
    kind: str | None = Field(default=None, max_length=16)
    series: str = Field(default="", max_length=50)
    organ: str = Field(max_length=60)
    period_from: date
    period_to: date
    first_number: int = 1
    last_number: int = 0


class DocumentNumber(Entity, table=True):
    """A number that was taken; it stays taken whatever becomes of it."""

    __tablename__ = "document_number"
    __table_args__ = (
        UniqueConstraint("number_book_id", "number"),
        Index("uq_document_number_document_id", "document_id", unique=True, postgresql_where="document_id IS NOT NULL"),
    )

    number_book_id: UUID = Field(foreign_key="number_book.id")
    number: int
    state: NumberState = Field(default=NumberState.RESERVED, sa_type=words(NumberState, "state"))
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    taken_on: date
    registered_late: bool = False
    reason: str | None = Field(default=None, max_length=1000)


class NumberBookCreate(Payload):
    """A State book runs for one calendar year, a Party one for a term and one type of paper."""

    direction: BookDirection = BookDirection.OUTGOING
    style: NumberingStyle
    kind: DocumentKind | None = Field(default=None, description="Chỉ với văn bản Đảng · Party papers only")
    series: str = Field(default="", max_length=50, description="Sổ riêng, ví dụ cho văn bản mật · A separate series")
    organ: str = Field(
        min_length=1,
        max_length=60,
        regex=r"^[A-ZĐ][A-ZĐa-z0-9.]*(-[A-ZĐ][A-ZĐa-z0-9.]*)*$",
        schema_extra={"examples": ["MTTQ-BTT", "BDVTU"]},
    )
    period: Period
    first_number: int = Field(default=1, ge=1, le=99_999)
    body_id: UUID | None = Field(default=None, description="Mặc định: cơ quan của bạn · Your body by default")

    @model_validator(mode="after")
    def consistent(self) -> Self:
        yearly = self.style is NumberingStyle.STATE or self.direction is BookDirection.INCOMING
        if yearly and not is_year(self.period.from_, self.period.to):
            raise PydanticCustomError("book_year", "One calendar year")
        by_type = self.style is NumberingStyle.PARTY and self.direction is BookDirection.OUTGOING
        if by_type != (self.kind is not None):
            raise PydanticCustomError("book_kind", "A type for the Party's outgoing papers, and for them alone")
        return self


class NumberTake(Payload):
    """With a document the number is used at once; without one it is reserved, and says what for."""

    document_id: UUID | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=1000)
    on: date | None = None

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.document_id is None and self.reason is None:
            raise PydanticCustomError("reservation_reason", "Say what the number is reserved for")
        return self


class UseNumber(Move):
    action: Literal["use"]
    document_id: UUID = Field()


class VoidNumber(Move):
    action: Literal["void"]
    reason: str = Field(min_length=1, max_length=1000)


NumberMove = Annotated[UseNumber | VoidNumber, Field(discriminator="action")]


class NumberBookFilter(ListQuery):
    direction: BookDirection | None = None
    kind: DocumentKind | None = None
    body_id: UUID | None = None
    on: date | None = Field(default=None, description="Sổ dùng trong ngày này · In use on this day")


class NumberFilter(ListQuery):
    state: list[NumberState] = Field(default_factory=list, max_length=10)
    registered_late: bool | None = None


class NumberBookRead(SQLModel):
    """`next_number` is what the next paper will most likely get; only taking it makes it certain."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    body_id: UUID
    body: BodyRef
    direction: BookDirection
    style: NumberingStyle
    kind: DocumentKind | None
    series: str
    organ: str
    period: dict[str, Any]
    first_number: int
    next_number: int
    taken: int


class DocumentNumberRead(SQLModel):
    """`symbol` is what the number makes of the paper; of a reserved one it is what a paper of the book's type gets."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    number_book_id: UUID
    number: int
    state: NumberState
    document_id: UUID | None
    symbol: str | None
    taken_on: date
    registered_late: bool
    reason: str | None
    actions: list[str] | None = None
