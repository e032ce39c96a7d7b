"""Who sits on a board, from when to when."""

from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlmodel import col

from app.core.errors import Conflict, NotVisible, invalid
from app.domain.board import BOARD, BoardDuty, BoardState
from app.models.board import Board, BoardMember, BoardMemberCreate, BoardMemberUpdate
from app.services import steps
from app.services.boards import writing
from app.services.unit_of_work import UnitOfWork


async def add(uow: UnitOfWork, board_id: UUID, payload: BoardMemberCreate, expected: int | None) -> steps.Part:
    """While it is founded, and to fill a seat that fell free during its term."""
    it = await writing.of_the_board(uow, board_id)
    if (made := await uow.claim()) is not None:
        return made, it.version
    steps.check_version(it, expected)
    _refuse_ended(it)
    member = writing.seat(it, payload)
    await _refuse_second_head(uow, member)
    uow.add(member)
    await writing.changed(uow, it, "board.add_member", member)
    return member.id, it.version


async def update(
    uow: UnitOfWork, board_id: UUID, member_id: UUID, payload: BoardMemberUpdate, expected: int | None
) -> int:
    """Gives the new version of the board."""
    it, member = await _of_the_board(uow, board_id, member_id)
    steps.check_version(it, expected)
    _refuse_ended(it)
    sent = payload.model_dump(exclude_unset=True)
    member.valid_to, member.reason = sent.get("to", member.valid_to), sent.get("reason", member.reason)
    member.duty = sent.get("duty", member.duty)
    if member.valid_to is not None and member.valid_to < member.valid_from:
        raise invalid("/to", "period_reversed")
    await _refuse_second_head(uow, member)
    await writing.changed(uow, it, "board.update_member", member)
    return it.version


async def remove(uow: UnitOfWork, board_id: UUID, member_id: UUID, expected: int | None) -> None:
    """A mistake is taken back while the board is founded; afterwards a seat ends with its last day."""
    it, member = await _of_the_board(uow, board_id, member_id)
    steps.check_version(it, expected)
    if it.state != BoardState.FOUNDING:
        raise Conflict("not_editable", params={"state": it.state})
    await uow.session.delete(member)
    await writing.changed(uow, it, "board.remove_member", member)


async def _of_the_board(uow: UnitOfWork, board_id: UUID, member_id: UUID) -> tuple[Board, BoardMember]:
    it = await writing.of_the_board(uow, board_id)
    member = await steps.find(uow, BoardMember, member_id, lock=True)
    if member.board_id != it.id:
        raise NotVisible
    return it, member


def _refuse_ended(it: Board) -> None:
    if it.state in BOARD.final:
        raise Conflict("not_editable", params={"state": it.state})


async def _refuse_second_head(uow: UnitOfWork, member: BoardMember) -> None:
    """One head at a time: the next begins after the last day of the one before."""
    if member.duty != BoardDuty.HEAD:
        return
    other = exists().where(
        col(BoardMember.board_id) == member.board_id,
        col(BoardMember.id) != member.id,
        col(BoardMember.duty) == BoardDuty.HEAD,
        col(BoardMember.valid_from) <= (member.valid_to or date.max),
        func.coalesce(col(BoardMember.valid_to), date.max) >= member.valid_from,
    )
    if (await uow.session.execute(select(other).execution_options(scope=writing.RULE))).scalar_one():
        raise Conflict("board_has_a_head")
