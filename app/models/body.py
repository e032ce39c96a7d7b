"""Bodies and places: a body is a stable id; its names, its organs' offices and its lineage are dated rows."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core.principal import Duty
from app.domain.body import SUCCEEDED, SURVIVED, BodyKind, Level, LineageKind, PlaceKind
from app.models.base import BodyRef, Entity, ListQuery, NameRef, Payload, Row, search_expression, words
from app.models.parts import not_before


class Place(SQLModel, table=True):
    """A province or commune with its official code (Quyết định 19/2025/QĐ-TTg); codes are never reused."""

    __table_args__ = (Index("ix_place_search", text(search_expression("full_name")), postgresql_using="gin"),)

    code: str = Field(primary_key=True, max_length=5)
    kind: str = Field(max_length=32)
    name: str = Field(max_length=200)
    full_name: str = Field(max_length=250)
    parent_code: str | None = Field(default=None, foreign_key="place.code", index=True)
    valid_from: date
    valid_to: date | None = None


class Body(Entity, table=True):
    """A participating body: each is a tenant. `is_registry` marks the one that keeps the register of bodies."""

    kind: BodyKind = Field(sa_type=words(BodyKind, "kind"), index=True)
    level: Level = Field(sa_type=words(Level, "level"))
    parent_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    place_code: str | None = Field(default=None, foreign_key="place.code", index=True)
    valid_from: date
    valid_to: date | None = None
    is_registry: bool = False
    readable_until: date | None = Field(default=None, description="Its accounts still read after its end, to this day")


class BodyName(Row, table=True):
    """A name valid from–to; papers keep the name of their day."""

    __tablename__ = "body_name"
    __table_args__ = (
        Index("ix_body_name_body_id_valid_from", "body_id", "valid_from"),
        Index("ix_body_name_search", text(search_expression("name", "short_name", "symbol")), postgresql_using="gin"),
        *(Index(f"ix_body_name_{it}_search", text(f"fold({it})")) for it in ("name", "short_name", "symbol")),
    )

    body_id: UUID = Field(foreign_key="body.id")
    name: str = Field(max_length=300)
    short_name: str = Field(max_length=150)
    symbol: str | None = Field(default=None, max_length=60)
    valid_from: date
    valid_to: date | None = None


class ActsThrough(Row, table=True):
    """From–to, the accounts of an office act for an organ (a standing committee through its office)."""

    __tablename__ = "acts_through"

    organ_id: UUID = Field(foreign_key="body.id", index=True)
    office_id: UUID = Field(foreign_key="body.id", index=True)
    valid_from: date
    valid_to: date | None = None


class LineageEvent(Entity, table=True):
    """A merge, consolidation, division, split, dissolution, renaming or retyping of bodies."""

    __tablename__ = "lineage_event"

    kind: LineageKind = Field(sa_type=words(LineageKind, "kind"))
    effective_on: date = Field(index=True)
    decided_by_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    note: str | None = Field(default=None, max_length=2000)
    organs_end: bool = True


class LineageEnd(SQLModel, table=True):
    """A body that the event ended: a predecessor, or an organ that went with it."""

    __tablename__ = "lineage_end"

    body_id: UUID = Field(foreign_key="body.id", primary_key=True)
    event_id: UUID = Field(foreign_key="lineage_event.id", index=True)


class LineageLink(SQLModel, table=True):
    """One predecessor or successor of a lineage event."""

    __tablename__ = "lineage_link"

    event_id: UUID = Field(foreign_key="lineage_event.id", primary_key=True)
    body_id: UUID = Field(foreign_key="body.id", primary_key=True, index=True)
    successor: bool = Field(primary_key=True)


PlaceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{3})?$")]
"""Two digits for a province, five for a commune."""


class OfficePayload(Payload):
    """The office through which an organ acts from–to; `to` is the last day."""

    body_id: UUID
    from_: date = Field(alias="from")
    to: Annotated[date | None, not_before("from_")] = None


class NameFields(Payload):
    name: str = Field(min_length=2, max_length=300, schema_extra={"examples": ["Ban Dân vận Tỉnh ủy Thừa Thiên Huế"]})
    short_name: str = Field(min_length=1, max_length=150, schema_extra={"examples": ["BDV Tỉnh ủy"]})
    symbol: str | None = Field(default=None, min_length=1, max_length=60, schema_extra={"examples": ["BDVTU"]})


class BodyCreate(NameFields):
    """Its first name is valid from the day on which the body begins."""

    kind: BodyKind
    level: Level
    parent_id: UUID | None = None
    place_code: PlaceCode | None = None
    valid_from: date
    acts_through: list[OfficePayload] = Field(default_factory=list, max_length=20)


class BodyUpdate(Payload):
    """What is not named stays. A name is changed through `/names`, an end is a lineage event."""

    kind: BodyKind = Field(default=None)
    level: Level = Field(default=None)
    parent_id: UUID | None = None
    place_code: PlaceCode | None = None
    acts_through: list[OfficePayload] = Field(default=None, max_length=20)


class PlaceRef(SQLModel):
    code: str
    full_name: str


class OfficeRead(SQLModel):
    body_id: UUID
    body: BodyRef
    from_: date = Field(alias="from")
    to: date | None


class BodyRead(SQLModel):
    """With the name, short name and symbol valid on the day asked for (today by default)."""

    id: UUID
    view: Literal["full"]
    kind: BodyKind
    level: Level
    name: str
    short_name: str
    symbol: str | None
    parent_id: UUID | None
    parent: BodyRef | None
    place_code: str | None
    place: PlaceRef | None
    valid_from: date
    valid_to: date | None
    acts_through: list[OfficeRead]
    version: int


class BodyFilter(ListQuery):
    q: str | None = Field(default=None, min_length=1, max_length=200, description="Tên, tên tắt, ký hiệu · Any name")
    kind: list[BodyKind] = Field(default_factory=list, max_length=20)
    level: list[Level] = Field(default_factory=list, max_length=10)
    parent_id: list[UUID] = Field(default_factory=list, max_length=50)
    place_code: list[PlaceCode] = Field(default_factory=list, max_length=50)
    on: date | None = Field(
        default=None, description="Chỉ cơ quan có vào ngày đó, với tên ngày đó · As of that day, by that day's names"
    )


class BodyNameCreate(NameFields):
    """A name without an end closes the open one the day before its `valid_from`."""

    valid_from: date
    valid_to: Annotated[date | None, not_before("valid_from")] = None


class BodyNameRead(NameRef):
    id: UUID
    view: Literal["full"]
    body_id: UUID
    symbol: str | None
    valid_from: date
    valid_to: date | None


class PlaceRead(SQLModel):
    code: str
    view: Literal["full"]
    kind: str
    name: str
    full_name: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None


class PlaceFilter(ListQuery):
    q: str | None = Field(default=None, min_length=1, max_length=200)
    parent_code: list[PlaceCode] = Field(default_factory=list, max_length=50)
    kind: list[PlaceKind] = Field(default_factory=list, max_length=10)


class LineageEventCreate(Payload):
    """What became of whom. The bodies that end do so on the day before `effective_on`."""

    kind: LineageKind
    effective_on: date = Field(schema_extra={"examples": ["2025-03-01"]})
    decided_by_document_id: UUID | None = None
    predecessor_ids: list[UUID] = Field(min_length=1, max_length=100)
    successor_ids: list[UUID] = Field(default_factory=list, max_length=100)
    organs_end: bool = True
    note: str | None = Field(default=None, min_length=1, max_length=2000)

    @model_validator(mode="after")
    def with_successors(self) -> Self:
        if self.kind in SUCCEEDED and not self.successor_ids:
            raise PydanticCustomError("successor_needed", "Name the successors")
        return self

    @property
    def ended_ids(self) -> set[UUID]:
        return set() if self.kind in SURVIVED else set(self.predecessor_ids) - set(self.successor_ids)


class LineageEventRead(SQLModel):
    id: UUID
    view: Literal["full"]
    kind: LineageKind
    effective_on: date
    decided_by_document_id: UUID | None
    predecessor_ids: list[UUID]
    predecessors: list[BodyRef]
    successor_ids: list[UUID]
    successors: list[BodyRef]
    organs_end: bool
    note: str | None
    version: int


class LineageEventFilter(ListQuery):
    kind: list[LineageKind] = Field(default_factory=list, max_length=10)
    body_id: list[UUID] = Field(default_factory=list, max_length=50, description="Một bên của sự kiện · Either side")
    effective_from: date | None = None
    effective_to: date | None = None


class DelegateRead(SQLModel):
    """Somebody of a partner who may be put on a delegation."""

    account_id: UUID
    view: Literal["full"]
    name: str
    duties: list[Duty]
