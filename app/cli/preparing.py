"""Make a database what this code expects."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import create_engine
from app.core.migrations import upgrade
from app.services import reference

__all__ = ["load_reference", "upgrade"]


async def load_reference(url: str) -> None:
    engine = create_engine(url, pool_size=1)
    async with AsyncSession(engine) as session, session.begin():
        await reference.load(session)
    await engine.dispose()
