"""Can this process do its work? The database answers, its schema is ours, and how far behind the worker is."""

from typing import Any

from sqlalchemy import column, select, table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import migrations
from app.core.errors import Unavailable
from app.services import delivery, workers

_version = table("alembic_version", column("version_num"))


async def ready(session: AsyncSession) -> dict[str, Any]:
    """Unavailable unless the database answers and is at the version of this code; a late worker is only reported."""
    try:
        version = (await session.execute(select(_version.c.version_num))).scalar_one_or_none()
        if version != migrations.head():
            raise Unavailable("schema_behind")
        behind = await delivery.lag(session)
        alive = await workers.alive(session)
    except (OSError, TimeoutError, SQLAlchemyError) as error:
        raise Unavailable("database_away") from error
    worker = {"waiting": behind.waiting, "seconds": round(behind.seconds, 1), "held": behind.held, "alive": alive}
    return {"database": "ok", "migration": version, "worker": worker}
