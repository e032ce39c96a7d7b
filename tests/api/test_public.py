"""Published conclusions, read by whoever comes: no token, nothing withheld, kept by caches."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.report import ReportKind, ReportState
from app.models.report import PublicEntry, PublicReport, Report
from tests.client import Api, ok
from tests.makers import a_campaign, a_document, a_report
from tests.queries import Queries
from tests.world import World

PATH = "/v1/public/conclusions"
SECTIONS: list[dict[str, Any]] = [
    {"key": "I", "title": "Kết quả", "content": "Đã phổ biến", "finding_ids": [], "clause": "I", "redacted": False},
    {"key": "II", "title": "Cá nhân", "content": "Họ tên", "finding_ids": [], "clause": None, "redacted": True},
    {"key": "III", "title": "Yêu cầu", "content": "Khắc phục", "finding_ids": [], "clause": None},
]


async def a_conclusion(session: AsyncSession, world: World, **fields: Any) -> Report:
    campaign = await a_campaign(session, world)
    paper = await a_document(session, world, symbol="25-KL/BDVTU", issued_on=date(2024, 5, 15))
    values = {
        "kind": ReportKind.CONCLUSION,
        "title": "Kết luận giám sát về nợ đọng",
        "state": ReportState.PUBLISHED,
        "sections": SECTIONS,
        "hash": "a" * 64,
        "document_id": paper.id,
        "issued_on": date(2024, 5, 15),
        "published_on": date(2024, 5, 20),
    }
    return await a_report(session, world, campaign, **{**values, **fields})


async def test_anybody_reads_what_was_published(api: Api, world: World, session: AsyncSession) -> None:
    report = await a_conclusion(session, world)
    read = ok(await api.get(f"{PATH}/{report.id}"))
    PublicReport.model_validate(read)
    assert set(read) == set(PublicReport.model_fields)
    assert [it["key"] for it in read["sections"]] == ["I", "III"]
    assert read["sections"][0] == {"key": "I", "title": "Kết quả", "content": "Đã phổ biến", "clause": "I"}
    assert read["document"] == {"symbol": "25-KL/BDVTU", "issued_on": "2024-05-15"}
    assert read["author_body"]["short_name"] == "BDV Tỉnh ủy"


@pytest.mark.parametrize("state", [it for it in ReportState if it != ReportState.PUBLISHED])
async def test_nothing_else_is_known(api: Api, world: World, session: AsyncSession, state: ReportState) -> None:
    report = await a_conclusion(session, world, state=state)
    answer = await api.get(f"{PATH}/{report.id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert ok(await api.get(PATH))["items"] == []


async def test_the_list_is_paged_and_filtered(api: Api, world: World, session: AsyncSession, queries: Queries) -> None:
    older = await a_conclusion(session, world, issued_on=date(2024, 1, 15), title="Kết luận về dân chủ cơ sở")
    notice = await a_conclusion(session, world, kind=ReportKind.NOTICE)
    queries.reset()
    listed = ok(await api.get(f"{PATH}?count=true"))
    assert (queries.count, listed["count"]) == (1, 2)
    for item in listed["items"]:
        PublicEntry.model_validate(item)
        assert set(item) == set(PublicEntry.model_fields)
    first = ok(await api.get(f"{PATH}?limit=1&count=true"))
    assert first["count"] == 2
    second = ok(await api.get(f"{PATH}?limit=1&cursor={first['next_cursor']}"))
    assert [it["id"] for it in (*first["items"], *second["items"])] == [str(notice.id), str(older.id)]
    for query, expected in (
        ("kind=notice", notice),
        ("q=dan chu", older),
        ("issued_from=2024-05-01", notice),
        ("issued_to=2024-05-01", older),
    ):
        assert [it["id"] for it in ok(await api.get(f"{PATH}?{query}"))["items"]] == [str(expected.id)], query
    assert ok(await api.get(f"{PATH}?author_body_id={world.body['partner']}"))["items"] == []


@pytest.mark.parametrize("query", ["state=draft", "limit=0", "campaign_id=x"])
async def test_unknown_questions_are_refused(api: Api, query: str) -> None:
    assert (await api.get(f"{PATH}?{query}")).status_code == 422


async def test_caches_keep_the_answer_and_ask_again_by_its_etag(api: Api, world: World, session: AsyncSession) -> None:
    report = await a_conclusion(session, world)
    for path in (PATH, f"{PATH}/{report.id}"):
        answer = await api.get(path)
        etag = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        for known in (etag, f'"other", W/{etag}', "*"):
            unchanged = await api.get(path, headers={"If-None-Match": known})
            assert (unchanged.status_code, unchanged.content) == (304, b""), known
            assert unchanged.headers["ETag"] == etag
        assert (await api.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_token_makes_no_difference(api: Api, world: World, session: AsyncSession) -> None:
    report = await a_conclusion(session, world)
    unsigned = await api.get(f"{PATH}/{report.id}")
    assert ok(await api.get(f"{PATH}/{report.id}", as_="lead_leader")) == ok(unsigned)
