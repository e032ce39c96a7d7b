"""An export that the delegation's secretary asked for."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import today
from app.models.export import Export, ExportFormat, ExportKind
from tests import makers
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    it = Export(
        account_id=world.account["secretary"],
        body_id=world.body["lead"],
        kind=ExportKind.FINDINGS,
        format=ExportFormat.CSV,
        language="vi",
        file_name="Nhận xét giám sát.csv",
        expires_on=today() + timedelta(days=7),
    )
    await makers.keep(session, it)
    stage.put("export", it)
