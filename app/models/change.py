"""What changed, in the order in which it became known: one line for each change of a row, written by triggers alone."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from app.models.base import Payload, instant, json_column


class Change(SQLModel, table=True):
    """`seq` is the number of the transaction, then a number within it (`change_seq()`).

    `access` asks somebody to look again at a record that did not itself change, `reset` to begin anew.
    `was` are the ids, days and codes of the row before, without its words, where any of them changed.
    `body_id` and `account_id` name those whom alone the line concerns.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("kind IN ('insert', 'update', 'delete', 'access', 'reset')", name="kind"),
        Index("ix_change_subject_id_seq", "subject_id", "seq"),
        Index("ix_change_past", "subject_type", "seq", postgresql_where=text("was IS NOT NULL OR kind = 'insert'")),
    )

    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_type=instant(), index=True, sa_column_kwargs={"server_default": text("clock_timestamp()")})
    kind: str = Field(max_length=8)
    subject_type: str = Field(max_length=32)
    subject_id: UUID
    version: int
    was: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    body_id: UUID | None = None
    account_id: UUID | None = None


class ChangeQuery(Payload):
    since: str | None = Field(
        default=None,
        max_length=1000,
        description="`cursor` của lần trước; không có: từ đầu · `cursor` of the last answer; absent: everything",
    )
    limit: int = Field(default=50, ge=1, le=200, description="Số mục mỗi lần · Items per answer")


class ChangeRead(SQLModel):
    """`upsert`: read it again, or for the first time, unless its version is held; `removed`: forget it."""

    seq: int
    type: str = Field(schema_extra={"examples": ["recommendation"]})
    id: UUID
    op: Literal["upsert", "removed"]
    version: int


class Changes(SQLModel):
    """`more`: ask again at once. `reset`, only where true: forget everything, what is visible now follows anew."""

    items: list[ChangeRead]
    cursor: str
    more: bool
    reset: Literal[True] | None = None
