"""What is asked and answered about the work of a year, or of any other days; every figure is a list that is counted."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel

from app.domain.body import Level
from app.domain.campaign import CampaignForm
from app.models.base import BodyRef, Payload
from app.models.body import PlaceCode
from app.models.parts import Period, not_before


class YearQuery(Payload):
    """`year`, or `period_from` with `period_to`: "7 tháng đầu năm" are 01/01 to 31/07.

    Whose work: that of `body_id`, or of the bodies of a level or a place; of none of these, of the caller's body.
    """

    year: int | None = Field(default=None, ge=2000, le=2200, schema_extra={"examples": [2024]})
    period_from: date | None = Field(default=None, schema_extra={"examples": ["2024-01-01"]})
    period_to: Annotated[date | None, not_before("period_from")] = Field(
        default=None, schema_extra={"examples": ["2024-07-31"]}
    )
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    level: list[Level] = Field(default_factory=list, max_length=5)
    place_code: list[PlaceCode] = Field(
        default_factory=list, max_length=50, description="Tỉnh gồm cả xã của nó · A province with its communes"
    )

    @model_validator(mode="after")
    def one_period(self) -> Self:
        named = self.period_from is not None and self.period_to is not None
        if (self.year is not None) == named or (self.year is not None and (self.period_from or self.period_to)):
            raise PydanticCustomError("one_period", "Either year or period_from with period_to")
        return self

    @property
    def days(self) -> tuple[date, date]:
        if self.year is not None:
            return date(self.year, 1, 1), date(self.year, 12, 31)
        assert self.period_from is not None
        assert self.period_to is not None
        return self.period_from, self.period_to


class Figure(SQLModel):
    """`list` is the address of the list that this figure counts; null where it is frozen or a sum."""

    value: float
    list: str | None


class Sides(SQLModel):
    """A campaign led by one of the bodies and joined by another counts on both sides."""

    led: Figure
    joined: Figure


class SidesOfForm(Sides):
    form: CampaignForm


class OfForms(SQLModel):
    """Those that ran within the days, from their plan on, cancelled ones left out."""

    total: Sides
    by_form: list[SidesOfForm]


class RecommendationsOfYear(SQLModel):
    """Issued within the days, to whom, and what has become of them since."""

    issued: Figure
    to_party: Figure
    to_government: Figure
    to_others: Figure
    replied: Figure
    resolved: Figure
    overdue: Figure
    withdrawn: Figure


class Sum(Figure):
    """The sum of the field `adds_up` of what is in the list; money in đồng, land in m²."""

    adds_up: str


class OfPeople(SQLModel):
    """What was supervised within the days, and what was recommended to whom."""

    supervisions: Figure
    recommendations: Figure
    to_party: Figure
    to_government: Figure
    to_others: Figure


class OfBoard(OfPeople):
    """Boards in office at the end of the days, and what came of supervision through them within the days."""

    in_office: Figure
    violations: Sum
    cases_recommended: Sum
    money_recovered: Sum
    money_otherwise_handled: Sum


class OfInspectionBoards(OfBoard):
    land_recovered: Sum
    land_otherwise_handled: Sum
    legal_shortcomings: Sum


class OfInvestmentBoards(OfBoard):
    """`projects`: programmes and projects of the areas at the end of the days."""

    projects: Sum
    settlement_reduced: Sum


class OfBoards(SQLModel):
    """The forms on supervision by the people (domain.md, section 6.4): of boards of these Fronts, or these boards.

    `others`: campaigns of the grassroots regime that work through no board.
    """

    ptib: OfInspectionBoards
    cisb: OfInvestmentBoards
    others: OfPeople


class YearFigures(SQLModel):
    """The four forms of supervision (Luật MTTQ Đ27), the three of criticism (Đ34), recommendations, boards."""

    supervisions: OfForms
    criticisms: OfForms
    recommendations: RecommendationsOfYear
    boards: OfBoards


class PeriodRef(SQLModel):
    """A period that was closed: what it reported stays as it stood then."""

    id: UUID
    title: str
    period: Period
    closed_on: date


class YearStatistics(YearFigures):
    """Counted today from what the caller sees; `closed_periods` of these bodies say what was reported already."""

    from_: date = Field(alias="from")
    to: date
    as_of: date
    bodies: list[BodyRef]
    closed_periods: list[PeriodRef]
