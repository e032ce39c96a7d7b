"""A briefing held with two proposals before it, one of them noted, and one that is still to come."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.briefing import BriefingState
from app.domain.proposal import ProposalState
from tests import makers_briefings as makers
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    held = stage.put("briefing", await makers.a_briefing(session, world))
    stage.put("proposal", await makers.a_proposal(session, world, held))
    noted = {"state": ProposalState.NOTED, "noted_on": makers.HELD_ON, "reason": "Trao đổi trong Thường trực"}
    stage.put("proposal_noted", await makers.a_proposal(session, world, held, **noted))
    stage.put("conclusion_of_briefing", await makers.a_conclusion(session, world, held))
    coming = {"state": BriefingState.SCHEDULED, "held_on": None, "scheduled_on": date(2024, 6, 20)}
    stage.put("briefing_scheduled", await makers.a_briefing(session, world, "partner", **coming))
