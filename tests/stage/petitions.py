"""A petition that nobody else has seen, one forwarded redacted, and one forwarded with identity."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.models.petition import IdentityDisclosure
from tests import makers_petitions as makers
from tests.makers import keep
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    stage.put("petition", await makers.a_petition(session, world))
    sent = stage.put("petition_forwarded", await makers.a_petition(session, world))
    stage.put("forward", await makers.a_forward(session, world, sent))
    trusted = stage.put("petition_with_identity", await makers.a_petition(session, world))
    await makers.a_forward(session, world, trusted, with_identity=True, identity_reason="Mời công dân đối thoại")
    asked = IdentityDisclosure(
        petition_id=sent.id,
        account_id=world.account["partner"],
        body_id=world.body["partner"],
        reason="Mời công dân đến làm việc",
    )
    await keep(session, asked)
