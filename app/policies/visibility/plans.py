"""Who sees plans: the planning body, counterparts while they are asked, every body from the first issue on."""

from typing import Any

from sqlalchemy import and_, literal, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.models.plan import Plan, PlanApproval, PlanConcurrence, PlanItem, PlanItemPartner, PlanItemSupervised
from app.policies.relations import ACTORS, Condition, among
from app.policies.visibility.base import CARRIERS, VIEWS, Views


def plans(who: Principal) -> Views:
    """A counterpart sees the edition it was asked about; while the next one is drafted, the one in force."""
    asked = select(col(PlanConcurrence.plan_id)).where(
        among(PlanConcurrence.body_id, who.reads), col(PlanConcurrence.edition) == col(Plan.edition)
    )
    ours = or_(among(Plan.body_id, who.reads), col(Plan.id).in_(asked.correlate(Plan)))
    in_force = and_(col(Plan.issued_on).is_not(None), literal(bool(who.reads)))
    return [("full", ours), ("public", in_force)]


def plan_items(who: Principal) -> Views:
    full = select(col(Plan.id)).where(plans(who)[0][1])
    in_force = and_(col(PlanItem.issued).is_not(None), literal(bool(who.reads)))
    return [("full", col(PlanItem.plan_id).in_(full)), ("public", in_force)]


def of_item(model: Any) -> Any:
    def views(who: Principal) -> Views:
        full = select(col(PlanItem.id)).where(plan_items(who)[0][1])
        return [("full", col(model.item_id).in_(full))]

    return views


def concurrences(who: Principal) -> Views:
    """All of them for the planning body; an asked body sees its own answers, not those of others."""
    ours = select(col(Plan.id)).where(among(Plan.body_id, who.reads))
    return [("full", or_(col(PlanConcurrence.plan_id).in_(ours), among(PlanConcurrence.body_id, who.reads)))]


def approvals(who: Principal) -> Views:
    full = select(col(Plan.id)).where(plans(who)[0][1])
    return [("full", col(PlanApproval.plan_id).in_(full))]


def _plan(who: Principal) -> dict[Actor, Condition]:
    return {Actor.LEAD: among(Plan.body_id, who.acts), Actor.LEAD_LEADER: among(Plan.body_id, who.leads)}


VIEWS.update(
    {
        Plan: plans,
        PlanItem: plan_items,
        PlanItemSupervised: of_item(PlanItemSupervised),
        PlanItemPartner: of_item(PlanItemPartner),
        PlanConcurrence: concurrences,
        PlanApproval: approvals,
    }
)
ACTORS[Plan] = _plan
CARRIERS["plan"] = Plan
