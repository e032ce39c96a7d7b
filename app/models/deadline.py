"""Law as data: rules of periods, the working-day calendar, and the deadlines that pinned a version of both."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.calendar import DayKind
from app.domain.campaign import Regime
from app.domain.deadlines import ANY, LONGEST, Direction, Standing, Unit
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, json_column
from app.models.parts import not_before


class Rule(Entity, table=True):
    """A legal period, effective-dated, with its legal basis (domain.deadlines.Rule); `body_id` marks a local rule."""

    __table_args__ = (Index("ix_rule_code_valid_from", "code", "valid_from"),)

    code: str = Field(max_length=20)
    rule_version: int = 1
    regime: str = Field(max_length=16)
    trigger: str = Field(max_length=60)
    unit: str = Field(max_length=16)
    direction: str = Field(max_length=16)
    n: dict[str, int] = Field(default_factory=dict, sa_column=json_column())
    roll_forward: bool = True
    recurring: bool = False
    month_day: str | None = Field(default=None, max_length=5)
    extension_limit: str | None = Field(default=None, max_length=10)
    responsible: str = Field(max_length=300)
    what_vi: str = Field(max_length=1000)
    what_en: str = Field(max_length=1000)
    legal_basis: str = Field(max_length=1000)
    valid_from: date
    valid_to: date | None = None
    body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)


class CalendarDay(SQLModel, table=True):
    """An exception to Monday–Friday; a row corrected by an officer replaces the seeded one."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    kind: str = Field(max_length=16)
    name_vi: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    basis: str = Field(max_length=500)
    corrected: bool = False

    @property
    def id(self) -> UUID:
        """The name of the day in audit lines and messages."""
        return uuid5(NAMESPACE_URL, f"calendar-day:{self.day.isoformat()}")


class Deadline(Row, table=True):
    """A running or met clock of a record; rule and version are pinned when it starts."""

    __table_args__ = (
        UniqueConstraint("subject_id", "rule_code", "trigger_on"),
        Index(
            "ix_deadline_untold",
            "rule_code",
            "due_on",
            postgresql_where=text("met_on IS NULL AND overdue_told_on IS NULL"),
        ),
    )

    subject_type: str = Field(max_length=32)
    subject_id: UUID = Field(index=True)
    rule_id: UUID | None = Field(default=None, foreign_key="rule.id")
    rule_code: str = Field(max_length=20)
    rule_version: int
    legal_basis: str = Field(max_length=1000)
    trigger: str = Field(max_length=60)
    trigger_on: date
    n: int
    unit: str = Field(max_length=16)
    direction: str = Field(max_length=16)
    raw_due_on: date
    due_on: date
    responsible: str | None = Field(default=None, max_length=300)
    met_on: date | None = None
    paused_since: date | None = Field(default=None, description="Since when it stands still with its campaign")
    overdue_told_on: date | None = Field(default=None, description="When those concerned were told that it has passed")


class DeadlineRead(SQLModel):
    """A clock with its rule, legal basis and standing; `/v1/deadlines/explain` counts it day by day."""

    id: UUID
    subject_type: str
    subject_id: UUID
    rule_id: UUID | None
    rule_code: str = Field(schema_extra={"examples": ["D20"]})
    rule_version: int
    what_vi: str | None
    what_en: str | None
    legal_basis: str
    trigger: str
    trigger_on: date
    n: int
    unit: Unit
    direction: Direction
    raw_due_on: date
    due_on: date
    rolled: bool
    responsible: str | None
    met_on: date | None
    paused_since: date | None
    state: Standing


class RuleRegime(StrEnum):
    """The regimes of campaigns, and the rules that bind in all of them."""

    FRONT = Regime.FRONT.value
    PARTY = Regime.PARTY.value
    STATE = Regime.STATE.value
    GRASSROOTS = Regime.GRASSROOTS.value
    ANY = ANY


WORD = r"^[a-z_]{1,60}$"
Word = Annotated[str, StringConstraints(pattern=WORD)]


def _per_level(value: Any) -> Any:
    """A plain number is that of all levels."""
    return {ANY: value} if isinstance(value, int) and not isinstance(value, bool) else value


NUMBER = {"type": "integer", "minimum": 0, "maximum": LONGEST}
Numbers = Annotated[
    dict[Word, Annotated[int, Ge(0), Le(LONGEST)]],
    MinLen(1),
    MaxLen(20),
    BeforeValidator(_per_level),
    WithJsonSchema(
        {
            "anyOf": [
                NUMBER,
                {
                    "type": "object",
                    "additionalProperties": False,
                    "patternProperties": {WORD: NUMBER},
                    "minProperties": 1,
                    "maxProperties": 20,
                },
            ]
        }
    ),
]
"""`20`, or `{"province": 30, "commune": 20}`."""


def _every_year(value: str) -> str:
    """29 February is not."""
    try:
        date.fromisoformat(f"2023-{value}")
    except ValueError as error:
        raise PydanticCustomError("no_such_day", "Not a day of every year") from error
    return value


