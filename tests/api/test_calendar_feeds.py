"""The caller's dates as a calendar, read by a program that is not the one that wrote it."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import vobject
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.domain.recommendation import RecommendationState
from tests import makers
from tests.client import Api, created
from tests.world import World

pytestmark = pytest.mark.thorough

PATH = "/v1/me/calendar.ics"


@pytest.fixture
async def dates(session: AsyncSession, world: World) -> None:
    """A recommendation to be answered, and a session that was held."""
    campaign = await makers.a_campaign(session, world)
    engagement = await makers.an_engagement(session, world, await makers.a_delegation(session, world, campaign))
    await makers.a_session(session, world, engagement, held_on=clock.today())
    await makers.a_recommendation(session, world, campaign, state=RecommendationState.ISSUED)


def events(body: bytes) -> list[Any]:
    read = vobject.readOne(body.decode())
    assert read.version.value == "2.0"
    return list(read.contents.get("vevent", []))


@pytest.mark.usefixtures("dates")
async def test_due_dates_and_sessions_are_in_the_calendar_of_those_concerned(api: Api) -> None:
    asked = await api.get(PATH, as_="addressee")
    assert asked.headers["content-type"] == "text/calendar; charset=utf-8"
    due = events(asked.content)
    assert due, "the addressee has something to answer"
    assert all(it.dtstart.params["VALUE"] == ["DATE"] for it in due)
    session = [it for it in events((await api.get(PATH, as_="member_a")).content) if it.uid.value.startswith("held-")]
    assert [it.dtstart.value for it in session] == [clock.today()]
    assert "Buổi làm việc · Working session: Giám sát" in session[0].summary.value
    assert events((await api.get(PATH, as_="stranger")).content) == []


@pytest.mark.usefixtures("dates")
async def test_a_secret_address_shows_the_same_until_another_takes_its_place(api: Api) -> None:
    made = created(await api.post("/v1/me/calendar-feed", as_="addressee"))
    address = urlsplit(made["url"])
    assert address.path == PATH
    first = await api.get(f"{PATH}?{address.query}")
    own = await api.get(PATH, as_="addressee")
    assert [it.uid.value for it in events(first.content)] == [it.uid.value for it in events(own.content)]
    again = urlsplit(created(await api.post("/v1/me/calendar-feed", as_="addressee"))["url"])
    assert (await api.get(f"{PATH}?{address.query}")).status_code == 401
    assert (await api.get(f"{PATH}?{again.query}")).status_code == 200
    assert (await api.delete("/v1/me/calendar-feed", as_="addressee")).status_code == 204
    assert (await api.get(f"{PATH}?{again.query}")).status_code == 401
    assert (await api.get(PATH)).status_code == 401
