"""Counts statements, and trips over a SELECT of a protected table that was not scoped."""

from types import TracebackType
from typing import Any, Self
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import Select, event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.policies.visibility import OPEN, VIEWS

PROTECTED = {model.__table__ for model in VIEWS if model not in OPEN}  # type: ignore[attr-defined]


class Unscoped(AssertionError):
    """A statement reads a protected table without saying for whom."""


def refuse_unscoped(conn: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
    """The tripwire: only the outermost tables count, what a sub-select looks at is a relation."""
    compiled, options = context.compiled, context.execution_options
    if compiled is None or not isinstance(compiled.statement, Select) or options.get("scope"):
        return
    if compiled not in _touched:
        sources = compiled.statement.get_final_froms()
        _touched[compiled] = {it for source in sources for it in _tables(source)} & PROTECTED
    touched = _touched[compiled]
    if touched and not options.get("_sa_orm_load_options", None) and not _is_refresh(options):
        raise Unscoped(f"SELECT of {sorted(it.name for it in touched)} without scoped() or unscoped()")


_touched: WeakKeyDictionary[Any, set[Any]] = WeakKeyDictionary()
"""By compiled statement: finding out takes as long as compiling it."""


def _is_refresh(options: Any) -> bool:
    state = options.get("_sa_orm_load_options")
    return bool(state is not None and getattr(state, "_refresh_state", None))


def _tables(source: Any) -> list[Any]:
    inner = (
        [it for side in ("left", "right") for it in _tables(getattr(source, side))] if hasattr(source, "left") else []
    )
    return inner or [source]


class Queries:
    """`count` statements sent while in use: through SQLAlchemy, and prepared ones on the driver."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine.sync_engine
        self.fetch = asyncpg.Connection.fetch
        self.statements: list[str] = []

    @property
    def count(self) -> int:
        return len(self.statements)

    def reset(self) -> None:
        self.statements.clear()

    def _note(self, conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements.append(statement)

    def __enter__(self) -> Self:
        async def noted(connection: Any, query: str, *values: Any) -> Any:
            self.statements.append(query)
            return await self.fetch(connection, query, *values)

        event.listen(self.engine, "before_cursor_execute", self._note)
        asyncpg.Connection.fetch = noted
        return self

    def __exit__(self, kind: type[BaseException] | None, it: BaseException | None, trace: TracebackType | None) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)
        asyncpg.Connection.fetch = self.fetch
