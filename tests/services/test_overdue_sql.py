"""`overdue` is said twice, in the domain and in SQL: over every combination of states and days both say the same."""

from datetime import date, timedelta
from itertools import product

from sqlalchemy import select

from app.domain.recommendation import Origin, Overdue, RecommendationState, ReplyStatus, overdue
from app.models.recommendation import Recommendation
from app.services.recommendations.reading import overdue_column
from tests.makers import keep

TODAY = date(2024, 12, 1)
DAYS = (None, date.min, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), date.max)
CASES = list(product(RecommendationState, [None, *ReplyStatus], DAYS, DAYS, [None, TODAY - timedelta(days=2)]))


async def test_the_sql_says_what_the_domain_says(session, world):
    lead = world.body["lead"]
    made = [
        Recommendation(
            origin=Origin.REPORT,
            issuer_body_id=lead,
            verifier_body_id=lead,
            addressee_id=world.body["addressee"],
            action="Rà soát quy chế",
            state=state,
            reply_status=reply_status,
            reply_due_on=reply_due_on,
            due_on=due_on,
            paused_since=paused_since,
        )
        for state, reply_status, reply_due_on, due_on, paused_since in CASES
    ]
    await keep(session, *made)
    said = select(Recommendation.id, overdue_column(TODAY)).execution_options(scope="test")
    in_sql = {row[0]: row[1] for row in await session.execute(said)}
    in_domain = {
        it.id: overdue(it.state, it.reply_status, it.reply_due_on, it.due_on, TODAY, it.paused_since) for it in made
    }
    assert in_sql == in_domain
    assert set(in_domain.values()) == set(Overdue), "every answer occurs"
