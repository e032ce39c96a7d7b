"""Periods that are closed keep their figures; what is corrected afterwards counts in the open one, with a note."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.models.recommendation import Recommendation
from app.models.reporting_period import ReportingPeriodEntry, ReportingPeriodRead
from tests import makers
from tests.client import Api, created, ok
from tests.makers_reporting import a_reporting_period
from tests.queries import Queries
from tests.world import World

pytestmark = pytest.mark.thorough

PATH = "/v1/reporting-periods"
FIRST = {"from": "2024-01-01", "to": "2024-06-30"}
SECOND = {"from": "2024-07-01", "to": "2024-12-31"}


@pytest.fixture(autouse=True)
def in_july() -> None:
    clock.set_today(date(2024, 7, 2))


@pytest.fixture
async def work(session: AsyncSession, world: World) -> list[Recommendation]:
    """Two recommendations of the first half, one of the second."""
    campaign = await makers.a_campaign(session, world)
    days = (date(2024, 5, 20), date(2024, 6, 20), date(2024, 7, 1))
    texts = ("Bổ sung kế hoạch năm", "Kiện toàn ban chỉ đạo", "Công khai kết quả")
    return [
        await makers.a_recommendation(session, world, campaign, issued_on=day, reply_due_on=None, action=text)
        for day, text in zip(days, texts, strict=True)
    ]


async def opened(api: Api, period: dict[str, str], **said: Any) -> dict[str, Any]:
    return created(await api.post(PATH, {"period": period, **said}, as_="lead_officer"))


async def halves(session: AsyncSession, world: World) -> list[dict[str, Any]]:
    """Both of the year, open."""
    days = [{f"period_{side}": date.fromisoformat(day) for side, day in it.items()} for it in (FIRST, SECOND)]
    return [{"id": (await a_reporting_period(session, world, **it)).id} for it in days]


async def close(api: Api, it: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return await api.move(f"{PATH}/{it['id']}", "close", as_="lead_officer", **rest)


async def read(api: Api, it: dict[str, Any]) -> dict[str, Any]:
    return ok(await api.get(f"{PATH}/{it['id']}", as_="lead_leader"))


def recommendations(it: dict[str, Any]) -> dict[str, float]:
    return {name: figure["value"] for name, figure in it["figures"]["recommendations"].items() if figure["value"]}


@pytest.mark.usefixtures("work")
async def test_an_open_period_counts_as_of_today(api: Api, world: World) -> None:
    answer = await api.post(PATH, {"period": FIRST}, as_="lead_officer")
    it = created(answer)
    ReportingPeriodRead.model_validate(it)
    assert answer.headers["Location"] == f"{PATH}/{it['id']}"
    assert (it["title"], it["state"], it["actions"]) == (
        "Báo cáo từ ngày 01/01/2024 đến ngày 30/06/2024",
        "open",
        ["close"],
    )
    assert (it["figures"]["supervisions"]["total"]["led"]["value"], recommendations(it)) == (
        1,
        {"issued": 2, "to_government": 2},
    )
    issued = it["figures"]["recommendations"]["issued"]["list"]
    assert ok(await api.get(f"{issued}&count=true", as_="lead_officer"))["count"] == 2


async def test_a_closed_period_stands_still_and_is_noted(
    api: Api, session: AsyncSession, world: World, work: list[Recommendation]
) -> None:
    first, second = await halves(session, world)
    shut = await close(api, first)
    assert (shut["state"], shut["closed_on"], shut["notes"]) == ("closed", "2024-07-02", [])
    withdrawn = f"/v1/recommendations/{work[0].id}"
    await api.move(withdrawn, "withdraw", as_="lead_leader", reason="Ban hành nhầm")
    late = await makers.a_recommendation(
        session, world, await makers.a_campaign(session, world), issued_on=date(2024, 6, 1), reply_due_on=None
    )

    after = await read(api, first)
    assert recommendations(after) == {"issued": 2, "to_government": 2}
    assert after["figures"]["recommendations"]["issued"]["list"] is None
    changed = {(it["figure"], it["record"]["id"]): (it["from"], it["to"]) for it in after["notes"]}
    assert changed == {
        ("recommendations.withdrawn", str(work[0].id)): (0, 1),
        ("recommendations.issued", str(late.id)): (2, 3),
        ("recommendations.to_government", str(late.id)): (2, 3),
        ("supervisions.led.delegation", str(late.campaign_id)): (1, 2),
    }
    note = next(it for it in after["notes"] if it["figure"] == "recommendations.withdrawn")
    assert (note["record"]["title"], note["step"]["action"], note["step"]["on"]) == (
        "Bổ sung kế hoạch năm",
        "withdraw",
        "2024-07-02",
    )
    running = await read(api, second)
    assert recommendations(running) == {"issued": 1, "to_government": 1}
    assert {it["figure"]: it["amount"] for it in running["corrections"]} == {
        "recommendations.withdrawn": 1,
        "recommendations.issued": 1,
        "recommendations.to_government": 1,
        "supervisions.led.delegation": 1,
    }


async def test_a_correction_is_reported_once(
    api: Api, session: AsyncSession, world: World, work: list[Recommendation]
) -> None:
    first, second = await halves(session, world)
    await close(api, first)
    await api.move(f"/v1/recommendations/{work[0].id}", "withdraw", as_="lead_leader", reason="Ban hành nhầm")
    clock.set_today(date(2025, 1, 6))
    shut = await close(api, second)
    assert {it["figure"]: it["amount"] for it in shut["corrections"]} == {"recommendations.withdrawn": 1}
    third = await opened(api, {"from": "2025-01-01", "to": "2025-06-30"})
    assert (third["corrections"], len((await read(api, first))["notes"])) == ([], 1)


async def test_time_alone_corrects_nothing(
    api: Api, session: AsyncSession, world: World, work: list[Recommendation]
) -> None:
    """What falls overdue after the closing was not overdue when it was reported."""
    work[0].due_on = work[0].due_sort = date(2024, 7, 10)
    await makers.keep(session, work[0])
    first, second = await halves(session, world)
    await close(api, first)
    clock.set_today(date(2024, 8, 1))
    assert ((await read(api, first))["notes"], (await read(api, second))["corrections"]) == ([], [])


@pytest.mark.usefixtures("work")
async def test_periods_close_in_their_order_and_only_once(api: Api) -> None:
    first, second = await opened(api, FIRST), await opened(api, SECOND)
    refused = await close(api, second, expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["earlier_periods_closed"]
    await close(api, first)
    assert (await close(api, first, expect=409))["allowed"] == []
    listed = ok(await api.get(f"{PATH}/{first['id']}/transitions", as_="lead_clerk"))
    assert [it["action"] for it in listed["items"]] == ["close", "create"]


async def test_a_period_that_has_not_begun_is_not_closed(api: Api, session: AsyncSession, world: World) -> None:
    autumn = await a_reporting_period(session, world, period_from=date(2024, 9, 1), period_to=date(2024, 12, 31))
    refused = await close(api, {"id": autumn.id}, expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["period_begun"]


async def test_periods_do_not_overlap(api: Api) -> None:
    await opened(api, FIRST)
    again = await api.post(PATH, {"period": {"from": "2024-06-30", "to": "2024-12-31"}}, as_="lead_officer")
    assert (again.status_code, again.json()["code"]) == (409, "period_overlaps")
    created(await api.post(PATH, {"period": FIRST}, as_="partner"))


async def test_a_retry_opens_nothing_new(api: Api) -> None:
    one, two = [await api.post(PATH, {"period": FIRST}, as_="lead_officer", key="k1") for _ in range(2)]
    assert (one.json()["id"], two.headers["Idempotency-Replayed"]) == (two.json()["id"], "true")


@pytest.mark.parametrize("part", ["partner", "superior", "addressee", "auditor", "administrator", "stranger"])
async def test_a_body_s_periods_are_its_own(api: Api, session: AsyncSession, world: World, part: str) -> None:
    it = await a_reporting_period(session, world)
    assert (await api.get(f"{PATH}/{it.id}", as_=part)).status_code == 404
    assert ok(await api.get(PATH, as_=part))["items"] == []


async def test_a_clerk_reads_and_does_not_close(api: Api, session: AsyncSession, world: World) -> None:
    it = await a_reporting_period(session, world)
    assert (await api.move(f"{PATH}/{it.id}", "close", as_="lead_clerk", expect=403))["code"] == "forbidden"
    assert (await api.post(PATH, {"period": SECOND}, as_="lead_clerk")).status_code == 403


async def test_the_list_is_filtered_at_a_constant_cost(
    api: Api, session: AsyncSession, world: World, queries: Queries
) -> None:
    first = await a_reporting_period(session, world)
    await a_reporting_period(session, world, period_from=date(2024, 7, 1), period_to=date(2024, 12, 31))
    for query, number in (("state=open", 2), ("day=2024-03-01", 1), (f"body_id={world.body['lead']}", 2)):
        listed = ok(await api.get(f"{PATH}?{query}", as_="lead_officer"))["items"]
        assert len(listed) == number, query
        ReportingPeriodEntry.model_validate(listed[0])
    queries.reset()
    ok(await api.get(f"{PATH}/{first.id}", as_="lead_officer"))
    assert queries.count == 5, "the caller, the record, its figures, corrections, the answer"


async def test_the_year_says_what_was_reported_already(
    api: Api, session: AsyncSession, world: World, work: list[Recommendation]
) -> None:
    first, _ = await halves(session, world)
    first = await close(api, first)
    answer = ok(await api.get("/v1/statistics/year?year=2024", as_="lead_officer"))
    (told,) = answer["closed_periods"]
    assert (told["id"], told["period"]) == (first["id"], FIRST)
    assert answer["recommendations"]["issued"]["value"] == len(work)
