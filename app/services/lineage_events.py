"""What became of whom: merges, divisions, dissolutions. Identity survives them, and papers keep the name of their day.

An event ends bodies and moves nothing: the roles that they hold in open work are proposed for transfer, and stay with
them until their transfers are confirmed (app.services.transfers).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import Principal
from app.domain.body import ORGANS
from app.domain.transfer import READ_ONLY_DAYS
from app.models.body import (
    Body,
    LineageEnd,
    LineageEvent,
    LineageEventCreate,
    LineageEventFilter,
    LineageEventRead,
    LineageLink,
)
from app.models.document import Document
from app.policies.actions import may_keep_register
from app.policies.relations import among
from app.services.carriage import check_visible
from app.services.edxml import passing
from app.services.reading import EMPTY_LIST, Page, Projection, body_ref, read_page
from app.services.transfers import proposing
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    named = body_ref(col(LineageLink.body_id), col(LineageEvent.effective_on), who.today)
    return {
        "predecessors": _sides(named, successor=False),
        "predecessor_ids": _sides(col(LineageLink.body_id), successor=False),
        "successors": _sides(named, successor=True),
        "successor_ids": _sides(col(LineageLink.body_id), successor=True),
    }


def _sides(shown: Any, *, successor: bool) -> ColumnElement[Any]:
    of_event = and_(col(LineageLink.event_id) == col(LineageEvent.id), col(LineageLink.successor).is_(successor))
    ordered = func.json_agg(aggregate_order_by(shown, col(LineageLink.body_id)))
    listed = select(ordered).select_from(LineageLink).where(of_event)
    return func.coalesce(listed.correlate(LineageEvent).scalar_subquery(), EMPTY_LIST)


LINEAGE_EVENT = Projection(model=LineageEvent, reads={"full": LineageEventRead}, columns=_columns)


async def listing(uow: UnitOfWork, query: LineageEventFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.kind:
        where.append(col(LineageEvent.kind).in_(query.kind))
    if query.body_id:
        linked = select(col(LineageLink.event_id)).where(among(LineageLink.body_id, query.body_id))
        where.append(col(LineageEvent.id).in_(linked))
    if query.effective_from is not None:
        where.append(col(LineageEvent.effective_on) >= query.effective_from)
    if query.effective_to is not None:
        where.append(col(LineageEvent.effective_on) <= query.effective_to)
    return await read_page(uow, LINEAGE_EVENT, Page.of(query), where=where, filters=query.filters())


async def record(uow: UnitOfWork, payload: LineageEventCreate) -> UUID:
    if not may_keep_register(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    await check_visible(uow, Document, [payload.decided_by_document_id])
    await check_visible(uow, Body, [*payload.predecessor_ids, *payload.successor_ids])
    ended = await _end(uow, payload)
    it = LineageEvent(**payload.model_dump(exclude={"predecessor_ids", "successor_ids"}))
    uow.add(it)
    await uow.session.flush()
    uow.add(*_links(it.id, payload.predecessor_ids, successor=False))
    uow.add(*_links(it.id, payload.successor_ids, successor=True))
    uow.add(*(LineageEnd(event_id=it.id, body_id=body_id) for body_id in ended))
    uow.record("lineage_event.create", it)
    await uow.session.flush()
    await proposing.propose(uow, it)
    await passing.pass_on(uow)
    return it.id


def _links(event_id: UUID, body_ids: Iterable[UUID], *, successor: bool) -> list[LineageLink]:
    return [LineageLink(event_id=event_id, body_id=it, successor=successor) for it in dict.fromkeys(body_ids)]


async def _end(uow: UnitOfWork, payload: LineageEventCreate) -> list[UUID]:
    """Which bodies it has ended. Their last day, and that of their organs unless it keeps those, is the day before."""
    if not payload.ended_ids:
        return []
    if payload.effective_on == date.min:
        raise invalid("/effective_on", "before_body_began")
    ended = []
    for it in await _ending(uow, payload):
        if it.valid_to is not None and it.id in payload.ended_ids:
            raise Conflict("body_ended")
        if it.valid_from >= payload.effective_on:
            raise invalid("/effective_on", "before_body_began")
        if it.valid_to is None:
            it.valid_to = payload.effective_on - timedelta(days=1)
            it.readable_until = _read_only_until(max(payload.effective_on, uow.today))
            ended.append(it.id)
    return ended


def _read_only_until(start: date) -> date:
    """Counted from the later of the end and its recording, so that nobody is shut out by a late entry."""
    return start + timedelta(days=min(READ_ONLY_DAYS, (date.max - start).days))


async def _ending(uow: UnitOfWork, payload: LineageEventCreate) -> list[Body]:
    """Locked by ascending id. An organ is a part of its parent at the parent's level, and so are its own organs."""
    ended = select(col(Body.id), col(Body.level)).where(among(Body.id, payload.ended_ids)).cte("ended", recursive=True)
    if payload.organs_end:
        organs = select(col(Body.id), col(Body.level)).join(
            ended, and_(col(Body.parent_id) == ended.c.id, col(Body.level) == ended.c.level)
        )
        ended = ended.union(organs.where(col(Body.kind).in_(list(ORGANS)), ~among(Body.id, payload.successor_ids)))
    rows = select(Body).where(col(Body.id).in_(select(ended.c.id))).order_by(col(Body.id)).with_for_update()
    return list((await uow.session.execute(rows)).scalars())
