"""A board outlives the Front that confirmed it: the heir takes its word over once both sides have confirmed that."""

from datetime import date
from uuid import UUID

import pytest

from app.core import clock
from app.domain.board import BoardState
from app.models.body import Body
from tests import makers_boards as of
from tests.api.test_transfers import confirmation, ended, found, paper_of, transfers
from tests.client import ok
from tests.makers_transfers import somebody

pytestmark = pytest.mark.thorough

MERGED = "2025-07-01"


@pytest.fixture
async def merged(api, app, session, world):
    """The Front has become another body, with a leader; one of its boards works, another has ended."""
    board = await of.a_board(session, world)
    await of.a_result(session, await of.a_board_campaign(session, world, board), board)
    await of.a_board(session, world, state=BoardState.DISSOLVED, dissolved_on=date(2024, 12, 31))
    clock.set_today(date(2025, 7, 1))
    heir = await found(session, "Ủy ban MTTQ Việt Nam xã Đan Điền", MERGED, kind="front_committee")
    await somebody(session, world, app, "heir", UUID(heir))
    await ended(api, "merge", MERGED, [world.body[of.FRONT]], [heir])
    return heir, board


async def test_a_board_passes_to_the_heir_of_its_front(api, session, world, merged):
    heir, board = merged
    path = f"/v1/boards/{board.id}"
    assert (await api.get(path, as_="heir")).status_code == 404
    [it] = await transfers(api, "heir", subject_type="board_front")
    assert (it["subject_id"], it["from_body_id"]) == (str(board.id), str(world.body[of.FRONT]))
    transfer = f"/v1/transfers/{it['id']}"
    half = await api.move(transfer, "confirm", as_="heir", **confirmation([heir], await paper_of(session, world, heir)))
    assert (half["state"], half["missing"]) == ("half_confirmed", ["registrar"])
    word = confirmation([heir], await paper_of(session, world))
    assert (await api.move(transfer, "confirm", as_="registrar", **word))["state"] == "confirmed"

    seen = ok(await api.get(path, as_="heir"))
    assert (seen["view"], seen["front_body_id"], seen["actions"]) == ("full", heir, ["dissolve"])
    lines = ok(await api.get(f"{path}/transitions", as_="heir"))["items"]
    assert lines[0]["action"] == "transfer"
    (result,) = ok(await api.get("/v1/board-results", as_="heir"))["items"]
    assert (result["board_id"], result["front_body"]["id"]) == (str(board.id), heir)
    body = await session.get_one(Body, board.body_id, populate_existing=True)
    assert str(body.parent_id) == heir, "the register says whose board it is"


async def test_what_the_heir_took_over_its_predecessor_still_reads(api, session, world, merged):
    heir, board = merged
    path = f"/v1/boards/{board.id}"
    [it] = await transfers(api, "heir", subject_type="board_front")
    for part, body in (("heir", heir), ("registrar", None)):
        word = confirmation([heir], await paper_of(session, world, body))
        await api.move(f"/v1/transfers/{it['id']}", "confirm", as_=part, **word)
    assert ok(await api.get(path, as_=of.FRONT))["actions"] == []
    refused = await api.move(path, "dissolve", as_=of.FRONT, expect=403, reason="Hết nhiệm kỳ")
    assert refused["code"]
