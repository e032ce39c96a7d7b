"""The board of a body in the terminal: what is open, soonest due first, and what each waits for."""

from datetime import date
from io import StringIO
from uuid import uuid4

from rich.console import Console

from app.board import show
from app.services.recommendations.board import read_board
from tests.makers import a_campaign, a_recommendation

TODAY = date(2025, 1, 2)


async def test_it_shows_what_is_open_soonest_first(session, world):
    campaign = await a_campaign(session, world)
    later = await a_recommendation(session, world, campaign, due_on=date(2025, 6, 30), reply_status="accepted")
    late = await a_recommendation(session, world, campaign, number=2)
    await a_recommendation(session, world, campaign, state="resolved")
    board = await read_board(session, str(world.body["addressee"]), TODAY)
    assert board is not None
    assert [(it.due_on, it.overdue, it.step) for it in board.lines] == [
        (late.due_on, "completion", "reply"),
        (later.due_on, "none", "claim_done"),
    ]
    by_short_name = await read_board(session, "BDV Tỉnh ủy", TODAY)
    assert by_short_name is not None
    assert len(by_short_name.lines) == 2


async def test_it_prints_a_table(session, world):
    await a_recommendation(session, world, await a_campaign(session, world))
    board = await read_board(session, str(world.body["lead"]), TODAY)
    assert board is not None
    printed = StringIO()
    show(board, Console(file=printed, width=200))
    for said in ("Ban Dân vận Tỉnh ủy", "31/12/2024", "Trương Duy Hải", "Phòng Nội vụ"):
        assert said in printed.getvalue()


async def test_a_body_that_nobody_knows_has_no_board(session):
    assert await read_board(session, str(uuid4()), TODAY) is None
    assert await read_board(session, "không có", TODAY) is None
