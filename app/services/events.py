"""The stream of changes: what `GET /v1/changes` tells, as soon as it may be told, while the token lasts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.bell import Bell
from app.core.cursors import Cursors
from app.core.errors import TooMany, Unauthenticated
from app.core.principal import Principal
from app.core.tokens import Claims, digest, new_secret
from app.models.event import EventTicket, EventTicketRead
from app.services.changes import reading
from app.services.changes.places import Place
from app.services.principals import Principals
from app.services.unit_of_work import UnitOfWork

TICKET_LIFETIME = timedelta(minutes=1)
HEARTBEAT_SECONDS = 15.0
SOON_SECONDS = 0.25
"""Until it is tried again to tell what an older transaction still holds back."""

PAGE = 100
STREAMS = 1000
"""Open at once in one process."""


async def give_ticket(uow: UnitOfWork, claims: Claims) -> EventTicketRead:
    secret = new_secret()
    ticket = EventTicket(
        token_digest=digest(secret),
        account_id=claims.account_id,
        body_id=claims.body_id,
        family_id=claims.family_id,
        ends_at=claims.expires_at,
        expires_at=uow.now + TICKET_LIFETIME,
    )
    uow.add(ticket)
    return EventTicketRead(ticket=secret, expires_at=ticket.expires_at, ends_at=ticket.ends_at)


async def take_ticket(uow: UnitOfWork, secret: str) -> Claims:
    """For whom it was given; it is gone then. Two who come at once with the same: one is turned away."""
    it = EventTicket
    taken = delete(it).where(col(it.token_digest) == digest(secret), col(it.expires_at) > uow.now)
    columns = (col(it.account_id), col(it.body_id), col(it.family_id), col(it.ends_at))
    row = (await uow.session.execute(taken.returning(*columns))).one_or_none()
    if row is None:
        raise Unauthenticated("invalid_token")
    return Claims(*row)


@dataclass(frozen=True)
class Event:
    """One message of a stream; with neither name nor data it only says that the stream is alive."""

    name: str | None = None
    data: dict[str, Any] | None = None
    id: str | None = None


@dataclass
class Streams:
    """What streams of one process share: the bell that wakes them, and how many may read at once."""

    bell: Bell
    readings: async_sessionmaker[AsyncSession]
    principals: Principals
    cursors: Cursors
    heartbeat: float = HEARTBEAT_SECONDS
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))

    async def open(self, claims: Claims, since: str | None) -> AsyncIterator[Event]:
        """Refuses before anything is sent: no valid sign-in, a cursor that is none, too many streams."""
        if len(self.bell) >= STREAMS or self.bell.closed:
            raise TooMany(retry_after=5)
        async with self.readings() as session:
            uow = UnitOfWork(session, await self._who(session, claims), self.cursors)
            place = Place.read(uow, since) if since else await reading.latest(uow)
            first = place.seal(uow)
        return self._events(claims, place, first)

    async def _events(self, claims: Claims, place: Place, first: str) -> AsyncIterator[Event]:
        """Nothing is read ahead: the next page is asked for when the client has taken the last."""
        yield Event(id=first)
        with self.bell.heard() as rung:
            while True:
                rung.clear()
                if (end := self._end(claims)) is not None:
                    yield end
                    return
                try:
                    told, events, again = await self._look(claims, place)
                except Unauthenticated:
                    yield Event("end", {"because": "revoked"})
                    return
                for event in events:
                    yield event
                place = told.reached
                if not told.more:
                    await self._wait(rung, claims, soon=again)

    def _end(self, claims: Claims) -> Event | None:
        if self.bell.closed:
            return Event("end", {"because": "restart"})
        return Event("end", {"because": "expired"}) if claims.expires_at <= datetime.now(UTC) else None

    async def _look(self, claims: Claims, place: Place) -> tuple[reading.Told, list[Event], bool]:
        """The next page as this caller may see it now, and whether more is only held back."""
        async with self.turns, self.readings() as session:
            uow = UnitOfWork(session, await self._who(session, claims), self.cursors)
            told = await reading.follow(uow, place, PAGE)
            events = [Event("reset", {}, place.start(uow).seal(uow))] if told.reset else []
            events += [Event("change", it.model_dump(mode="json"), at.seal(uow)) for it, at in told.items]
            return told, [*events, Event(id=told.reached.seal(uow))], await reading.pending(uow, told)

    async def _who(self, session: AsyncSession, claims: Claims) -> Principal:
        return self.principals.kept(claims) or await self.principals.load(session, claims)

    async def _wait(self, rung: asyncio.Event, claims: Claims, *, soon: bool) -> None:
        left = (claims.expires_at - datetime.now(UTC)).total_seconds()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(rung.wait(), max(0.0, min(SOON_SECONDS if soon else self.heartbeat, left)))
