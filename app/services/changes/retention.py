"""What of the log is thrown away: everything older than any cursor, but for the last line of each record.

So the log never outgrows the records by much, and reading it from the beginning tells of all of them.
"""

from typing import Any

from sqlalchemy import delete, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models.change import Change
from app.services.changes.kinds import TOLD
from app.services.changes.places import KEPT

LINES: Any = Change.__table__  # type: ignore[attr-defined]


async def forget_old(session: AsyncSession) -> None:
    """By the database's clock, which the demo does not move."""
    later = LINES.alias("later")
    succeeded = exists(
        select(literal(1)).where(
            later.c.subject_id == LINES.c.subject_id, later.c.seq > LINES.c.seq, later.c.kind.in_(["update", "delete"])
        )
    )
    lasting = LINES.c.subject_type.in_(list(TOLD)) & LINES.c.kind.in_(["insert", "update"])
    old = LINES.c.at < func.clock_timestamp() - KEPT
    await session.execute(delete(LINES).where(old, or_(~lasting, succeeded)))
