"""The lead's reporting periods: the first half of the year closed, the second open."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.reporting_period import ReportingPeriodState
from app.models.reporting_period import ReportingLine
from tests.makers import keep
from tests.makers_reporting import a_reporting_period
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    shut = {"state": ReportingPeriodState.CLOSED, "closed_on": date(2024, 7, 2)}
    closed = stage.put("period_closed", await a_reporting_period(session, world, **shut))
    days = {"period_from": date(2024, 7, 1), "period_to": date(2024, 12, 31)}
    stage.put("period_open", await a_reporting_period(session, world, **days))
    line = ReportingLine(
        period_id=closed.id,
        of_period_id=closed.id,
        figure="supervisions.led.delegation",
        record_id=stage.ids["campaign"],
        record_type="campaign",
        amount=1,
    )
    await keep(session, line)
