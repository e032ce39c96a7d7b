"""The lead's own template of its plans, and one that begins in a year."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import today
from app.domain.paper import PaperKind
from app.models.template import PaperTemplate
from tests import makers
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    for name, begins in (("template", today()), ("template_coming", today() + timedelta(days=365))):
        it = PaperTemplate(body_id=world.body["lead"], kind=PaperKind.PLAN, valid_from=begins)
        await makers.keep(session, stage.put(name, it))
