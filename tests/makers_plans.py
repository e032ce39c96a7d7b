"""Plans of the provincial Front committee for the year after the Delegation 133 story began."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.campaign import CampaignForm, CampaignKind, Ground, Regime
from app.domain.plan import PlanState
from app.models.plan import Plan, PlanConcurrence, PlanItem, PlanItemSupervised
from tests.makers import keep
from tests.world import World

ASKED_ON = date(2023, 11, 20)


async def a_plan(session: AsyncSession, world: World, *, body: str = "partner", **fields: Any) -> Plan:
    """A draft for 2024 unless told otherwise."""
    values = {"year": 2024, "body_id": world.body[body], "title": "Kế hoạch giám sát, phản biện xã hội năm 2024"}
    plan = Plan(**{**values, **fields})
    await keep(session, plan)
    return plan


async def an_item(
    session: AsyncSession, world: World, plan: Plan, *, supervised: str | None = "counterpart", **fields: Any
) -> PlanItem:
    values: dict[str, Any] = {
        "plan_id": plan.id,
        "kind": CampaignKind.SUPERVISION,
        "regime": Regime.FRONT,
        "form": CampaignForm.DELEGATION,
        "ground": Ground.SUPERVISION_PROGRAMME,
        "content": "Giám sát việc cấp giấy chứng nhận quyền sử dụng đất",
        "time_from": date(2024, 4, 1),
        "time_to": date(2024, 6, 30),
        "object": "Ủy ban nhân dân tỉnh",
    }
    item = PlanItem(**{**values, **fields})
    await keep(session, item)
    if supervised is not None:
        await keep(session, PlanItemSupervised(item_id=item.id, body_id=world.body[supervised]))
    return item


async def asked(session: AsyncSession, world: World, plan: Plan, body: str = "counterpart") -> PlanConcurrence:
    row = PlanConcurrence(
        plan_id=plan.id, edition=plan.edition, body_id=world.body[body], asked_on=ASKED_ON, due_on=date(2023, 12, 10)
    )
    await keep(session, row)
    return row


async def a_plan_in_force(session: AsyncSession, world: World, **fields: Any) -> tuple[Plan, PlanItem]:
    """Issued for 2024 with one item."""
    issued = {"state": PlanState.ISSUED, "issued_edition": 1, "issued_on": date(2023, 12, 20)}
    plan = await a_plan(session, world, **{**issued, **fields})
    item = await an_item(session, world, plan)
    item.issued = {
        "kind": item.kind,
        "form": item.form,
        "content": item.content,
        "time": {"from": "2024-04-01", "to": "2024-06-30"},
        "subject": None,
        "object": item.object,
        "supervised_body_ids": [str(world.body["counterpart"])],
        "partner_body_ids": [],
    }
    await keep(session, item)
    return plan, item
