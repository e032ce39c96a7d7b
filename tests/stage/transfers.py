"""The addressee's role in the engagement's recommendation, offered to the addressee of the others."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.body import LineageKind
from app.domain.transfer import TransferRole
from app.models.body import LineageEvent
from app.models.transfer import Transfer, TransferCandidate
from tests.makers import keep
from tests.stage.stage import Stage
from tests.stage.supervision import DAY
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    event = LineageEvent(kind=LineageKind.DISSOLVE, effective_on=DAY)
    await keep(session, event)
    it = Transfer(
        event_id=event.id,
        subject_type=TransferRole.ADDRESSEE,
        subject_id=stage.ids["recommendation_of_engagement"],
        from_body_id=world.body["supervised"],
        lead_body_id=world.body["lead"],
        effective_on=DAY,
        two_sided=False,
    )
    await keep(session, it)
    await keep(session, TransferCandidate(transfer_id=it.id, body_id=world.body["addressee"]))
    stage.put("transfer", it)
