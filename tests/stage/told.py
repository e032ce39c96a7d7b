"""A webhook of the lead, and what was sent to it."""

from sqlalchemy.ext.asyncio import AsyncSession

from tests import makers_told
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    webhook = stage.put("webhook", await makers_told.a_webhook(session, world))
    await makers_told.a_delivery(session, webhook)
