"""The figures as a workbook, opened by a library that did not write it: the numbers of the answer, of real types."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.domain.recommendation import RecommendationState, ReplyStatus
from tests import makers
from tests.client import Api, ok
from tests.queries import Queries
from tests.world import World

pytestmark = pytest.mark.thorough

PATH = "/v1/statistics/recommendations"
DONE = {"state": RecommendationState.RESOLVED, "reply_status": ReplyStatus.ACCEPTED, "resolved_on": date(2024, 6, 19)}
ROWS: list[dict[str, Any]] = [
    {"due_on": date(2024, 9, 30), "reply_due_on": date(2024, 8, 20)},
    {"due_on": date(2024, 5, 1), "issued_on": date(2024, 1, 10)},
    {**DONE, "due_on": date(2024, 7, 15), "first_replied_on": date(2024, 6, 9)},
    {"state": RecommendationState.WITHDRAWN, "due_on": date(2024, 6, 30)},
]


@pytest.fixture
async def rows(session: AsyncSession, world: World) -> None:
    clock.set_today(date(2024, 8, 1))
    campaign = await makers.a_campaign(session, world)
    for it in ROWS:
        await makers.a_recommendation(session, world, campaign, **it)


async def workbook(api: Api, group_by: str, **rest: Any) -> Any:
    answer = await api.get(PATH, params={"group_by": group_by, "format": "xlsx"}, as_="lead_officer", **rest)
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


async def test_the_groups_say_what_the_answer_says(api: Api, rows: None) -> None:
    (told,) = ok(await api.get(PATH, params={"group_by": "addressee"}, as_="lead_officer"))["items"]
    sheet = (await workbook(api, "addressee"))["Kiến nghị và kết quả"]
    heading, row = ([it.value for it in line] for line in sheet.iter_rows())
    shown = dict(zip(heading, row, strict=True))
    assert shown["Theo cơ quan thực hiện"] == told["body"]["name"]
    assert [shown["Đã ban hành"], shown["Quá hạn"], shown["Đã rút"]] == [told["issued"], told["overdue"], 1]
    assert shown["Tỷ lệ giải quyết đến hạn"] == told["due_resolved"]["ratio"]
    ratio = sheet.cell(2, heading.index("Tỷ lệ giải quyết đến hạn") + 1)
    assert (ratio.data_type, ratio.number_format) == ("n", "0.0%")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:K2")
    assert [rule.formula for rules in sheet.conditional_formatting for rule in rules.rules] == [["$G2>0"]]
    assert len(sheet._charts) == 1


async def test_quarters_and_ages_are_stacked_and_add_up(api: Api, rows: None) -> None:
    book = await workbook(api, "lead")
    quarters, ages = book["Theo quý ban hành"], book["Tuổi nợ"]
    lines = [[it.value for it in line] for line in quarters.iter_rows(min_row=2)]
    assert [it[0] for it in lines] == ["2024Q1", "2024Q2"]
    assert all(it[1] == sum(it[2:]) for it in lines)
    assert [it.value for it in ages[2]][1:] == [1, 0, 0, 1, 0]
    for sheet in (quarters, ages):
        (chart,) = sheet._charts
        assert chart.grouping == "stacked"


async def test_the_summary_is_of_all_groups(api: Api, rows: None) -> None:
    sheet = (await workbook(api, "origin"))["Tổng hợp"]
    shown = {line[0].value: line[1].value for line in sheet.iter_rows(min_row=2)}
    assert (shown["Đã ban hành"], shown["Đã giải quyết"], shown["Số liệu đến ngày 2024-08-01"]) == (4, 1, None)


async def test_in_english_and_without_any_rows(api: Api) -> None:
    book = await workbook(api, "quarter", language="en")
    assert book.sheetnames == ["Recommendations", "Ageing", "By quarter of issue", "Summary"]
    assert book["By quarter of issue"]._charts == []


async def test_it_costs_two_statements(api: Api, rows: None, queries: Queries) -> None:
    queries.reset()
    await workbook(api, "addressee")
    assert queries.count == 3, "the caller, the groups, the quarters"
