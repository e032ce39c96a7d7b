"""Boards as they are read: projections, filters, pages."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, String, and_, case, cast, func, or_, select, type_coerce
from sqlmodel import col

from app.core.principal import Principal
from app.domain.board import BOARD
from app.models.board import (
    Board,
    BoardConfirmation,
    BoardConfirmationRead,
    BoardFilter,
    BoardMember,
    BoardMemberParty,
    BoardMemberRead,
    BoardPaper,
    BoardPaperFilter,
    BoardPaperRead,
    BoardParty,
    BoardRead,
)
from app.models.body import Place
from app.policies.relations import Condition, among
from app.policies.visibility import VIEWS
from app.services import deadlines, steps
from app.services.grassroots import on_these_sides
from app.services.places import bodies_at
from app.services.reading import Page, Projection, body_ref, civil_date, person_ref, read_page
from app.services.unit_of_work import UnitOfWork

B, P, C = Board, BoardPaper, BoardConfirmation


def _where(known: Any, *parts: Any) -> ColumnElement[Any]:
    """An object that is null where what it tells of is unknown."""
    return case((col(known).is_not(None), func.json_build_object(*parts)))


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = func.coalesce(col(B.founded_on), civil_date(B.created_at))
    owner = body_ref(col(B.project_owner_body_id), on, who.today)
    place = select(func.json_build_object("code", col(Place.code), "full_name", col(Place.full_name)))
    project = ("name", col(B.project_name), "owner", col(B.project_owner), "owner_body", owner)
    return {
        "body": body_ref(col(B.body_id), on, who.today),
        "front_body": body_ref(col(B.front_body_id), on, who.today),
        "place": place.where(col(Place.code) == col(B.place_code)).correlate(B).scalar_subquery(),
        "founding": _where(B.founded_on, "on", col(B.founded_on), "document_id", col(B.founding_document_id)),
        "term": _where(B.term_from, "from", col(B.term_from), "to", col(B.term_to)),
        "project": _where(B.project_name, *project, "starts_on", col(B.project_starts_on)),
    }


BOARDS = Projection(
    model=Board, reads={"full": BoardRead, "party": BoardParty}, columns=_columns, lifecycle=lambda kind: BOARD
)


def _member_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"from_": cast(col(BoardMember.valid_from), Date), "to": cast(col(BoardMember.valid_to), Date)}


def _paper_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "covers": type_coerce(col(P.period), String),
        "period": _where(P.period_from, "from", col(P.period_from), "to", col(P.period_to)),
        "on": cast(col(P.sent_on), Date),
    }


def _confirmation_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"on": cast(col(C.confirmed_on), Date), "by": person_ref(col(C.account_id))}


MEMBERS = Projection(BoardMember, {"full": BoardMemberRead, "party": BoardMemberParty}, _member_columns)
PAPERS = Projection(BoardPaper, {"full": BoardPaperRead}, _paper_columns)
CONFIRMATIONS = Projection(BoardConfirmation, {"full": BoardConfirmationRead}, _confirmation_columns)


async def page(uow: UnitOfWork, asked: BoardFilter) -> bytes:
    return await read_page(uow, BOARDS, Page.of(asked), where=_conditions(asked), filters=asked.filters())


def _conditions(asked: BoardFilter) -> list[Condition]:
    chosen: dict[str, Any] = {"kind": asked.kind, "state": asked.state, "place_code": asked.place_code}
    found: list[Condition] = [col(getattr(B, name)).in_(values) for name, values in chosen.items() if values]
    for column, ids in ((B.body_id, asked.body_id), (B.front_body_id, asked.front_body_id)):
        if ids:
            found.append(among(column, ids))
    if asked.front_level or asked.front_place_code:
        found.append(col(B.front_body_id).in_(bodies_at(asked.front_level, asked.front_place_code)))
    found += on_these_sides(asked)
    if asked.in_office_on is not None:
        found.append(in_office(asked.in_office_on))
    return found


def in_office(on: Any) -> Condition:
    """Confirmed by that day and not dissolved yet."""
    return and_(col(B.confirmed_on) <= on, or_(col(B.dissolved_on).is_(None), col(B.dissolved_on) > on))


async def parts_page(uow: UnitOfWork, projection: Projection, board_id: UUID, page: Page) -> bytes:
    """Members or confirmations of one board."""
    await steps.find(uow, Board, board_id)
    model: Any = projection.model
    return await read_page(uow, projection, page, where=[col(model.board_id) == board_id], filters={"of": board_id})


async def papers_page(uow: UnitOfWork, board_id: UUID, asked: BoardPaperFilter) -> bytes:
    await steps.find(uow, Board, board_id)
    where = [col(P.board_id) == board_id]
    if asked.kind:
        where.append(col(P.kind).in_(asked.kind))
    return await read_page(uow, PAPERS, Page.of(asked), where=where, filters={"of": board_id, **asked.filters()})


async def clocks(uow: UnitOfWork, board_id: UUID) -> bytes:
    """Its own and its Front's dates (D10, D13, D14); those who see less of the board see none."""
    await steps.find(uow, Board, board_id)
    full = select(col(B.id)).where(col(B.id) == board_id, dict(VIEWS[Board](uow.who))["full"])
    ids = (await uow.session.execute(full.execution_options(scope="scoped"))).scalars()
    return await deadlines.read_clocks(uow, *ids)
