"""The dates of a board: a plan and a report each quarter, and the notice to the owner of its project.

The law asks for a plan and a report of each quarter and names no day; the quarter's last is the day by which they are
still of that quarter. When one is filed, the clock of the next quarter that has none begins.
"""

from contextlib import suppress
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.domain.board import CLOCK_OF_PAPER, OWNER_NOTICE, PLANS, REPORTS, BoardKind, BoardPeriod
from app.domain.calendar import OutOfRange, shift
from app.domain.campaign import Regime
from app.domain.deadlines import Direction
from app.models.board import Board, BoardPaper
from app.models.deadline import Deadline
from app.services import deadlines
from app.services.unit_of_work import UnitOfWork

QUARTER, PROJECT_START = "quarter", "project_start"


async def begin(uow: UnitOfWork, it: Board, on: date) -> None:
    if it.kind == BoardKind.PTIB:
        await _start(uow, it, QUARTER, on)
        return
    await await_project(uow, it)


async def await_project(uow: UnitOfWork, it: Board) -> None:
    """Told so many days before the project is carried out (D14): a new day for that is a new date."""
    told = [clock for clock in await deadlines.clocks(uow, it.id) if clock.rule_code == OWNER_NOTICE and clock.met_on]
    await deadlines.drop(uow, it.id, OWNER_NOTICE)
    await uow.session.flush()
    if it.project_starts_on is not None and not told:
        await _start(uow, it, PROJECT_START, it.project_starts_on)


async def end(uow: UnitOfWork, it: Board) -> None:
    """Nobody waits for the papers of a board that has ended."""
    await deadlines.drop(uow, it.id, PLANS, REPORTS, OWNER_NOTICE)


async def filed(uow: UnitOfWork, it: Board, paper: BoardPaper) -> None:
    """What a paper of a quarter answers for is that quarter; a yearly plan does not take its place."""
    code = CLOCK_OF_PAPER[paper.kind]
    if code == OWNER_NOTICE:
        await deadlines.met(uow, it.id, code, on=paper.sent_on)
    if it.kind != BoardKind.PTIB or paper.period != BoardPeriod.QUARTER:
        return
    running = [clock for clock in await deadlines.clocks(uow, it.id) if clock.rule_code == code and not clock.met_on]
    for clock in running:
        if _covers(paper, clock):
            clock.met_on = paper.sent_on
            await _go_on(uow, it, paper, code)


def _covers(paper: BoardPaper, clock: Deadline) -> bool:
    assert paper.period_from is not None
    assert paper.period_to is not None
    return paper.period_from <= clock.trigger_on <= paper.period_to


async def _go_on(uow: UnitOfWork, it: Board, paper: BoardPaper, code: str) -> None:
    """Quarters that were filed beforehand are passed over."""
    of_quarters = select(col(BoardPaper.period_from), col(BoardPaper.period_to)).where(
        col(BoardPaper.board_id) == it.id,
        col(BoardPaper.kind) == paper.kind,
        col(BoardPaper.period) == BoardPeriod.QUARTER,
    )
    rows = await uow.session.execute(of_quarters.execution_options(scope="a board's own papers"))
    last_days = {first: last for first, last in rows if last is not None}
    assert paper.period_from is not None
    following = paper.period_from
    with suppress(OutOfRange):
        while following in last_days:
            following = shift(last_days[following], timedelta(days=1))
        if it.term_to is None or following <= it.term_to:
            await _start(uow, it, QUARTER, following, code)


async def _start(uow: UnitOfWork, it: Board, trigger: str, on: date, code: str | None = None) -> None:
    direction = Direction.BEFORE if trigger == PROJECT_START else None
    await deadlines.start_clock(
        uow, it, trigger=trigger, regime=Regime.GRASSROOTS, on=on, rule_code=code, direction=direction
    )
