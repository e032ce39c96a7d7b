"""Opinions to give, drafts to bring forward, opinions to answer."""

from collections.abc import Iterator

from sqlalchemy import String, and_, exists, literal, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.draft import DraftState
from app.domain.lifecycle import Actor
from app.models.draft import Draft, DraftAssignment
from app.models.opinion import Opinion
from app.policies.relations import ACTORS, among
from app.services.tasks.asks import Ask

ANSWERING = "D09"


def asks(who: Principal) -> Iterator[Ask]:
    sides = ACTORS[Draft](who)
    title, state = col(Draft.title), col(Draft.state)
    over = and_(state == DraftState.OPINIONS_OPEN, col(Draft.closes_on) < who.today)
    unanswered = exists().where(col(Opinion.draft_id) == col(Draft.id), col(Opinion.answer_kind).is_(None))
    issued = state == DraftState.DOCUMENT_ISSUED
    yield Ask("open", Draft, title, (sides[Actor.LEAD], state == DraftState.DRAFT_RECEIVED), col(Draft.submission_on))
    yield Ask("gather", Draft, title, (sides[Actor.LEAD], over), col(Draft.submission_on))
    held = state == DraftState.SESSION_HELD
    yield Ask("issue_document", Draft, title, (sides[Actor.LEAD_LEADER], held), col(Draft.submission_on))
    yield Ask(
        "answer_opinions",
        Draft,
        title,
        (sides[Actor.DRAFTING_BODY], issued, unanswered),
        rule=literal(ANSWERING, String),
    )
    yield Ask("reply", Draft, title, (sides[Actor.DRAFTING_BODY], issued, ~unanswered), rule=literal(ANSWERING, String))
    yield _opinion(who)


def _opinion(who: Principal) -> Ask:
    """Asked by name, or as a member body; nothing given yet."""
    mine = and_(col(DraftAssignment.account_id) == who.account_id, among(DraftAssignment.body_id, who.reads))
    whole = and_(
        col(DraftAssignment.account_id).is_(None),
        col(DraftAssignment.person).is_(None),
        among(DraftAssignment.body_id, who.acts),
    )
    given = exists().where(col(Opinion.assignment_id) == col(DraftAssignment.id))
    taken = select(col(Draft.id)).where(col(Draft.state) == DraftState.OPINIONS_OPEN)
    title = select(col(Draft.title)).where(col(Draft.id) == col(DraftAssignment.draft_id)).scalar_subquery()
    where = (
        or_(mine, whole),
        col(DraftAssignment.recused_on).is_(None),
        col(DraftAssignment.draft_id).in_(taken),
        ~given,
    )
    return Ask("give_opinion", DraftAssignment, title, where, col(DraftAssignment.due_on))
