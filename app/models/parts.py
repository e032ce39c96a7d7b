"""Parts that many payloads share: periods, persons, evidence, the basis of a due date."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError
from sqlmodel import Field

from app.core.clock import CIVIL_ZONE
from app.models.base import CIVIL, Payload

YEARS = range(2000, 2200)


def not_before(start: str) -> AfterValidator:
    """Refuses an end before the start; an open end passes."""

    def check(end: date | None, info: ValidationInfo) -> date | None:
        began = info.data.get(start)
        if end is not None and began is not None and end < began:
            raise PydanticCustomError("period_reversed", "The end must not be before the start")
        return end

    return AfterValidator(check)


def _moment(value: Any) -> Any:
    """A day alone is its first moment in Viet Nam; pydantic alone reads numbers as seconds since 1970."""
    if not isinstance(value, str):
        raise PydanticCustomError("bad_moment", "Must be an instant with its zone, or a date")
    if not CIVIL.fullmatch(value):
        return value
    try:
        return datetime.combine(date.fromisoformat(value), time(), CIVIL_ZONE)
    except ValueError as error:
        raise PydanticCustomError("bad_moment", "Must be an instant with its zone, or a date") from error


def _reckonable(value: datetime) -> datetime:
    """Near the ends of time an instant has no day in Viet Nam."""
    if value.year not in YEARS:
        raise PydanticCustomError("bad_moment", "Must be an instant with its zone, or a date")
    return value


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    AfterValidator(_reckonable),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}),
]
"""An instant (RFC 3339), or a day of Viet Nam, which begins at its midnight."""


class Period(Payload):
    """Civil dates, both included."""

    from_: date = Field(alias="from", schema_extra={"examples": ["2021-01-01"]})
    to: Annotated[date, not_before("from_")] = Field(schema_extra={"examples": ["2023-12-31"]})


class Person(Payload):
    """Somebody named by a side; the account only where they have one."""

    name: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=300)
    body_id: UUID
    account_id: UUID | None = None


class AttachmentEvidence(Payload):
    kind: Literal["attachment"]
    attachment_id: UUID
    caption: str | None = Field(default=None, max_length=500)


class DocumentEvidence(Payload):
    kind: Literal["document"]
    document_id: UUID
    caption: str | None = Field(default=None, max_length=500)


class SessionEvidence(Payload):
    kind: Literal["session"]
    session_id: UUID
    caption: str | None = Field(default=None, max_length=500)


class NoteEvidence(Payload):
    kind: Literal["note"]
    text: str = Field(min_length=1, max_length=5000)
    caption: str | None = Field(default=None, max_length=500)


Evidence = Annotated[
    AttachmentEvidence | DocumentEvidence | SessionEvidence | NoteEvidence, Field(discriminator="kind")
]


class DueBasis(Payload):
    """Why a due date is what it is: a rule of `/v1/rules`, or words (a resolution, an agreement, a promise)."""

    rule_id: UUID | None = None
    text: str | None = Field(default=None, min_length=1, max_length=2000)

    @model_validator(mode="after")
    def one_basis(self) -> Self:
        if (self.rule_id is None) == (self.text is None):
            raise PydanticCustomError("one_basis", "Either rule_id or text")
        return self
