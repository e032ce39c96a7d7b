"""`giamsat serve` as a process: it brings its own database and worker, logs JSON, and leaves nothing running."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.thorough

PATIENCE_SECONDS = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ready(http: httpx.Client, process: subprocess.Popen[str]) -> dict[str, Any]:
    """What it says of itself as soon as its worker is there, too."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.HTTPError):
            said = dict(http.get("/readyz").raise_for_status().json())
            if said["worker"]["alive"]:
                return said
        time.sleep(0.1)
    process.terminate()
    raise AssertionError(process.communicate()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    given = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    ours = {"PORT": str(port), "GIAMSAT_DATA_DIR": str(tmp_path / "var")}
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "serve"], env=given | ours, stderr=-1, text=True)
    yield f"http://127.0.0.1:{port}", process
    if process.poll() is None:
        process.kill()
        process.communicate()


def test_a_server_without_any_set_up_gets_ready_and_ends_on_sigterm(
    served: tuple[str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    address, process = served
    with httpx.Client(base_url=address) as http:
        assert ready(http, process)["database"] == "ok"
        assert http.get("/v1/places?limit=1").status_code == 401
    process.send_signal(signal.SIGTERM)
    _, written = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert {"at", "level", "logger", "event"} <= json.loads(written.splitlines()[-1]).keys()
    assert [line for line in written.splitlines() if not line.startswith("{")] == []
    assert not (tmp_path / "var/postgres/cluster/postmaster.pid").exists()
