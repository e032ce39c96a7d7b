"""Boards as they are founded: by the board's own officers, or by those of the Front that keeps its papers."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.domain.board import BOARD, BoardKind, BoardState
from app.domain.body import BodyKind
from app.domain.lifecycle import Actor
from app.models.board import Board, BoardCreate, BoardFields, BoardMember, BoardMemberCreate, BoardUpdate
from app.models.body import Body
from app.services import carriage, steps
from app.services.boards import clocks
from app.services.naming import require_bodies
from app.services.reading import actors_of
from app.services.unit_of_work import UnitOfWork

RULE = "rule over one board"
IN_OFFICE = frozenset(str(it) for it in BOARD.states) - BOARD.final
AFTER_CONFIRMATION = frozenset({"term", "project"})


async def create(uow: UnitOfWork, payload: BoardCreate) -> UUID:
    """A body of the register takes office anew; its parent there is the Front that will confirm it."""
    body = await uow.session.get(Body, payload.body_id)
    if body is None:
        raise invalid("/body_id", "not_visible")
    if not {body.id, body.parent_id} & set(uow.who.acts):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    it = Board(
        kind=_kind(body), body_id=body.id, front_body_id=await _front(uow, body.parent_id), place_code=body.place_code
    )
    await _refuse_second(uow, it)
    await _write(uow, it, payload, set(BoardFields.model_fields))
    uow.add(it)
    await uow.session.flush()
    uow.record("board.create", it, became=it.state, lead_body_id=it.front_body_id)
    await carriage.carry(uow, it, documents=[it.founding_document_id])
    uow.add(*(seat(it, member) for member in payload.members))
    await uow.session.flush()
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return it.id


def seat(it: Board, payload: BoardMemberCreate) -> BoardMember:
    said = payload.model_dump(exclude={"from_", "to"})
    return BoardMember(board_id=it.id, valid_from=payload.from_, valid_to=payload.to, **said)


def _kind(body: Body) -> BoardKind:
    if body.kind not in (BodyKind.PTIB, BodyKind.CISB):
        raise invalid("/body_id", "not_a_board")
    return BoardKind(body.kind)


async def _front(uow: UnitOfWork, parent_id: UUID | None) -> UUID:
    """The register says whose board it is: nobody names the Front that confirms them."""
    parent = await uow.session.get(Body, parent_id) if parent_id else None
    if parent is None or parent.kind != BodyKind.FRONT_COMMITTEE:
        raise invalid("/body_id", "board_without_front")
    return parent.id


async def _refuse_second(uow: UnitOfWork, it: Board) -> None:
    """One composition of a body is in office; the next is founded when that one was dissolved."""
    await uow.serialise("board", it.body_id)
    present = exists().where(col(Board.body_id) == it.body_id, col(Board.state).in_(IN_OFFICE))
    if (await uow.session.execute(select(present).execution_options(scope=RULE))).scalar_one():
        raise Conflict("board_in_office")


async def _write(uow: UnitOfWork, it: Board, payload: BoardFields, names: set[str]) -> None:
    """The named fields of a payload into the row's columns."""
    if "founding" in names:
        founding = payload.founding
        steps.not_in_the_future(uow, founding.on if founding else uow.today, "/founding/on")
        it.founded_on, it.founding_document_id = (founding.on, founding.document_id) if founding else (None, None)
    if "term" in names:
        it.term_from, it.term_to = (payload.term.from_, payload.term.to) if payload.term else (None, None)
        it.term_told_on = None
    if "project" in names:
        await _write_project(uow, it, payload)


async def _write_project(uow: UnitOfWork, it: Board, payload: BoardFields) -> None:
    project = payload.project
    if project is not None and it.kind != BoardKind.CISB:
        raise invalid("/project", "contradiction")
    owner_id = project.owner_body_id if project else None
    await require_bodies(uow, {"/project/owner_body_id": owner_id})
    it.project_owner_body_id = owner_id
    it.project_name, it.project_owner, it.project_starts_on = (
        (project.name, project.owner, project.starts_on) if project else (None, None, None)
    )


async def of_the_board(uow: UnitOfWork, board_id: UUID) -> Board:
    """The board, locked, for an officer or leader of it or of its Front."""
    it = await steps.find(uow, Board, board_id, lock=True)
    if Actor.BOARD not in await actors_of(uow, it):
        raise Forbidden
    return it


async def update(uow: UnitOfWork, board_id: UUID, payload: BoardUpdate, expected: int | None) -> None:
    it = await of_the_board(uow, board_id)
    steps.check_version(it, expected)
    names = set(payload.model_fields_set)
    late = it.state == BoardState.CONFIRMED and names <= AFTER_CONFIRMATION
    if it.state != BoardState.FOUNDING and not late:
        raise Conflict("not_editable", params={"state": it.state})
    await _write(uow, it, payload, names)
    await carriage.carry(uow, it, documents=[it.founding_document_id] if "founding" in names else [])
    if late and "project" in names:
        await clocks.await_project(uow, it)
    await changed(uow, it, "board.update", it, fields=sorted(names))


async def changed(uow: UnitOfWork, it: Board, action: str, about: Any, **details: Any) -> None:
    """Members, papers and confirmations are parts of the board: each raises its version."""
    steps.touch(it)
    await uow.session.flush()
    uow.record(action, about, lead_body_id=it.front_body_id, board_id=str(it.id), **details)
