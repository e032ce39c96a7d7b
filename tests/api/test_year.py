"""The work of a year in figures: each is the count of its list, for whoever asks."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.domain.board import BoardKind
from app.domain.campaign import CampaignForm, CampaignState
from app.domain.recommendation import RecommendationState, ReplyStatus
from app.models.body import Body, Place
from app.models.year import YearStatistics
from tests import makers, makers_boards
from tests.client import Api, ok
from tests.makers_criticism import a_criticism
from tests.queries import Queries
from tests.world import World

PATH = "/v1/statistics/year"
SEVEN_MONTHS = {"period_from": "2024-01-01", "period_to": "2024-07-31"}
REPLIED = {"state": RecommendationState.REPLIED, "reply_status": ReplyStatus.ACCEPTED}


@pytest.fixture
async def work(session: AsyncSession, world: World) -> None:
    """Ban Dân vận leads three supervisions and a criticism in 2024, the Farmers' Union one; others do not count."""
    clock.set_today(date(2024, 8, 1))
    led = await makers.a_campaign(session, world)
    await makers.a_campaign(session, world, form=CampaignForm.DOCUMENT_STUDY, state=CampaignState.CLOSED)
    autumn = {"window_from": date(2024, 8, 15), "window_to": date(2024, 11, 30), "state": CampaignState.PLANNED}
    await makers.a_campaign(session, world, **autumn)
    await a_criticism(session, world)
    front = await makers.a_campaign(session, world, lead_body_id=world.body["partner_b"])
    await makers.a_campaign(session, world, state=CampaignState.CANCELLED)
    await makers.a_campaign(session, world, state=CampaignState.PROPOSED, planned_on=None)
    await makers.a_campaign(session, world, window_from=date(2023, 3, 1), window_to=date(2023, 6, 30))
    await makers.a_recommendation(session, world, led, due_on=date(2024, 7, 20))
    await makers.a_recommendation(session, world, led, **REPLIED, addressee_id=world.body["supervised"])
    await makers.a_recommendation(session, world, led, state=RecommendationState.RESOLVED, reply_status="accepted")
    await makers.a_recommendation(session, world, led, state=RecommendationState.WITHDRAWN)
    await makers.a_recommendation(session, world, led, issued_on=date(2023, 12, 31))
    await makers.a_recommendation(session, world, front, issuer_body_id=world.body["partner_b"])


async def year(api: Api, part: str = "lead_officer", **asked: Any) -> dict[str, Any]:
    return ok(await api.get(PATH, params=asked or {"year": 2024}, as_=part))


def figures(answer: Any) -> Iterator[dict[str, Any]]:
    """Every figure, however deep."""
    if isinstance(answer, dict) and set(answer) == {"value", "list"}:
        yield answer
    elif isinstance(answer, dict | list):
        for part in answer.values() if isinstance(answer, dict) else answer:
            yield from figures(part)


@pytest.mark.usefixtures("work")
async def test_the_figures_of_a_year(api: Api, world: World) -> None:
    answer = await year(api)
    YearStatistics.model_validate(answer)
    assert (answer["from"], answer["to"], answer["as_of"]) == ("2024-01-01", "2024-12-31", "2024-08-01")
    assert [it["short_name"] for it in answer["bodies"]] == ["BDV Tỉnh ủy"]
    led = {it["form"]: it["led"]["value"] for it in answer["supervisions"]["by_form"]}
    assert led == {"document_study": 1, "delegation": 2, "grassroots_board": 0, "state_participation": 0}
    assert [it["led"]["value"] for it in answer["criticisms"]["by_form"] if it["form"] == "written"] == [1]
    assert answer["supervisions"]["total"]["led"]["value"] == 3
    assert {name: it["value"] for name, it in answer["recommendations"].items()} == {
        "issued": 4,
        "to_party": 1,
        "to_government": 3,
        "to_others": 0,
        "replied": 2,
        "resolved": 1,
        "overdue": 1,
        "withdrawn": 1,
    }


@pytest.mark.usefixtures("work")
async def test_any_days_may_be_asked_for(api: Api) -> None:
    assert (await year(api, **SEVEN_MONTHS))["supervisions"]["total"]["led"]["value"] == 2


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(
    "part", ["lead_officer", "partner", "partner_b", "superior", "addressee", "verifier", "stranger"]
)
@pytest.mark.parametrize("whose", ["lead", "partner", None])
async def test_every_figure_is_the_count_of_its_list(api: Api, world: World, part: str, whose: str | None) -> None:
    asked = {**SEVEN_MONTHS, **({"body_id": str(world.body[whose])} if whose else {"level": "province"})}
    answer = await year(api, part, **asked)
    for it in figures(answer):
        listed = ok(await api.get(f"{it['list']}&count=true&limit=1", as_=part))
        assert listed["count"] == it["value"], it["list"]


