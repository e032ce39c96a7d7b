"""How recommendations are shown and listed; `overdue` here is the domain's, in SQL (a property test compares them)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, and_, case, func, literal, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.core.text import fold
from app.domain.recommendation import (
    RECOMMENDATION,
    REPLY_CLOCK_RUNS,
    TERMINAL,
    Overdue,
    RecommendationState,
    ReplyStatus,
)
from app.models.base import search_expression
from app.models.body import Body
from app.models.campaign import Campaign
from app.models.delegation import Delegation
from app.models.engagement import Engagement
from app.models.escalation import Escalation, EscalationRead
from app.models.recommendation import (
    Progress,
    ProgressRead,
    Recommendation,
    RecommendationFilter,
    RecommendationParty,
    RecommendationRead,
    RecommendationSort,
    Reminder,
    ReminderRead,
)
from app.policies.relations import Condition, among
from app.policies.visibility import VIEWS
from app.policies.visibility.supervision import told
from app.services.grassroots import as_asked, through_boards
from app.services.places import bodies_at
from app.services.reading import Page, Projection, body_ref, body_refs, matching, person_ref, read_page
from app.services.unit_of_work import UnitOfWork

R = Recommendation
SEARCHED = search_expression("action", "expected_result")
SORTS = {"due_on": R.due_sort}
ORDER = {
    RecommendationSort.NEWEST: "-id",
    RecommendationSort.OLDEST: "id",
    RecommendationSort.SOONEST: "due_on",
    RecommendationSort.LATEST: "-due_on",
}


def overdue_column(today: date | ColumnElement[date]) -> ColumnElement[str]:
    """`domain.recommendation.overdue` in SQL."""
    day = func.least(literal(today, Date) if isinstance(today, date) else today, col(R.paused_since))
    ended = col(R.state).in_([*TERMINAL, RecommendationState.DRAFT])
    waits = and_(col(R.state).in_(REPLY_CLOCK_RUNS), col(R.reply_status) == ReplyStatus.AWAITING)
    return case(
        (ended, literal(str(Overdue.NONE), String)),
        (col(R.due_on) < day, literal(str(Overdue.COMPLETION), String)),
        (and_(waits, col(R.reply_due_on) < day), literal(str(Overdue.REPLY), String)),
        else_=literal(str(Overdue.NONE), String),
    )


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    day = func.coalesce(col(R.issued_on), literal(who.today, Date))
    owner = func.json_build_object("name", col(R.owner_name), "title", col(R.owner_title))
    first = body_ref(col(R.first_addressee_id), day, who.today)
    return {
        "issuer_body": body_ref(col(R.issuer_body_id), day, who.today),
        "proposer_body": body_ref(col(R.proposer_body_id), day, who.today),
        "addressee": body_ref(col(R.addressee_id), day, who.today),
        "verifier_body": body_ref(col(R.verifier_body_id), day, who.today),
        "escalated_to": body_ref(col(R.escalated_to_id), day, who.today),
        "copy_to_bodies": body_refs(col(R.copy_to), day, who.today),
        "owner": case((col(R.owner_name).is_not(None), owner)),
        "overdue": overdue_column(who.today),
        "first_addressee": case((col(R.first_addressee_id).is_not(None), first)),
    }


RECOMMENDATIONS = Projection(
    model=Recommendation,
    reads={"full": RecommendationRead, "party": RecommendationParty},
    columns=_columns,
    lifecycle=lambda kind: RECOMMENDATION,
    hot=True,
)


def _progress(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "account": person_ref(col(Progress.account_id)),
        "body": body_ref(col(Progress.body_id), col(Progress.reported_on), who.today),
    }


def _reminder(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "body": body_ref(col(Reminder.body_id), col(Reminder.reminded_on), who.today),
        "written": col(Reminder.document_id).is_not(None),
    }


PROGRESS = Projection(model=Progress, reads={"full": ProgressRead}, columns=_progress)
REMINDERS = Projection(model=Reminder, reads={"full": ReminderRead}, columns=_reminder)


def _escalation(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = col(Escalation.escalated_on)
    return {
        "to_body": body_ref(col(Escalation.to_body_id), on, who.today),
        "copy_to_bodies": body_refs(col(Escalation.copy_to), on, who.today),
    }


ESCALATIONS = Projection(model=Escalation, reads={"full": EscalationRead}, columns=_escalation)


async def page(uow: UnitOfWork, query: RecommendationFilter) -> bytes:
    place = Page.of(query, ORDER[query.sort])
    where = conditions(query, uow.who)
    return await read_page(uow, RECOMMENDATIONS, place, where=where, filters=query.filters(), sorts=SORTS)


def conditions(query: RecommendationFilter, who: Principal) -> list[Condition]:
    return [*_named(query), *_dated(query), *_asked(query, who)]


def _named(query: RecommendationFilter) -> Iterator[Condition]:
    """Filters that compare a column; a repeated key means "or"."""
    identifiers: tuple[tuple[Any, Sequence[Any]], ...] = (
        (R.campaign_id, query.campaign_id),
        (R.series_id, query.series_id),
        (R.issuer_body_id, query.issuer_body_id),
        (R.addressee_id, query.addressee_id),
    )
    words: tuple[tuple[Any, Sequence[Any]], ...] = (
        (R.state, query.state),
        (R.reply_status, query.reply_status),
        (R.implementation, query.implementation),
        (R.origin, query.origin),
    )
    yield from (among(column, wanted) for column, wanted in identifiers if wanted)
    if query.issuer_level or query.issuer_place_code:
        yield col(R.issuer_body_id).in_(bodies_at(query.issuer_level, query.issuer_place_code))
    if query.addressee_kind:
        yield col(R.addressee_id).in_(select(col(Body.id)).where(col(Body.kind).in_(query.addressee_kind)))
    yield from (col(column).in_(wanted) for column, wanted in words if wanted)


def _dated(query: RecommendationFilter) -> Iterator[Condition]:
    if query.issued_from is not None:
        yield col(R.issued_on) >= query.issued_from
    if query.issued_to is not None:
        yield col(R.issued_on) <= query.issued_to
    if query.due_from is not None:
        yield col(R.due_sort) >= query.due_from
    if query.due_to is not None:
        yield col(R.due_sort) <= query.due_to
    if query.due_from is not None or query.due_to is not None:
        yield col(R.due_on).is_not(None)


def _asked(query: RecommendationFilter, who: Principal) -> Iterator[Condition]:
    if query.overdue:
        yield overdue_column(who.today).in_([str(it) for it in query.overdue])
    if boards := as_asked(query):
        yield col(R.campaign_id).in_(through_boards(who, *boards))
    if query.campaign_regime or query.campaign_form:
        yield col(R.campaign_id).in_(_of_campaigns(query, who))
    if query.engagement_id or query.delegation_id:
        yield from _of_work(query, who)
    if query.owner is not None:
        yield func.fold(col(R.owner_name)).contains(fold(query.owner), autoescape=True)
    if query.mine is not None:
        yield _mine(who) if query.mine else ~_mine(who)
    if query.orphaned is not None:
        yield _orphaned(who.today) if query.orphaned else ~_orphaned(who.today)
    if query.q is not None:
        yield matching(SEARCHED, query.q)


def _of_campaigns(query: RecommendationFilter, who: Principal) -> Select[Any]:
    """An addressee is not told of which regime and form the campaign is."""
    of = (Campaign.regime, query.campaign_regime), (Campaign.form, query.campaign_form)
    chosen = [col(column).in_(wanted) for column, wanted in of if wanted]
    return select(col(Campaign.id)).where(told(who), *chosen)


def _of_work(query: RecommendationFilter, who: Principal) -> Iterator[Condition]:
    """The engagement is outside the view of superiors and proposers, so it finds nothing for them."""
    yield dict(VIEWS[Recommendation](who))["full"]
    if query.engagement_id:
        yield among(R.engagement_id, query.engagement_id)
    if query.delegation_id:
        work = select(col(Engagement.id)).where(among(Engagement.delegation_id, query.delegation_id))
        cause = select(col(Delegation.campaign_id)).where(among(Delegation.id, query.delegation_id))
        whole = and_(col(R.engagement_id).is_(None), col(R.campaign_id).in_(cause))
        yield or_(col(R.engagement_id).in_(work), whole)


def _mine(who: Principal) -> Condition:
    """A side is NULL in a draft without addressee, so `mine=false` must not lose it."""
    sides = (R.issuer_body_id, R.addressee_id, R.verifier_body_id)
    return func.coalesce(or_(*(among(side, who.reads) for side in sides)), literal(False))


def _orphaned(today: date) -> Condition:
    ended = select(col(Body.id)).where(col(Body.valid_to) < literal(today, Date))
    running = col(R.state).not_in(TERMINAL)
    return func.coalesce(and_(running, col(R.addressee_id).in_(ended)), literal(False))
