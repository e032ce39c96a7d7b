"""`make bench`: the product beside its limit and beside the conventional form, in one run.

Every variant is one uvicorn process on one PostgreSQL. They take turns in short slices, so that whatever else the
machine does hits all alike; what counts are the ratios. Answers are compared before anything is measured.
"""

import argparse
import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import orjson
import uvloop

from app.core.embedded import APP
from app.core.settings import Settings
from app.core.tokens import Keyring, Tokens
from benchmarks.cases import CALLERS, Case, cases, key
from benchmarks.client import CONNECTIONS, Client, Measured
from benchmarks.database import MEASURED, measured
from benchmarks.plans import explain, newest
from benchmarks.report import print_plans, print_table

FOLDER = Path(__file__).parents[1] / "var" / "bench"
VARIANTS = ("product", "bare", "conventional")
START_SECONDS = 30
UNLIKE = {"id", "created_at", "next_cursor", "actions"}
"""Members that differ from answer to answer, or that only the product has."""

Results = dict[str, dict[str, Measured]]


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--rounds", type=int, default=8, help="turns that every variant takes at every case")
    asked.add_argument("--slice", type=float, default=0.6, help="seconds of a turn")
    given = asked.parse_args()
    started = time.monotonic()
    with measured(FOLDER) as server, ExitStack() as running:
        url = server.url(MEASURED, role=APP)
        ports = {name: running.enter_context(_serving(name, url)) for name in VARIANTS}
        listed = cases(_tokens(), asyncio.run(newest(server, "lead")))
        results = uvloop.run(_measure(ports, listed, given.rounds, given.slice))
        print_table(results, f"{CONNECTIONS} connections, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        plans = {caller: asyncio.run(explain(server, caller)) for caller in CALLERS}
    print_plans(plans)
    _keep(results, plans)
    print(f"\n{time.monotonic() - started:.0f} s · {(FOLDER / 'last.json').relative_to(FOLDER.parents[1])}")


@contextmanager
def _serving(name: str, url: str) -> Iterator[int]:
    """A variant on a free port; its log lines go to a file, as those of a service do."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.serve", name, str(port), url, str(FOLDER)]
    with (FOLDER / f"{name}.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(server, port, Path(log.name))
            yield port
        finally:
            server.terminate()
            server.wait()


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"{' '.join(map(str, server.args))}\n{log.read_text()[-4000:]}")  # type: ignore[arg-type]


def _tokens() -> dict[str, str]:
    """Signed with the key of the product's process, for the sign-ins in data.sql."""
    settings = Settings(data_dir=FOLDER)
    signer = Tokens(Keyring(settings.keys_dir), issuer=settings.public_url, audience=settings.audience, minutes=60)
    return {
        caller: signer.issue(
            account_id=key("account", it), body_id=key("body", it), family_id=key("family", it), scope=""
        )
        for caller, it in CALLERS.items()
    }


async def _measure(ports: dict[str, int], listed: list[Case], rounds: int, seconds: float) -> Results:
    clients = {name: Client(port) for name, port in ports.items()}
    for case in listed:
        await _compare(case, clients)
    results: Results = {case.name: {name: Measured() for name in clients} for case in listed}
    for turn in range(rounds):
        for case in listed:
            for client_name, client in clients.items():
                if turn == 0:
                    await client.run(case, seconds / 2, Measured())
                await client.run(case, seconds, results[case.name][client_name])
    return results


async def _compare(case: Case, clients: dict[str, Client]) -> None:
    """Whoever answers less than the others is not faster."""
    answers = {name: _essence(orjson.loads(await client.once(case))) for name, client in clients.items()}
    for name, answer in answers.items():
        if answer != answers["product"]:
            sys.exit(f"{case.name}: {name} answers {answer}\ninstead of {answers['product']}")


def _essence(value: Any) -> Any:
    """Without nulls, which some leave out, and without what cannot be the same."""
    if isinstance(value, dict):
        return {k: _essence(v) for k, v in value.items() if v is not None and k not in UNLIKE}
    return [_essence(it) for it in value] if isinstance(value, list) else value


def _keep(results: Results, plans: dict[str, Any]) -> None:
    kept = {
        case: {
            name: {"per_second": it.per_second, "p95_ms": it.p95_ms, "requests": len(it.latencies), "rates": it.rates}
            for name, it in variants.items()
        }
        for case, variants in results.items()
    }
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()}
    text = json.dumps({"machine": machine, "cases": kept, "plans": plans}, ensure_ascii=False, indent=1)
    (FOLDER / "last.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
