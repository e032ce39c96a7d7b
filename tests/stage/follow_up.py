"""What happens to a recommendation between its moves: on the issued one, and on the engagement's."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.models.progress_schedule import ProgressDue
from app.models.recommendation import Recommendation
from tests import makers, makers_follow_up
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    parent = await session.get_one(Recommendation, stage.ids["recommendation"])
    parent.series_id = stage.ids["series"] = new_id()
    stage.put("extension", await makers_follow_up.an_extension(session, world, parent))
    stage.put("incoming_reply", await makers_follow_up.an_incoming_reply(session, world, parent))
    stage.put("effectiveness_check", await makers_follow_up.a_check(session, world, parent))
    await makers.keep(session, ProgressDue(recommendation_id=parent.id, due_on=date(2024, 7, 31)))
    paused = await session.get_one(Recommendation, stage.ids["recommendation_of_engagement"])
    stage.put("pause", await makers_follow_up.a_pause(session, world, paused))
