"""Papers and files: a document is what the register knows of a paper; attachments are its bytes."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.models.base import Entity, Row, json_column, search_expression, words


class Classification(StrEnum):
    """Anything but `normal` is only named here: no file, no indexing (domain.md, section 14)."""

    NORMAL = "normal"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105
    TOP_SECRET = "top_secret"  # noqa: S105


class AttachmentState(StrEnum):
    PENDING = "pending"
    STORED = "stored"


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

    owner_body_id: UUID = Field(foreign_key="body.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    file_name: str = Field(max_length=255)
    media_type: str = Field(max_length=120)
    size: int = 0
    sha256: str | None = Field(default=None, max_length=64)
    caption: str | None = Field(default=None, max_length=500)
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
