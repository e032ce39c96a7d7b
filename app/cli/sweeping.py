"""The nightly clock, once and by hand."""

from datetime import date

from sqlalchemy.ext.asyncio import async_sessionmaker

from app.core.clock import today
from app.core.db import create_engine
from app.services import sweep as clock


async def sweep(url: str, on: date | None) -> clock.Swept:
    engine = create_engine(url, pool_size=2, application="giamsat-sweep")
    try:
        return await clock.run(async_sessionmaker(engine, expire_on_commit=False), on or today())
    finally:
        await engine.dispose()
