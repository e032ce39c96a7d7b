"""Bodies and places: a body is a stable id; its names, its organs' offices and its lineage are dated rows."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.body import BodyKind, Level, LineageKind
from app.models.base import Entity, Row, search_expression, words


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


class BodyName(Row, table=True):
    """A name valid from–to; papers keep the name of their day."""

    __tablename__ = "body_name"
    __table_args__ = (
        Index("ix_body_name_body_id_valid_from", "body_id", "valid_from"),
        Index("ix_body_name_search", text(search_expression("name", "short_name", "symbol")), postgresql_using="gin"),
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


class LineageLink(SQLModel, table=True):
    """One predecessor or successor of a lineage event."""

    __tablename__ = "lineage_link"

    event_id: UUID = Field(foreign_key="lineage_event.id", primary_key=True)
    body_id: UUID = Field(foreign_key="body.id", primary_key=True, index=True)
    successor: bool = Field(primary_key=True)
