"""Imports as the worker runs them: killed, doubled, called off while they run; all or nothing in the database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.clock import today
from app.models.account import Membership
from app.models.body import Body
from app.models.import_ import ExternalKey, Import, ImportRow
from app.services import housekeeping
from app.services.imports import running
from tests.client import Api, ok
from tests.tables import PATH, Importer, Sessions, a_csv, held_up
from tests.world import World

pytestmark = pytest.mark.thorough

BATCH, ROWS = 8, 20
"""Rows that are read and tried at once here, and in a table of more than one such batch."""

HEADERS = ("key", "name", "short_name", "kind", "level", "parent", "valid_from")


def table(number: int) -> bytes:
    rows = [(f"K{n}", f"Xã {n}", f"X{n}", "office", "commune", "UBND huyện", "2015-01-01") for n in range(number)]
    return a_csv(HEADERS, *rows)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.imports.staging.BATCH", BATCH)
    monkeypatch.setattr("app.services.imports.trying.BATCH", BATCH)


@pytest.fixture
async def importer(served: FastAPI, committed: Sessions, world: World) -> AsyncIterator[Importer]:
    async with Api(served, world) as api:
        yield Importer(served, committed, api)


async def counted(sessions: Sessions, model: Any) -> int:
    asked = select(func.count()).select_from(model).execution_options(scope="test")
    async with sessions() as session:
        return int((await session.execute(asked)).scalar_one())


async def test_two_at_once_of_the_same_file_make_each_record_once(importer: Importer, committed: Sessions) -> None:
    before = await counted(committed, Body)
    both = [await importer.ask("bodies", table(ROWS), "registrar", mode="apply") for _ in range(2)]
    ended = await asyncio.gather(*(importer.run(it, "registrar") for it in both))
    assert {it["state"] for it in ended} == {"done"}
    assert sorted((it["counts"]["created"], it["counts"]["unchanged"]) for it in ended) == [(0, ROWS), (ROWS, 0)]
    assert await counted(committed, Body) == before + ROWS


async def test_a_dry_run_leaves_nothing_and_the_real_one_all_or_nothing(
    importer: Importer, committed: Sessions
) -> None:
    before = await counted(committed, Body), 0
    tried = await importer.try_("bodies", table(ROWS), "registrar")
    assert tried["counts"]["created"] == ROWS
    wrong = table(ROWS) + a_csv((f"K{ROWS}", "Xã cuối", "X", "office", "commune", "Không ai biết", "2015-01-01"))
    faulty = await importer.take("bodies", wrong, "registrar")
    assert (faulty["state"], faulty["errors"][0]["row"]) == ("faulty", ROWS + 2)
    kept = await counted(committed, Body), await counted(committed, ExternalKey)
    assert kept == before


async def test_what_is_called_off_while_it_runs_stops_and_leaves_nothing(
    importer: Importer, committed: Sessions, world: World
) -> None:
    before = await counted(committed, Body)
    it = await importer.ask("bodies", table(ROWS), "registrar", mode="apply")
    async with held_up(committed, world, f"K{ROWS - 1}"):
        running_now = asyncio.create_task(importer.run(it, "registrar"))
        await _until(importer, it, lambda now: now["rows_done"] > 0)
        await importer.api.move(f"{PATH}/{it['id']}", "cancel", as_="registrar")
    assert (await running_now)["state"] == "cancelled"
    assert await counted(committed, Body) == before


async def test_whoever_lost_their_duty_meanwhile_changes_nothing(
    importer: Importer, committed: Sessions, world: World
) -> None:
    it = await importer.ask("bodies", table(1), "registrar", mode="apply")
    async with committed.begin() as session:
        left = update(Membership).where(col(Membership.account_id) == world.account["registrar"])
        await session.execute(left.values(ended_on=today() - timedelta(days=1)))
    await running.run(committed, importer.app.state.imports, it["id"])
    async with committed() as session:
        states = select(col(Import.state), col(Import.problem)).execution_options(scope="test")
        assert (await session.execute(states)).all() == [("failed", "access_ended")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04 broken", "unreadable_workbook"),
        (b'"' + b"a" * 200_000, "unreadable_text"),
        (b"M\xb7,T\xaan c\xac quan\r\n1,\xfey ban\xa4\xa7", "unknown_encoding"),
        (b"gi,cung,khong\n1,2,3\n", "no_header"),
    ],
)
async def test_a_file_that_cannot_be_read_fails_with_the_reason(
    importer: Importer, content: bytes, problem: str
) -> None:
    it = await importer.try_("bodies", content, "registrar")
    assert (it["state"], it["problem"], it["rows_total"], it["actions"]) == ("failed", problem, None, [])


async def test_more_rows_than_are_taken_are_refused_with_nothing_kept(
    importer: Importer, committed: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.imports.staging.MOST_ROWS", ROWS)
    it = await importer.try_("bodies", table(ROWS + 1), "registrar")
    assert (it["state"], it["problem"]) == ("failed", "too_many_lines")
    assert await counted(committed, ImportRow) == 0


async def test_it_is_thrown_away_after_a_week_but_keys_are_remembered(importer: Importer, committed: Sessions) -> None:
    it = await importer.take("bodies", table(3), "registrar")
    async with committed.begin() as session:
        await session.execute(update(Import).values(expires_on=today() - timedelta(days=1)))
    assert (await importer.api.get(f"{PATH}/{it['id']}", as_="registrar")).status_code == 404
    await housekeeping.forget_expired(committed, importer.app.state.imports, Import)
    assert [await counted(committed, model) for model in (Import, ImportRow, ExternalKey)] == [0, 0, 3]
    digest = it["sha256"]
    assert not (importer.app.state.settings.imports_dir / digest[:2] / digest[2:4] / digest).exists()
    assert (await importer.take("bodies", table(3), "registrar"))["counts"]["unchanged"] == 3


async def _until(importer: Importer, it: dict[str, Any], reached: Any) -> dict[str, Any]:
    for _ in range(3_000):
        now = ok(await importer.api.get(f"{PATH}/{it['id']}", as_="registrar"))
        if reached(now):
            return now
        await asyncio.sleep(0.02)
    raise AssertionError(now)
