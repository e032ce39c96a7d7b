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


class TableFormat(StrEnum):
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"


class TableQuery(Payload):
    format: TableFormat = Field(default=TableFormat.PDF, description="Văn bản hay bảng tính · A paper or a workbook")


class CampaignPaper(StrEnum):
    PLAN = "plan"
    OUTLINE = "outline"


class CampaignPaperQuery(PaperQuery):
    paper: CampaignPaper = Field(default=CampaignPaper.PLAN, description="Kế hoạch hay đề cương · Plan or outline")
