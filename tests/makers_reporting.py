"""A reporting period of the first half of 2024, open unless told otherwise."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.models.reporting_period import ReportingPeriod
from tests.makers import keep
from tests.world import World


async def a_reporting_period(session: AsyncSession, world: World, body: str = "lead", **fields: Any) -> ReportingPeriod:
    values: dict[str, Any] = {
        "body_id": world.body[body],
        "title": "Báo cáo 6 tháng đầu năm 2024",
        "period_from": date(2024, 1, 1),
        "period_to": date(2024, 6, 30),
    }
    period = ReportingPeriod(**{**values, **fields})
    await keep(session, period)
    return period
