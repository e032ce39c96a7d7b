"""The authorisation matrix: every operation of the API, asked by every part of the cast and by nobody.

One file per room is generated (`GIAMSAT_WRITE_MATRIX=1 pytest tests/contracts/test_authorisation.py`) and
read by people before it is committed; the test fails when an operation is not probed or an answer changed.
A cell is the status and, for records, the view; writes are sent well-formed but without If-Match, so that 428 or 409
means "yours to do" and 403 or 404 that it is not.
"""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tests.client import Api
from tests.contracts.probes import PROBES, ROOMS, Probe
from tests.fixtures import sharing, undone
from tests.stage import Stage, set_stage
from tests.world import BODIES, PARTS, World

MATRIX = Path(__file__).with_name("authorisation")
CALLERS = ("anonymous", *PARTS)
FOUNDATION = {"registry", "supervision"}
"""Asked by `make test`; the other rooms are asked by `make thorough`."""
ASKED = [it if it in FOUNDATION else pytest.param(it, marks=pytest.mark.thorough) for it in ROOMS]


def operations(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    for it in iter_route_contexts(app.routes):
        route = it.original_route
        if isinstance(route, APIRoute) and route.include_in_schema:
            yield from ((str(route.operation_id), method, str(it.path)) for method in route.methods)


@dataclass(frozen=True)
class Asked:
    """The stage is set once: whatever a call changes is taken back after it."""

    api: Api
    stage: Stage
    connection: AsyncConnection


@pytest.fixture(scope="module")
async def asked(engine: AsyncEngine, app: FastAPI, world: World) -> AsyncIterator[Asked]:
    async with undone(engine, app) as connection, Api(app, world) as api:
        async with sharing(connection)() as session:
            stage = await set_stage(session, world)
        yield Asked(api, stage, connection)


async def test_every_operation_is_probed(app: FastAPI) -> None:
    known = {it.operation for it in PROBES}
    offered = {name for name, _, _ in operations(app)}
    assert offered - known == set(), "add probes for these to tests/contracts/probes"
    assert known - offered == set(), "these operations are gone"


@pytest.mark.parametrize(
    "room", [it if it in FOUNDATION else pytest.param(it, marks=pytest.mark.thorough) for it in ROOMS]
)
async def test_the_matrix_is_as_reviewed(room: str, app: FastAPI, asked: Asked) -> None:
    where = {name: (method, path) for name, method, path in operations(app)}
    lines = ["| operation | record | " + " | ".join(CALLERS) + " |", "| --- " * (len(CALLERS) + 2) + "|"]
    for probe in ROOMS[room]:
        cells = [await _ask(asked, probe, *where[probe.operation], caller) for caller in CALLERS]
        lines.append(f"| {probe.operation} | {probe.record or '–'} | " + " | ".join(cells) + " |")
    made = "\n".join([f"# Authorisation matrix: {room}", "", *lines, ""])
    if os.environ.get("GIAMSAT_WRITE_MATRIX"):
        (MATRIX / f"{room}.md").write_text(made, "utf-8")
    assert made == (MATRIX / f"{room}.md").read_text("utf-8")


async def _ask(asked: Asked, probe: Probe, method: str, path: str, caller: str) -> str:
    """One call in a savepoint of its own, so that no caller finds what another did."""
    savepoint = await asked.connection.begin_nested()
    try:
        target, rest = probe.request(path, asked.stage, asked.api.world)
        answer = await asked.api.call(method, target, as_=None if caller == "anonymous" else caller, **rest)
    finally:
        await savepoint.rollback()
    assert answer.status_code < 500, f"{probe.operation} as {caller}: {answer.text}"
    return f"{answer.status_code}{_seen(answer)}"


def _seen(answer: httpx.Response) -> str:
    """How much a 200 shows: the view of a record, the number of items of a list."""
    if answer.status_code != 200 or not answer.content or "json" not in answer.headers.get("content-type", ""):
        return ""
    body: Any = answer.json()
    if not isinstance(body, dict):
        return ""
    if "view" in body:
        return f" {body['view']}"
    return f" ({len(body['items'])})" if isinstance(body.get("items"), list) else ""


async def test_nobody_gets_in_without_a_token(app: FastAPI) -> None:
    open_doors = {cells[0] for cells in _reviewed() if cells[CALLERS.index("anonymous") + 2][:3] != "401"}
    assert open_doors == PUBLIC


def _reviewed() -> Iterator[list[str]]:
    for room in ROOMS:
        for line in (MATRIX / f"{room}.md").read_text("utf-8").splitlines():
            cells = [it.strip() for it in line.strip("|").split("|")]
            if line.startswith("|") and cells[0] not in {"operation", "---"}:
                yield cells


PUBLIC = {
    "issue_token",
    "get_upload_protocol",
    "revoke_token",
    "get_signing_keys",
    "get_authorization_server",
    "open_invitation",
    "accept_invitation",
    "open_password_reset",
    "use_password_reset",
    "list_edxml_rules",
    "list_public_conclusions",
    "get_public_conclusion",
    "list_public_matrices",
    "get_public_matrix",
    "calculate_deadline",
    "get_health",
    "get_readiness",
    "get_metrics",
    "get_vocabulary",
}


OPEN_TO_ALL = {"plan_issued", "item_issued", "organ_alias"}
"""A plan in force is read by every body (NQLT 403/2017 Điều 3)."""

ITS_OWN = {"edxml_message_passed"}
"""The stranger is the heir of the body for whose desk the message came."""


def test_a_stranger_sees_no_record_of_the_story() -> None:
    for cells in _reviewed():
        if cells[1] in {
            "–",
            "conclusion_published",
            "matrix_published",
            "document_foreign",
            *OPEN_TO_ALL,
            *ITS_OWN,
            *BODIES,
        }:
            continue
        seen = cells[CALLERS.index("stranger") + 2]
        assert seen[:3] in {"404", "403"}, f"{cells[0]} on {cells[1]}: {seen}"
