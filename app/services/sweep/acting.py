"""The clock as a caller: it signs for nobody, has no duty, and sees nothing but what is swept."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.cursors import Cursors
from app.core.principal import nobody
from app.services.unit_of_work import UnitOfWork


def clock(session: AsyncSession, on: date) -> UnitOfWork:
    """Of no body: whose local rules it applies is said where it acts for one."""
    return UnitOfWork(session, nobody(on), Cursors(b""))
