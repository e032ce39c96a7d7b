"""The nightly clock: reminders, escalation by rule, and one digest for the people of each body.

Everything it does is "due on or before" its day and done once, by unique keys: missed, repeated and simultaneous runs
end alike. Batches commit on their own, so a run that was cut off loses nothing and the next one goes on.
"""

import logging
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core.clock import today, utcnow
from app.models.sweep import SweepRun
from app.services import demo_clock
from app.services.edxml import passing
from app.services.sweep import boards, digests, escalating, expiring, reminding, reporting
from app.services.sweep.acting import clock
from app.services.transfers import proposing

log = logging.getLogger("giamsat.sweep")

Sessions = async_sessionmaker[AsyncSession]


@dataclass(frozen=True)
class Swept:
    """What a run did; `failed` records were left as they were and are tried again by the next run."""

    on: date
    reminded: int
    escalated: int
    failed: int
    digests: int


async def run(sessions: Sessions, on: date) -> Swept:
    """Sweep as of a day."""
    run_id = await _begin(sessions, on)
    await _propose_missed(sessions, on)
    await _tell_of_endings(sessions, on)
    reminded = await reminding.remind(sessions, on) + await reporting.remind(sessions, on)
    escalated = await escalating.escalate(sessions, on)
    async with sessions.begin() as session:
        told = await digests.tell(session, run_id, on)
        made = await session.get_one(SweepRun, run_id)
        made.reminded, made.escalated = reminded.done, escalated.done
        made.failed, made.finished_at = reminded.failed + escalated.failed, utcnow()
    swept = Swept(on, reminded.done, escalated.done, reminded.failed + escalated.failed, told)
    log.info("swept", extra={"on": on.isoformat(), "reminded": swept.reminded, "escalated": swept.escalated})
    return swept


async def _propose_missed(sessions: Sessions, on: date) -> None:
    """Before anybody is reminded: what ended bodies still hold is offered to their successors, their desks pass on."""
    async with sessions.begin() as session:
        uow = clock(session, on)
        await proposing.propose_missed(uow)
        await passing.pass_on(uow)
        await uow.complete()


async def _tell_of_endings(sessions: Sessions, on: date) -> None:
    async with sessions.begin() as session:
        uow = clock(session, on)
        await expiring.tell(uow)
        await boards.tell(uow)
        await uow.complete()


async def run_if_due(sessions: Sessions, *, demo: bool = False) -> Swept | None:
    """Today's run, unless it was finished already; in the demo, of the demo's day."""
    async with sessions.begin() as session:
        if demo:
            await demo_clock.follow(session)
        on = today()
        done = select(col(SweepRun.id)).where(col(SweepRun.swept_on) == on, col(SweepRun.finished_at).is_not(None))
        if (await session.execute(done.limit(1))).first() is not None:
            return None
    return await run(sessions, on)


async def _begin(sessions: Sessions, on: date) -> UUID:
    made = SweepRun(swept_on=on)
    async with sessions.begin() as session:
        session.add(made)
    return made.id
