"""How much of a record's history does this caller see? Its makers all, others from the step that opened it to them."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from app.core.principal import Principal
from app.models.board import Board
from app.models.campaign import Campaign
from app.models.delegation import Delegation
from app.models.engagement import Engagement
from app.models.finding import Finding
from app.models.history import Transition
from app.models.petition import Petition
from app.models.plan import Plan
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.policies import relations as r
from app.policies import shapes
from app.policies.relations import Condition, among
from app.policies.visibility import VIEWS, visible

Openings = list[tuple[Condition, tuple[str, ...]]]
"""Pairs of a condition and the actions that open the record to whom it holds for; no actions: open from the start."""


def _campaign(who: Principal) -> Openings:
    views = dict(VIEWS[Campaign](who))
    return [
        (views["full"], ()),
        (views["counterpart"], ("consult",)),
        (views["party"], ("plan",)),
        (true(), ("conclude",)),
    ]


def _delegation(who: Principal) -> Openings:
    decided_by_us = select(col(Campaign.id)).where(among(Campaign.deciding_body_id, who.reads))
    makers = or_(VIEWS[Delegation](who)[0][1], col(Delegation.campaign_id).in_(decided_by_us))
    return [(makers, ()), (true(), ("decide",))]


def _engagement(who: Principal) -> Openings:
    return [(VIEWS[Engagement](who)[0][1], ()), (true(), ("notify",))]


def _finding(who: Principal) -> Openings:
    own = and_(col(Finding.author_account_id) == who.account_id, among(Finding.author_body_id, who.reads))
    return [(own, ()), (true(), ("submit",))]


def _report(who: Principal) -> Openings:
    makers = or_(among(Report.author_body_id, who.reads), r.member_of_engagement(Report.engagement_id, who))
    return [(makers, ()), (true(), ("circulate", "issue"))]


def _recommendation(who: Principal) -> Openings:
    """The superior of an addressee knows of it from its escalation on."""
    ours = or_(among(Recommendation.issuer_body_id, who.reads), r.partnered(Recommendation.campaign_id, who.reads))
    told = or_(
        among(Recommendation.addressee_id, who.reads),
        among(Recommendation.verifier_body_id, who.reads),
        among(Recommendation.proposer_body_id, who.reads),
        r.supervised(Recommendation.engagement_id, who.reads),
        r.below(Recommendation.issuer_body_id, who.reads),
    )
    return [(ours, ()), (told, ("issue",)), (true(), ("escalate",))]


def _plan(who: Principal) -> Openings:
    """Others read that an edition was issued, and nothing of the one that is being drafted."""
    issues = col(Transition.action) == "issue"
    return [(among(Plan.body_id, who.reads), ()), (VIEWS[Plan](who)[0][1], ("consult",)), (issues, ())]


def _petition(who: Principal) -> Openings:
    """What the body that received it did before it sent it on, its reasons too, stays there."""
    return [(VIEWS[Petition](who)[0][1], ()), (true(), ("forward",))]


def _board(who: Principal) -> Openings:
    """Others learn of a board when its Front has confirmed it."""
    return [(VIEWS[Board](who)[0][1], ()), (true(), ("confirm",))]


OPENINGS: dict[type[SQLModel], Callable[[Principal], Openings]] = {
    Campaign: _campaign,
    Delegation: _delegation,
    Engagement: _engagement,
    Finding: _finding,
    Report: _report,
    Recommendation: _recommendation,
    Petition: _petition,
    Plan: _plan,
    Board: _board,
}
"""Records that are not named here are open from the start to whoever sees them."""


def lines(model: type[SQLModel], who: Principal, identifier: Any) -> ColumnElement[bool]:
    """The condition on Transition for the lines of one record that the caller may read."""
    return and_(_of(model, identifier), _told(model)(who)["told"])


def lines_in(model: Any, who: Principal, campaign_id: UUID) -> ColumnElement[bool]:
    """The same for every record of this model that belongs to the campaign."""
    ours = col(model.id) if model is Campaign else col(model.campaign_id)
    records = select(col(model.id)).where(ours == campaign_id)
    kind = col(Transition.subject_type) == model.__tablename__
    return and_(kind, col(Transition.subject_id).in_(records), _told(model)(who)["told"])


def _of(model: Any, identifier: Any) -> ColumnElement[bool]:
    return and_(col(Transition.subject_type) == model.__tablename__, col(Transition.subject_id) == identifier)


@cache
def _told(model: Any) -> Callable[[Principal], dict[str, ColumnElement[Any]]]:
    return shapes.once(f"{model.__name__} told", lambda who: {"told": _shown(model, who)})


def _shown(model: Any, who: Principal) -> ColumnElement[bool]:
    openings = OPENINGS[model](who) if model in OPENINGS else [(true(), ())]
    since = case(*((condition, _since(actions)) for condition, actions in openings), else_=false())
    return (
        select(since)
        .select_from(model)
        .where(col(model.id) == col(Transition.subject_id), visible(model, who))
        .correlate(Transition)
        .scalar_subquery()
    )


def _since(actions: tuple[str, ...]) -> ColumnElement[bool]:
    """Not before the first of these steps; ids are in the order of recording."""
    if not actions:
        return true()
    opening = aliased(Transition)
    first = (
        select(col(opening.id))
        .where(col(opening.subject_id) == col(Transition.subject_id), col(opening.action).in_(actions))
        .order_by(col(opening.id))
        .limit(1)
        .correlate(Transition)
        .scalar_subquery()
    )
    later: ColumnElement[bool] = col(Transition.id) >= first
    return later
