"""What a board files with its Front: plans and reports of periods, and the notice to the owner of its project."""

from uuid import UUID

from app.core.errors import Conflict, invalid
from app.domain.board import BoardKind, BoardPaperKind, BoardState
from app.models.board import Board, BoardPaper, BoardPaperCreate
from app.services import carriage, steps
from app.services.boards import clocks, writing
from app.services.unit_of_work import UnitOfWork


async def file(uow: UnitOfWork, board_id: UUID, payload: BoardPaperCreate) -> UUID:
    it = await writing.of_the_board(uow, board_id)
    if (made := await uow.claim()) is not None:
        return made
    _check_kind(it, payload)
    if it.state != BoardState.CONFIRMED:
        raise Conflict("board_not_confirmed", params={"state": it.state})
    period = payload.period
    paper = BoardPaper(
        board_id=it.id,
        kind=payload.kind,
        period=payload.covers,
        period_from=period.from_ if period else None,
        period_to=period.to if period else None,
        document_id=payload.document_id,
        sent_on=await steps.event_date(uow, it, payload.on),
        note=payload.note,
    )
    await carriage.carry(uow, it, documents=[payload.document_id])
    uow.add(paper)
    await uow.session.flush()
    await clocks.filed(uow, it, paper)
    await writing.changed(uow, it, "board_paper.create", paper, kind=paper.kind)
    return paper.id


def _check_kind(it: Board, payload: BoardPaperCreate) -> None:
    """Only an investment board has a project, and somebody who owns it."""
    if payload.kind == BoardPaperKind.OWNER_NOTICE and it.kind != BoardKind.CISB:
        raise invalid("/kind", "contradiction")
