"""Was a line of the audit altered, removed or put in later, by whoever may write to the database's files?

The worker seals lines in batches, so that no request waits for another. A seal is the hash of the seal before it and
of its lines, one after the other; changing any of them changes every later hash. Only whoever keeps a hash elsewhere
can know that the last seals were not cut off.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import BigInteger, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.models.history import AuditEvent, AuditSeal
from app.services.changes.reading import OLDEST_RUNNING

Sessions = async_sessionmaker[AsyncSession]

BATCH = 1000
MARK_LENGTH = 8
FIRST = "0" * 64
"""Stands where the first seal names the one before it."""

LINES: Any = AuditEvent.__table__  # type: ignore[attr-defined]


class Fault(StrEnum):
    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    RESEALED = "resealed"
    """The lines are as they were marked, but the seal is not what follows from them and the seal before."""


@dataclass(frozen=True)
class Broken:
    """The first line that is not as it was sealed; `seq` is None where the seal itself is at fault."""

    seal: int
    fault: Fault
    seq: int | None


@dataclass(frozen=True)
class Verified:
    """How many lines stand under how many seals; `head` is the last hash, to be kept elsewhere."""

    seals: int
    lines: int
    unsealed: int
    head: str
    broken: Broken | None = None


@dataclass(frozen=True)
class Digested:
    seqs: list[int]
    marks: bytes
    hash: str


def digested(previous: str, lines: Sequence[Any]) -> Digested:
    """The hash of the lines in their order, on top of the hash before them."""
    written = (orjson.dumps(dict(it), default=str, option=orjson.OPT_SORT_KEYS) for it in lines)
    hashes = [hashlib.sha256(it).digest() for it in written]
    chained = bytes.fromhex(previous)
    for each in hashes:
        chained = hashlib.sha256(chained + each).digest()
    return Digested([it["seq"] for it in lines], b"".join(it[:MARK_LENGTH] for it in hashes), chained.hex())


async def seal(sessions: Sessions) -> int:
    """Seal every line that is final, batch by batch; gives how many lines were."""
    done = 0
    while batch := await _seal_next(sessions):
        done += batch
    return done


async def _seal_next(sessions: Sessions) -> int:
    async with sessions.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("audit_seal", 0))))
        last = await _last(session)
        final = _after(last).where(LINES.c.transaction_number < OLDEST_RUNNING)
        lines = await _read(session, final.limit(BATCH))
        if lines:
            session.add(_sealed(last, lines))
    return len(lines)


async def _last(session: AsyncSession) -> AuditSeal | None:
    newest = select(AuditSeal).order_by(col(AuditSeal.number).desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()


def _after(last: AuditSeal | None) -> Select[Any]:
    lines = select(*LINES.c).order_by(LINES.c.transaction_number, LINES.c.seq)
    return lines if last is None else lines.where(_place() > _end(last))


def _place() -> Any:
    return tuple_(LINES.c.transaction_number, LINES.c.seq)


def _end(it: AuditSeal) -> Any:
    return tuple_(literal(it.until_transaction, BigInteger), literal(it.until_seq, BigInteger))


async def _read(session: AsyncSession, lines: Select[Any]) -> Sequence[Any]:
    found = await session.execute(lines.execution_options(scope="the audit is sealed"))
    rows: Sequence[Any] = found.mappings().all()
    return rows


def _sealed(last: AuditSeal | None, lines: Sequence[Any]) -> AuditSeal:
    previous = last.hash if last else FIRST
    made = digested(previous, lines)
    return AuditSeal(
        number=last.number + 1 if last else 1,
        until_transaction=lines[-1]["transaction_number"],
        until_seq=lines[-1]["seq"],
        seqs=made.seqs,
        marks=made.marks,
        previous_hash=previous,
        hash=made.hash,
    )


async def verify(session: AsyncSession) -> Verified:
    """From the first seal on, as far as all is as it was sealed."""
    last: AuditSeal | None = None
    lines = 0
    while (it := await _next(session, last)) is not None:
        found = await _read(session, _after(last).where(_place() <= _end(it)))
        broken = _compare(last, it, digested(last.hash if last else FIRST, found))
        if broken is not None:
            return Verified(it.number - 1, lines, 0, last.hash if last else FIRST, broken)
        lines += len(found)
        last = it
    left = select(func.count()).select_from(_after(last).subquery())
    unsealed = (await session.execute(left.execution_options(scope="the audit is sealed"))).scalar_one()
    return Verified(last.number if last else 0, lines, unsealed, last.hash if last else FIRST)


async def _next(session: AsyncSession, last: AuditSeal | None) -> AuditSeal | None:
    later = select(AuditSeal).order_by(col(AuditSeal.number)).limit(1)
    if last is not None:
        later = later.where(col(AuditSeal.number) > last.number)
    return (await session.execute(later)).scalar_one_or_none()


def _compare(last: AuditSeal | None, it: AuditSeal, made: Digested) -> Broken | None:
    expected = (last.number + 1, last.hash) if last else (1, FIRST)
    if (it.hash, it.number, it.previous_hash) == (made.hash, *expected):
        return None
    marked, found = _marks(it.seqs, it.marks), _marks(made.seqs, made.marks)
    for seq in sorted(marked.keys() | found.keys()):
        if seq not in found:
            return Broken(it.number, Fault.REMOVED, seq)
        if seq not in marked:
            return Broken(it.number, Fault.ADDED, seq)
        if marked[seq] != found[seq]:
            return Broken(it.number, Fault.ALTERED, seq)
    return Broken(it.number, Fault.RESEALED, None)


def _marks(seqs: Sequence[int], marks: bytes) -> dict[int, bytes]:
    return {seq: marks[n * MARK_LENGTH : (n + 1) * MARK_LENGTH] for n, seq in enumerate(seqs)}


async def sealed_as(session: AsyncSession, head: str) -> bool:
    """Is the hash that somebody wrote down earlier still the hash of a seal?"""
    found = select(col(AuditSeal.number)).where(col(AuditSeal.hash) == head)
    return (await session.execute(found)).first() is not None
