"""How long do exports and papers take, and does their memory grow? `python -m benchmarks.exports`

Each export runs in a process of its own, as a worker's, and says how much memory it took at most. The body that asks
is a partner in every campaign of the data, so that all 100,000 recommendations are in the file; a tenth of them is
exported for comparison. Papers are samples, written one after another by one process.
"""

import asyncio
import json
import logging
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.adapters import docx, docx_apart, pdf
from app.adapters.storage import Storage
from app.core.clock import today
from app.core.db import create_engine
from app.core.embedded import APP, Embedded
from app.domain.paper import PaperForm, PaperKind
from app.domain.paper_samples import sample
from app.models.export import Export, ExportFormat, ExportKind
from app.services.exports import running
from benchmarks.cases import LEAD, key
from benchmarks.database import MEASURED, measured

FOLDER = Path(__file__).parents[1] / "var" / "bench"
SECONDS = 3.0
FILTERS: tuple[dict[str, Any], ...] = ({}, {"due_from": "2024-04-01", "due_to": "2025-03-31"})
JOIN_ALL = """
INSERT INTO campaign_partner (id, created_at, campaign_id, body_id, outcome)
SELECT uuidv7(), now(), id, $1, 'concurred' FROM campaign WHERE lead_body_id <> $1
"""


def main() -> None:
    if len(sys.argv) > 1:
        asyncio.run(_export(sys.argv[1], ExportFormat(sys.argv[2]), json.loads(sys.argv[3])))
        return
    with measured(FOLDER) as server:
        asyncio.run(_prepare(server))
        for format_ in ExportFormat:
            for filters in FILTERS:
                _apart(server.url(MEASURED, role=APP), format_, filters)
    _papers()


async def _prepare(server: Embedded) -> None:
    connection = await asyncpg.connect(server.dsn(MEASURED, role="postgres"))
    await connection.execute(JOIN_ALL, key("body", LEAD))
    await connection.execute("VACUUM (ANALYZE) campaign_partner")
    await connection.close()


def _apart(url: str, format_: ExportFormat, filters: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "benchmarks.exports", url, format_, json.dumps(filters)]
    subprocess.run(command, check=True)


async def _export(url: str, format_: ExportFormat, filters: dict[str, Any]) -> None:
    logging.basicConfig(level=logging.ERROR)
    engine = create_engine(url, pool_size=3)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    it = Export(
        account_id=key("account", LEAD),
        body_id=key("body", LEAD),
        kind=ExportKind.RECOMMENDATIONS,
        format=format_,
        filters=filters,
        language="vi",
        file_name=f"table.{format_}",
        expires_on=today(),
    )
    async with sessions.begin() as session:
        session.add(it)
    before = _peak()
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        await running.run(sessions, Storage(Path(folder)), it.id)
        took = time.perf_counter() - began
    done = await _ended(sessions, it)
    assert done.state == "done", done.problem
    rows, size, peak = done.rows_done, (done.size or 0) / 1024**2, _peak() - before
    print(f"{format_:5} {rows:7,} rows {took:6.1f} s {rows / took:8,.0f} rows/s {size:6.1f} MB, peak +{peak} MB")
    await engine.dispose()


async def _ended(sessions: async_sessionmaker[AsyncSession], it: Export) -> Export:
    async with sessions() as session:
        found = await session.get(Export, it.id)
    assert found is not None
    return found


def _peak() -> int:
    """Megabytes that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _papers() -> None:
    """A letter of one page, a report of two, in the form of the Party."""
    for kind in (PaperKind.REMINDER, PaperKind.RESULT_REPORT):
        paper = sample(kind, PaperForm.PARTY)
        content, template = paper.content(), docx.standard(party=True, layout=paper.layout)
        _rate(f"DOCX {kind}", lambda t=template, c=content: docx.render(t, c))  # type: ignore[misc]
        _rate(f"DOCX {kind}, own template", lambda t=template, c=content: asyncio.run(docx_apart.render(t, c)))  # type: ignore[misc]
        _rate(f"PDF  {kind}", lambda c=content: pdf.render(c))  # type: ignore[misc]


def _rate(name: str, deed: Callable[[], Any]) -> None:
    deed()
    count, started = 0, time.perf_counter()
    while (taken := time.perf_counter() - started) < SECONDS:
        deed()
        count += 1
    print(f"{name:36} {count / taken:7.1f} papers/s, peak {_peak()} MB")


if __name__ == "__main__":
    main()
