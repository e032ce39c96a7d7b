"""A table that the delegation's secretary has sent: two rows were tried, one of them is wrong."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import today
from app.domain.import_ import ImportFormat, ImportKind, ImportMode, ImportOutcome, ImportState
from app.models.import_ import Import, ImportFault, ImportRow
from tests import makers
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    it = Import(
        account_id=world.account["secretary"],
        body_id=world.body["lead"],
        kind=ImportKind.RECOMMENDATIONS,
        mode=ImportMode.DRY_RUN,
        format=ImportFormat.CSV,
        state=ImportState.FAULTY,
        file_name="Kiến nghị.csv",
        size=100,
        sha256="0" * 64,
        columns=[{"header": "Mã nhập", "field": "key"}, {"header": "Ghi chú", "field": None}],
        header_row=1,
        rows_total=2,
        rows_done=2,
        created=1,
        faulty=1,
        errors_total=1,
        expires_on=today() + timedelta(days=7),
    )
    await makers.keep(session, it)
    for row, outcome in ((2, ImportOutcome.CREATED), (3, ImportOutcome.FAULTY)):
        key = f"KN-{row}"
        await makers.keep(session, ImportRow(import_id=it.id, row=row, cells=[key, None], key=key, outcome=outcome))
    words = {"code": "missing", "vi": "Thiếu trường bắt buộc", "en": "Field required"}
    await makers.keep(session, ImportFault(import_id=it.id, row=3, column="Nội dung", field="action", **words))
    stage.put("import", it)
