"""What is recommended through a grassroots board: its Front confirms it, and the commune's committee has a date."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlmodel import col

from app.domain.board import REPLY_RULE, BoardKind
from app.domain.body import BodyKind, Level
from app.models.board import Board, BoardConfirmation
from app.models.body import Body
from app.models.campaign_form import CampaignBoard
from app.models.recommendation import Recommendation
from app.services.unit_of_work import UnitOfWork


def awaits_front(it: Recommendation) -> ColumnElement[bool]:
    """A board issues it, and the Front has not confirmed this version; what the Front issues itself needs no more."""
    by_board = exists().where(
        col(CampaignBoard.campaign_id) == it.campaign_id,
        col(Board.id) == col(CampaignBoard.board_id),
        col(Board.body_id) == it.issuer_body_id,
    )
    confirmed = exists().where(
        col(BoardConfirmation.recommendation_id) == it.id, col(BoardConfirmation.confirmed_version) == it.version
    )
    return and_(by_board, ~confirmed)


async def reply_rule(uow: UnitOfWork, campaign_id: UUID | None, addressee_id: UUID | None) -> str | None:
    """D12 or D15, by the kind of board; they bind the committee of the commune and nobody else."""
    if campaign_id is None:
        return None
    of_campaign = (
        select(col(Board.kind))
        .join(CampaignBoard, col(CampaignBoard.board_id) == col(Board.id))
        .join(Body, col(Body.id) == addressee_id)
        .where(
            col(CampaignBoard.campaign_id) == campaign_id,
            col(Body.kind) == BodyKind.PC_COMMITTEE,
            col(Body.level) == Level.COMMUNE,
        )
    )
    kind = (await uow.session.execute(of_campaign.execution_options(scope="the rule of a reply"))).scalar()
    return None if kind is None else REPLY_RULE[BoardKind(kind)]
