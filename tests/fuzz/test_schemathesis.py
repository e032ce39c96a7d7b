"""Whatever is sent, the answer is one that the contract names: no 5xx, no undocumented status, header, type or shape.

A real server on a database of its own, in the middle of the story, asked by three bodies: half of the requests name
records that are there. `GIAMSAT_FUZZ_EXAMPLES=100` asks each operation a hundred times.
"""

import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pydantic import SecretStr
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli import DOCS
from app.core.db import create_engine
from app.core.embedded import Embedded
from app.core.settings import Settings
from app.main import create_app
from tests.contracts.probes import PROBES
from tests.fixtures import TEMPLATE, create_database
from tests.stage import Stage, set_stage
from tests.world import World

EXAMPLES = int(os.environ.get("GIAMSAT_FUZZ_EXAMPLES", "3"))
CALLERS = ("head", "supervised", "stranger")
SCHEMA = schemathesis.openapi.from_path(DOCS / "openapi.json")
OPERATIONS = {it.definition.raw["operationId"]: it for it in (result.ok() for result in SCHEMA.get_all_operations())}
TOLD_ITEM_BY_ITEM = {"file_findings"}
"""A batch is answered 200 whatever its items are: each has a status of its own."""

ENDLESS = {"open_events"}
"""Answered for as long as the token lasts; tests/commit/test_events.py listens to it."""


@schemathesis.serializer("application/offset+octet-stream")
def piece_of_a_file(context: object, value: object) -> bytes:
    """What tus calls the bytes of a piece."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


CONFORMANCE = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@dataclass(frozen=True)
class Server:
    url: str
    world: World
    stage: Stage
    http: requests.Session

    def records(self, operation: str) -> list[dict[str, str]]:
        """What the path of an operation can name: the records that the authorisation matrix calls it on."""
        names = [it.name for it in OPERATIONS[operation].path_parameters]
        probes = [it for it in PROBES if it.operation == operation]
        return [{name: it.value(name, self.stage, self.world) for name in names} for it in probes if names]


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """In a thread, with an event loop of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
async def asked(server: Embedded, template: World, settings: Settings) -> AsyncIterator[Server]:
    name = f"fuzz_{uuid4().hex}"
    await create_database(server, name, TEMPLATE)
    engine = create_engine(server.url(name, role="giamsat_app"), pool_size=1)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        stage = await set_stage(session, template)
    await engine.dispose()
    kept = settings.files_dir / "00" / "00" / ("0" * 64)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"abc")
    url = SecretStr(server.url(name, role="giamsat_app"))
    app = create_app(settings.model_copy(update={"database_url": url, "pool_size": 2, "access_minutes": 60}))
    template.sign_in(app.state.tokens)
    with serving(app) as address, requests.Session() as http:
        yield Server(address, template, stage, http)


def cases(operation: str) -> st.SearchStrategy[Case]:
    """Well-formed and malformed by turns; what takes nothing cannot be malformed."""
    it = OPERATIONS[operation]
    well_formed = it.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not it.body and not any(it.iter_parameters()):
        return well_formed
    return well_formed | it.as_strategy(generation_mode=GenerationMode.NEGATIVE)


@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.parametrize("operation", sorted(OPERATIONS.keys() - ENDLESS))
def test_every_answer_is_in_the_contract(asked: Server, operation: str) -> None:
    records = st.sampled_from([None, *asked.records(operation)])

    @effort(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation), record=records, caller=st.sampled_from(CALLERS))
    def ask(case: Case, record: dict[str, str] | None, caller: str) -> None:
        answered_by = list(CONFORMANCE)
        if record is not None:
            case.path_parameters = record
            case.headers["If-Match"] = '"1"'
        elif operation not in TOLD_ITEM_BY_ITEM:
            answered_by.append(checks.negative_data_rejection)
        headers = {"Authorization": f"Bearer {asked.world.token(caller)}"}
        case.call_and_validate(asked.url, asked.http, headers, checks=answered_by)

    ask()
