"""Papers and files: a document is what the register knows of a paper; attachments are its bytes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.domain.document import Capacity, DocumentKind
from app.domain.number_book import BookDirection
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, json_column, search_expression, words


class Classification(StrEnum):
    """Anything but `normal` is only named here: no file, no indexing (domain.md, section 14)."""

    NORMAL = "normal"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105
    TOP_SECRET = "top_secret"  # noqa: S105


class AttachmentState(StrEnum):
    """`quarantined`: a threat was found in it, or nobody could look yet; its bytes are shown to nobody."""

    PENDING = "pending"
    STORED = "stored"
    QUARANTINED = "quarantined"


class Document(Entity, table=True):
    """The owner is the body that registered it, which for an incoming paper is not the issuer."""

    __table_args__ = (
        Index("ix_document_search", text(search_expression("symbol", "abstract")), postgresql_using="gin"),
        CheckConstraint("issuer_body_id IS NOT NULL OR issuer_name IS NOT NULL", name="has_issuer"),
    )

    owner_body_id: UUID = Field(foreign_key="body.id", index=True)
    kind: str = Field(max_length=16)
    symbol: str | None = Field(default=None, max_length=80)
    symbol_normalised: str | None = Field(default=None, max_length=80, index=True)
    number: int | None = None
    issuer_body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    issuer_name: str | None = Field(default=None, max_length=300)
    issued_on: date
    abstract: str = Field(max_length=2000)
    signer: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    classification: Classification = Field(
        default=Classification.NORMAL, sa_type=words(Classification, "classification")
    )


class Attachment(Entity, table=True):
    """A file as somebody uploaded it. The store keeps equal bytes once; no answer ever shows that."""

    __table_args__ = (Index("ix_attachment_unscanned", "id", postgresql_where=text("state = 'quarantined'")),)

    owner_body_id: UUID = Field(foreign_key="body.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    file_name: str = Field(max_length=255)
    media_type: str = Field(max_length=120)
    size: int = 0
    sha256: str | None = Field(default=None, max_length=64)
    caption: str | None = Field(default=None, max_length=500)
    keep_location: bool = False
    threat: str | None = Field(default=None, max_length=200)
    state: AttachmentState = Field(default=AttachmentState.PENDING, sa_type=words(AttachmentState, "state"))


class Carriage(Row, table=True):
    """A record carries a paper or a file: whoever has at least `view` of the record may open it."""

    __table_args__ = (
        Index("ix_carriage_subject_id", "subject_id"),
        CheckConstraint("(document_id IS NULL) <> (attachment_id IS NULL)", name="one_thing"),
    )

    document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    attachment_id: UUID | None = Field(default=None, foreign_key="attachment.id", index=True)
    subject_type: str = Field(max_length=32)
    subject_id: UUID
    view: str = Field(default="full", max_length=16)


def _dotted(written: Any) -> Any:
    """TM, T/M and TM. are one capacity."""
    return f"{written.replace('/', '').strip(' .')}." if isinstance(written, str) else written


class Signer(Payload):
    """No capacity: signed in their own right."""

    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Nguyễn Văn A"]})
    title: str = Field(min_length=1, max_length=300, schema_extra={"examples": ["Trưởng ban"]})
    capacity: Annotated[Capacity, BeforeValidator(_dotted)] | None = None


class Issuer(Payload):
    """An issuer that is not on the register of bodies."""

    name: str = Field(min_length=2, max_length=300, schema_extra={"examples": ["Bộ Chính trị"]})


class DocumentCreate(Payload):
    """The paper's owner is the caller's body, which for an incoming paper differs from the issuer."""

    kind: DocumentKind
    symbol: str | None = Field(max_length=80, min_length=1, schema_extra={"examples": ["12-KH/BDVTU"]})
    issuer_body_id: UUID | None = None
    issuer: Issuer | None = None
    issued_on: date
    abstract: str = Field(min_length=1, max_length=2000)
    signer: Signer | None = None
    attachment_ids: list[UUID] = Field(default_factory=list, max_length=50)
    classification: Classification = Classification.NORMAL
    number_book_id: UUID | None = Field(
        default=None, description="Lấy ngay số kế tiếp của sổ · Take the next number of this book at once"
    )

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if (self.issuer_body_id is None) == (self.issuer is None):
            raise PydanticCustomError("one_issuer", "Either issuer_body_id or issuer")
        if self.attachment_ids and self.classification != Classification.NORMAL:
            raise PydanticCustomError("classified_no_files", "No file of a classified paper is kept here")
        return self


class DocumentUpdate(Payload):
    """What is not named stays; once a record carries the paper, only its abstract, signer and more files change."""

    kind: DocumentKind = Field(default=None)
    symbol: str | None = Field(default=None, min_length=1, max_length=80)
    issuer_body_id: UUID = Field(default=None)
    issuer: Issuer = Field(default=None)
    issued_on: date = Field(default=None)
    abstract: str = Field(default=None, min_length=1, max_length=2000)
    signer: Signer | None = None
    attachment_ids: list[UUID] = Field(default=None, max_length=50)
    classification: Classification = Field(default=None)

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if {"issuer_body_id", "issuer"} <= self.model_fields_set:
            raise PydanticCustomError("one_issuer", "Either issuer_body_id or issuer")
        return self


class FileRef(SQLModel):
    id: UUID
    file_name: str
    media_type: str
    size: int
    caption: str | None


class SignerRead(SQLModel):
    name: str
    title: str
    capacity: Capacity | None = None


class IssuerRead(SQLModel):
    name: str


class Registration(SQLModel):
    """The paper's place in a number book of its owner."""

    number_book_id: UUID
    document_number_id: UUID
    direction: BookDirection
    number: int
    taken_on: date
    registered_late: bool


class DocumentRead(SQLModel):
    """`view` is full for the owner's body and party for whoever sees it through a record that carries it."""

    id: UUID
    view: Literal["full", "party"]
    kind: DocumentKind
    symbol: str | None
    normalised: str | None = Field(description="Ký hiệu chuẩn hóa; null khi không đọc được · As the rules write it")
    number: int | None
    registration: Registration | None
    owner_body_id: UUID
    owner_body: BodyRef
    issuer_body_id: UUID | None
    issuer_body: BodyRef | None
    issuer: IssuerRead | None
    issued_on: date
    abstract: str
    signer: SignerRead | None
    classification: Classification
    attachment_ids: list[UUID]
    attachments: list[FileRef]
    created_at: datetime
    version: int


class DocumentFilter(ListQuery):
    kind: list[DocumentKind] = Field(default_factory=list, max_length=50)
    symbol: str | None = Field(default=None, min_length=1, max_length=80, schema_extra={"examples": ["62-KL/TW"]})
    issuer_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    issued_from: date | None = None
    issued_to: date | None = None
    direction: BookDirection | None = Field(
        default=None, description="Đi: do chính cơ quan sổ ban hành; đến: của nơi khác · Issued by the owner, or not"
    )
    q: str | None = Field(default=None, min_length=1, max_length=200)


class AttachmentRead(FileRef):
    """`size` of a pending file is what was announced; its type and digest are known once it has arrived."""

    view: Literal["full"]
    owner_body_id: UUID
    sha256: str | None
    threat: str | None = Field(description="Mã độc được phát hiện · What was found in a quarantined file")
    state: AttachmentState
    created_at: datetime
    version: int
