"""Who sees reporting periods: the body that reports. What it reported, others read in its papers."""

from sqlalchemy import select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.models.reporting_period import ReportingLine, ReportingPeriod
from app.policies.relations import ACTORS, Condition, among
from app.policies.visibility.base import VIEWS, Views


def periods(who: Principal) -> Views:
    return [("full", among(ReportingPeriod.body_id, who.reads))]


def lines(who: Principal) -> Views:
    ours = select(col(ReportingPeriod.id)).where(among(ReportingPeriod.body_id, who.reads))
    return [("full", col(ReportingLine.period_id).in_(ours))]


def _actors(who: Principal) -> dict[Actor, Condition]:
    return {Actor.LEAD: among(ReportingPeriod.body_id, who.acts)}


VIEWS.update({ReportingPeriod: periods, ReportingLine: lines})
ACTORS[ReportingPeriod] = _actors
