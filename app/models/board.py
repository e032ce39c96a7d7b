"""A grassroots board (BTTND, BGSĐTCĐ): who sits on it, what it files, and what its commune's Front confirms.

The body is the tenant and stays; the board is its composition: one for each term of an inspection board, one for each
project of an investment board.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.clock import today
from app.domain.board import BoardDuty, BoardKind, BoardPaperKind, BoardPeriod, BoardState, StandsFor, is_period
from app.domain.body import Level
from app.models.base import BodyRef, Day, Entity, ListQuery, Payload, PersonRef, Row, words
from app.models.body import PlaceCode, PlaceRef
from app.models.moves import Move
from app.models.parts import Period, not_before


class Board(Entity, table=True):
    """`body_id` is the board as a body of the register; `front_body_id` the Front that confirms it and what it asks."""

    __table_args__ = (
        Index(
            "uq_board_body_id_in_office",
            "body_id",
            unique=True,
            postgresql_where=text("state IN ('founding', 'submitted', 'confirmed')"),
        ),
    )

    kind: BoardKind = Field(sa_type=words(BoardKind, "kind"))
    body_id: UUID = Field(foreign_key="body.id", index=True)
    front_body_id: UUID = Field(foreign_key="body.id", index=True)
    place_code: str | None = Field(default=None, foreign_key="place.code", index=True)
    founded_on: date | None = None
    founding_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    term_from: date | None = None
    term_to: date | None = None
    project_name: str | None = Field(default=None, max_length=500)
    project_owner: str | None = Field(default=None, max_length=300)
    project_owner_body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    project_starts_on: date | None = None
    submitted_on: date | None = None
    confirmed_on: date | None = Field(default=None, index=True)
    confirmation_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    dissolved_on: date | None = None
    term_told_on: date | None = Field(default=None, description="When board and Front were told that the term ends")
    state: BoardState = Field(default=BoardState.FOUNDING, sa_type=words(BoardState, "state"), index=True)


class BoardMember(Row, table=True):
    """Somebody on the board from–to; a member of an inspection board stands for the village that elected them."""

    __tablename__ = "board_member"

    board_id: UUID = Field(foreign_key="board.id", index=True)
    name: str = Field(max_length=200)
    title: str | None = Field(default=None, max_length=300)
    duty: BoardDuty = Field(sa_type=words(BoardDuty, "duty"))
    stands_for: StandsFor = Field(sa_type=words(StandsFor, "stands_for"))
    residence: str | None = Field(default=None, max_length=300)
    valid_from: date
    valid_to: date | None = None
    reason: str | None = Field(default=None, max_length=2000)


class BoardPaper(Row, table=True):
    """A plan or report of the board, or the notice of its plan and members to the owner of the project; append-only."""

    __tablename__ = "board_paper"
    __table_args__ = (Index("ix_board_paper_board_id_id", "board_id", "id"),)

    board_id: UUID = Field(foreign_key="board.id")
    kind: BoardPaperKind = Field(sa_type=words(BoardPaperKind, "kind"))
    period: BoardPeriod | None = Field(default=None, sa_type=words(BoardPeriod, "period"))
    period_from: date | None = None
    period_to: date | None = None
    document_id: UUID = Field(foreign_key="document.id")
    sent_on: date
    note: str | None = Field(default=None, max_length=5000)


class BoardConfirmation(Row, table=True):
    """The Front's word on minutes or a recommendation of its board, before they go out; append-only.

    Of a recommendation it confirms one version: a draft that was changed is confirmed anew.
    """

    __tablename__ = "board_confirmation"
    __table_args__ = (UniqueConstraint("recommendation_id", "confirmed_version"),)

    board_id: UUID = Field(foreign_key="board.id", index=True)
    record_id: UUID | None = Field(default=None, foreign_key="campaign_record.id", unique=True)
    recommendation_id: UUID | None = Field(default=None, foreign_key="recommendation.id")
    confirmed_version: int | None = None
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    note: str | None = Field(default=None, max_length=5000)
    confirmed_on: date
    account_id: UUID = Field(foreign_key="account.id")


class Founding(Payload):
    """The meeting that elected the board, or the decision that set it up, with its minutes or decision."""

    on: Day = Field(schema_extra={"examples": ["2024-01-15"]})
    document_id: UUID


class TermOfOffice(Payload):
    """An open end: until the next village heads are elected."""

    from_: Day = Field(alias="from", schema_extra={"examples": ["2024-01-15"]})
    to: Annotated[Day | None, not_before("from_")] = Field(default=None, schema_extra={"examples": ["2026-12-31"]})


class Project(Payload):
    """What an investment board watches. `starts_on`: when it is carried out, before which its owner is told (D14)."""

    name: str = Field(min_length=1, max_length=500, schema_extra={"examples": ["Đường liên thôn Quảng Thái"]})
    owner: str | None = Field(default=None, min_length=1, max_length=300)
    owner_body_id: UUID | None = None
    starts_on: Day | None = Field(default=None, schema_extra={"examples": ["2024-06-03"]})


class BoardMemberCreate(Payload):
    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Lê Văn Thành"]})
    title: str | None = Field(default=None, min_length=1, max_length=300)
    duty: BoardDuty = BoardDuty.MEMBER
    stands_for: StandsFor
    residence: str | None = Field(
        default=None, min_length=1, max_length=300, description="Thôn, tổ dân phố · Village or residential group"
    )
    from_: Day = Field(alias="from", default_factory=today, description="Mặc định hôm nay · Today by default")
    to: Annotated[Day | None, not_before("from_")] = None


class BoardMemberUpdate(Payload):
    """A seat ends with its last day, for a reason; who the member was stays."""

    to: Day | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=2000)
    duty: BoardDuty = Field(default=None)


class BoardFields(Payload):
    founding: Founding | None = None
    term: TermOfOffice | None = None
    project: Project | None = None


class BoardCreate(BoardFields):
    """`body_id` is the board's body in the register, of kind `ptib` or `cisb`; its parent there is the Front.

    The Front that confirms the board and the place are those of the register.
    """

    body_id: UUID
    members: list[BoardMemberCreate] = Field(default_factory=list, max_length=100)


class BoardUpdate(BoardFields):
    """All of it while the board is being founded; afterwards the end of its term, and when its project starts."""


class BoardSides(ListQuery):
    """Of boards by who answers for them: the board itself, or the Front that confirms it."""

    board_body_id: list[UUID] = Field(
        default_factory=list, max_length=50, description="Ban, hoặc Mặt trận của Ban · The board, or its Front"
    )
    board_level: list[Level] = Field(
        default_factory=list, description="Cấp của Ban hoặc Mặt trận của Ban · Level of the board or of its Front"
    )
    board_place_code: list[PlaceCode] = Field(
        default_factory=list,
        max_length=50,
        description="Nơi của Ban; tỉnh gồm cả xã của nó · Place of the board, a province with its communes",
    )


class ThroughBoard(BoardSides):
    """Filters of what is done through boards."""

    board_kind: list[BoardKind] = Field(
        default_factory=list, description="Thông qua Ban loại nào · Of work through such a board"
    )


class BoardFilter(BoardSides):
    kind: list[BoardKind] = Field(default_factory=list)
    state: list[BoardState] = Field(default_factory=list)
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    front_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    front_level: list[Level] = Field(default_factory=list)
    front_place_code: list[PlaceCode] = Field(
        default_factory=list, max_length=50, description="Tỉnh gồm cả xã của nó · A province with its communes"
    )
    place_code: list[PlaceCode] = Field(default_factory=list, max_length=50)
    in_office_on: Day | None = Field(default=None, description="Đang hoạt động vào ngày · Confirmed and not yet ended")


class SubmitBoard(Move):
    action: Literal["submit"]


class ReturnBoard(Move):
    action: Literal["return"]
    reason: str = Field(min_length=1, max_length=5000)


class ConfirmBoard(Move):
    """`document_id` is the Front's decision."""

    action: Literal["confirm"]


