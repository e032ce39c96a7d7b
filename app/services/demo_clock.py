"""The demo's day, kept in the database so that a restart, the API and the worker live on the same day."""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core import clock
from app.core.errors import Forbidden
from app.core.principal import Duty
from app.models.history import DemoClock
from app.services.unit_of_work import UnitOfWork


async def follow(session: AsyncSession) -> None:
    """Move this process to the demo's day."""
    clock.set_today((await session.execute(select(col(DemoClock.today)))).scalar_one_or_none())


async def set_today(uow: UnitOfWork, today: date | None) -> None:
    """Live on this day from here on; None goes back to the real one."""
    if not uow.who.holds(Duty.REGISTRAR):
        raise Forbidden
    uow.note("demo.set_clock", "body", uow.who.body_id, became=today.isoformat() if today else None)
    await uow.session.execute(delete(DemoClock))
    if today is not None:
        uow.add(DemoClock(id=1, today=today))
        await uow.session.flush()
    await follow(uow.session)
