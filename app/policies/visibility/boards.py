"""Who sees grassroots boards, and what campaigns of the forms without a delegation keep.

The board, the Front that confirms it and that Front's superior see all of it, others whom it concerns less.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.body import BodyKind
from app.domain.lifecycle import Actor
from app.domain.transfer import TransferRole
from app.models.board import Board, BoardConfirmation, BoardMember, BoardPaper
from app.models.board_result import BoardResult, ProjectCount
from app.models.body import Body
from app.models.campaign_form import (
    CampaignBoard,
    CampaignHostStep,
    CampaignParticipation,
    CampaignRecord,
    Nomination,
)
from app.policies.relations import ACTORS, Condition, among, below, handed_over
from app.policies.visibility.base import CARRIERS, VIEWS, Views
from app.policies.visibility.supervision import of_campaign


def _sides(who: Principal) -> Condition:
    """The people of a Front that has ended still read, for a time, what its heir has taken over."""
    ours = or_(among(Board.body_id, who.reads), among(Board.front_body_id, who.reads))
    return or_(ours, col(Board.id).in_(handed_over(who, TransferRole.BOARD_FRONT))) if who.ended else ours


def boards(who: Principal) -> Views:
    """From its confirmation on the committee of its commune and the owner of its project know who sits on it."""
    confirmed = col(Board.confirmed_on).is_not(None)
    communes = select(col(Body.place_code)).where(
        among(Body.id, who.reads), col(Body.kind) == BodyKind.PC_COMMITTEE, col(Body.place_code).is_not(None)
    )
    concerned = or_(col(Board.place_code).in_(communes), among(Board.project_owner_body_id, who.reads))
    return [
        ("full", or_(_sides(who), and_(confirmed, below(Board.front_body_id, who.reads)))),
        ("party", and_(confirmed, concerned)),
    ]


def board_members(who: Principal) -> Views:
    return [
        (view, col(BoardMember.board_id).in_(select(col(Board.id)).where(condition))) for view, condition in boards(who)
    ]


def of_board(model: Any) -> Callable[[Principal], Views]:
    def views(who: Principal) -> Views:
        full = select(col(Board.id)).where(boards(who)[0][1])
        return [("full", col(model.board_id).in_(full))]

    return views


def board_results(who: Principal) -> Views:
    """Whoever sees the supervision in full, the board and its Front; that Front's superior sums up the figures."""
    ours = select(col(Board.id)).where(_sides(who))
    above = select(col(Board.id)).where(below(Board.front_body_id, who.reads))
    full = or_(of_campaign(BoardResult)(who)[0][1], col(BoardResult.board_id).in_(ours))
    return [("full", full), ("party", col(BoardResult.board_id).in_(above))]


def project_counts(who: Principal) -> Views:
    ours = among(ProjectCount.front_body_id, who.reads)
    return [("full", or_(ours, below(ProjectCount.front_body_id, who.reads)))]


def _actors(who: Principal) -> dict[Actor, Condition]:
    """The Front keeps the papers of a board that has no account; what it confirms, its leader signs."""
    return {
        Actor.BOARD: or_(among(Board.body_id, who.acts), among(Board.front_body_id, who.acts)),
        Actor.FRONT_LEADER: among(Board.front_body_id, who.leads),
    }


def _actors_of_results(who: Principal) -> dict[Actor, Condition]:
    return {
        actor: col(BoardResult.board_id).in_(select(col(Board.id)).where(condition))
        for actor, condition in _actors(who).items()
    }


VIEWS.update(
    {
        Board: boards,
        BoardMember: board_members,
        BoardPaper: of_board(BoardPaper),
        BoardConfirmation: of_board(BoardConfirmation),
        BoardResult: board_results,
        ProjectCount: project_counts,
        CampaignBoard: of_campaign(CampaignBoard),
        CampaignParticipation: of_campaign(CampaignParticipation),
        CampaignHostStep: of_campaign(CampaignHostStep),
        Nomination: of_campaign(Nomination),
        CampaignRecord: of_campaign(CampaignRecord),
    }
)
ACTORS.update({Board: _actors, BoardResult: _actors_of_results})
CARRIERS["board"] = Board
