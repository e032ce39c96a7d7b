"""What is done through grassroots boards of which kind, for whom: for the filters of lists, and for figures."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.campaign import CampaignForm, CampaignKind, Regime
from app.models.board import Board, BoardSides, ThroughBoard
from app.models.campaign import Campaign
from app.models.campaign_form import CampaignBoard
from app.policies.relations import Condition
from app.policies.visibility import VIEWS, visible
from app.services.places import is_one_of


def answered_for(holds: Callable[[Any], Condition]) -> Condition:
    """A board by who answers for it: itself, or the Front that confirms it."""
    return or_(holds(Board.front_body_id), holds(Board.body_id))


def on_these_sides(asked: BoardSides) -> Iterator[Condition]:
    """The same by the filters of a list."""
    sides = (asked.board_body_id, asked.board_level, asked.board_place_code)
    if any(sides):
        yield answered_for(lambda column: is_one_of(column, *sides))


def as_asked(asked: ThroughBoard) -> list[Condition]:
    """On boards, by every filter of what is done through them."""
    of_kind = [col(Board.kind).in_(asked.board_kind)] if asked.board_kind else []
    return [*of_kind, *on_these_sides(asked)]


def seen_at_work(who: Principal) -> Condition:
    """The caller may know which board a campaign works through.

    The superior of a Front, who sees its boards, is told the form of its campaigns: it may know what they do.
    """
    return or_(visible(CampaignBoard, who), dict(VIEWS[Board](who))["full"])


def through_boards(who: Principal, *boards: Condition) -> Select[Any]:
    """Campaigns through such boards, as far as the caller may know that."""
    at_work = select(col(CampaignBoard.campaign_id)).join(Board, col(Board.id) == col(CampaignBoard.board_id))
    return at_work.where(seen_at_work(who), *boards)


def otherwise_by_people() -> Condition:
    """A supervision of the grassroots regime that works through no board."""
    return and_(
        col(Campaign.kind) == CampaignKind.SUPERVISION,
        col(Campaign.regime) == Regime.GRASSROOTS,
        col(Campaign.form) != CampaignForm.GRASSROOTS_BOARD,
    )
