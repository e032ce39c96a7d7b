"""`overdue` is said twice, in the domain and in SQL: over every combination of states and days both say the same."""

from datetime import date, timedelta
from itertools import product

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core.db import dumps
from app.core.ids import new_id
from app.domain.recommendation import Overdue, RecommendationState, ReplyStatus, overdue
from app.models.recommendation import Recommendation
from app.services.recommendations.reading import overdue_column

TODAY = date(2024, 12, 1)
DAYS = (None, date.min, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), date.max)
CASES = list(product(RecommendationState, [None, *ReplyStatus], DAYS, DAYS, [None, TODAY - timedelta(days=2)]))


FIELDS = ("state", "reply_status", "reply_due_on", "due_on", "paused_since")


async def test_the_sql_says_what_the_domain_says(session: AsyncSession) -> None:
    cases = {new_id(): dict(zip(FIELDS, it, strict=True)) for it in CASES}
    said = select(col(Recommendation.id), overdue_column(TODAY)).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    rows = "WITH recommendation AS (SELECT * FROM jsonb_populate_recordset(NULL::recommendation, CAST(:rows AS jsonb)))"
    values = dumps([{"id": identifier, **it} for identifier, it in cases.items()])
    in_sql = {row[0]: row[1] for row in await session.execute(text(f"{rows} {said}"), {"rows": values})}
    in_domain = {identifier: overdue(today=TODAY, **it) for identifier, it in cases.items()}
    assert in_sql == in_domain
    assert set(in_domain.values()) == set(Overdue), "every answer occurs"
