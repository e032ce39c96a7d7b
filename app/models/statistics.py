"""What is asked and answered about figures; no table: they are counted from the records that the caller sees."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import Field, SQLModel

from app.domain.campaign import CampaignForm
from app.domain.recommendation import Overdue
from app.models.base import BodyRef, Payload
from app.models.body import PlaceRef
from app.models.parts import not_before


class GroupBy(StrEnum):
    ADDRESSEE = "addressee"
    LEAD = "lead"
    PLACE = "place"
    ORIGIN = "origin"
    QUARTER = "quarter"


class RecommendationStatisticsQuery(Payload):
    """The period is that of the issue, both days included."""

    group_by: GroupBy
    from_: date | None = Field(default=None, alias="from", schema_extra={"examples": ["2024-01-01"]})
    to: Annotated[date | None, not_before("from_")] = Field(default=None, schema_extra={"examples": ["2024-07-31"]})
    bodies: Literal["then", "now"] = Field(
        default="then",
        description=(
            "`then`: theo cơ quan lúc ban hành; `now`: theo cơ quan nay thực hiện, gộp cơ quan đã kết thúc vào cơ quan "
            "kế thừa duy nhất của nó · by the bodies of the issue, or by those that answer today, an ended body folded "
            "into its heir where it has just one"
        ),
    )
    limit: int = Field(default=200, ge=1, le=1000, description="Số nhóm, nhiều nhất trước · Groups, largest first")
    format: Literal["json", "xlsx"] = Field(
        default="json", description="Số liệu, hay bảng tính có biểu đồ · Figures, or a workbook with charts"
    )


class Ageing(SQLModel):
    """Recommendations that have not ended, by days past their due date."""

    not_due: int
    days_1_30: int
    days_31_90: int
    days_91_180: int
    days_over_180: int


class DueResolved(SQLModel):
    """The share of due recommendations that were resolved; `ratio` is null where none counts.

    Not counted: those not yet due, those withdrawn, and `multi_year` ones, given more than a year from their issue.
    That one is impossible for objective reasons accepted in writing is not recorded yet, so such ones still count.
    """

    counted: int
    resolved: int
    multi_year: int
    ratio: float | None


class Figures(SQLModel):
    """As they stand on `as_of`; withdrawn ones count as issued and as withdrawn only."""

    issued: int
    due: int
    replied: int
    replied_in_time: int
    resolved: int
    overdue: int
    withdrawn: int
    median_days_to_reply: float | None = Field(description="Từ ngày nhận · From the receipt")
    median_days_to_resolve: float | None = Field(description="Từ ngày ban hành · From the issue")
    due_resolved: DueResolved
    ageing: Ageing


class FiguresOfGroup(Figures):
    """`key` is the id, code, origin or quarter (2024Q2); null: the addressee has no place."""

    key: str | None
    body: BodyRef | None = None
    place: PlaceRef | None = None


class RecommendationStatistics(SQLModel):
    """`groups` is how many there are, of which `items` are the largest; `total` is over all of them."""

    as_of: date
    groups: int
    items: list[FiguresOfGroup]
    total: Figures


class HalfYearFormat(StrEnum):
    JSON = "json"
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"


class HalfYearQuery(Payload):
    body_id: UUID
    format: HalfYearFormat = Field(
        default=HalfYearFormat.JSON, description="Số liệu, văn bản, hay bảng tính · Figures, a paper, or a workbook"
    )
    half: Annotated[str, StringConstraints(pattern=r"^(19|20)[0-9]{2}H[12]$")] = Field(
        schema_extra={"examples": ["2025H2"]}
    )

    @property
    def days(self) -> tuple[date, date]:
        year = int(self.half[:4])
        if self.half.endswith("1"):
            return date(year, 1, 1), date(year, 6, 30)
        return date(year, 7, 1), date(year, 12, 31)


class CampaignsOfForm(SQLModel):
    form: CampaignForm
    led: int
    joined: int


class RecommendationsToAddressee(SQLModel):
    """One for each name that the addressee bore when recommendations were issued to it."""

    addressee_id: UUID
    addressee: BodyRef
    issued: int
    replied: int
    resolved: int


class OverdueRecommendation(SQLModel):
    """`addressee` as the paper names it; `passed_to` answers for it now, where a transfer was confirmed."""

    id: UUID
    number: int | None
    addressee_id: UUID
    addressee: BodyRef
    passed_to: BodyRef | None
    action: str
    due_on: date | None
    reply_due_on: date | None
    overdue: Overdue


class HalfYearNotice(SQLModel):
    """The notice of Luật MTTQ Đ30(1): results of the half-year, and what is to be urged as of today."""

    body_id: UUID
    body: BodyRef
    from_: date = Field(alias="from")
    to: date
    as_of: date
    campaigns: list[CampaignsOfForm]
    recommendations: list[RecommendationsToAddressee]
    overdue: list[OverdueRecommendation]
