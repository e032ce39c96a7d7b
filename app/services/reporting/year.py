"""The work of some bodies within some days, counted from what the caller sees."""

from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, literal, null, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.core.errors import NotVisible
from app.domain.reporting_period import ReportingPeriodState
from app.models.body import Body
from app.models.reporting_period import ReportingPeriod
from app.models.year import YearQuery
from app.policies.visibility import visible
from app.services.reading import body_ref, json_list
from app.services.reporting import lists
from app.services.reporting.figures import Reach, Subject, counted
from app.services.unit_of_work import UnitOfWork

P = ReportingPeriod


async def of_year(uow: UnitOfWork, asked: YearQuery) -> bytes:
    subject, (start, end) = Subject.of(uow.who, asked), asked.days
    reach = Reach.days(start, end, uow.today, subject.holds)
    parts = {
        "amounts": amounts(uow, reach),
        "bodies": _bodies(uow, subject, reach),
        "closed_periods": _closed(uow, reach),
    }
    made = select(*(it.label(name) for name, it in parts.items())).execution_options(scope="scoped")
    row = (await uow.session.execute(made)).mappings().one()
    if len(row["bodies"]) < len(set(subject.body_ids)):
        raise NotVisible
    figures = lists.told(row["amounts"], lists.addresses(subject, start, end, uow.today))
    rest = {name: row[name] for name in ("bodies", "closed_periods")}
    return orjson.dumps({"from": start, "to": end, "as_of": uow.today, **rest, **figures}, default=str)


def amounts(uow: UnitOfWork, reach: Reach) -> ColumnElement[Any]:
    """Every figure that is not 0, by its name."""
    rows = counted(uow.who, reach).subquery("counted")
    sums = select(rows.c.figure, func.sum(rows.c.amount).label("amount")).group_by(rows.c.figure).subquery("sums")
    named = select(func.json_object_agg(sums.c.figure, sums.c.amount)).scalar_subquery()
    return func.coalesce(named, func.json_build_object())


def _bodies(uow: UnitOfWork, subject: Subject, reach: Reach) -> ColumnElement[Any]:
    """Those that were named, with the names of the last of the days."""
    named = body_ref(col(Body.id), func.least(reach.end, literal(uow.today)), uow.today)
    found = select(func.json_agg(aggregate_order_by(named, col(Body.id))))
    chosen = found.where(col(Body.id).in_(subject.body_ids)).scalar_subquery() if subject.body_ids else null()
    return func.coalesce(chosen, func.json_build_array())


def _closed(uow: UnitOfWork, reach: Reach) -> ColumnElement[Any]:
    period = func.json_build_object("from", col(P.period_from), "to", col(P.period_to)).label("period")
    meets = (col(P.period_from) <= reach.end, col(P.period_to) >= reach.start)
    rows = select(col(P.id), col(P.title), period, col(P.closed_on)).where(
        visible(P, uow.who), reach.of(P.body_id), col(P.state) == ReportingPeriodState.CLOSED, *meets
    )
    return json_list(rows, order=[col(P.period_from), col(P.id)])
