"""A body's own DOCX templates of its papers: each version holds from a day on, until the next begins."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.paper import Layout, PaperForm, PaperKind
from app.models.base import BodyRef, Entity, Listing, ListQuery, Payload, json_column, words
from app.models.document import FileRef
from app.models.paper import PaperQuery


class PaperTemplate(Entity, table=True):
    """Without a file: from that day on the standard template holds again."""

    __tablename__ = "paper_template"
    __table_args__ = (Index("ix_paper_template_in_force", "body_id", "kind", "valid_from", "id"),)

    body_id: UUID = Field(foreign_key="body.id")
    kind: PaperKind = Field(sa_type=words(PaperKind, "kind"))
    valid_from: date
    attachment_id: UUID | None = Field(default=None, foreign_key="attachment.id", index=True)
    uses: list[str] = Field(default_factory=list, sa_column=json_column())


class TemplateCreate(Payload):
    kind: PaperKind = Field(schema_extra={"examples": ["result_report"]})
    attachment_id: UUID | None = Field(default=None, description="Tệp DOCX đã gửi lên · A DOCX file sent before")
    standard: bool = Field(default=False, description="Trở về mẫu chuẩn · Go back to the standard template")
    valid_from: date | None = Field(
        default=None,
        description="Dùng cho văn bản đề từ ngày này; mặc định hôm nay · For papers of this day and later; today",
        schema_extra={"examples": ["2024-05-01"]},
    )
    body_id: UUID | None = Field(default=None, description="Mặc định: cơ quan của bạn · Your body by default")

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if (self.attachment_id is not None) == self.standard:
            raise PydanticCustomError("template_or_standard", "Either attachment_id or standard")
        return self


class TemplateFilter(ListQuery):
    kind: list[PaperKind] = Field(default_factory=list)
    body_id: UUID | None = None
    on: date | None = Field(default=None, description="Đang dùng vào ngày này · In force on this day")


class TemplateRead(SQLModel):
    """`replaced_on` is the day on which the next version begins; `uses` are the placeholders found in the file."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    body_id: UUID
    body: BodyRef
    kind: PaperKind
    standard: bool
    valid_from: date
    replaced_on: date | None
    in_force: bool
    attachment_id: UUID | None
    attachment: FileRef | None
    uses: list[str]


class Placeholder(SQLModel):
    """`members` are those of it, or of each of its items where it is `repeated`."""

    name: str
    repeated: bool
    members: list[str]


class TemplateKind(SQLModel):
    """`template_id` is the body's own version in force today; null: the standard template."""

    kind: PaperKind
    form: PaperForm
    layout: Layout
    template_id: UUID | None


class TemplateKinds(Listing[TemplateKind]):
    placeholders: list[Placeholder]


class TemplateKindsQuery(Payload):
    body_id: UUID | None = Field(default=None, description="Mặc định: cơ quan của bạn · Your body by default")


class StandardQuery(Payload):
    form: PaperForm = Field(default=PaperForm.STATE, description="Thể thức Nhà nước hay Đảng · State or Party")


class PreviewQuery(PaperQuery):
    form: PaperForm = Field(default=PaperForm.STATE, description="Thể thức Nhà nước hay Đảng · State or Party")
