"""A changed calendar moves the dates that a rule set on open recommendations, and tells both sides; no other date."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain.recommendation import RecommendationState
from app.models.deadline import Rule
from app.models.history import OutboxMessage
from tests.client import ok
from tests.makers import a_campaign, a_recommendation, keep

PATH = "/v1/recommendations"
BASIS = {"code": "D06", "rule_version": 1, "legal_basis": "Quy chế của Ban Dân vận"}
DAY_OFF = {"kind": "day_off", "name_vi": "Nghỉ bù", "name_en": "Day off in lieu", "basis": "Thông báo của Thủ tướng"}
CALENDAR = "/v1/calendar-days/2024-05-22"


@pytest.fixture
async def issued(world, session):
    """Received on 02/05/2024 under the lead's own rule of twenty days: due on 22/05/2024, a Wednesday."""
    rule = Rule(
        code="D06",
        regime="party",
        trigger="recommendation_received",
        unit="day",
        direction="after",
        n={"any": 20},
        responsible="addressee",
        what_vi="Trả lời kiến nghị trong 20 ngày",
        what_en="Reply within 20 days",
        legal_basis=BASIS["legal_basis"],
        valid_from=date(2024, 1, 1),
        body_id=world.body["lead"],
    )
    await keep(session, rule)
    campaign = await a_campaign(session, world)

    async def made(**fields):
        received = date(2024, 5, 2)
        dates = {"received_on": received, "reply_from": received, "reply_due_on": date(2024, 5, 22)}
        return await a_recommendation(session, world, campaign, **{**dates, "reply_due_basis": BASIS, **fields})

    return made


async def due(api, it):
    return ok(await api.get(f"{PATH}/{it.id}", as_="lead_officer"))["reply_due_on"]


async def test_a_new_day_off_moves_the_date_and_its_end_moves_it_back(api, session, issued):
    it = await issued()
    ok(await api.put(CALENDAR, DAY_OFF, as_="registrar"))
    assert await due(api, it) == "2024-05-23"
    told = select(OutboxMessage).where(col(OutboxMessage.subject_id) == it.id)
    message = (await session.execute(told)).scalars().one()
    assert (message.type, message.payload["clock"]) == ("recommendation.recount", "reply")
    assert (message.payload["was_due_on"], message.payload["due_on"]) == ("2024-05-22", "2024-05-23")
    assert (await api.delete(CALENDAR, as_="registrar")).status_code == 204
    assert await due(api, it) == "2024-05-22"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": RecommendationState.WITHDRAWN},
        {"reply_status": "accepted", "state": RecommendationState.REPLIED},
        {"reply_due_basis": {"text": "Theo kết luận của Đoàn"}},
        {"reply_from": date(2024, 5, 3)},
    ],
)
async def test_what_ended_was_answered_or_was_set_by_people_stays(api, issued, fields):
    it = await issued(**fields)
    ok(await api.put(CALENDAR, DAY_OFF, as_="registrar"))
    assert await due(api, it) == "2024-05-22"


async def test_a_date_of_completion_that_a_rule_gives_moves_too(api, issued):
    it = await issued(due_on=date(2024, 5, 22), due_basis=BASIS, reply_status="accepted")
    ok(await api.put(CALENDAR, DAY_OFF, as_="registrar"))
    shown = ok(await api.get(f"{PATH}/{it.id}", as_="addressee"))
    assert (shown["due_on"], shown["reply_due_on"], shown["version"]) == ("2024-05-23", "2024-05-22", 2)
