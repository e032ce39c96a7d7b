"""Who is told what of a board: what is asked and answered as it happens, what is late or ends by the nightly clock."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.board import TERM_NOTICE, BoardKind, BoardState
from app.domain.campaign import CampaignState
from app.domain.recommendation import Origin, RecommendationState
from app.models.deadline import Deadline
from app.models.history import OutboxMessage
from app.services import delivery
from app.services.sweep import boards
from app.services.sweep.acting import clock
from tests import makers
from tests import makers_boards as of
from tests.client import Api, created, ok
from tests.makers_boards import BOARD, FRONT, FRONT_OFFICER
from tests.world import World

ENDS = date(2026, 12, 31)
FIRST_DAY = ENDS - TERM_NOTICE
DAY = timedelta(days=1)


async def swept(session: AsyncSession, on: date) -> list[tuple[str, UUID]]:
    uow = clock(session, on)
    await boards.tell(uow)
    await uow.complete()
    await session.flush()
    told = select(col(OutboxMessage.type), col(OutboxMessage.subject_id)).order_by(col(OutboxMessage.id))
    return [(type_, subject_id) for type_, subject_id in await session.execute(told)]


def a_clock(subject: str, subject_id: UUID, code: str, due_on: date, **fields: Any) -> Deadline:
    values: dict[str, Any] = {
        "subject_type": subject,
        "subject_id": subject_id,
        "rule_code": code,
        "rule_version": 1,
        "legal_basis": "Luật 10/2022",
        "trigger": "quarter",
        "trigger_on": due_on,
        "n": 0,
        "unit": "day",
        "direction": "after",
        "raw_due_on": due_on,
        "due_on": due_on,
    }
    return Deadline(**values, **fields)


async def test_the_end_of_a_term_is_told_once(session: AsyncSession, world: World) -> None:
    it = await of.a_board(session, world, term_to=ENDS)
    await of.a_board(session, world, term_to=ENDS, state=BoardState.DISSOLVED)
    assert await swept(session, FIRST_DAY - DAY) == []
    assert await swept(session, FIRST_DAY) == [("board.term_ends", it.id)]
    assert len(await swept(session, FIRST_DAY + DAY)) == 1


async def test_a_longer_term_is_told_anew(api: Api, session: AsyncSession, world: World) -> None:
    it = await of.a_board(session, world, term_to=date(2024, 6, 30), term_told_on=date(2024, 5, 1))
    longer = {"term": {"from": "2024-01-15", "to": "2026-12-31"}}
    ok(await api.patch(f"/v1/boards/{it.id}", longer, as_=FRONT, if_match=1))
    assert await swept(session, FIRST_DAY) == [("board.update", it.id), ("board.term_ends", it.id)]


@pytest.mark.parametrize(
    ("code", "news"),
    [("D10", "board.plan_overdue"), ("D13", "board.report_overdue"), ("D14", "board.owner_notice_overdue")],
)
async def test_a_paper_that_did_not_come_is_told_once(
    session: AsyncSession, world: World, code: str, news: str
) -> None:
    late, ended = await of.a_board(session, world), await of.a_board(session, world, state=BoardState.DISSOLVED)
    due = date(2024, 3, 31)
    await makers.keep(
        session,
        a_clock("board", late.id, code, due),
        a_clock("board", ended.id, code, due),
        a_clock("board", late.id, code, date(2023, 12, 31), met_on=date(2023, 12, 20)),
        a_clock("board", late.id, code, date(2023, 9, 30), paused_since=date(2023, 9, 1)),
        a_clock("board", late.id, "D99", due),
    )
    assert await swept(session, due) == []
    assert await swept(session, due + DAY) == [(news, late.id)]
    assert len(await swept(session, due + 9 * DAY)) == 1


async def test_a_plan_that_was_not_sent_is_the_campaigns_affair(session: AsyncSession, world: World) -> None:
    board = await of.a_board(session, world)
    waiting = await of.a_board_campaign(session, world, board, state=CampaignState.PLANNED)
    over = await of.a_board_campaign(session, world, board, state=CampaignState.CANCELLED)
    due = date(2024, 4, 25)
    await makers.keep(session, *(a_clock("campaign", it.id, "D11", due) for it in (waiting, over)))
    assert await swept(session, due + DAY) == [("campaign.board_plan_overdue", waiting.id)]


@pytest.fixture
async def news(api: Api, session: AsyncSession) -> Any:
    """Delivers what has been said so far; the notifications of a part, newest first."""

    async def read(part: str) -> list[str]:
        unsent = select(col(OutboxMessage.id)).where(col(OutboxMessage.sent_at).is_(None))
        for message_id in (await session.execute(unsent.order_by(col(OutboxMessage.id)))).scalars().all():
            await delivery.deliver(session, message_id)
        await session.commit()
        return [it["text"] for it in ok(await api.get("/v1/notifications", as_=part))["items"]]

    return read


async def test_each_side_is_told_of_the_step_of_the_other(
    api: Api, session: AsyncSession, world: World, news: Any
) -> None:
    await of.a_commune(session, world)
    it = await of.a_board(session, world, state=BoardState.FOUNDING, confirmed_on=None)
    path, name = f"/v1/boards/{it.id}", of.NAMES[BoardKind(it.kind)]
    await api.move(path, "submit", as_=BOARD, on="2024-01-16")
    assert await news(FRONT) == [f"{name} đề nghị Mặt trận công nhận (HND tỉnh)."]
    await api.move(path, "return", as_=FRONT, on="2024-01-17", reason="Bổ sung biên bản")
    assert await news(BOARD) == [f"{name} được Mặt trận trả lại để bổ sung (MTTQ tỉnh)."]
    await api.move(path, "submit", as_=BOARD, on="2024-01-18")
    decision = await makers.a_document(session, world, FRONT, symbol="15/QĐ-MTTQ-BTT", number=15)
    assert await news(of.COMMITTEE) == [], "nothing before it is confirmed"
    await api.move(path, "confirm", as_=FRONT, on="2024-01-25", document_id=str(decision.id))
    assert await news(of.COMMITTEE) == [f"{name} được Mặt trận công nhận (MTTQ tỉnh)."]
    assert await news("stranger") == []


async def test_the_board_is_told_what_its_front_confirmed(
    api: Api, session: AsyncSession, world: World, news: Any
) -> None:
    board = await of.a_board(session, world)
    campaign = await of.a_board_campaign(session, world, board, lead_body_id=board.body_id)
    draft = {"state": RecommendationState.DRAFT, "origin": Origin.REPORT, "issued_on": None}
    asked = await makers.a_recommendation(session, world, campaign, issuer_body_id=board.body_id, **draft)
    record = await of.a_record(session, campaign)
    for said in ({"record_id": str(record.id)}, {"recommendation_id": str(asked.id)}):
        created(await api.post(f"/v1/boards/{board.id}/confirmations", said, as_=FRONT))
    recommendation, minutes = await news(BOARD)
    assert minutes.endswith("Mặt trận đã xác nhận biên bản (MTTQ tỉnh).")
    assert recommendation.endswith("Mặt trận đã xác nhận kiến nghị (MTTQ tỉnh).")
    assert len(await news(FRONT_OFFICER)) == 2, "the others of the Front know what their leader signed"


async def test_the_other_side_is_told_of_a_corrected_figure(
    api: Api, session: AsyncSession, world: World, news: Any
) -> None:
    board = await of.a_board(session, world)
    it = await of.a_result(session, await of.a_board_campaign(session, world, board), board)
    await api.move(f"/v1/board-results/{it.id}", "correct", as_=BOARD, reason="Đếm lại", changes={"violations": 2})
    (told,) = await news(FRONT)
    assert told.startswith("Kết quả giám sát của Ban “Giám sát việc sử dụng quỹ đất")
