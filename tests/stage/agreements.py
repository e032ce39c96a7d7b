"""An agreement in force with a commitment and a review, and a draft."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.agreement import AgreementState
from tests import makers_agreements as makers
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    agreement = stage.put("agreement", await makers.an_agreement(session, world))
    stage.put("commitment", await makers.a_commitment(session, world, agreement))
    await makers.a_review(session, world, agreement)
    draft = {"state": AgreementState.DRAFTING, "signed_on": None, "focal_body_id": None}
    stage.put("agreement_draft", await makers.an_agreement(session, world, "partner", "counterpart", **draft))
