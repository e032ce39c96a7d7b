"""The figures of a supervision through a grassroots board, and the programmes and projects of an area."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from annotated_types import Interval
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import BigInteger, Index, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.board import BoardKind
from app.domain.board_result import BoardMeasure, BoardResultState
from app.domain.body import Level
from app.models.base import BodyRef, Day, Entity, ListQuery, Payload, words
from app.models.board import ThroughBoard
from app.models.body import PlaceCode
from app.models.moves import Move

Cases = Annotated[int, Interval(ge=0, le=100_000)]
Dong = Annotated[int, Interval(ge=0, le=10**15)]
SquareMetres = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


def _dong() -> Any:
    return Field(default=0, sa_type=BigInteger)


def _land() -> Any:
    return Field(default=Decimal(0), sa_type=Numeric(14, 2))


class BoardResult(Entity, table=True):
    """`board_id` is that of its campaign: what the figures of a board or of a Front are counted by."""

    __tablename__ = "board_result"
    __table_args__ = (Index("ix_board_result_board_id_occurred_on", "board_id", "occurred_on"),)

    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    board_id: UUID = Field(foreign_key="board.id")
    occurred_on: date
    violations: int = 0
    cases_recommended: int = 0
    money_recovered: int = _dong()
    settlement_reduced: int = _dong()
    money_otherwise_handled: int = _dong()
    land_recovered: Decimal = _land()
    land_otherwise_handled: Decimal = _land()
    legal_shortcomings: int = 0
    note: str | None = Field(default=None, max_length=5000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    state: BoardResultState = Field(default=BoardResultState.RECORDED, sa_type=words(BoardResultState, "state"))


class ProjectCount(Entity, table=True):
    """How many programmes and projects the area of a Front has; each count holds until the next."""

    __tablename__ = "project_count"
    __table_args__ = (UniqueConstraint("front_body_id", "counted_on"),)

    front_body_id: UUID = Field(foreign_key="body.id")
    counted_on: date
    projects: int
    note: str | None = Field(default=None, max_length=5000)


class BoardResultCreate(Payload):
    """What is not named is 0; something must be said. Money in đồng, land in m²."""

    campaign_id: UUID
    on: Day | None = Field(default=None, description="Ngày có kết quả, mặc định hôm nay · Today by default")
    violations: Cases = Field(default=0, schema_extra={"examples": [3]})
    cases_recommended: Cases = Field(default=0, schema_extra={"examples": [2]})
    money_recovered: Dong = Field(default=0, schema_extra={"examples": [45000000]})
    settlement_reduced: Dong = Field(default=0, description="Chỉ của Ban GSĐTCĐ · Of investment boards alone")
    money_otherwise_handled: Dong = 0
    land_recovered: SquareMetres = Field(
        default=Decimal(0),
        description="Chỉ của Ban TTND · Of inspection boards alone",
        schema_extra={"examples": [1250.5]},
    )
    land_otherwise_handled: SquareMetres = Field(
        default=Decimal(0), description="Chỉ của Ban TTND · Of inspection boards alone"
    )
    legal_shortcomings: Cases = Field(
        default=0,
        description="Kiến nghị về sơ hở của pháp luật; chỉ của Ban TTND · Of inspection boards alone",
    )
    note: str | None = Field(default=None, min_length=1, max_length=5000)
    document_id: UUID | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not any(getattr(self, it) for it in BoardMeasure):
            raise PydanticCustomError("no_figures", "At least one figure")
        return self


class BoardResultChanges(Payload):
    """Only what is named changes; figures are named as they should have been, not by how much they were wrong."""

    on: Day = Field(default=None)
    violations: Cases = Field(default=None)
    cases_recommended: Cases = Field(default=None)
    money_recovered: Dong = Field(default=None)
    settlement_reduced: Dong = Field(default=None)
    money_otherwise_handled: Dong = Field(default=None)
    land_recovered: SquareMetres = Field(default=None)
    land_otherwise_handled: SquareMetres = Field(default=None)
    legal_shortcomings: Cases = Field(default=None)

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("no_figures", "At least one figure")
        return self


class CorrectBoardResult(Move):
    action: Literal["correct"]
    reason: str = Field(min_length=1, max_length=5000, schema_extra={"examples": ["Kho bạc xác nhận lại số tiền"]})
    changes: BoardResultChanges


class WithdrawBoardResult(Move):
    action: Literal["withdraw"]
    reason: str = Field(min_length=1, max_length=5000)


BoardResultMove = Annotated[CorrectBoardResult | WithdrawBoardResult, Field(discriminator="action")]


class BoardResultFilter(ThroughBoard):
    campaign_id: list[UUID] = Field(default_factory=list, max_length=50)
    board_id: list[UUID] = Field(default_factory=list, max_length=50)
    measure: list[BoardMeasure] = Field(
        default_factory=list, description="Có một trong các chỉ tiêu này · Which say something of one of these"
    )
    state: list[BoardResultState] = Field(default_factory=list)
    on_from: Day | None = None
    on_to: Day | None = None


class BoardResultParty(SQLModel):
    """What the superior of the board's Front sums up."""

    id: UUID
    view: Literal["party"]
    version: int
    board_id: UUID
    board_kind: BoardKind
    board_body: BodyRef
    front_body: BodyRef
    on: date
    violations: int
    cases_recommended: int
    money_recovered: int
    settlement_reduced: int
    money_otherwise_handled: int
    land_recovered: float
    land_otherwise_handled: float
    legal_shortcomings: int
    state: BoardResultState
    actions: list[str] | None = None


class BoardResultRead(BoardResultParty):
    view: Literal["full"]  # type: ignore[assignment]
    created_at: datetime
    campaign_id: UUID
    campaign_title: str
    note: str | None
    document_id: UUID | None


BoardResultSeen = BoardResultRead | BoardResultParty


class ProjectCountCreate(Payload):
    """By the Front of the commune; `front_body_id` is by default the caller's body."""

    front_body_id: UUID | None = None
    counted_on: Day | None = Field(default=None, description="Mặc định hôm nay · Today by default")
    projects: Cases = Field(schema_extra={"examples": [12]})
    note: str | None = Field(default=None, min_length=1, max_length=5000)


class ProjectCountUpdate(Payload):
    projects: Cases = Field(default=None)
    note: str | None = Field(default=None, min_length=1, max_length=5000)


class ProjectCountFilter(ListQuery):
    front_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    front_level: list[Level] = Field(default_factory=list)
    front_place_code: list[PlaceCode] = Field(
        default_factory=list, max_length=50, description="Tỉnh gồm cả xã của nó · A province with its communes"
    )
    holding_on: Day | None = Field(
        default=None, description="Số mới nhất của mỗi nơi tính đến ngày · The newest of each Front by that day"
    )


class ProjectCountRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    front_body_id: UUID
    front_body: BodyRef
    counted_on: date
    projects: int
    note: str | None
