"""Whatever is sent, the answer is one that the contract names: no 5xx, no undocumented status, header, type or shape.

A real server on a database of its own, in the middle of the story, asked by three bodies: most of the requests name
records that are there. Each operation is asked twice, first the simplest that is well-formed, then something odd;
`GIAMSAT_FUZZ_EXAMPLES=100` asks a hundred times.
"""

import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from uuid import uuid4

import pytest
import requests
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as effort
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import create_engine
from app.core.embedded import Embedded
from app.core.settings import Settings
from app.main import create_app
from tests.contracts.probes import PROBES
from tests.fixtures import TEMPLATE, create_database
from tests.stage import Stage, set_stage
from tests.world import World

pytestmark = pytest.mark.thorough

EXAMPLES = int(os.environ.get("GIAMSAT_FUZZ_EXAMPLES", "2"))
CALLERS = ("head", "supervised", "stranger")
ENDLESS = {"open_events"}
"""Answered for as long as the token lasts; tests/commit/test_events.py listens to it."""


@dataclass(frozen=True)
class Server:
    contract: ModuleType
    url: str
    world: World
    stage: Stage
    http: requests.Session

    def records(self, operation: str) -> list[dict[str, str]]:
        """What the path of an operation can name: the records that the authorisation matrix calls it on."""
        names = self.contract.in_path(operation)
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
    contract = import_module("tests.fuzz.contract")  # a second's work: not when tests are only collected
    with serving(app) as address, requests.Session() as http:
        http.trust_env = False  # neither proxies nor passwords of whoever runs this are looked up for each request
        yield Server(contract, address, template, stage, http)


@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.parametrize("operation", sorted({it.operation for it in PROBES} - ENDLESS))
@effort(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@seed(133)
@given(data=st.data())
def test_every_answer_is_in_the_contract(asked: Server, operation: str, data: st.DataObject) -> None:
    case = data.draw(asked.contract.cases(operation, asked.records(operation)))
    headers = {"Authorization": f"Bearer {asked.world.token(data.draw(st.sampled_from(CALLERS)))}"}
    case.call_and_validate(asked.url, asked.http, headers, checks=asked.contract.checks_of(operation))
