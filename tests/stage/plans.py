"""A plan in each of its states, with an item each."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.plan import PlanState
from tests import makers_plans
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    draft = stage.put("plan_draft", await makers_plans.a_plan(session, world, year=2026))
    stage.put("item_draft", await makers_plans.an_item(session, world, draft))
    consulting = await makers_plans.a_plan(session, world, year=2025, state=PlanState.CONSULTING)
    stage.put("plan_consulting", consulting)
    stage.put("item_consulting", await makers_plans.an_item(session, world, consulting))
    await makers_plans.asked(session, world, consulting)
    plan, item = await makers_plans.a_plan_in_force(session, world)
    stage.put("plan_issued", plan)
    stage.put("item_issued", item)
