"""Boards being founded, submitted and confirmed; a campaign through one of them, and one that joined a host."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.board import BoardKind, BoardPaperKind, BoardPeriod, BoardState
from app.domain.campaign import CampaignState
from app.domain.participation import HostStep
from app.models.board import Board, BoardConfirmation, BoardMember, BoardPaper
from app.models.campaign_form import CampaignHostStep, Nomination
from app.models.deadline import Deadline
from tests import makers
from tests import makers_boards as of
from tests.makers import keep
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    await of.a_commune(session, world)
    board = stage.put("board", await of.a_board(session, world))
    draft = {"confirmed_on": None}
    founding = await of.a_board(session, world, BoardKind.CISB, state=BoardState.FOUNDING, **draft)
    stage.put("board_founding", founding)
    stage.put("board_submitted", await of.a_board(session, world, state=BoardState.SUBMITTED, **draft))
    for name, it in (("board_member", board), ("board_member_founding", founding)):
        stage.put(name, await _first(session, BoardMember, BoardMember.board_id, it))
    stage.ids["board_body"] = await of.a_board_body(session, world)
    await _work(session, world, stage, board)


async def _work(session: AsyncSession, world: World, stage: Stage, board: Board) -> None:
    planned = {"state": CampaignState.PLANNED}
    stage.put("board_campaign_planned", await of.a_board_campaign(session, world, board, **planned))
    campaign = stage.put("board_campaign", await of.a_board_campaign(session, world, board))
    stage.put("campaign_record", await of.a_record(session, campaign))
    stage.put("board_result", await of.a_result(session, campaign, board))
    stage.put("project_count", await of.a_project_count(session, world))
    confirmed = await of.a_record(session, campaign)
    paper = stage.put("board_document", await makers.a_document(session, world, of.FRONT, symbol="21/KH-BTTND"))
    joined = stage.put("joined_campaign", await of.a_joined_campaign(session, world))
    stage.put("joined_campaign_planned", await of.a_joined_campaign(session, world, **planned))
    stage.put("nomination", await _first(session, Nomination, Nomination.campaign_id, joined))
    await keep(
        session,
        CampaignHostStep(campaign_id=joined.id, step=HostStep.SUPERVISION_ENDED, on_date=of.date(2024, 6, 20)),
        Deadline(
            subject_type="campaign",
            subject_id=joined.id,
            rule_code="D19",
            rule_version=1,
            legal_basis="Luật 87/2015/QH13 Điều 70, 80",
            trigger="supervision_end",
            trigger_on=of.date(2024, 6, 20),
            n=10,
            unit="day",
            direction="after",
            raw_due_on=of.date(2024, 6, 30),
            due_on=of.date(2024, 7, 1),
        ),
        BoardPaper(
            board_id=board.id,
            kind=BoardPaperKind.PLAN,
            period=BoardPeriod.QUARTER,
            period_from=of.date(2024, 1, 1),
            period_to=of.date(2024, 3, 31),
            document_id=paper.id,
            sent_on=of.CONFIRMED_ON,
        ),
        BoardConfirmation(
            board_id=board.id,
            record_id=confirmed.id,
            confirmed_on=of.date(2024, 5, 10),
            account_id=world.account[of.FRONT],
        ),
    )


async def _first(session: AsyncSession, model: type, column: object, parent: object) -> object:
    rows = select(model).where(col(column) == parent.id).execution_options(scope="stage")
    return (await session.execute(rows.limit(1))).scalar_one()
