"""Lists as files: whose they are, what is in them, and that a kill in the middle costs nothing but time."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.clock import today
from app.domain.recommendation import RecommendationState
from app.models.account import Membership
from app.models.export import Export
from app.services import housekeeping
from app.services.exports import running
from tests import makers
from tests.client import Api, ok
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]
FORMULA = '=HYPERLINK("http://example.vn";"Bấm vào đây")'


@pytest.fixture
async def rows(committed: Sessions, world: World) -> None:
    """One late, one resolved with a formula for an action, one draft."""
    async with committed() as session:
        campaign = await makers.a_campaign(session, world)
        await makers.a_recommendation(session, world, campaign, number=1)
        done = {"state": RecommendationState.RESOLVED, "action": FORMULA, "due_on": date(2024, 9, 30)}
        await makers.a_recommendation(session, world, campaign, number=2, **done)
        draft = {"state": RecommendationState.DRAFT, "issued_on": None, "number": None}
        await makers.a_recommendation(session, world, campaign, **draft)


async def export(api: Api, as_: str = "lead_officer", **asked: Any) -> dict[str, Any]:
    answer = await api.post("/v1/exports", {"kind": "recommendations", **asked}, as_=as_)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/exports/{answer.json()['id']}"
    return dict(answer.json())


async def made(served: FastAPI, sessions: Sessions, api: Api, as_: str = "lead_officer", **asked: Any) -> Any:
    it = await export(api, as_, **asked)
    assert (it["state"], it["rows_total"]) == ("queued", None)
    await running.run(sessions, served.state.exports, it["id"])
    return ok(await api.get(f"/v1/exports/{it['id']}", as_=as_))


async def content(api: Api, it: Any, as_: str = "lead_officer", **headers: str) -> Any:
    return await api.get(f"/v1/exports/{it['id']}/content", as_=as_, headers=headers)


async def test_a_workbook_with_real_dates_filters_and_late_rows(
    served: FastAPI, committed: Sessions, api: Api, rows: None
) -> None:
    it = await made(served, committed, api)
    assert (it["state"], it["rows_done"], it["rows_total"]) == ("done", 3, 3)
    book = openpyxl.load_workbook(io.BytesIO((await content(api, it)).content))
    sheet = book["Kiến nghị"]
    names = [cell.value for cell in sheet[1]]
    due, late, action = (names.index(name) for name in ("Hạn hoàn thành", "Quá hạn", "Nội dung kiến nghị"))
    assert sheet[2][due].is_date
    assert [sheet[row][due].value.date() for row in (2, 3)] == [date(2024, 12, 31), date(2024, 9, 30)]
    assert (sheet[2][late].value, sheet[3][late].value) == ("Quá hạn hoàn thành", None)
    assert (sheet[3][action].value, sheet[3][action].data_type) == (FORMULA, "s")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:S4")
    assert [rule.formula for rules in sheet.conditional_formatting for rule in rules.rules] == [["LEN($O2)>0"]]
    assert [cell.value for cell in book["Tổng hợp"][1]] == ["Trạng thái", "Σ"]
    assert len(book["Tổng hợp"]._charts) == 1


async def test_a_csv_reads_vietnamese_and_computes_nothing(
    served: FastAPI, committed: Sessions, api: Api, rows: None
) -> None:
    it = await made(served, committed, api, format="csv", filters={"state": ["resolved"]})
    sent = (await content(api, it)).content
    assert sent.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(sent.decode("utf-8-sig")))
    assert row["Nội dung kiến nghị"] == f"'{FORMULA}"
    assert (row["Hạn hoàn thành"], row["Số"]) == ("2024-09-30", "2")


async def test_it_holds_what_its_owner_sees_when_it_is_made(
    served: FastAPI, committed: Sessions, api: Api, rows: None
) -> None:
    """The addressee sees no draft; a stranger sees nothing."""
    seen = {part: await made(served, committed, api, part, format="csv") for part in ("addressee", "stranger")}
    assert {part: it["rows_done"] for part, it in seen.items()} == {"addressee": 2, "stranger": 0}


async def test_whoever_lost_access_meanwhile_gets_nothing(
    served: FastAPI, committed: Sessions, api: Api, world: World, rows: None
) -> None:
    it = await export(api)
    async with committed.begin() as session:
        left = update(Membership).where(col(Membership.account_id) == world.account["lead_officer"])
        await session.execute(left.values(ended_on=today() - timedelta(days=1)))
    await running.run(committed, served.state.exports, it["id"])
    async with committed() as session:
        states = select(col(Export.state), col(Export.problem)).execution_options(scope="test")
        assert (await session.execute(states)).all() == [("failed", "access_ended")]


async def test_a_broken_download_goes_on_where_it_stopped(
    served: FastAPI, committed: Sessions, api: Api, rows: None
) -> None:
    it = await made(served, committed, api)
    whole = await content(api, it)
    rest = await content(api, it, Range="bytes=100-", **{"If-Range": whole.headers["etag"]})
    assert (rest.status_code, rest.content) == (206, whole.content[100:])
    assert rest.headers["content-range"] == f"bytes 100-{it['size'] - 1}/{it['size']}"


async def test_an_export_is_its_owner_s_alone_and_not_ready_before_it_is(
    served: FastAPI, committed: Sessions, api: Api
) -> None:
    it = await export(api)
    early = await content(api, it)
    assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
    for path in (f"/v1/exports/{it['id']}", f"/v1/exports/{it['id']}/content"):
        assert (await api.get(path, as_="lead_leader")).status_code == 404
    assert ok(await api.get("/v1/exports", as_="lead_leader"))["items"] == []
    assert [one["id"] for one in ok(await api.get("/v1/exports", as_="lead_officer"))["items"]] == [it["id"]]


async def test_only_readers_export_and_not_everything_at_once(api: Api) -> None:
    asked = {"kind": "findings"}
    assert (await api.post("/v1/exports", asked, as_="auditor")).status_code == 403
    statuses = [(await api.post("/v1/exports", asked, as_="lead_officer")).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [429]


@pytest.mark.parametrize("asked", [{"kind": "petitions"}, {"kind": "findings", "filters": {"state": ["odd"]}}, {}])
async def test_what_cannot_be_exported_is_refused(api: Api, asked: dict[str, Any]) -> None:
    assert (await api.post("/v1/exports", asked, as_="lead_officer")).status_code == 422


async def test_it_is_thrown_away_after_a_week(served: FastAPI, committed: Sessions, api: Api, rows: None) -> None:
    it = await made(served, committed, api)
    async with committed.begin() as session:
        await session.execute(update(Export).values(expires_on=today() - timedelta(days=1)))
    assert (await content(api, it)).status_code == 404
    await housekeeping.forget_expired(committed, served.state.exports, Export)
    async with committed() as session:
        assert (await session.execute(select(col(Export.id)).execution_options(scope="test"))).all() == []
    digest = it["sha256"]
    assert not (served.state.settings.exports_dir / digest[:2] / digest[2:4] / digest).exists()
