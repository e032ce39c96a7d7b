"""One request, one transaction: the change, its audit line and its message commit together or not at all."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import JSON, ColumnElement, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.core.clock import utcnow
from app.core.cursors import Cursors
from app.core.errors import Forbidden, Invalid
from app.core.ids import new_id
from app.core.log import request_id
from app.core.principal import Principal
from app.domain.calendar import Calendar
from app.domain.deadlines import Rule
from app.models.history import AuditEvent, IdempotencyRecord, OutboxMessage
from app.services import queue


def _lines(model: type[SQLModel], given: str, *columns: str) -> Insert:
    """An INSERT of the rows in the JSON parameter `given`, however many they are."""
    table: Any = model.__table__  # type: ignore[attr-defined]
    row: ColumnElement[Any] = literal_column(f"NULL::{table.name}")
    rows = func.json_populate_recordset(row, bindparam(given, type_=JSON)).table_valued(*columns)
    return insert(table).from_select(columns, select(*rows.c))


AUDITED = _lines(
    AuditEvent,
    "audited",
    *("at", "account_id", "body_id", "lead_body_id", "action", "subject_type", "subject_id", "was", "became"),
    *("details", "request_id"),
)
MESSAGES = _lines(
    OutboxMessage,
    "messages",
    *("id", "created_at", "account_id", "type", "subject_type", "subject_id", "payload", "attempts"),
)
LINES = MESSAGES.add_cte(AUDITED.cte("audited"))

OWN_AFFAIRS = frozenset({"account", "membership", "session_family"})
"""What somebody of an ended body may still change: their own sign-in, and where they go on."""


class Named(Protocol):
    """Whatever has an id to be called by; `subject` says of what kind it is."""

    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Retry:
    """The Idempotency-Key of a request with what it must repeat exactly."""

    key: str
    method: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Told:
    """One of many changes of one kind that are recorded together."""

    subject_id: UUID
    was: str | None
    became: str | None
    lead_body_id: UUID | None


@dataclass
class Replay:
    """An earlier answer to the same request: its status, and the resource it made."""

    status: int
    subject_type: str
    subject_id: UUID


@dataclass
class UnitOfWork:
    session: AsyncSession
    who: Principal
    cursors: Cursors
    statements: asyncpg.Pool | None = None
    """Of a unit that only reads: connections for prepared SELECTs; without, they run on the session's."""
    retry: Retry | None = None
    language: str = "vi"
    now: datetime = field(default_factory=utcnow)
    replay: Replay | None = None
    status: int = 200
    calendar: Calendar | None = None
    rules: list[Rule] | None = None
    _claimed: str | None = None
    _made: tuple[str, UUID] | None = None
    _audited: list[dict[str, Any]] = field(default_factory=list)
    _messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.who.today

    def add(self, *rows: Any) -> None:
        self.session.add_all(rows)

    async def claim(self) -> UUID | None:
        """Call after authorising and before checking versions. A retry gives the id of what it made the first time.

        Two concurrent requests with one key: the second waits for the first at the unique index.
        """
        if self.retry is None:
            return None
        key = self._scoped_key(self.retry)
        claim = insert(IdempotencyRecord).values(key=key, request_digest=self.retry.digest, created_at=utcnow())
        won = await self.session.execute(claim.on_conflict_do_nothing().returning(col(IdempotencyRecord.key)))
        if won.first() is not None:
            self._claimed = key
            return None
        return await self._replayed(key, self.retry.digest)

    def _scoped_key(self, retry: Retry) -> str:
        parts = (str(self.who.account_id), str(self.who.body_id), retry.method, retry.path, retry.key)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    async def _replayed(self, key: str, digest: str) -> UUID:
        record = await self.session.get(IdempotencyRecord, key)
        if record is None or record.request_digest != digest or record.subject_id is None:
            raise Invalid(code="idempotency_mismatch")
        self.replay = Replay(record.status or 200, record.subject_type or "", record.subject_id)
        return record.subject_id

    def record(
        self,
        action: str,
        it: Named,
        *,
        was: str | None = None,
        became: str | None = None,
        lead_body_id: UUID | None = None,
        **details: Any,
    ) -> None:
        """The audit line and the outbox message of a change; nothing else writes those tables.

        The first record of a request is what its Idempotency-Key stands for.
        """
        subject_type = subject(it)
        self._made = self._made or (subject_type, it.id)
        self.note(action, subject_type, it.id, was=was, became=became, lead_body_id=lead_body_id, **details)
        by = self.who if self.who.signed_in else None
        payload = {"was": was, "became": became, "by_body_id": by.body_id if by else None, **details}
        self._tell(action, subject_type, it.id, payload)

    def _tell(self, action: str, subject_type: str, subject_id: UUID, payload: dict[str, Any]) -> None:
        message = {
            "id": new_id(),
            "created_at": utcnow(),
            "account_id": self.who.account_id if self.who.signed_in else None,
            "type": action,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "payload": payload,
            "attempts": 0,
        }
        self._messages.append(message)

    def note(
        self,
        action: str,
        subject_type: str,
        subject_id: UUID,
        *,
        was: str | None = None,
        became: str | None = None,
        lead_body_id: UUID | None = None,
        **details: Any,
    ) -> None:
        """The audit line alone, of what nobody is told: somebody signed in, failed to, or ended a session."""
        by = self.who if self.who.signed_in else None
        line = {
            "at": utcnow(),
            "account_id": by.account_id if by else None,
            "body_id": by.body_id if by else None,
            "lead_body_id": lead_body_id,
            "action": action,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "was": was,
            "became": became,
            "details": details,
            "request_id": request_id.get(),
        }
        self._audited.append(line)

    def record_each(self, action: str, subject_type: str, told: Sequence[Told]) -> None:
        """What `record` does for one change, for many of the clock's, which no Idempotency-Key stands for."""
        for it in told:
            self.note(action, subject_type, it.subject_id, was=it.was, became=it.became, lead_body_id=it.lead_body_id)
            self._tell(action, subject_type, it.subject_id, {"was": it.was, "became": it.became, "by_body_id": None})

    def stand_for(self, subject_type: str, subject_id: UUID) -> None:
        """What was sent again has made nothing new: its Idempotency-Key stands for what was there."""
        self._made = self._made or (subject_type, subject_id)

    async def complete(self) -> None:
        """Write and queue what was recorded, and bind a claimed key to what was made; the last before the commit."""
        if self.who.closed and self._made is not None and self._made[0] not in OWN_AFFAIRS:
            raise Forbidden("body_ended")
        await self.session.flush()
        await self._write_lines()
        if self._claimed is None or self._made is None:
            return
        kind, identifier = self._made
        await self.session.execute(
            update(IdempotencyRecord)
            .where(col(IdempotencyRecord.key) == self._claimed)
            .values(status=self.status, subject_type=kind, subject_id=identifier)
        )

    async def _write_lines(self) -> None:
        """All of a request in one statement, in the order of their recording; nobody reads them before the commit."""
        if self._audited:
            await self.session.execute(LINES, {"audited": self._audited, "messages": self._messages})
        if self._messages:
            await queue.enqueue(self.session, queue.DELIVER, [it["id"] for it in self._messages])
        self._audited, self._messages = [], []

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A savepoint: of what fails in it nothing stays, not even what was to be told of it."""
        audited, told, made = len(self._audited), len(self._messages), self._made
        try:
            async with self.session.begin_nested():
                yield
        except BaseException:
            del self._audited[audited:]
            del self._messages[told:]
            self._made = made
            raise

    async def serialise(self, *parts: Any) -> None:
        """Wait for our turn among transactions that name the same thing (numbers, versions, uniqueness by rule)."""
        name = ":".join(str(part) for part in parts)
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a transaction of its own, for deeds that commit although they are refused: a failed sign-in is counted."""


def subject(it: Any) -> str:
    """The word by which audit, history and messages call a kind of record."""
    return str(it.__tablename__)
