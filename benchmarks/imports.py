"""How long do 20,000 rows take? `python -m benchmarks.imports [ROWS]`.

Bodies of the register four levels deep, children above their parents, as a workbook: tried, taken in, sent again. Then
as many recommendations of one campaign, whose service looks at each on its own. Statements are counted.
"""

import asyncio
import io
import random
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.adapters.storage import Storage
from app.core import migrations
from app.core.clock import today
from app.core.db import create_engine
from app.core.embedded import Embedded, running
from app.domain.import_ import ImportFormat, ImportKind, ImportMode
from app.models.import_ import Import
from app.services import reference
from app.services.imports import running as imports
from tests import makers
from tests.world import World, build_world

BODIES = ("key", "name", "short_name", "symbol", "kind", "level", "parent", "valid_from")
RECOMMENDATIONS = ("key", "campaign", "action", "addressee", "owner_name", "owner_title", "due_on", "due_basis")
COMMITTEE = ("pc_committee", "commune")


def a_register(rows: int) -> list[tuple[str, ...]]:
    lines = []
    for n in range(rows):
        parent = "UBND tỉnh" if n < 40 else (f"K{n // 40}" if n % 2 else f"Ủy ban nhân dân số {n // 40}")
        name = f"Ủy ban nhân dân số {n}"
        lines.append((f"K{n}", name, f"UBND {n}", f"UB{n}", *COMMITTEE, parent, "01/01/2015"))
    random.Random(133).shuffle(lines)
    return lines


def recommendations(rows: int, title: str) -> list[tuple[str, ...]]:
    action = "Ban hành kế hoạch hằng năm về công tác Mặt trận và đoàn thể"
    owner = ("Trương Duy Hải", "Phó Bí thư Thường trực Huyện ủy", "31/12/2027", "Thông báo kết luận của Đoàn 133")
    return [(f"KN{n}", title, f"{action} ({n})", f"Ủy ban nhân dân số {n}", *owner) for n in range(rows)]


def a_workbook(headers: tuple[str, ...], lines: list[tuple[str, ...]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate([headers, *lines]):
            for place, cell in enumerate(line):
                sheet.write_string(row, place, cell)
    return target.getvalue()


async def measure(server: Embedded, folder: Path, rows: int) -> None:
    engine = create_engine(server.url(), pool_size=4)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with AsyncSession(engine) as session, session.begin():
        await reference.load(session)
        world = await build_world(session)
    async with sessions() as session:
        title = (await makers.a_campaign(session, world)).title
    storage, statements = Storage(folder), _counter(engine)
    register, letters = a_workbook(BODIES, a_register(rows)), a_workbook(RECOMMENDATIONS, recommendations(rows, title))
    for name, kind, part, content, mode in (
        ("thử · try", ImportKind.BODIES, "registrar", register, ImportMode.DRY_RUN),
        ("ghi · take in", ImportKind.BODIES, "registrar", register, ImportMode.APPLY),
        ("nhập lại · send again", ImportKind.BODIES, "registrar", register, ImportMode.APPLY),
        ("kiến nghị, ghi · recommendations, take in", ImportKind.RECOMMENDATIONS, "lead_officer", letters, "apply"),
    ):
        it = await _ask(sessions, storage, world, kind, part, content, ImportMode(mode))
        before, began, sent = _peak(), time.perf_counter(), statements()
        await imports.run(sessions, storage, it.id)
        took = time.perf_counter() - began
        async with sessions() as session:
            found = await session.get_one(Import, it.id)
        counts = f"{found.created} + {found.updated} + {found.unchanged}, {found.errors_total} lỗi · errors"
        print(
            f"{name}: {took:.1f} s, {statements() - sent} statements — {found.state}, {counts}; +{_peak() - before} MB"
        )
    await engine.dispose()


def _counter(engine: AsyncEngine) -> Callable[[], int]:
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1

    event.listen(engine.sync_engine, "before_cursor_execute", count)
    return lambda: sent


async def _ask(
    sessions: async_sessionmaker[AsyncSession],
    storage: Storage,
    world: World,
    kind: ImportKind,
    part: str,
    content: bytes,
    mode: ImportMode,
) -> Import:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    stored = await storage.keep(chunks(), limit=len(content))
    it = Import(
        account_id=world.account[part],
        body_id=world.body_of(part),
        kind=kind,
        mode=mode,
        format=ImportFormat.XLSX,
        file_name="bảng.xlsx",
        size=stored.size,
        sha256=stored.sha256,
        expires_on=today(),
    )
    async with sessions.begin() as session:
        session.add(it)
    return it


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with TemporaryDirectory() as folder, running(Path(folder) / "postgres") as server:
        migrations.upgrade(server.url())
        print(f"{rows} dòng · rows")
        asyncio.run(measure(server, Path(folder) / "files", rows))


if __name__ == "__main__":
    main()
