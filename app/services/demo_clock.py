"""The demo's day, kept in the database so that a restart, the API and the worker live on the same day."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
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


async def set_today(uow: UnitOfWork, today: date) -> None:
    if not uow.who.holds(Duty.REGISTRAR):
        raise Forbidden
    uow.note("demo.set_clock", "body", uow.who.body_id, became=today.isoformat())
    row = insert(DemoClock).values(id=1, today=today)
    await uow.session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"today": today}))
    await follow(uow.session)
