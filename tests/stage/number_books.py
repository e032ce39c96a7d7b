"""A book of the lead's plans with one reserved number."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.models.number_book import DocumentNumber
from tests import makers
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    book = stage.put("number_book", await makers.a_number_book(session, world, last_number=12))
    number = DocumentNumber(number_book_id=book.id, number=12, taken_on=date(2024, 4, 12), reason="Kế hoạch bổ sung")
    await makers.keep(session, stage.put("document_number", number))
