"""Imports: a file of rows, tried and taken in by the worker, its rows as they were read, and what is wrong in them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Json, StringConstraints
from pydantic import Field as Limit
from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.import_ import ImportFormat, ImportKind, ImportMode, ImportOutcome, ImportState
from app.models.base import Entity, ListQuery, Row, instant, json_column, refuse_unstorable, words
from app.models.moves import Move

KEY_LENGTH = 100


class Import(Entity, table=True):
    """Whoever asked for it is who sees it. `columns` says which header of the file is which field, null for none.

    Its rows are read once, into import_row (`rows_total` says so), then tried as often as it takes.
    """

    __table_args__ = (Index("ix_import_account_id_id", "account_id", "id"),)

    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    kind: ImportKind = Field(sa_type=words(ImportKind, "kind"))
    mode: ImportMode = Field(sa_type=words(ImportMode, "mode"))
    format: ImportFormat = Field(sa_type=words(ImportFormat, "format"))
    state: ImportState = Field(default=ImportState.QUEUED, sa_type=words(ImportState, "state"), index=True)
    mapping: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    defaults: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    file_name: str = Field(max_length=255)
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    columns: list[Any] = Field(default_factory=list, sa_column=json_column())
    header_row: int | None = None
    rows_total: int | None = None
    rows_done: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faulty: int = 0
    errors_total: int = 0
    problem: str | None = Field(default=None, max_length=64)
    links_shown_at: datetime | None = Field(default=None, sa_type=instant())
    finished_at: datetime | None = Field(default=None, sa_type=instant())
    expires_on: date = Field(index=True)


class ImportRow(Row, table=True):
    """A row as the file has it: `row` is its number there, `cells` are in the order of the columns."""

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("import_id", "row"), Index("ix_import_row_import_id_id", "import_id", "id"))

    import_id: UUID = Field(foreign_key="import.id", ondelete="CASCADE")
    row: int
    cells: list[Any] = Field(sa_column=json_column())
    key: str | None = Field(default=None, max_length=KEY_LENGTH)
    outcome: ImportOutcome | None = Field(default=None, sa_type=words(ImportOutcome, "outcome"))
    record_id: UUID | None = None


class ImportFault(Row, table=True):
    """One thing that is wrong with one row, in both languages."""

    __tablename__ = "import_fault"
    __table_args__ = (Index("ix_import_fault_import_id_id", "import_id", "id"),)

    import_id: UUID = Field(foreign_key="import.id", ondelete="CASCADE")
    row: int
    column: str | None = Field(default=None, max_length=300)
    field: str | None = Field(default=None, max_length=32)
    value: str | None = Field(default=None, max_length=200)
    code: str = Field(max_length=64)
    vi: str
    en: str


class ExternalKey(Row, table=True):
    """By which key of its own a body imported a record, and with which content last: so nothing comes in twice."""

    __tablename__ = "external_key"
    __table_args__ = (UniqueConstraint("body_id", "kind", "key"),)

    body_id: UUID = Field(foreign_key="body.id")
    kind: ImportKind = Field(sa_type=words(ImportKind, "kind"))
    key: str = Field(max_length=KEY_LENGTH)
    record_id: UUID = Field(index=True)
    digest: str = Field(max_length=64)


def _storable(value: dict[str, str]) -> dict[str, str]:
    refuse_unstorable(value)
    return value


Words = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Filling = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Mapping = Json[Annotated[dict[Words, Words], Limit(max_length=100), AfterValidator(_storable)]]
Defaults = Json[Annotated[dict[Words, Filling], Limit(max_length=50), AfterValidator(_storable)]]
"""Sent as JSON in one field of a form: headers to fields; fields to what empty cells hold."""


@dataclass(frozen=True, slots=True)
class ImportCreate:
    """What is asked for besides the file, as the fields of a form give it."""

    kind: ImportKind
    mode: ImportMode
    attachment_id: UUID | None
    mapping: dict[str, str]
    defaults: dict[str, str]


class ApplyImport(Move):
    """What was checked is taken in without sending the file again."""

    action: Literal["apply"]


class CancelImport(Move):
    action: Literal["cancel"]


ImportMove = Annotated[ApplyImport | CancelImport, Field(discriminator="action")]


class ImportFilter(ListQuery):
    kind: list[ImportKind] = Field(default_factory=list)
    state: list[ImportState] = Field(default_factory=list)


class ImportRowFilter(ListQuery):
    outcome: list[ImportOutcome] = Field(default_factory=list)


class ColumnRead(SQLModel):
    """A header of the file and the field it was taken for; null: not used."""

    header: str
    field: str | None


class CountsRead(SQLModel):
    created: int
    updated: int
    unchanged: int
    faulty: int


class FaultSeen(SQLModel):
    """`row` as the spreadsheet numbers it; `column` is its header there; null where the whole row is meant."""

    row: int
    column: str | None
    field: str | None
    value: str | None
    code: str
    vi: str
    en: str


class FaultRead(FaultSeen):
    id: UUID
    view: Literal["full"]


class ImportRead(SQLModel):
    """`rows_total` is null until the file is read; `counts` are what is, or after a dry run would be, done."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    kind: ImportKind
    mode: ImportMode
    format: ImportFormat
    state: ImportState
    file_name: str
    size: int
    sha256: str
    mapping: dict[str, str]
    defaults: dict[str, str]
    columns: list[ColumnRead]
    rows_total: int | None
    rows_done: int
    counts: CountsRead
    errors_total: int
    errors: list[FaultSeen] = Field(description="Các lỗi đầu tiên · The first of them; all under /errors")
    problem: str | None
    links_shown_at: datetime | None
    finished_at: datetime | None
    expires_on: date
    actions: list[str] | None = None


class ImportRowRead(SQLModel):
    id: UUID
    view: Literal["full"]
    row: int
    key: str | None
    outcome: ImportOutcome | None
    record_id: UUID | None
