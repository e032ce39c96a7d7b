"""The work of a year in figures: each is the count of its list, for whoever asks."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.domain.board import BoardKind
from app.domain.campaign import CampaignForm, CampaignState, Regime
from app.domain.recommendation import RecommendationState, ReplyStatus
from app.models.body import Body, Place
from app.models.year import YearStatistics
from tests import makers, makers_boards
from tests.client import Api, ok
from tests.makers_criticism import a_criticism
from tests.queries import Queries
from tests.world import World

pytestmark = pytest.mark.thorough

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
    if isinstance(answer, dict) and {"value", "list"} <= set(answer):
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
    ("part", "whose"),
    [
        ("lead_officer", "lead"),
        ("partner", "partner"),
        ("addressee", "lead"),
        *((it, None) for it in ("lead_officer", "partner_b", "superior", "addressee", "verifier", "stranger")),
    ],
)
async def test_every_figure_is_the_count_of_its_list(api: Api, world: World, part: str, whose: str | None) -> None:
    asked = {**SEVEN_MONTHS, **({"body_id": str(world.body[whose])} if whose else {"level": "province"})}
    answer = await year(api, part, **asked)
    await same_as_lists(api, part, without_boards(answer))


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
    await same_as_lists(api, "partner", without_boards(province))


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


async def boards_at_work(session: AsyncSession, world: World) -> None:
    """An inspection board at work in May and June; an investment board of which each figure is known."""
    clock.set_today(date(2024, 8, 1))
    ptib = await makers_boards.a_board(session, world)
    campaign = await makers_boards.a_board_campaign(session, world, ptib)
    for addressee in ("supervised", "counterpart", "stranger"):
        sides = {"issuer_body_id": world.body["partner"], "addressee_id": world.body[addressee]}
        await makers.a_recommendation(session, world, campaign, **sides)
    await makers_boards.a_result(session, campaign, ptib, money_recovered=45_000_000, land_recovered=Decimal("1250.5"))
    june = {"occurred_on": date(2024, 6, 20), "violations": 0, "cases_recommended": 0}
    await makers_boards.a_result(session, campaign, ptib, **june, money_recovered=5_000_000)
    await makers_boards.a_result(session, campaign, ptib, state="withdrawn", legal_shortcomings=9)
    ended = {"dissolved_on": date(2024, 6, 30), "state": "dissolved"}
    cisb = await makers_boards.a_board(session, world, BoardKind.CISB, **ended)
    led = await makers_boards.a_board_campaign(session, world, cisb, lead_body_id=cisb.body_id)
    await makers_boards.a_result(session, led, cisb, settlement_reduced=7_000_000, money_otherwise_handled=1_000)
    await makers_boards.a_project_count(session, world, counted_on=date(2023, 12, 31), projects=9)
    await makers_boards.a_project_count(session, world)


def told(part: dict[str, Any]) -> dict[str, float]:
    return {name: it["value"] for name, it in part.items() if it["value"]}


async def test_the_forms_on_supervision_by_the_people(api: Api, world: World, session: AsyncSession) -> None:
    """Every column of the form of each kind (domain.md, section 6.4)."""
    await boards_at_work(session, world)
    answer = (await year(api, "partner", **SEVEN_MONTHS))["boards"]
    assert told(answer["ptib"]) == {
        "in_office": 1,
        "supervisions": 1,
        "recommendations": 3,
        "to_party": 1,
        "to_government": 1,
        "to_others": 1,
        "violations": 3,
        "cases_recommended": 2,
        "money_recovered": 50_000_000,
        "land_recovered": 1250.5,
    }
    assert told(answer["cisb"]) == {
        "supervisions": 1,
        "violations": 3,
        "cases_recommended": 2,
        "settlement_reduced": 7_000_000,
        "money_otherwise_handled": 1_000,
        "projects": 12,
    }
    spring = (await year(api, "partner", period_from="2024-01-01", period_to="2024-03-31"))["boards"]
    assert [told(it) for it in spring.values()] == [{"in_office": 1}, {"in_office": 1, "projects": 12}, {}]


async def test_what_the_people_supervise_without_a_board(api: Api, world: World, session: AsyncSession) -> None:
    clock.set_today(date(2024, 8, 1))
    front = {"lead_body_id": world.body["partner"]}
    people = {"regime": Regime.GRASSROOTS, "form": CampaignForm.DOCUMENT_STUDY, **front}
    campaign = await makers.a_campaign(session, world, **people)
    await makers.a_campaign(session, world, **front)
    await makers.a_recommendation(session, world, campaign, issuer_body_id=world.body["partner"])
    answer = await year(api, "partner", **SEVEN_MONTHS)
    assert told(answer["boards"]["others"]) == {"supervisions": 1, "recommendations": 1, "to_government": 1}
    await same_as_lists(api, "partner", answer["boards"]["others"])


@pytest.mark.parametrize("part", ["partner", "addressee_superior"])
async def test_the_lists_of_the_forms_add_up(api: Api, world: World, session: AsyncSession, part: str) -> None:
    await boards_at_work(session, world)
    await same_as_lists(api, part, (await year(api, part, **SEVEN_MONTHS, level="province"))["boards"])


async def test_a_superior_sums_up_what_its_boards_report(api: Api, world: World, session: AsyncSession) -> None:
    front = await session.get_one(Body, world.body["partner"])
    front.parent_id = world.body["stranger"]
    await makers.keep(session, front)
    await boards_at_work(session, world)
    answer = await year(api, "stranger", **SEVEN_MONTHS, body_id=str(world.body["partner"]))
    assert answer["boards"]["ptib"]["money_recovered"]["value"] == 50_000_000
    assert answer["boards"]["ptib"]["supervisions"]["value"] == 1
    await same_as_lists(api, "stranger", answer["boards"]["ptib"])


async def test_a_board_reports_its_own_work(api: Api, world: World, session: AsyncSession) -> None:
    """What it reports each quarter (D13) are the figures of its Front that are its own."""
    await boards_at_work(session, world)
    (cisb, *_) = ok(await api.get("/v1/boards?kind=cisb", as_="partner_b"))["items"]
    answer = await year(api, "partner_b", **SEVEN_MONTHS, body_id=cisb["body_id"])
    assert told(answer["boards"]["ptib"]) == {}
    assert answer["boards"]["cisb"]["settlement_reduced"]["value"] == 7_000_000
    await same_as_lists(api, "partner_b", answer["boards"]["cisb"])


def without_boards(answer: dict[str, Any]) -> list[Any]:
    return [answer[part] for part in ("supervisions", "criticisms", "recommendations")]


async def same_as_lists(api: Api, part: str, answer: Any) -> None:
    for it in figures(answer):
        listed = ok(await api.get(f"{it['list']}&count=true", as_=part))
        number = sum(row[it["adds_up"]] for row in listed["items"]) if "adds_up" in it else listed["count"]
        assert number == it["value"], it["list"]
