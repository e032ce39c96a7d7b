"""The moves of a board: what each needs to know, and what it does beside changing the state."""

from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app.domain.board import BOARD, BoardDuty, BoardFacts, Seat, StandsFor, quorums_of
from app.models.board import Board, BoardMember, BoardMove
from app.reference import load_quorums
from app.services import carriage, steps
from app.services.boards import clocks
from app.services.unit_of_work import UnitOfWork


async def advance(uow: UnitOfWork, board_id: UUID, move: BoardMove, expected: int | None) -> None:
    it = await steps.find(uow, Board, board_id, lock=True)
    case = steps.Case(it, BOARD, lead_body_id=it.front_body_id, facts=_facts, effects=EFFECTS)
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Board, move: BoardMove) -> BoardFacts:
    """Of those who sit on the day of the step."""
    on = move.on or uow.today
    seated = select(col(BoardMember.duty), col(BoardMember.stands_for)).where(
        col(BoardMember.board_id) == it.id,
        col(BoardMember.valid_from) <= on,
        or_(col(BoardMember.valid_to).is_(None), col(BoardMember.valid_to) >= on),
    )
    rows = (await uow.session.execute(seated.execution_options(scope="the seats of one board"))).all()
    duties, stands = Counter(duty for duty, _ in rows), Counter(stands_for for _, stands_for in rows)
    return BoardFacts(
        it,
        move,
        heads=duties[BoardDuty.HEAD],
        seats={
            Seat.MEMBERS: len(rows),
            Seat.DEPUTIES: duties[BoardDuty.DEPUTY_HEAD],
            Seat.RESIDENTS: stands[StandsFor.RESIDENTS],
        },
        stands_for=set(stands),
        quorums=quorums_of(load_quorums(), it.kind, it.founded_on or on),
    )


async def _submit(uow: UnitOfWork, it: Board, move: BoardMove, on: date) -> None:
    await _carry(uow, it, move, on)
    it.submitted_on = on


async def _return(uow: UnitOfWork, it: Board, move: BoardMove, on: date) -> None:
    await _carry(uow, it, move, on)
    it.submitted_on = None


async def _confirm(uow: UnitOfWork, it: Board, move: BoardMove, on: date) -> None:
    await _carry(uow, it, move, on)
    it.confirmed_on, it.confirmation_document_id = on, move.document_id
    await clocks.begin(uow, it, on)


async def _dissolve(uow: UnitOfWork, it: Board, move: BoardMove, on: date) -> None:
    await _carry(uow, it, move, on)
    it.dissolved_on = on
    await clocks.end(uow, it)


async def _carry(uow: UnitOfWork, it: Board, move: BoardMove, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])


EFFECTS: dict[str, steps.Effect] = {
    "submit": _submit,
    "return": _return,
    "confirm": _confirm,
    "withdraw": _carry,
    "dissolve": _dissolve,
}