MonthDay = Annotated[
    str,
    StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
    AfterValidator(_every_year),
    Field(schema_extra={"examples": ["03-01"]}),
]


class RuleCreate(Payload):
    """A registrar adds a national rule, or its next version; an officer or leader a rule of their own body.

    A next version closes the open one the day before its `valid_from`.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[0-9]{2,4}[A-Z]?$")] = Field(
        schema_extra={"examples": ["D06"]}
    )
    body_id: UUID | None = Field(default=None, description="Cơ quan tự đặt quy định · The body that sets a local rule")
    regime: RuleRegime
    trigger: Word = Field(schema_extra={"examples": ["recommendation_received"]})
    unit: Unit
    direction: Direction = Direction.AFTER
    n: Numbers | None = Field(default=None, description="Một số, hoặc mỗi cấp một số · One number, or one per level")
    month_day: MonthDay | None = Field(default=None, description="Ngày hằng năm, khi unit là date · Of a yearly date")
    roll_forward: bool = True
    extension_limit: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}(/[1-9][0-9]{0,2})?$")] | None = Field(
        default=None,
        description="Được kéo dài thêm tối đa phần này của thời hạn · At most this part of the period more",
        schema_extra={"examples": ["1/3"]},
    )
    responsible: str = Field(min_length=1, max_length=300, schema_extra={"examples": ["addressee"]})
    what_vi: str = Field(min_length=1, max_length=1000)
    what_en: str = Field(min_length=1, max_length=1000)
    legal_basis: str = Field(min_length=1, max_length=1000)
    valid_from: date
    valid_to: Annotated[date | None, not_before("valid_from")] = None

    @model_validator(mode="after")
    def one_period(self) -> Self:
        """A yearly date is a day of every year; every other unit is counted in numbers."""
        if (self.month_day is not None) != (self.unit is Unit.DATE) or (self.n is None) != (self.unit is Unit.DATE):
            raise PydanticCustomError("date_or_number", "month_day for a date, n for every other unit")
        return self


class RuleRead(SQLModel):
    id: UUID
    view: Literal["full"]
    code: str
    rule_version: int
    regime: RuleRegime
    trigger: str
    unit: Unit
    direction: Direction
    n: dict[str, int]
    roll_forward: bool
    recurring: bool
    month_day: str | None
    extension_limit: str | None
    responsible: str
    what_vi: str
    what_en: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    body_id: UUID | None
    body: BodyRef | None
    version: int


class RuleFilter(ListQuery):
    code: list[str] = Field(default_factory=list, max_length=50, schema_extra={"examples": [["D20"]]})
    regime: list[RuleRegime] = Field(default_factory=list, max_length=10)
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    on: date | None = Field(default=None, description="Có hiệu lực vào ngày · In force on that day")


class CalendarDayFilter(ListQuery):
    """Days are listed by date; a year always fits one page."""

    limit: int = Field(default=200, ge=1, le=200)
    year: int | None = Field(default=None, ge=1, le=9999)


class CalendarDayPut(Payload):
    """How the day departs from the week's rhythm, and the decision that says so."""

    kind: DayKind
    name_vi: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    basis: str = Field(min_length=1, max_length=500)


class CalendarDayRead(SQLModel):
    day: date
    view: Literal["full"]
    kind: DayKind
    name_vi: str
    name_en: str
    basis: str
    corrected: bool


class ExplainQuery(Payload):
    """Either `rule` (with its level, body and extension) or the plain calculator's `unit` and `n`."""

    from_: date = Field(alias="from", schema_extra={"examples": ["2024-04-05"]})
    rule: str | None = Field(default=None, min_length=1, max_length=20, schema_extra={"examples": ["D20"]})
    level: Word | None = Field(default=None, schema_extra={"examples": ["province"]})
    extended: bool = False
    body_id: UUID | None = None
    unit: Literal[Unit.DAY, Unit.WORKDAY] | None = None
    n: int | None = Field(default=None, ge=0, le=LONGEST)
    direction: Direction | None = Field(default=None, description="Mặc định after · after by default")

    @model_validator(mode="after")
    def one_form(self) -> Self:
        plain = {"unit", "n", "direction"} & self.model_fields_set
        ruled = {"rule", "level", "extended", "body_id"} & self.model_fields_set
        complete = self.rule is not None or None not in (self.unit, self.n)
        if (plain and ruled) or not complete:
            raise PydanticCustomError("rule_or_unit", "Either rule, or unit and n")
        return self


class DayReason(SQLModel):
    code: str
    vi: str
    en: str
    basis: str | None


class DayRead(SQLModel):
    date: date
    counted: bool
    reason: DayReason | None = None


class ExplainRead(SQLModel):
    """How a date was reckoned, day by day. `calendar_known` is false when some year's holidays are not entered yet."""

    rule: str | None
    rule_id: UUID | None = None
    rule_version: int | None
    legal_basis: str
    from_: date = Field(alias="from")
    direction: Direction
    unit: Unit
    n: int | None
    raw_due_on: date
    due_on: date
    rolled: bool
    calendar_known: bool
    days: list[DayRead]
