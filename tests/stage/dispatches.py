"""A paper that the lead sent to the addressee of its recommendation."""

from sqlalchemy.ext.asyncio import AsyncSession

from tests import makers, makers_dispatches
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    paper = await makers.a_document(session, world, symbol="46-CV/BDVTU", number=46)
    stage.put("dispatch", await makers_dispatches.a_dispatch(session, world, paper, to="addressee"))
    stage.put("axis_account", await makers_dispatches.an_account(session, world, "lead", "000.00.05.A57"))
