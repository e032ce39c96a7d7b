"""Messages at the lead's desk: waiting, secret, taken in; an organ id, a machine client of the lead."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.edxml import MessageState
from app.models.account import Account
from app.models.machine_client import MachineClient
from tests.makers import keep
from tests.makers_edxml import PUBLIC_KEY, a_message, an_alias
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    stage.put("organ_alias", await an_alias(session, world, "000.00.05.A57", "lead"))
    stage.put("edxml_message", await a_message(session, world))
    secret = {"code": "E-SECRET", "restricted": True, "exchange_id": "000.00.31.A57,2024/04/25,211-BC/HU"}
    stage.put("edxml_message_secret", await a_message(session, world, **secret))
    passed = {"desk_body_id": world.body["lead"], "exchange_id": "000.00.31.A57,2024/04/25,213-BC/HU"}
    stage.put("edxml_message_passed", await a_message(session, world, to="stranger", **passed))
    taken = {"state": MessageState.ACCEPTED, "code": "OK", "exchange_id": "000.00.31.A57,2024/04/25,212-BC/HU"}
    named = {"symbol": "212-BC/HU", "promulgated": date(2024, 4, 25), "business_type": 0}
    stage.put("edxml_message_received", await a_message(session, world, **named, **taken))
    account = Account(login="client:gateway", name="Trục liên thông")
    await keep(session, account)
    client = MachineClient(
        body_id=world.body["lead"],
        account_id=account.id,
        name=account.name,
        keys=[PUBLIC_KEY],
        scopes=["edxml:push"],
        organ_ids=["000.00.31.A57"],
    )
    await keep(session, client)
    stage.put("machine_client", client)
