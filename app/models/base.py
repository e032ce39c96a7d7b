"""What every table shares: names of constraints, ids, instants, optimistic locking, enums as text with a CHECK."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import ConfigDict
from sqlalchemy import Column, DateTime, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from app.core.clock import utcnow
from app.core.ids import new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row with an id of its own and the instant of its recording."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime(timezone=True))  # type: ignore[call-overload]


class Entity(Row):
    """What every aggregate root has: a row, and a version checked on UPDATE."""

    version: int = 1

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}


class Payload(SQLModel):
    """What a client sends: unknown fields are refused, text is trimmed and free of NUL bytes."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)  # type: ignore[assignment]


def words(kind: type[StrEnum], name: str) -> Any:
    """Store an enum as text with a CHECK: adding a value is a cheap, transactional migration."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=name,
        values_callable=lambda members: [m.value for m in members],
    )


def json_column(*, nullable: bool = False) -> Any:
    return Column(JSONB(none_as_null=True), nullable=nullable)


def instant() -> Any:
    return DateTime(timezone=True)


def search_expression(*columns: str) -> str:
    """What full text search looks at: the folded words of these columns. Used by the index and by the query alike."""
    joined = " || ' ' || ".join(f"coalesce({it}, '')" for it in columns)
    return f"to_tsvector('simple'::regconfig, fold({joined}))"
