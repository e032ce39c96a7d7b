"""How a paper is asked for as a file."""

from enum import StrEnum

from sqlmodel import Field

from app.models.base import Payload


class PaperFormat(StrEnum):
    DOCX = "docx"
    PDF = "pdf"


class PaperQuery(Payload):
    format: PaperFormat = Field(
        default=PaperFormat.PDF, description="DOCX để sửa tiếp, PDF để in, gửi · DOCX to work on, PDF to print and send"
    )
