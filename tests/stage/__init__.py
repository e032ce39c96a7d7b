"""The story in the middle of its life: one record of each kind in each state that matters to who sees what.

Each module here sets the records of its room, in the order of their names after `supervision`, which comes first.
"""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy.ext.asyncio import AsyncSession

from tests.stage import supervision
from tests.stage.stage import Stage
from tests.world import World

__all__ = ["Stage", "set_stage"]

ROOMS = [it.name for it in iter_modules(__path__) if it.name not in ("stage", "supervision")]


async def set_stage(session: AsyncSession, world: World) -> Stage:
    stage = Stage()
    await supervision.set_stage(session, world, stage)
    for room in ROOMS:
        await import_module(f"{__name__}.{room}").set_stage(session, world, stage)
    return stage
