"""Many waiting messages read again in one request: each its own savepoint, so that one does not spoil the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from app.core.clock import CIVIL_ZONE
from app.core.errors import AppError, Forbidden, NotVisible
from app.domain.edxml import MessageDirection, MessageOutcome, MessageState
from app.models.edxml import MOST_REPLAYED, BulkReplay, EdxmlMessage, MessageReplay, ReplayFilter
from app.policies.relations import among
from app.policies.visibility import scoped, visible
from app.services.attachments import Shelf
from app.services.edxml import desk
from app.services.unit_of_work import UnitOfWork

AT_MOST: Final = 200 * 1024 * 1024
"""Bytes read again in one request."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the single call would have answered."""

    id: UUID
    status: int
    outcome: MessageOutcome | None = None
    rule: str | None = None
    message_id: UUID | None = None
    refusal: AppError | None = None


async def run(uow: UnitOfWork, shelf: Shelf, payload: BulkReplay) -> tuple[list[Outcome], int]:
    """One outcome for each message, and how many are left for another call. A replay that is repeated finds nothing
    waiting, so an Idempotency-Key adds nothing."""
    if not uow.who.records:
        raise Forbidden
    uow.retry = None
    found = await _wanted(uow, payload)
    ids = payload.ids if payload.ids is not None else [it.id for it in found]
    known = {it.id: it for it in found}
    outcomes: list[Outcome] = []
    read = 0
    for identifier in dict.fromkeys(ids):
        it = known.get(identifier)
        read += it.size if it is not None else 0
        if outcomes and read > AT_MOST:
            break
        outcomes.append(await _one(uow, shelf, it, identifier, payload.reason))
    return outcomes, await _remaining(uow, payload, len(outcomes))


async def _wanted(uow: UnitOfWork, payload: BulkReplay) -> Sequence[EdxmlMessage]:
    statement = scoped(EdxmlMessage, uow.who).order_by(col(EdxmlMessage.id)).with_for_update(of=EdxmlMessage)
    if payload.ids is not None:
        statement = statement.where(among(EdxmlMessage.id, payload.ids))
    elif payload.filter is not None:
        statement = statement.where(*_where(payload.filter)).limit(MOST_REPLAYED)
    return (await uow.session.execute(statement)).scalars().all()


def _where(asked: ReplayFilter) -> list[ColumnElement[bool]]:
    where = [
        col(EdxmlMessage.direction) == MessageDirection.IN,
        col(EdxmlMessage.state) == MessageState.QUARANTINED,
        col(EdxmlMessage.purged_at).is_(None),
    ]
    if asked.code:
        where.append(col(EdxmlMessage.code).in_(asked.code))
    if asked.from_organ:
        where.append(col(EdxmlMessage.from_organ).in_([it.upper() for it in asked.from_organ]))
    if asked.since is not None:
        where.append(col(EdxmlMessage.created_at) >= datetime.combine(asked.since, time(), CIVIL_ZONE))
    return where


async def _one(uow: UnitOfWork, shelf: Shelf, it: EdxmlMessage | None, identifier: UUID, reason: str) -> Outcome:
    try:
        if it is None:
            raise NotVisible
        async with uow.attempt():
            taken = await desk.read_again(uow, shelf, it, MessageReplay(reason=reason))
    except AppError as refusal:
        return Outcome(identifier, refusal.status, refusal=refusal)
    return Outcome(identifier, 200, MessageOutcome(taken.receipt.outcome), taken.receipt.code, taken.message_id)


async def _remaining(uow: UnitOfWork, payload: BulkReplay, done: int) -> int:
    if payload.filter is None:
        return len(set(payload.ids or ())) - done
    left = select(func.count()).select_from(EdxmlMessage).where(visible(EdxmlMessage, uow.who), *_where(payload.filter))
    return int((await uow.session.execute(left.execution_options(scope="scoped"))).scalar_one())
