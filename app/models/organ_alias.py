"""Which body an organ id of the axes stood for, and when: two generations of ids are in use, and bodies merge."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.edxml import ORGAN_ID, OrganScheme
from app.models.base import BodyRef, Entity, ListQuery, Payload, words

OrganId = Annotated[str, StringConstraints(min_length=3, max_length=35, pattern=f"^{ORGAN_ID.pattern}$", to_upper=True)]


class OrganAlias(Entity, table=True):
    """`valid_to` is the last day; an id stands for one body on any day."""

    __tablename__ = "organ_alias"
    __table_args__ = (Index("ix_organ_alias_organ_id_valid_from", "organ_id", "valid_from"),)

    organ_id: str = Field(max_length=35)
    scheme: OrganScheme = Field(sa_type=words(OrganScheme, "scheme"))
    body_id: UUID = Field(foreign_key="body.id", index=True)
    valid_from: date
    valid_to: date | None = None
    name_on_axis: str | None = Field(default=None, max_length=300)
    source: str | None = Field(default=None, max_length=300)


class OrganAliasCreate(Payload):
    organ_id: OrganId = Field(schema_extra={"examples": ["000.00.05.A57"]})
    scheme: OrganScheme = OrganScheme.QCVN102
    body_id: UUID
    valid_from: date = Field(default=date(2016, 1, 1), schema_extra={"examples": ["2020-01-01"]})
    valid_to: date | None = Field(default=None, description="Ngày cuối còn hiệu lực · The last valid day")
    name_on_axis: str | None = Field(default=None, max_length=300)
    source: str | None = Field(default=None, max_length=300)

    @model_validator(mode="after")
    def not_reversed(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise PydanticCustomError("period_reversed", "The end must not be before the start")
        return self


class OrganAliasUpdate(Payload):
    valid_to: date | None = None
    name_on_axis: str | None = Field(default=None, max_length=300)
    source: str | None = Field(default=None, max_length=300)


class OrganAliasFilter(ListQuery):
    organ_id: list[OrganId] = Field(default_factory=list, max_length=50)
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    on: date | None = Field(default=None, description="Còn hiệu lực trong ngày này · Valid on this day")


class OrganAliasRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    organ_id: str
    scheme: OrganScheme
    body_id: UUID
    body: BodyRef
    valid_from: date
    valid_to: date | None
    name_on_axis: str | None
    source: str | None
