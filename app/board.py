"""The follow-up board of a body as a table in the terminal."""

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import today
from app.core.db import create_engine
from app.core.words import label
from app.domain.recommendation import Overdue
from app.services.recommendations.board import Board, Line, read_board

COLUMNS = (
    "Hạn · Due",
    "Số · No.",
    "Nơi nhận · Addressee",
    "Người chịu trách nhiệm · Owner",
    "Việc · Action",
    "Trạng thái · State",
    "Bước tiếp · Next step",
)


async def look_up(url: str, body: str) -> Board | None:
    """Of the body with that id or symbol, as of today."""
    engine = create_engine(url, pool_size=1, application="giamsat-board")
    try:
        async with AsyncSession(engine) as session:
            return await read_board(session, body, today())
    finally:
        await engine.dispose()


def show(board: Board, console: Console | None = None) -> None:
    table = Table(title=f"{board.body} – {board.on:%d/%m/%Y}", title_justify="left", show_lines=True)
    for name in COLUMNS:
        table.add_column(name)
    for line in board.lines:
        table.add_row(*_cells(line))
    (console or Console()).print(table)


def _cells(line: Line) -> tuple[str, ...]:
    due = f"{line.due_on:%d/%m/%Y}" if line.due_on else "–"
    step = f"{label('vi', 'recommendation_action', line.step)}\n({label('vi', 'actor', line.by)})"
    return (due, str(line.number or "–"), line.addressee, line.owner, line.action, _state(line), step)


def _state(line: Line) -> str:
    said = [label("vi", "recommendation_state", line.state)]
    if line.overdue != Overdue.NONE:
        said.append(f"[red]{label('vi', 'overdue', line.overdue)}[/red]")
    if line.paused:
        said.append(label("vi", "pause_state", "running"))
    return "\n".join(said)
