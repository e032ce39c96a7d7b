"""The Front confirms the minutes and recommendations of its board before they go out (Luật 10/2022 Đ40(2)d)."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.domain.board import BoardState
from app.domain.lifecycle import Actor
from app.domain.recommendation import RecommendationState
from app.models.board import Board, BoardConfirmation, BoardConfirmationCreate
from app.models.campaign_form import CampaignBoard, CampaignRecord
from app.models.recommendation import Recommendation
from app.services import carriage, steps
from app.services.boards import writing
from app.services.reading import actors_of
from app.services.unit_of_work import UnitOfWork


async def confirm(uow: UnitOfWork, board_id: UUID, payload: BoardConfirmationCreate) -> UUID:
    it = await steps.find(uow, Board, board_id, lock=True)
    record, recommendation = await _subject(uow, it, payload)
    if Actor.FRONT_LEADER not in await actors_of(uow, it):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    _refuse_too_early_or_late(it, recommendation)
    version = recommendation.version if recommendation else None
    await _refuse_second(uow, payload, version)
    confirmation = BoardConfirmation(
        board_id=it.id,
        record_id=record.id if record else None,
        recommendation_id=recommendation.id if recommendation else None,
        confirmed_version=version,
        document_id=payload.document_id,
        note=payload.note,
        confirmed_on=await steps.event_date(uow, it, payload.on),
        account_id=uow.who.account_id,
    )
    await carriage.carry(uow, it, documents=[payload.document_id])
    uow.add(confirmation)
    await writing.changed(uow, it, "board_confirmation.create", confirmation)
    news = "board.confirm_minutes" if record else "board.confirm_recommendation"
    uow.record(news, it, lead_body_id=it.front_body_id)
    return confirmation.id


def _refuse_too_early_or_late(it: Board, recommendation: Recommendation | None) -> None:
    if it.state != BoardState.CONFIRMED:
        raise Conflict("board_not_confirmed", params={"state": it.state})
    if recommendation is not None and recommendation.state != RecommendationState.DRAFT:
        raise Conflict("not_editable", params={"state": recommendation.state})


async def _subject(
    uow: UnitOfWork, it: Board, payload: BoardConfirmationCreate
) -> tuple[CampaignRecord | None, Recommendation | None]:
    """What the caller sees, of a campaign that works through this board; all else is 404."""
    record = await steps.find(uow, CampaignRecord, payload.record_id, lock=True) if payload.record_id else None
    recommendation = (
        await steps.find(uow, Recommendation, payload.recommendation_id, lock=True)
        if payload.recommendation_id
        else None
    )
    named = record or recommendation
    assert named is not None
    ours = exists().where(col(CampaignBoard.board_id) == it.id, col(CampaignBoard.campaign_id) == named.campaign_id)
    if not (await uow.session.execute(select(ours).execution_options(scope=writing.RULE))).scalar_one():
        raise NotVisible
    return record, recommendation


async def _refuse_second(uow: UnitOfWork, payload: BoardConfirmationCreate, version: int | None) -> None:
    """Minutes are confirmed once, a recommendation once in each of its versions."""
    said = exists().where(
        col(BoardConfirmation.record_id) == payload.record_id
        if payload.record_id
        else col(BoardConfirmation.recommendation_id) == payload.recommendation_id,
        col(BoardConfirmation.confirmed_version).is_not_distinct_from(version),
    )
    if (await uow.session.execute(select(said).execution_options(scope=writing.RULE))).scalar_one():
        raise Conflict("already_confirmed_by_front")
