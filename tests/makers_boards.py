"""Smallest valid rows of grassroots boards: xã Quảng Thái has an inspection board, and a road that is watched.

The provincial Front of the cast stands for the Front of the commune, the Farmers' Union acts for the board.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.board import BoardDuty, BoardKind, BoardState, StandsFor
from app.domain.body import BodyKind, Level
from app.domain.campaign import CampaignForm, CampaignState, Ground, RecordKind, Regime
from app.domain.participation import HostOrgan
from app.models.board import Board, BoardMember
from app.models.board_result import BoardResult, ProjectCount
from app.models.body import ActsThrough, Body, BodyName
from app.models.campaign import Campaign, CampaignPartner
from app.models.campaign_form import CampaignBoard, CampaignParticipation, CampaignRecord, Nomination
from tests import makers
from tests.makers import keep
from tests.world import SINCE, World

FRONT, FRONT_OFFICER, BOARD, COMMITTEE = "partner", "member_a", "partner_b", "addressee_superior"
FOUNDED_ON, CONFIRMED_ON = date(2024, 1, 15), date(2024, 1, 25)
COMMUNE = "19885"
NAMES = {
    BoardKind.PTIB: "Ban Thanh tra nhân dân xã Quảng Thái",
    BoardKind.CISB: "Ban Giám sát đầu tư của cộng đồng đường liên thôn Quảng Thái",
}


async def a_board_body(
    session: AsyncSession, world: World, kind: BoardKind = BoardKind.PTIB, parent: str = FRONT
) -> UUID:
    """In the register below the Front; the Farmers' Union acts for it."""
    body = Body(
        kind=BodyKind(kind), level=Level.COMMUNE, parent_id=world.body[parent], place_code=COMMUNE, valid_from=SINCE
    )
    await keep(session, body)
    await keep(
        session,
        BodyName(body_id=body.id, name=NAMES[kind], short_name=NAMES[kind][:40], valid_from=SINCE),
        ActsThrough(organ_id=body.id, office_id=world.body[BOARD], valid_from=SINCE),
    )
    return body.id


def seats(kind: BoardKind) -> list[dict[str, Any]]:
    """A head, a deputy and three members."""
    stands = (
        [StandsFor.VILLAGE] * 5
        if kind == BoardKind.PTIB
        else [StandsFor.FRONT, StandsFor.PTIB, *[StandsFor.RESIDENTS] * 3]
    )
    duties = [BoardDuty.HEAD, BoardDuty.DEPUTY_HEAD, *[BoardDuty.MEMBER] * 3]
    return [
        {"name": f"Thành viên {i}", "duty": duty, "stands_for": stands_for}
        for i, (duty, stands_for) in enumerate(zip(duties, stands, strict=True))
    ]


async def a_board(
    session: AsyncSession, world: World, kind: BoardKind = BoardKind.PTIB, *, seated: bool = True, **fields: Any
) -> Board:
    """Confirmed since 25/01/2024 unless told otherwise, with five members."""
    document = await makers.a_document(session, world, FRONT, kind="BB", symbol="01/BB-MTTQ", number=1)
    values: dict[str, Any] = {
        "kind": kind,
        "front_body_id": world.body[FRONT],
        "place_code": COMMUNE,
        "founded_on": FOUNDED_ON,
        "founding_document_id": document.id,
        "state": BoardState.CONFIRMED,
        "confirmed_on": CONFIRMED_ON,
    }
    if kind == BoardKind.PTIB:
        values |= {"term_from": FOUNDED_ON, "term_to": date(2026, 12, 31)}
    else:
        values |= {"project_name": "Đường liên thôn Quảng Thái", "project_starts_on": date(2024, 6, 3)}
    if "body_id" not in fields:
        values["body_id"] = await a_board_body(session, world, kind)
    board = Board(**{**values, **fields})
    await keep(session, board)
    if seated:
        of_board = [BoardMember(board_id=board.id, valid_from=FOUNDED_ON, **seat) for seat in seats(kind)]
        await keep(session, *of_board)
    return board


async def a_commune(session: AsyncSession, world: World) -> None:
    """Gives the committee of the cast the place of the boards."""
    here = update(Body).where(col(Body.id) == world.body[COMMITTEE]).values(place_code=COMMUNE)
    await session.execute(here)
    await session.commit()


