"""The day by which a plan is to be issued."""

from uuid import UUID

from app.models.plan import Plan
from app.services import deadlines, steps
from app.services.unit_of_work import UnitOfWork


async def of(uow: UnitOfWork, plan_id: UUID) -> bytes:
    it = await steps.find(uow, Plan, plan_id)
    return await deadlines.read_clocks(uow, it.id)