class WithdrawBoard(Move):
    action: Literal["withdraw"]
    reason: str = Field(min_length=1, max_length=5000)


class DissolveBoard(Move):
    action: Literal["dissolve"]
    reason: str = Field(
        min_length=1, max_length=5000, schema_extra={"examples": ["Dự án đã nghiệm thu, Ban tự giải thể"]}
    )


BoardMove = Annotated[
    SubmitBoard | ReturnBoard | ConfirmBoard | WithdrawBoard | DissolveBoard, Field(discriminator="action")
]


class BoardPaperCreate(Payload):
    """Plans and reports say what period they cover; a notice goes to the owner of the project."""

    kind: BoardPaperKind
    covers: BoardPeriod | None = None
    period: Period | None = Field(default=None, schema_extra={"examples": [{"from": "2024-04-01", "to": "2024-06-30"}]})
    document_id: UUID
    on: Day | None = Field(default=None, description="Ngày gửi, mặc định hôm nay · When it was sent, today by default")
    note: str | None = Field(default=None, min_length=1, max_length=5000)

    @model_validator(mode="after")
    def dated(self) -> Self:
        notice = self.kind == BoardPaperKind.OWNER_NOTICE
        if notice == (self.covers is not None) or notice == (self.period is not None):
            raise PydanticCustomError("covers_period", "Plans and reports cover a period, a notice does not")
        if self.covers and self.period and not is_period(self.covers, self.period.from_, self.period.to):
            raise PydanticCustomError("not_the_period", "From the first day of the period to its last")
        return self


