"""Every field of an answer is of the row that is answered: what stands beside a row is bound to that row."""

import gc
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

import app.services
from app.services import principals
from app.services.reading import Projection
from tests.world import World

END_OF_FROM = re.compile(r"\b(WHERE|GROUP BY|ORDER BY|LIMIT|UNION|FOR)\b")


def projections() -> list[Projection]:
    for it in walk_packages(app.services.__path__, f"{app.services.__name__}."):
        import_module(it.name)
    return sorted((it for it in gc.get_objects() if isinstance(it, Projection)), key=lambda it: it.model.__name__)


def sources(sql: str) -> Iterator[list[str]]:
    """What each FROM names, joined tables as one."""
    for found in re.finditer(r"\bFROM\s", sql):
        named, depth = [""], 0
        for place in range(found.end(), len(sql)):
            letter = sql[place]
            depth += (letter == "(") - (letter == ")")
            if depth < 0 or (depth == 0 and END_OF_FROM.match(sql, place)):
                break
            if letter == "," and depth == 0:
                named.append("")
            else:
                named[-1] += letter
        yield [it.strip() for it in named]


def test_the_sources_of_a_statement_are_told_apart() -> None:
    sql = "SELECT (SELECT a FROM x, y AS z WHERE x.a = z.a) FROM x JOIN (SELECT 1, 2 FROM v) AS w ON f(1, 2), u LIMIT 1"
    assert list(sources(sql)) == [["x", "y AS z"], ["x JOIN (SELECT 1, 2 FROM v) AS w ON f(1, 2)", "u"], ["v"]]


async def test_no_field_looks_at_other_rows_than_its_own(session: AsyncSession, world: World) -> None:
    """A sub-select that names the row's table once more would tell of every row there is, to whoever sees one."""
    who = await principals.absent(session, world.account["lead_officer"], world.body["lead"], date(2026, 11, 22))
    assert who is not None
    beside = {}
    for projection in projections():
        for name, shown in projection.shown(who).items():
            sql = str(select(shown).select_from(projection.model).compile(dialect=postgresql.dialect()))
            if named := [it for it in sources(sql) if len(it) > 1]:
                beside[f"{projection.model.__name__}.{name}"] = named
    assert beside == {}
