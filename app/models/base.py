"""What every table, payload and answer shares.

Tables: names of constraints, ids, instants, optimistic locking, enums as text with a CHECK. Payloads: unknown fields
and unstorable characters are refused. Answers: lists, and references that can be shown without a second request.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, field_validator
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_before_validator_function
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
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime(timezone=True))


class Entity(Row):
    """What every aggregate root has: a row, and a version checked on UPDATE."""

    version: int = 1

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}


CIVIL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def civil(value: Any) -> Any:
    """A day as the contract writes it; pydantic alone reads numbers as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and CIVIL.fullmatch(value)):
        return value
    raise PydanticCustomError("date_parsing", "Must be a date as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(civil)]


def _civil_days(schema: Any) -> Any:
    """The schema of a field whose dates take only `civil` days; nested payloads look after themselves.

    Schemas are kept and come by again: what is guarded already stays as it is.
    """
    if schema["type"] == "function-before" and schema["function"]["function"] is civil:
        return schema
    if schema["type"] == "date":
        return no_info_before_validator_function(civil, schema)
    if "schema" not in schema or schema["type"] == "model":
        return schema
    return {**schema, "schema": _civil_days(schema["schema"])}


class Payload(SQLModel):
    """What a client sends: unknown fields are refused, text is trimmed, and what PostgreSQL cannot store is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)  # type: ignore[assignment]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Not a validator of the fields: pydantic allows none before the discriminator of a union."""
        whole = handler(source)
        inner: Any = whole
        while inner["type"] != "model-fields":
            if "schema" not in inner:
                return whole
            inner = inner["schema"]
        for field in inner["fields"].values():
            field["schema"] = _civil_days(field["schema"])
        return whole

    @field_validator("*")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Lists and free-form objects are looked through; nested payloads look after themselves."""
        refuse_unstorable(value)
        return value


def refuse_unstorable(value: Any) -> None:
    """NUL and lone surrogates cannot be stored as text."""
    if isinstance(value, str):
        if "\0" in value:
            raise PydanticCustomError("nul_character", "Must not contain NUL")
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise PydanticCustomError("string_unicode", "Must be valid Unicode text")
    elif isinstance(value, dict):
        refuse_unstorable([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for part in value:
            refuse_unstorable(part)


class ListQuery(Payload):
    """The query of a list; subclasses add its filters: a repeated key means "or", different keys mean "and"."""

    limit: int = Field(default=50, ge=1, le=200, description="Số mục mỗi trang · Items per page")
    cursor: str | None = Field(
        default=None, max_length=500, description="`next_cursor` của trang trước · `next_cursor` of the page before"
    )
    count: bool = Field(default=False, description="Thêm tổng số chính xác · Add the exact total")

    def filters(self) -> dict[str, Any]:
        """What was asked for beside the place in the list; a cursor is bound to it."""
        return self.model_dump(mode="json", exclude={"limit", "cursor", "count"}, exclude_none=True)


T = TypeVar("T")


class Listing(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None
    count: int | None = Field(default=None, description="Chỉ khi count=true · Only with count=true")


class NameRef(SQLModel):
    name: str
    short_name: str


class BodyRef(NameRef):
    """A body by the name valid on the record's date, and `now` where today's differs."""

    id: UUID
    now: NameRef | None = None


class PersonRef(SQLModel):
    id: UUID
    name: str


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
