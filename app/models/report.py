"""A report in versions: frozen by hash when circulated, signed by partners, commented by the supervised party."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from app.domain.report import AnswerKind, ReportKind, ReportState
from app.models.base import Entity, Row, json_column, search_expression, words


class Report(Entity, table=True):
    """`number` is the version among reports of this kind on this engagement or campaign; `engagement_id` None: all."""

    __table_args__ = (
        Index("ix_report_campaign_id_id", "campaign_id", "id"),
        Index("ix_report_search", text(search_expression("title")), postgresql_using="gin"),
    )

    kind: ReportKind = Field(sa_type=words(ReportKind, "kind"))
    campaign_id: UUID = Field(foreign_key="campaign.id")
    engagement_id: UUID | None = Field(default=None, foreign_key="engagement.id", index=True)
    author_body_id: UUID = Field(foreign_key="body.id", index=True)
    title: str = Field(max_length=500)
    number: int = 1
    sections: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    hash: str | None = Field(default=None, max_length=64)
    state: ReportState = Field(default=ReportState.DRAFT, sa_type=words(ReportState, "state"))
    circulated_on: date | None = None
    adopted_on: date | None = None
    issued_on: date | None = None
    published_on: date | None = None
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    answers_request_id: UUID | None = Field(default=None, foreign_key="revision_request.id", index=True)
    previous_id: UUID | None = Field(default=None, foreign_key="report.id")


class ReportSignature(Row, table=True):
    """A partner's sign-off on the text with this hash, or its reserved opinion, printed in the report."""

    __tablename__ = "report_signature"
    __table_args__ = (UniqueConstraint("report_id", "body_id"),)

    report_id: UUID = Field(foreign_key="report.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    hash: str = Field(max_length=64)
    opinion: str | None = Field(default=None, max_length=10_000)
    signed_on: date


class ReportComment(Row, table=True):
    """The supervised party's comment on a section, and the delegation's answer to it."""

    __tablename__ = "report_comment"

    report_id: UUID = Field(foreign_key="report.id", index=True)
    section_key: str | None = Field(default=None, max_length=100)
    text: str = Field(max_length=10_000)
    commented_on: date
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    answer_kind: AnswerKind | None = Field(default=None, sa_type=words(AnswerKind, "answer_kind"))
    answer_text: str | None = Field(default=None, max_length=10_000)
    answered_on: date | None = None
    answered_by_id: UUID | None = Field(default=None, foreign_key="account.id")
