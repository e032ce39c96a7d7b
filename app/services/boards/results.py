"""The figures of supervisions through boards: recorded on the day of which they tell, corrected with a reason."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, cast, func, or_, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import Principal
from app.domain.board import BoardKind
from app.domain.board_result import ASKED_OF, BOARD_RESULT, HAS_RESULTS, BoardMeasure, BoardResultFacts
from app.domain.campaign import CampaignForm
from app.domain.lifecycle import Actor
from app.models.board import Board
from app.models.board_result import (
    BoardResult,
    BoardResultCreate,
    BoardResultFilter,
    BoardResultMove,
    BoardResultParty,
    BoardResultRead,
    CorrectBoardResult,
)
from app.models.campaign import Campaign
from app.models.campaign_form import CampaignBoard
from app.models.history import Transition
from app.policies.relations import Condition, among
from app.policies.visibility import unscoped
from app.services import carriage, steps
from app.services.campaigns.boards import refuse_other_form
from app.services.grassroots import as_asked
from app.services.reading import Page, Projection, actors_of, body_ref, read_page
from app.services.unit_of_work import UnitOfWork

B, R = Board, BoardResult
SYSTEM = "the board of one supervision"


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    title = select(col(Campaign.title)).where(col(Campaign.id) == col(R.campaign_id))
    return {
        "campaign_title": title.correlate(R).scalar_subquery(),
        "board_kind": _of_board(B.kind),
        "board_body": body_ref(_of_board(B.body_id), col(R.occurred_on), who.today),
        "front_body": body_ref(_of_board(B.front_body_id), col(R.occurred_on), who.today),
        "on": col(R.occurred_on),
        "land_recovered": cast(col(R.land_recovered), Float),
        "land_otherwise_handled": cast(col(R.land_otherwise_handled), Float),
    }


def _of_board(column: Any) -> Any:
    return select(col(column)).where(col(B.id) == col(R.board_id)).correlate_except(B).scalar_subquery()


RESULTS = Projection(
    model=BoardResult,
    reads={"full": BoardResultRead, "party": BoardResultParty},
    columns=_columns,
    lifecycle=lambda kind: BOARD_RESULT,
)


async def page(uow: UnitOfWork, asked: BoardResultFilter) -> bytes:
    return await read_page(uow, RESULTS, Page.of(asked), where=_conditions(asked), filters=asked.filters())


def _conditions(asked: BoardResultFilter) -> list[Condition]:
    named = ((R.campaign_id, asked.campaign_id), (R.board_id, asked.board_id))
    found = [among(column, ids) for column, ids in named if ids]
    if asked.measure:
        found.append(or_(*(col(getattr(R, it)) > 0 for it in asked.measure)))
    if asked.state:
        found.append(col(R.state).in_(asked.state))
    if asked.on_from is not None:
        found.append(col(R.occurred_on) >= asked.on_from)
    if asked.on_to is not None:
        found.append(col(R.occurred_on) <= asked.on_to)
    if boards := as_asked(asked):
        found.append(col(R.board_id).in_(select(col(B.id)).where(*boards)))
    return found


async def record(uow: UnitOfWork, payload: BoardResultCreate) -> UUID:
    """By the board or its Front, from the start of the supervision on, however long ago it was closed."""
    campaign = await steps.find(uow, Campaign, payload.campaign_id, lock=True)
    board = await _at_work(uow, campaign)
    if not await _may_record(uow, campaign, board):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    refuse_other_form(campaign, CampaignForm.GRASSROOTS_BOARD)
    if board is None or campaign.state not in HAS_RESULTS:
        raise Conflict("supervision_not_begun", params={"state": campaign.state})
    said = payload.model_dump(exclude={"on"})
    _refuse_other_measures(board, said, "")
    occurred_on = await _day(uow, campaign.id, payload.on or uow.today, "/on")
    await _carry(uow, campaign.id, payload.document_id)
    it = BoardResult(**said, board_id=board.id, occurred_on=occurred_on)
    uow.add(it)
    await uow.session.flush()
    uow.record("board_result.create", it, became=it.state, lead_body_id=board.front_body_id)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=occurred_on, move=None, case=None)
    return it.id


async def _at_work(uow: UnitOfWork, campaign: Campaign) -> Board | None:
    of = select(col(CampaignBoard.board_id)).where(col(CampaignBoard.campaign_id) == campaign.id)
    boards = unscoped(Board, reason=SYSTEM).where(col(B.id).in_(of))
    return (await uow.session.execute(boards)).scalars().first()


async def _may_record(uow: UnitOfWork, campaign: Campaign, board: Board | None) -> bool:
    if board is None:
        return campaign.lead_body_id in uow.who.acts
    return Actor.BOARD in await actors_of(uow, board)


async def _carry(uow: UnitOfWork, campaign_id: UUID, document_id: UUID | None) -> None:
    if document_id is not None:
        await carriage.carry(uow, await steps.find(uow, Campaign, campaign_id), documents=[document_id])


def _refuse_other_measures(board: Board, said: dict[str, Any], path: str) -> None:
    """The form of each kind of board has its own columns."""
    asked = ASKED_OF[BoardKind(board.kind)]
    for it in BoardMeasure:
        if it not in asked and said.get(it):
            raise invalid(f"{path}/{it}", "not_of_this_form")


async def _day(uow: UnitOfWork, campaign_id: UUID, on: date, pointer: str) -> date:
    """Not in the future, and not before the supervision began."""
    steps.not_in_the_future(uow, on, pointer)
    started = select(func.min(Transition.on_date)).where(
        col(Transition.subject_id) == campaign_id, col(Transition.action) == "start"
    )
    began = (await uow.session.execute(started)).scalar_one()
    if began is not None and on < began:
        raise invalid(pointer, "before_previous_step", not_before=began.isoformat())
    return on


async def advance(uow: UnitOfWork, result_id: UUID, move: BoardResultMove, expected: int | None) -> None:
    it = await steps.find(uow, BoardResult, result_id, lock=True)
    board = await _board_of(uow, it)
    case = steps.Case(
        it, BOARD_RESULT, lead_body_id=board.front_body_id, facts=_facts, effects={"correct": partial(_correct, board)}
    )
    await steps.advance(uow, case, move, expected)


async def _board_of(uow: UnitOfWork, it: BoardResult) -> Board:
    rows = await uow.session.execute(unscoped(Board, reason=SYSTEM).where(col(B.id) == it.board_id))
    return rows.scalar_one()


async def _facts(uow: UnitOfWork, it: BoardResult, move: BoardResultMove) -> BoardResultFacts:
    return BoardResultFacts(it, move)


async def _correct(board: Board, uow: UnitOfWork, it: BoardResult, move: CorrectBoardResult, on: date) -> None:
    """The audit keeps what was said before."""
    changes = move.changes.model_dump(exclude_unset=True)
    _refuse_other_measures(board, changes, "/changes")
    if "on" in changes:
        changes["occurred_on"] = await _day(uow, it.campaign_id, changes.pop("on"), "/changes/on")
    before = {name: str(getattr(it, name)) for name in changes}
    it.sqlmodel_update(changes)
    await _carry(uow, it.campaign_id, move.document_id)
    uow.note("board_result.change", "board_result", it.id, lead_body_id=board.front_body_id, before=before)
