"""The board through which a campaign works (form 3), and its plan, sent so many days before it begins."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlmodel import col

from app.core.errors import Conflict, NotVisible, invalid
from app.core.principal import Principal
from app.domain.board import ACTIVITY_PLAN, BoardKind
from app.domain.campaign import CampaignForm, CampaignState, Regime
from app.domain.deadlines import Standing
from app.models.board import Board
from app.models.campaign import Campaign, CampaignPartner
from app.models.campaign_form import BoardAtWork, CampaignBoard, CampaignBoardRead, SentPlan
from app.models.deadline import Deadline
from app.policies.visibility import unscoped
from app.services import carriage, deadlines, steps
from app.services.campaigns.writing import changed, editable
from app.services.naming import each, require_bodies
from app.services.reading import Projection, body_ref, civil_date
from app.services.unit_of_work import UnitOfWork

K = CampaignBoard
BEFORE_START = frozenset({CampaignState.PROPOSED, CampaignState.CONSULTING, CampaignState.PLANNED})
SYSTEM = "the board of one campaign"


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = func.coalesce(col(K.starts_on), civil_date(K.created_at))
    late = deadlines.standing_column(who.today).in_([Standing.LATE, Standing.OVERDUE])
    sent = func.json_build_object(
        "document_id", col(K.plan_document_id), "sent_on", col(K.plan_sent_on), "to_body_ids", col(K.plan_sent_to)
    )
    due = func.json_build_object(
        *("rule", col(Deadline.rule_code), "legal_basis", col(Deadline.legal_basis)),
        *("due_on", col(Deadline.due_on), "state", deadlines.standing_column(who.today)),
    )
    return {
        "board_kind": _of_board(Board.kind),
        "board_state": _of_board(Board.state),
        "board_body": body_ref(_of_board(Board.body_id), on, who.today),
        "plan": case((col(K.plan_sent_on).is_not(None), sent)),
        "plan_due": _of_clock(due),
        "procedure_breach": func.coalesce(_of_clock(late), literal(False)),
    }


def _of_board(column: Any) -> Any:
    known = col(Board.id) == col(K.board_id)
    return select(col(column)).where(known).correlate_except(Board).scalar_subquery()


def _of_clock(value: Any) -> Any:
    ours = and_(col(Deadline.subject_id) == col(K.campaign_id), col(Deadline.rule_code) == ACTIVITY_PLAN)
    return select(value).where(ours).correlate_except(Deadline).limit(1).scalar_subquery()


CAMPAIGN_BOARD = Projection(CampaignBoard, {"full": CampaignBoardRead}, _columns)


async def of_campaign(uow: UnitOfWork, campaign_id: UUID) -> steps.Part:
    """NotVisible while no board is named."""
    return await only(uow, CampaignBoard, campaign_id)


async def only(uow: UnitOfWork, model: Any, campaign_id: UUID) -> steps.Part:
    """What a campaign has one of, for whoever sees the campaign."""
    it = await steps.find(uow, Campaign, campaign_id)
    row = await one(uow, model, campaign_id)
    if row is None:
        raise NotVisible
    return row.id, it.version


async def one(uow: UnitOfWork, model: Any, campaign_id: UUID) -> Any:
    of = unscoped(model, reason=SYSTEM).where(col(model.campaign_id) == campaign_id)
    return (await uow.session.execute(of)).scalars().first()


async def put(uow: UnitOfWork, campaign_id: UUID, payload: BoardAtWork, expected: int | None) -> steps.Part:
    """The lead is the board itself or its Front; the other of the two takes part, and sees what it must confirm."""
    it = await editable(uow, campaign_id, expected)
    board = await steps.find(uow, Board, payload.board_id)
    refuse_other_form(it, CampaignForm.GRASSROOTS_BOARD)
    if it.state not in BEFORE_START:
        raise Conflict("not_editable", params={"state": it.state})
    if it.lead_body_id not in {board.body_id, board.front_body_id}:
        raise invalid("/board_id", "board_of_another")
    row = await one(uow, CampaignBoard, it.id) or CampaignBoard(campaign_id=it.id, board_id=board.id)
    row.board_id, row.starts_on = board.id, payload.starts_on or it.window_from
    await _send(uow, it, row, payload.plan)
    uow.add(row)
    await _join(uow, it, board)
    await _reckon(uow, it, row, board)
    await changed(uow, it, "campaign.put_board", board_id=str(board.id))
    return row.id, it.version


def refuse_other_form(it: Campaign, *forms: CampaignForm) -> None:
    if it.form not in forms:
        raise Conflict("other_form", params={"form": it.form})


async def _send(uow: UnitOfWork, it: Campaign, row: CampaignBoard, plan: SentPlan | None) -> None:
    if plan is None:
        row.plan_document_id, row.plan_sent_on, row.plan_sent_to = None, None, []
        return
    await require_bodies(uow, each("/plan/to_body_ids", plan.to_body_ids))
    sent_on = plan.sent_on or uow.today
    steps.not_in_the_future(uow, sent_on, "/plan/sent_on")
    await carriage.carry(uow, it, documents=[plan.document_id])
    row.plan_document_id, row.plan_sent_on = plan.document_id, sent_on
    row.plan_sent_to = list(dict.fromkeys(plan.to_body_ids))


async def _join(uow: UnitOfWork, it: Campaign, board: Board) -> None:
    other = board.front_body_id if it.lead_body_id == board.body_id else board.body_id
    known = select(col(CampaignPartner.id)).where(
        col(CampaignPartner.campaign_id) == it.id, col(CampaignPartner.body_id) == other
    )
    if (await uow.session.execute(known.execution_options(scope=SYSTEM))).first() is None:
        uow.add(CampaignPartner(campaign_id=it.id, body_id=other))


async def _reckon(uow: UnitOfWork, it: Campaign, row: CampaignBoard, board: Board) -> None:
    """The plan of an inspection board goes out before its activity starts (NĐ 59/2023 Đ14(1)b): rule D11."""
    for clock in await deadlines.clocks(uow, it.id):
        if clock.rule_code == ACTIVITY_PLAN:
            await uow.session.delete(clock)
    await uow.session.flush()
    if board.kind != BoardKind.PTIB or row.starts_on is None:
        return
    started = await deadlines.start_clock(
        uow, it, trigger="activity_start", regime=Regime.GRASSROOTS, on=row.starts_on, rule_code=ACTIVITY_PLAN
    )
    for clock in started:
        clock.met_on = row.plan_sent_on
