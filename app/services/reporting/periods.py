"""Reporting periods: opened for some days, closed with the figures as they stand."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, exists, func, insert, literal, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.core.principal import Principal
from app.domain.paper import day
from app.domain.reporting_period import REPORTING_PERIOD, ReportingPeriodFacts, ReportingPeriodState
from app.models.reporting_period import (
    CloseReportingPeriod,
    ReportingLine,
    ReportingPeriod,
    ReportingPeriodCreate,
    ReportingPeriodEntry,
    ReportingPeriodFilter,
)
from app.policies.relations import among
from app.services import steps
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.reporting import corrections, lists
from app.services.reporting.figures import Reach, Subject, counted
from app.services.reporting.year import amounts
from app.services.unit_of_work import UnitOfWork

P, L = ReportingPeriod, ReportingLine
SYSTEM = "rule across the reporting periods of one body"


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "body": body_ref(col(P.body_id), col(P.period_to), who.today),
        "period": func.json_build_object("from", col(P.period_from), "to", col(P.period_to)),
    }


PERIODS = Projection(P, reads={"full": ReportingPeriodEntry}, columns=_columns, lifecycle=lambda kind: REPORTING_PERIOD)


async def page(uow: UnitOfWork, asked: ReportingPeriodFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if asked.body_id:
        where.append(among(P.body_id, asked.body_id))
    if asked.state:
        where.append(col(P.state).in_(asked.state))
    if asked.day:
        where += [col(P.period_from) <= asked.day, col(P.period_to) >= asked.day]
    return await read_page(uow, PERIODS, Page.of(asked), where=where, filters=asked.filters())


async def open_period(uow: UnitOfWork, payload: ReportingPeriodCreate) -> UUID:
    body_id = payload.body_id or uow.who.body_id
    if body_id not in uow.who.acts:
        raise Forbidden("not_lead")
    if (made := await uow.claim()) is not None:
        return made
    start, end = payload.period.from_, payload.period.to
    await uow.serialise("reporting_period", body_id)
    meets = (col(P.body_id) == body_id, col(P.period_from) <= end, col(P.period_to) >= start)
    if (await uow.session.execute(select(exists().where(*meets)).execution_options(scope=SYSTEM))).scalar_one():
        raise Conflict("period_overlaps")
    title = payload.title or f"Báo cáo từ ngày {day(start)} đến ngày {day(end)}"
    it = ReportingPeriod(body_id=body_id, title=title, period_from=start, period_to=end)
    uow.add(it)
    await uow.session.flush()
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    uow.record("reporting_period.create", it, became=it.state, lead_body_id=body_id)
    return it.id


async def advance(uow: UnitOfWork, period_id: UUID, move: CloseReportingPeriod, expected: int | None) -> None:
    it = await steps.find(uow, ReportingPeriod, period_id, lock=True)
    await uow.serialise("reporting_period", it.body_id)
    case = steps.Case(it, REPORTING_PERIOD, lead_body_id=it.body_id, facts=_facts, effects={"close": _close})
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: ReportingPeriod, move: CloseReportingPeriod) -> ReportingPeriodFacts:
    earlier = select(func.count()).where(corrections.earlier_open(it))
    waiting = (await uow.session.execute(earlier.execution_options(scope=SYSTEM))).scalar_one()
    return ReportingPeriodFacts(it, move, has_begun=it.period_from <= (move.on or uow.today), earlier_open=waiting)


async def _close(uow: UnitOfWork, it: ReportingPeriod, move: CloseReportingPeriod, on: date) -> None:
    """Its own days, and what was corrected in earlier ones since they were closed."""
    it.closed_on = on
    reach = Reach.days(it.period_from, it.period_to, on, Subject([it.body_id]).holds, it.id)
    for rows in (counted(uow.who, reach), corrections.unreported(uow.who, it.body_id)):
        found = rows.subquery("found")
        names = (*corrections.KEYS, "amount")
        values = select(literal(it.id, Uuid), *(found.c[name] for name in names))
        columns = ["period_id", "of_period_id", *names[1:]]
        kept = insert(ReportingLine).from_select(columns, values.execution_options(scope="scoped"))
        await uow.session.execute(kept.execution_options(scope="scoped"))


async def figures(uow: UnitOfWork, period_id: UUID) -> dict[str, Any]:
    """What one period shows beside its entry: figures of today or of its closing, corrections, notes."""
    it = await steps.find(uow, ReportingPeriod, period_id)
    subject = Subject([it.body_id])
    if it.state == ReportingPeriodState.CLOSED:
        frozen = await _frozen(uow, it)
        told = await corrections.notes(uow, it, frozen)
        return {"figures": lists.told(frozen, lists.nowhere), "corrections": await _reported(uow, it), "notes": told}
    reach = Reach.days(it.period_from, it.period_to, uow.today, subject.holds)
    counts = select(amounts(uow, reach)).execution_options(scope="scoped")
    present = (await uow.session.execute(counts)).scalar_one()
    addresses = lists.addresses(subject, it.period_from, it.period_to, uow.today)
    carried = await corrections.carried(uow, it)
    return {"figures": lists.told(present, addresses), "corrections": carried, "notes": []}


async def _frozen(uow: UnitOfWork, it: ReportingPeriod) -> dict[str, float]:
    return dict(await _sums(uow, it, col(L.of_period_id) == it.id))


async def _reported(uow: UnitOfWork, it: ReportingPeriod) -> list[dict[str, Any]]:
    """The corrections of earlier periods that it reported when it was closed."""
    sums = await _sums(uow, it, col(L.of_period_id) != it.id)
    return [{"figure": name, "amount": amount} for name, amount in sums if amount]


async def _sums(uow: UnitOfWork, it: ReportingPeriod, which: ColumnElement[bool]) -> list[tuple[str, float]]:
    sums = select(col(L.figure), func.sum(col(L.amount))).where(col(L.period_id) == it.id, which)
    rows = await uow.session.execute(
        sums.group_by(col(L.figure)).order_by(col(L.figure)).execution_options(scope=SYSTEM)
    )
    return [(name, float(amount)) for name, amount in rows]
