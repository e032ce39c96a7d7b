"""What the law asks of a grassroots board and its Front, and what the Front is asked to confirm."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Date, exists, literal, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.board import ACTIVITY_PLAN, OWNER_NOTICE, PLANS, REPORTS, BoardState
from app.domain.campaign import CampaignForm, CampaignState, RecordKind
from app.domain.lifecycle import Actor
from app.domain.participation import ENDS
from app.domain.recommendation import RecommendationState
from app.models.board import Board, BoardConfirmation
from app.models.campaign import Campaign
from app.models.campaign_form import CampaignBoard, CampaignRecord
from app.models.deadline import Deadline
from app.models.recommendation import Recommendation
from app.policies.relations import ACTORS, Condition, among
from app.services.campaigns.host_steps import OVER
from app.services.tasks.asks import Ask, clock_of, name_of

B, C, R = Board, Campaign, Recommendation


def asks(who: Principal) -> Iterator[Ask]:
    sides = ACTORS[B](who)
    board, front, title = sides[Actor.BOARD], sides[Actor.FRONT_LEADER], name_of(col(B.body_id))
    yield Ask("confirm", B, title, (front, col(B.state) == BoardState.SUBMITTED))
    over = col(B.term_to) < literal(who.today, Date)
    yield Ask("dissolve", B, title, (board, col(B.state) == BoardState.CONFIRMED, over), col(B.term_to))
    for action, code in (("file_plan", PLANS), ("file_report", REPORTS), ("notify_owner", OWNER_NOTICE)):
        due, rule = _clock(B, code)
        yield Ask(action, B, title, (board, col(B.state) == BoardState.CONFIRMED, _waits(B, code)), due, rule)
    yield from _of_campaigns(who)


def _of_campaigns(who: Principal) -> Iterator[Ask]:
    due, rule = _clock(C, ACTIVITY_PLAN)
    lead = ACTORS[C](who)[Actor.LEAD]
    planned = (lead, col(C.state) == CampaignState.PLANNED, _waits(C, ACTIVITY_PLAN))
    yield Ask("send_board_plan", C, col(C.title), planned, due, rule)
    yield _of_a_host(lead)
    minutes = select(col(CampaignRecord.campaign_id)).where(
        col(CampaignRecord.kind) == RecordKind.MINUTES,
        ~exists().where(col(BoardConfirmation.record_id) == col(CampaignRecord.id)),
    )
    ours = _through_our_board(who, col(C.id))
    waiting = (col(C.state) == CampaignState.UNDERWAY, ours, col(C.id).in_(minutes))
    yield Ask("confirm_minutes", C, col(C.title), waiting)
    confirmed = exists().where(
        col(BoardConfirmation.recommendation_id) == col(R.id),
        col(BoardConfirmation.confirmed_version) == col(R.version),
    )
    drafted = (col(R.state) == RecommendationState.DRAFT, _issued_by_our_board(who), ~confirmed)
    yield Ask("confirm_recommendation", R, col(R.action), drafted)


def _of_a_host(lead: Condition) -> Ask:
    """What a council owes those who join its supervision, by when: the Front records it, or asks for it."""
    ours = (col(Deadline.subject_id) == col(C.id), col(Deadline.trigger).in_(list(ENDS.values())))
    awaited = exists().where(*ours, col(Deadline.met_on).is_(None), col(Deadline.paused_since).is_(None))
    due, rule = (clock_of(it, col(C.id), ours[1]) for it in (Deadline.due_on, Deadline.rule_code))
    joined = col(C.form) == CampaignForm.STATE_PARTICIPATION
    return Ask("record_host_step", C, col(C.title), (lead, joined, col(C.state).not_in(OVER), awaited), due, rule)


def _through_our_board(who: Principal, campaign_id: Any) -> Condition:
    """A campaign that works through a board which the caller's leader confirms for."""
    at_work = select(col(CampaignBoard.campaign_id)).join(B, col(B.id) == col(CampaignBoard.board_id))
    return col(campaign_id).in_(at_work.where(among(B.front_body_id, who.leads)))


def _issued_by_our_board(who: Principal) -> Condition:
    at_work = (
        select(col(CampaignBoard.id))
        .join(B, col(B.id) == col(CampaignBoard.board_id))
        .where(
            col(CampaignBoard.campaign_id) == col(R.campaign_id),
            col(B.body_id) == col(R.issuer_body_id),
            among(B.front_body_id, who.leads),
        )
    )
    return at_work.correlate(R).exists()


def _waits(model: Any, code: str) -> Condition:
    return exists().where(
        col(Deadline.subject_id) == col(model.id), col(Deadline.rule_code) == code, col(Deadline.met_on).is_(None)
    )


def _clock(model: Any, code: str) -> tuple[Any, Any]:
    of_rule = col(Deadline.rule_code) == code
    return clock_of(Deadline.due_on, col(model.id), of_rule), clock_of(Deadline.rule_code, col(model.id), of_rule)
