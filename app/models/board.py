"""A grassroots board (BTTND, BGSĐTCĐ): who sits on it, what it files, and what its commune's Front confirms.

The body is the tenant and stays; the board is its composition: one for each term of an inspection board, one for each
project of an investment board.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from app.domain.board import BoardDuty, BoardKind, BoardPaperKind, BoardPeriod, BoardState, StandsFor
from app.models.base import Entity, Row, words


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