class BoardPaperFilter(ListQuery):
    kind: list[BoardPaperKind] = Field(default_factory=list)


class BoardConfirmationCreate(Payload):
    """Exactly one of the two: minutes of a campaign that works through the board, or a draft recommendation."""

    record_id: UUID | None = None
    recommendation_id: UUID | None = None
    document_id: UUID | None = None
    note: str | None = Field(default=None, min_length=1, max_length=5000)
    on: Day | None = None

    @model_validator(mode="after")
    def one_subject(self) -> Self:
        if (self.record_id is None) == (self.recommendation_id is None):
            raise PydanticCustomError("one_subject", "Either record_id or recommendation_id")
        return self


class FoundingRead(SQLModel):
    on: date
    document_id: UUID | None


class TermRead(SQLModel):
    from_: date = Field(alias="from")
    to: date | None


class ProjectRead(SQLModel):
    name: str
    owner: str | None
    owner_body: BodyRef | None
    starts_on: date | None


class BoardParty(SQLModel):
    """What the commune's committee and the owner of the project see once the Front has confirmed the board."""

    id: UUID
    view: Literal["party"]
    version: int
    kind: BoardKind
    body_id: UUID
    body: BodyRef
    front_body_id: UUID
    front_body: BodyRef
    place: PlaceRef | None
    term: TermRead | None
    project: ProjectRead | None
    state: BoardState
    confirmed_on: date | None
    dissolved_on: date | None
    actions: list[str] | None = None


class BoardRead(BoardParty):
    view: Literal["full"]  # type: ignore[assignment]
    created_at: datetime
    founding: FoundingRead | None
    submitted_on: date | None
    confirmation_document_id: UUID | None


BoardSeen = BoardRead | BoardParty


class BoardMemberParty(SQLModel):
    id: UUID
    view: Literal["party"]
    name: str
    title: str | None
    duty: BoardDuty
    stands_for: StandsFor
    from_: date = Field(alias="from")
    to: date | None


class BoardMemberRead(BoardMemberParty):
    view: Literal["full"]  # type: ignore[assignment]
    board_id: UUID
    residence: str | None
    reason: str | None


BoardMemberSeen = BoardMemberRead | BoardMemberParty


class BoardPaperRead(SQLModel):
    id: UUID
    view: Literal["full"]
    board_id: UUID
    kind: BoardPaperKind
    covers: BoardPeriod | None
    period: Period | None
    document_id: UUID
    on: date
    note: str | None


class BoardConfirmationRead(SQLModel):
    """`confirmed_version` is that of the recommendation as the Front read it."""

    id: UUID
    view: Literal["full"]
    board_id: UUID
    record_id: UUID | None
    recommendation_id: UUID | None
    confirmed_version: int | None
    document_id: UUID | None
    note: str | None
    on: date
    by: PersonRef
