"""What has been corrected since periods were closed: what counts in their days now, against what they reported."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, null, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.reporting_period import ReportingPeriodState
from app.models.board import Board
from app.models.board_result import BoardResult, ProjectCount
from app.models.campaign import Campaign
from app.models.history import Transition
from app.models.recommendation import Recommendation
from app.models.reporting_period import ReportingLine, ReportingPeriod
from app.policies.relations import Condition
from app.policies.visibility import visible
from app.services.reporting.figures import Reach, counted
from app.services.tasks.asks import name_of
from app.services.unit_of_work import UnitOfWork

P, L = ReportingPeriod, ReportingLine
KEYS = ("period_id", "figure", "record_type", "record_id")
TITLES: dict[type[Any], Any] = {
    Campaign: Campaign.title,
    Recommendation: Recommendation.action,
    Board: name_of(col(Board.body_id)),
    BoardResult: select(col(Campaign.title)).where(col(Campaign.id) == col(BoardResult.campaign_id)).scalar_subquery(),
    ProjectCount: name_of(col(ProjectCount.front_body_id)),
}


def unreported(who: Principal, body_id: UUID) -> Select[Any]:
    """Corrections of closed periods that no later period has reported yet."""
    ours = select(col(P.id)).where(col(P.body_id) == body_id, _closed())
    return _differences(who, col(P.body_id) == body_id, col(L.of_period_id).in_(ours))


def _since_closing(who: Principal, it: ReportingPeriod) -> Select[Any]:
    own = and_(col(L.period_id) == it.id, col(L.of_period_id) == it.id)
    return _differences(who, col(P.id) == it.id, own)


def _closed() -> Condition:
    return col(P.state) == ReportingPeriodState.CLOSED


def _differences(who: Principal, periods: Condition, lines: Condition) -> Select[Any]:
    """(period_id, figure, record_type, record_id, amount) of what counts otherwise now than it was reported."""
    each = Reach(
        start=col(P.period_from),
        end=col(P.period_to),
        as_of=col(P.closed_on),
        of=lambda column: col(column) == col(P.body_id),
        period_id=col(P.id),
        only=(periods, _closed()),
    )
    now = counted(who, each).subquery("now_counted")
    said = _reported(lines).subquery("reported")
    alike = and_(*(now.c[key] == said.c[key] for key in KEYS))
    amount = func.coalesce(now.c.amount, 0) - func.coalesce(said.c.amount, 0)
    keys = [func.coalesce(now.c[key], said.c[key]).label(key) for key in KEYS]
    joined = now.outerjoin(said, alike, full=True)
    return select(*keys, amount.label("amount")).select_from(joined).where(amount != 0)


def _reported(lines: Condition) -> Select[Any]:
    keys: tuple[Any, ...] = (
        col(L.of_period_id).label("period_id"),
        col(L.figure),
        col(L.record_type),
        col(L.record_id),
    )
    return select(*keys, func.sum(col(L.amount)).label("amount")).where(lines).group_by(*keys)


def earlier_open(it: ReportingPeriod) -> Condition:
    ours = col(P.body_id) == it.body_id, col(P.period_from) < it.period_from
    return and_(*ours, col(P.state) == ReportingPeriodState.OPEN)


async def carried(uow: UnitOfWork, it: ReportingPeriod) -> list[dict[str, Any]]:
    """What counts in this open period besides its own days; nothing, while an earlier one is open."""
    rows = unreported(uow.who, it.body_id).subquery("unreported")
    sums = select(rows.c.figure, func.sum(rows.c.amount)).group_by(rows.c.figure)
    sums = sums.where(~exists().where(earlier_open(it)))
    found = await uow.session.execute(sums.order_by(rows.c.figure).execution_options(scope="scoped"))
    return [{"figure": figure, "amount": float(amount)} for figure, amount in found if amount]


async def notes(uow: UnitOfWork, it: ReportingPeriod, frozen: dict[str, float]) -> list[dict[str, Any]]:
    """Which record changed which figure since it was closed, in the order of their last steps."""
    rows = _since_closing(uow.who, it).subquery("differences")
    step = _last_step(it, rows.c.record_id)
    shown = select(rows, _title(uow.who, rows).label("title"), step.label("step"))
    order = (step.op("->>")("at"), rows.c.record_id, rows.c.figure)
    found = await uow.session.execute(shown.order_by(*order).execution_options(scope="scoped"))
    return list(_in_turn(found.mappings(), frozen))


def _in_turn(rows: Any, frozen: dict[str, float]) -> Iterator[dict[str, Any]]:
    value: dict[str, float] = defaultdict(float, frozen)
    for row in rows:
        was = value[row["figure"]]
        value[row["figure"]] = was + float(row["amount"])
        record = {"type": row["record_type"], "id": str(row["record_id"]), "title": row["title"]}
        yield {"figure": row["figure"], "record": record, "from": was, "to": value[row["figure"]], "step": row["step"]}


def _title(who: Principal, rows: Any) -> ColumnElement[Any]:
    titles = {
        model.__tablename__: select(func.left(column, 200))
        .where(col(model.id) == rows.c.record_id, visible(model, who))
        .correlate(rows)
        .scalar_subquery()
        for model, column in TITLES.items()
    }
    return case(titles, value=rows.c.record_type, else_=null())


def _last_step(it: ReportingPeriod, record_id: Any) -> ColumnElement[Any]:
    closing = select(func.max(col(Transition.created_at))).where(col(Transition.subject_id) == it.id)
    later = Transition.__table__.alias("later")  # type: ignore[attr-defined]
    told = func.json_build_object("action", later.c.action, "on", later.c.on_date, "at", later.c.created_at)
    return (
        select(told)
        .where(later.c.subject_id == record_id, later.c.created_at > closing.scalar_subquery())
        .order_by(later.c.id.desc())
        .limit(1)
        .correlate_except(later)
        .scalar_subquery()
    )
