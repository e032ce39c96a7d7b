"""The clock as a caller: it signs for nobody, has no duty, and sees nothing but what is swept."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.cursors import Cursors
from app.core.principal import NOBODY, Principal
from app.services.unit_of_work import UnitOfWork


def clock(session: AsyncSession, on: date, issuer: UUID | None = None) -> UnitOfWork:
    """`issuer` is the body for which it acts: local rules are that body's own."""
    bodies = (issuer,) if issuer is not None else ()
    return UnitOfWork(session, Principal(NOBODY, NOBODY, frozenset(), bodies, on, NOBODY), Cursors(b""))
