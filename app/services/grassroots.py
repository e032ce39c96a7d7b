"""Which campaigns work through a grassroots board of which kind: for the filters of lists, and for figures."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from app.core.principal import Principal
from app.models.board import Board
from app.models.campaign_form import CampaignBoard
from app.policies.visibility import visible


def through_boards(who: Principal, kinds: Sequence[str]) -> Select[Any]:
    """Their ids, as far as the caller sees through which board they work."""
    boards = select(col(CampaignBoard.campaign_id)).join(Board, col(Board.id) == col(CampaignBoard.board_id))
    return boards.where(visible(CampaignBoard, who), col(Board.kind).in_(kinds))