async def a_board_campaign(session: AsyncSession, world: World, board: Board, **fields: Any) -> Campaign:
    """Led by the Front through its board, underway; the board takes part and its plan was sent in time."""
    campaign = await _campaign(session, world, CampaignForm.GRASSROOTS_BOARD, Regime.GRASSROOTS, **fields)
    plan = await makers.a_document(session, world, FRONT, symbol="02/KH-BTTND", number=2)
    others = {board.body_id, board.front_body_id} - {campaign.lead_body_id}
    await keep(
        session,
        *(CampaignPartner(campaign_id=campaign.id, body_id=it) for it in others),
        CampaignBoard(
            campaign_id=campaign.id,
            board_id=board.id,
            starts_on=date(2024, 5, 6),
            plan_document_id=plan.id,
            plan_sent_on=date(2024, 4, 20),
            plan_sent_to=[world.body[COMMITTEE]],
        ),
    )
    return campaign


async def a_joined_campaign(session: AsyncSession, world: World, **fields: Any) -> Campaign:
    """The Front takes part in a supervision of Ủy ban nhân dân tỉnh, underway, with somebody nominated."""
    campaign = await _campaign(session, world, CampaignForm.STATE_PARTICIPATION, Regime.STATE, **fields)
    paper = await makers.a_document(session, world, FRONT, kind="QĐ", symbol="03/QĐ-MTTQ-BTT", number=3)
    nomination = Nomination(
        campaign_id=campaign.id,
        name="Lê Thị Hạnh",
        title="Phó Chủ tịch Ủy ban MTTQ tỉnh",
        body_id=world.body[FRONT],
        document_id=paper.id,
        nominated_on=date(2024, 3, 5),
    )
    host = CampaignParticipation(campaign_id=campaign.id, host_body_id=world.body["counterpart"])
    await keep(session, host, nomination)
    return campaign


async def _campaign(session: AsyncSession, world: World, form: CampaignForm, regime: Regime, **fields: Any) -> Campaign:
    values: dict[str, Any] = {
        "kind": "supervision",
        "regime": regime,
        "form": form,
        "ground": Ground.COMPLAINTS,
        "title": "Giám sát việc sử dụng quỹ đất công ích của xã Quảng Thái",
        "topic": "Đất công ích",
        "window_from": date(2024, 5, 6),
        "window_to": date(2024, 6, 30),
        "lead_body_id": world.body[FRONT],
        "deciding_body_id": world.body[FRONT],
        "state": CampaignState.UNDERWAY,
        "planned_on": date(2024, 4, 1),
    }
    campaign = Campaign(**{**values, **fields})
    await keep(session, campaign)
    return campaign


async def a_record(session: AsyncSession, campaign: Campaign, **fields: Any) -> CampaignRecord:
    values: dict[str, Any] = {
        "campaign_id": campaign.id,
        "kind": RecordKind.MINUTES,
        "held_on": date(2024, 5, 8),
        "place": "Nhà văn hóa thôn Lai Hà",
        "author_name": "Lê Văn Thành",
        "text": "Ba thửa đất công ích cho thuê không qua đấu giá.",
    }
    record = CampaignRecord(**{**values, **fields})
    await keep(session, record)
    return record


async def a_council(session: AsyncSession, world: World) -> UUID:
    """Hội đồng nhân dân tỉnh, whose delegations the Front may join."""
    body = Body(kind=BodyKind.PC_COUNCIL, level=Level.PROVINCE, valid_from=SINCE)
    await keep(session, body)
    await keep(session, BodyName(body_id=body.id, name="Hội đồng nhân dân tỉnh", short_name="HĐND", valid_from=SINCE))
    return body.id


async def a_council_campaign(
    session: AsyncSession, world: World, organ: HostOrgan | None = HostOrgan.BOARD, **fields: Any
) -> Campaign:
    """The Front joins a delegation of the council."""
    campaign = await _campaign(session, world, CampaignForm.STATE_PARTICIPATION, Regime.STATE, **fields)
    council = await a_council(session, world)
    await keep(session, CampaignParticipation(campaign_id=campaign.id, host_body_id=council, organ=organ))
    return campaign


async def a_result(session: AsyncSession, campaign: Campaign, board: Board, **fields: Any) -> BoardResult:
    values: dict[str, Any] = {"occurred_on": date(2024, 5, 8), "violations": 3, "cases_recommended": 2}
    result = BoardResult(campaign_id=campaign.id, board_id=board.id, **{**values, **fields})
    await keep(session, result)
    return result


async def a_project_count(session: AsyncSession, world: World, **fields: Any) -> ProjectCount:
    values: dict[str, Any] = {"front_body_id": world.body[FRONT], "counted_on": date(2024, 3, 31), "projects": 12}
    count = ProjectCount(**{**values, **fields})
    await keep(session, count)
    return count