@pytest.mark.usefixtures("work")
async def test_what_one_leads_another_joins(api: Api, world: World) -> None:
    answer = await year(api, "partner")
    assert {name: it["value"] for name, it in answer["supervisions"]["total"].items()} == {"led": 0, "joined": 4}
    assert answer["recommendations"]["issued"]["value"] == 0
    assert (await year(api, "stranger"))["supervisions"]["total"]["led"]["value"] == 0


@pytest.mark.usefixtures("work")
async def test_a_province_counts_with_its_communes(api: Api, world: World, session: AsyncSession) -> None:
    for part, code in (("lead", "19867"), ("partner_b", "46")):
        body = await session.get_one(Body, world.body[part])
        body.place_code = (await session.get_one(Place, code)).code
        await makers.keep(session, body)
    province = await year(api, "partner", year=2024, place_code="46")
    commune = await year(api, "partner", year=2024, place_code="19867")
    assert [it["supervisions"]["total"]["led"]["value"] for it in (province, commune)] == [4, 3]
    for it in figures(province):
        assert ok(await api.get(f"{it['list']}&count=true", as_="partner"))["count"] == it["value"], it["list"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"year": 2024, "period_from": "2024-01-01", "period_to": "2024-07-31"},
        {"year": 2024, "period_to": "2024-07-31"},
        {"period_from": "2024-01-01"},
        {"period_from": "2024-07-31", "period_to": "2024-01-01"},
        {"year": 1999},
        {"year": 2024, "level": "village"},
        {"year": 2024, "colour": "red"},
    ],
)
async def test_what_cannot_be_asked_is_refused(api: Api, asked: dict[str, Any]) -> None:
    assert (await api.get(PATH, params=asked, as_="lead_officer")).status_code == 422


async def test_of_an_unknown_body_there_are_no_figures(api: Api) -> None:
    asked = {"year": 2024, "body_id": "00000000-0000-7000-8000-000000000000"}
    assert (await api.get(PATH, params=asked, as_="lead_officer")).status_code == 404


@pytest.mark.usefixtures("work")
async def test_it_costs_one_statement(api: Api, queries: Queries) -> None:
    queries.reset()
    await year(api)
    assert queries.count == 2, "the caller and the figures"


@pytest.mark.usefixtures("work")
async def test_the_form_of_a_campaign_does_not_find_it_for_its_addressee(api: Api) -> None:
    """All it sees of the campaign is title and conclusion."""
    assert ok(await api.get("/v1/campaigns?count=true", as_="addressee"))["count"] == 2
    for query in ("form=delegation", "kind=supervision", "year=2024", "window_from=2024-01-01"):
        assert ok(await api.get(f"/v1/campaigns?count=true&{query}", as_="addressee"))["count"] == 0, query


async def test_boards_and_what_was_supervised_through_them(api: Api, world: World, session: AsyncSession) -> None:
    """The form of each kind (domain.md, section 6.4), with those in office at the end of the days."""
    clock.set_today(date(2024, 8, 1))
    ptib = await makers_boards.a_board(session, world)
    campaign = await makers_boards.a_board_campaign(session, world, ptib)
    await makers.a_recommendation(session, world, campaign, issuer_body_id=world.body["partner"])
    await makers_boards.a_board(session, world, BoardKind.CISB, dissolved_on=date(2024, 6, 30), state="dissolved")
    answer = await year(api, "partner", **SEVEN_MONTHS)
    told = {kind: {name: it["value"] for name, it in part.items()} for kind, part in answer["boards"].items()}
    assert told == {
        "ptib": {"in_office": 1, "supervisions": 1, "recommendations": 1},
        "cisb": {"in_office": 0, "supervisions": 0, "recommendations": 0},
    }
    spring = await year(api, "partner", period_from="2024-01-01", period_to="2024-03-31")
    assert [it["in_office"]["value"] for it in spring["boards"].values()] == [1, 1]
    for part in ("partner", "partner_b", "stranger", "addressee_superior"):
        whole = await year(api, part, **SEVEN_MONTHS, level="province")
        for it in figures(whole["boards"]):
            assert ok(await api.get(f"{it['list']}&count=true", as_=part))["count"] == it["value"], it["list"]
