"""Exports: a list asked for as a file, made in the background, kept for its owner for a week."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from app.models.base import ListQuery, Payload, Row, instant, json_column, words
from app.models.campaign import CampaignFilter
from app.models.finding import FindingFilter
from app.models.recommendation import RecommendationFilter
from app.models.report import ReportFilter


class ExportKind(StrEnum):
    RECOMMENDATIONS = "recommendations"
    FINDINGS = "findings"
    CAMPAIGNS = "campaigns"
    REPORTS = "reports"


class ExportFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class ExportState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Export(Row, table=True):
    """Whoever asked for it is who sees it, and what they may see when it is made is what is in it."""

    __table_args__ = (Index("ix_export_account_id_id", "account_id", "id"),)

    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    kind: ExportKind = Field(sa_type=words(ExportKind, "kind"))
    format: ExportFormat = Field(sa_type=words(ExportFormat, "format"))
    filters: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    language: str = Field(max_length=2)
    state: ExportState = Field(default=ExportState.QUEUED, sa_type=words(ExportState, "state"), index=True)
    rows_done: int = 0
    rows_total: int | None = None
    file_name: str = Field(max_length=255)
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = Field(default=None, max_length=64)
    problem: str | None = Field(default=None, max_length=64)
    finished_at: datetime | None = Field(default=None, sa_type=instant())
    expires_on: date = Field(index=True)


class ExportPayload(Payload):
    format: ExportFormat = ExportFormat.XLSX


class ExportRecommendations(ExportPayload):
    kind: Literal["recommendations"]
    filters: RecommendationFilter = Field(default_factory=RecommendationFilter)


class ExportFindings(ExportPayload):
    kind: Literal["findings"]
    filters: FindingFilter = Field(default_factory=FindingFilter)


class ExportCampaigns(ExportPayload):
    kind: Literal["campaigns"]
    filters: CampaignFilter = Field(default_factory=CampaignFilter)


class ExportReports(ExportPayload):
    kind: Literal["reports"]
    filters: ReportFilter = Field(default_factory=ReportFilter)


ExportCreate = Annotated[
    ExportRecommendations | ExportFindings | ExportCampaigns | ExportReports, Field(discriminator="kind")
]


class ExportFilter(ListQuery):
    kind: list[ExportKind] = Field(default_factory=list)
    state: list[ExportState] = Field(default_factory=list)


class ExportRead(SQLModel):
    """`rows_total` is null until it is counted; `problem` is a stable code when it failed."""

    id: UUID
    view: Literal["full"]
    kind: ExportKind
    format: ExportFormat
    filters: dict[str, Any]
    state: ExportState
    rows_done: int
    rows_total: int | None
    file_name: str
    size: int | None
    sha256: str | None
    problem: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_on: date
