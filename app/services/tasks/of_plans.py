"""Agreement with a yearly plan, its issue once everybody has agreed, and the last day for it by law."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.campaign import Outcome
from app.domain.lifecycle import Actor
from app.domain.plan import PlanState
from app.models.deadline import Deadline
from app.models.plan import Plan, PlanConcurrence
from app.policies.relations import ACTORS, Condition, among
from app.services.plans.writing import ISSUE_IN_TIME, PROPOSE_TO_COUNCIL
from app.services.tasks.asks import Ask, clock_of

P = Plan


def asks(who: Principal) -> Iterator[Ask]:
    lead = ACTORS[Plan](who)[Actor.LEAD]
    consulting = col(P.state) == PlanState.CONSULTING
    ours = _asked(col(PlanConcurrence.outcome).is_(None), among(PlanConcurrence.body_id, who.leads))
    by = select(col(PlanConcurrence.due_on)).where(
        col(PlanConcurrence.plan_id) == col(P.id),
        col(PlanConcurrence.edition) == col(P.edition),
        among(PlanConcurrence.body_id, who.leads),
    )
    soonest = by.order_by(col(PlanConcurrence.due_on)).limit(1).scalar_subquery()
    yield Ask("concur", P, col(P.title), (consulting, ours), soonest)
    yield Ask("answer_refusal", P, col(P.title), (lead, consulting, _refused()))
    agreed = and_(~_asked(col(PlanConcurrence.outcome).is_(None)), ~_refused())
    due, rule = _clock(ISSUE_IN_TIME)
    yield Ask("issue", P, col(P.title), (lead, consulting, agreed), due, rule)
    unissued = and_(col(P.state) == PlanState.DRAFT, col(P.issued_on).is_(None))
    yield Ask("consult", P, col(P.title), (lead, unissued), due, rule)
    due, rule = _clock(PROPOSE_TO_COUNCIL)
    yield Ask("propose_to_council", P, col(P.title), (lead, _waits(PROPOSE_TO_COUNCIL)), due, rule)


def _clock(code: str) -> tuple[Any, Any]:
    of_rule = col(Deadline.rule_code) == code
    return clock_of(Deadline.due_on, col(P.id), of_rule), clock_of(Deadline.rule_code, col(P.id), of_rule)


def _waits(code: str) -> Condition:
    return exists().where(
        col(Deadline.subject_id) == col(P.id), col(Deadline.rule_code) == code, col(Deadline.met_on).is_(None)
    )


def _asked(*conditions: Condition) -> Condition:
    present = (col(PlanConcurrence.plan_id) == col(P.id), col(PlanConcurrence.edition) == col(P.edition))
    return exists().where(*present, *conditions)


def _refused() -> Condition:
    unanswered = col(PlanConcurrence.answer_text).is_(None)
    return _asked(col(PlanConcurrence.outcome) == Outcome.REFUSED, unanswered)
