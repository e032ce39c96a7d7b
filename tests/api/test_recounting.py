"""A changed calendar moves the dates that a rule set on open recommendations, and tells both sides; no other date."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain.recommendation import RecommendationState
from app.models.deadline import Rule
from app.models.due_change import DueChange
from app.models.history import OutboxMessage
from tests.client import ok
from tests.makers import a_campaign, a_recommendation, keep
from tests.makers_follow_up import a_pause

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


async def moved(session, world, it, because, *, was_due_on, due_on, **fields):
    """One entry in the history of its reply date, with the pause that made it."""
    pause = await a_pause(session, world, it, state="ended", **fields) if because == "pause" else None
    kept = {"because": because, "record_id": pause.id if pause else None, "changed_on": date(2024, 5, 13)}
    await keep(session, DueChange(recommendation_id=it.id, clock="reply", was_due_on=was_due_on, due_on=due_on, **kept))


THREE_DAYS = {"from_on": date(2024, 5, 10), "to_on": date(2024, 5, 12)}


async def test_a_date_that_a_pause_has_moved_follows_the_calendar(api, world, session, issued):
    """22/05 and three days are a Saturday, so Monday the 27th; once that is a day off, Tuesday."""
    it = await issued(reply_due_on=date(2024, 5, 27))
    await moved(session, world, it, "pause", was_due_on=date(2024, 5, 22), due_on=date(2024, 5, 27), **THREE_DAYS)
    ok(await api.put("/v1/calendar-days/2024-05-27", DAY_OFF, as_="registrar"))
    assert await due(api, it) == "2024-05-28"
    told = select(OutboxMessage).where(col(OutboxMessage.subject_id) == it.id)
    message = (await session.execute(told)).scalars().one()
    assert (message.type, message.payload["was_due_on"]) == ("recommendation.recount", "2024-05-27")
    assert (await api.delete("/v1/calendar-days/2024-05-27", as_="registrar")).status_code == 204
    assert await due(api, it) == "2024-05-27"


async def test_a_date_that_was_granted_stays_and_a_pause_after_it_is_counted_again(api, world, session, issued):
    granted, paused = await issued(reply_due_on=date(2024, 5, 24)), await issued(reply_due_on=date(2024, 5, 27))
    for it in (granted, paused):
        await moved(session, world, it, "extension", was_due_on=date(2024, 5, 22), due_on=date(2024, 5, 24))
    await moved(session, world, paused, "pause", was_due_on=date(2024, 5, 24), due_on=date(2024, 5, 27), **THREE_DAYS)
    for day in ("2024-05-24", "2024-05-27"):
        ok(await api.put(f"/v1/calendar-days/{day}", DAY_OFF, as_="registrar"))
    assert await due(api, granted) == "2024-05-24"
    assert await due(api, paused) == "2024-05-28"


async def test_a_date_that_does_not_follow_from_its_history_stays(api, world, session, issued):
    it = await issued(reply_due_on=date(2024, 5, 27))
    two_days = {"from_on": date(2024, 5, 10), "to_on": date(2024, 5, 11)}
    await moved(session, world, it, "pause", was_due_on=date(2024, 5, 20), due_on=date(2024, 5, 27), **two_days)
    ok(await api.put("/v1/calendar-days/2024-05-27", DAY_OFF, as_="registrar"))
    assert await due(api, it) == "2024-05-27"
