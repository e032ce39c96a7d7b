"""The Front that confirms a grassroots board: with the board go its papers, its dates and what waits for a word."""

from datetime import date

from sqlmodel import col

from app.domain.board import BOARD
from app.domain.transfer import TransferRole
from app.models.board import Board
from app.models.body import Body
from app.models.transfer import Transfer, TransferConfirmation
from app.services.transfers.roles.role import ROLES, Role, holders
from app.services.unit_of_work import UnitOfWork

KIND = TransferRole.BOARD_FRONT
FRONT = Board.front_body_id


async def _front(uow: UnitOfWork, it: Transfer, board: Board, word: TransferConfirmation, on: date) -> None:
    """The register says whose board it is, and so follows; supervisions pass by the roles of their campaigns."""
    heir = word.to_body_ids[0]
    board.front_body_id = heir
    body = await uow.session.get_one(Body, board.body_id, with_for_update=True)
    if body.parent_id == it.from_body_id and body.valid_to is None:
        body.parent_id = heir
        uow.record("body.update", body, fields=["parent_id"])


ROLES[KIND] = Role(
    Board, holders(KIND, Board.id, FRONT, FRONT).where(col(Board.state).not_in(list(BOARD.final))), _front
)
