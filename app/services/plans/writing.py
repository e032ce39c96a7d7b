"""Plans and their items as the planning body drafts them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, Invalid, fault, invalid
from app.domain.body import PARTY_KINDS, BodyKind
from app.domain.campaign import CRITICISM_FORMS, CampaignKind, Regime, suits
from app.domain.plan import ApprovalStep, PlanState
from app.models.body import Body
from app.models.campaign import Campaign
from app.models.deadline import Deadline
from app.models.document import Document
from app.models.plan import (
    ApprovalCreate,
    Plan,
    PlanApproval,
    PlanCreate,
    PlanItem,
    PlanItemCreate,
    PlanItemPartner,
    PlanItemSupervised,
    PlanItemUpdate,
    PlanUpdate,
)
from app.policies.visibility import unscoped
from app.services import carriage, deadlines, steps
from app.services.naming import each, require_bodies
from app.services.unit_of_work import UnitOfWork

SYSTEM = "rule across the parts of one plan"
ISSUE_IN_TIME, PROPOSE_TO_COUNCIL = "D01", "D16"
PROGRAMME_YEAR = "programme_year"


async def create(uow: UnitOfWork, payload: PlanCreate) -> UUID:
    """One plan for each body and year; later versions are editions of it."""
    body_id = payload.body_id or uow.who.body_id
    if body_id not in uow.who.acts:
        raise Forbidden("not_lead")
    if (made := await uow.claim()) is not None:
        return made
    await uow.serialise("plan", body_id, payload.year)
    ours = exists().where(col(Plan.body_id) == body_id, col(Plan.year) == payload.year)
    if (await uow.session.execute(select(ours).execution_options(scope=SYSTEM))).scalar_one():
        raise Conflict("plan_exists", params={"year": payload.year})
    title = payload.title or f"Kế hoạch giám sát, phản biện xã hội năm {payload.year}"
    it = Plan(year=payload.year, body_id=body_id, title=title)
    uow.add(it)
    await uow.session.flush()
    await _start_clock(uow, it)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    uow.record("plan.create", it, became=it.state, lead_body_id=body_id)
    return it.id


async def _start_clock(uow: UnitOfWork, it: Plan) -> None:
    """In Quarter IV of the year before (NQLT 403 Đ3(3)); Party bodies plan by their own rules."""
    await deadlines.start_clock(
        uow,
        it,
        trigger=PROGRAMME_YEAR,
        regime=await _regime_of(uow, it.body_id),
        on=date(it.year, 1, 1),
        rule_code=ISSUE_IN_TIME,
        body_id=it.body_id,
    )
    for clock in await _await_proposal(uow, it):
        if clock.due_on < uow.today:
            uow.session.expunge(clock)


async def _await_proposal(uow: UnitOfWork, it: Plan) -> list[Deadline]:
    """To propose topics to the council is the Front's to do, not its duty: a chance that has passed is no breach."""
    kind = select(col(Body.kind)).where(col(Body.id) == it.body_id)
    if (await uow.session.execute(kind)).scalar_one() != BodyKind.FRONT_COMMITTEE:
        return []
    return await deadlines.start_clock(
        uow,
        it,
        trigger=PROGRAMME_YEAR,
        regime=Regime.STATE,
        on=date(it.year, 1, 1),
        rule_code=PROPOSE_TO_COUNCIL,
        body_id=it.body_id,
    )


async def _regime_of(uow: UnitOfWork, body_id: UUID) -> Regime:
    kind = select(col(Body.kind)).where(col(Body.id) == body_id)
    return Regime.PARTY if (await uow.session.execute(kind)).scalar_one() in PARTY_KINDS else Regime.FRONT


async def ours(uow: UnitOfWork, plan_id: UUID) -> Plan:
    """The plan, locked, for an officer or leader of its body."""
    it = await steps.find(uow, Plan, plan_id, lock=True)
    if it.body_id not in uow.who.acts:
        raise Forbidden
    return it


def require_draft(it: Plan) -> None:
    """What counterparts are asked about, or what is in force, changes only through `return` or `revise`."""
    if it.state != PlanState.DRAFT:
        raise Conflict("not_editable", params={"state": it.state})


async def changed(uow: UnitOfWork, it: Plan, action: str, **details: Any) -> None:
    steps.touch(it)
    await uow.session.flush()
    uow.record(action, it, lead_body_id=it.body_id, **details)


async def update(uow: UnitOfWork, plan_id: UUID, payload: PlanUpdate, expected: int | None) -> None:
    it = await ours(uow, plan_id)
    steps.check_version(it, expected)
    require_draft(it)
    it.title = payload.title
    await changed(uow, it, "plan.update", fields=["title"])


async def record_approval(uow: UnitOfWork, plan_id: UUID, payload: ApprovalCreate) -> UUID:
    """A paper on the way to this edition, each kind once; the law asks for none of them."""
    it = await ours(uow, plan_id)
    if (made := await uow.claim()) is not None:
        return made
    await carriage.check_visible(uow, Document, [payload.document_id])
    on = payload.on or uow.today
    steps.not_in_the_future(uow, on)
    known = exists().where(
        col(PlanApproval.plan_id) == it.id,
        col(PlanApproval.edition) == it.edition,
        col(PlanApproval.step) == payload.step,
    )
    if (await uow.session.execute(select(known).execution_options(scope=SYSTEM))).scalar_one():
        raise Conflict("approval_recorded")
    await carriage.carry(uow, it, documents=[payload.document_id])
    fields = payload.model_dump(exclude={"on"})
    uow.add(PlanApproval(plan_id=it.id, edition=it.edition, on_date=on, **fields))
    if payload.step == ApprovalStep.COUNCIL_PROPOSAL:
        await _await_proposal(uow, it)
        await uow.session.flush()
        await deadlines.met(uow, it.id, PROPOSE_TO_COUNCIL, on=on)
    await changed(uow, it, "plan.approval", step=payload.step)
    return it.id


async def add_item(uow: UnitOfWork, payload: PlanItemCreate) -> UUID:
    plan = await ours(uow, payload.plan_id)
    if (made := await uow.claim()) is not None:
        return made
    require_draft(plan)
    regime = payload.regime or await _regime_of(uow, plan.body_id)
    await _check_bodies(uow, regime, payload)
    kind = kind_of(payload.form)
    it = PlanItem(plan_id=plan.id, kind=kind, regime=regime, form=payload.form, content=payload.content)
    _write(plan, it, payload, payload.model_fields_set)
    uow.add(it)
    await uow.session.flush()
    await _name_bodies(uow, it, payload, {"supervised_body_ids", "partner_body_ids"})
    uow.record("plan_item.create", it, lead_body_id=plan.body_id)
    await changed(uow, plan, "plan.update", item_id=str(it.id))
    return it.id


def kind_of(form: str) -> CampaignKind:
    return CampaignKind.SOCIAL_CRITICISM if form in CRITICISM_FORMS else CampaignKind.SUPERVISION


async def update_item(uow: UnitOfWork, item_id: UUID, payload: PlanItemUpdate, expected: int | None) -> None:
    plan, it = await _our_item(uow, item_id)
    steps.check_version(it, expected)
    require_draft(plan)
    await _check_bodies(uow, it.regime, payload)
    names = payload.model_fields_set
    for name in sorted(names & {"content", "form"}):
        if getattr(payload, name) is None:
            raise invalid(f"/{name}", "missing")
        setattr(it, name, getattr(payload, name))
    it.kind = kind_of(it.form)
    _write(plan, it, payload, names)
    steps.touch(it)
    await _name_bodies(uow, it, payload, names)
    uow.record("plan_item.update", it, lead_body_id=plan.body_id, fields=sorted(names))
    await changed(uow, plan, "plan.update", item_id=str(it.id))


async def _our_item(uow: UnitOfWork, item_id: UUID) -> tuple[Plan, PlanItem]:
    """Parents before children."""
    seen = await steps.find(uow, PlanItem, item_id)
    plan = await ours(uow, seen.plan_id)
    return plan, await steps.find(uow, PlanItem, item_id, lock=True)


def _write(plan: Plan, it: PlanItem, payload: Any, names: set[str]) -> None:
    for name in names & {"subject", "object", "ground"}:
        setattr(it, name, getattr(payload, name))
    if "time" in names:
        it.time_from, it.time_to = (payload.time.from_, payload.time.to) if payload.time else (None, None)
    if it.time_from and it.time_to and not it.time_from.year <= plan.year <= it.time_to.year:
        raise invalid("/time", "outside_year", year=plan.year)
    suits(it.kind, it.regime, it.form, it.ground, refuse=_refuse)


def _refuse(field: str) -> None:
    raise invalid(f"/{field}", "contradiction")


async def _check_bodies(uow: UnitOfWork, regime: str, payload: Any) -> None:
    """Party organisations are not among those whom the Front supervises (Luật MTTQ Đ26(1))."""
    for field in ("supervised_body_ids", "partner_body_ids"):
        await require_bodies(uow, each(f"/{field}", getattr(payload, field)))
    if regime != Regime.FRONT:
        return
    party = select(col(Body.id)).where(
        col(Body.id).in_(payload.supervised_body_ids), col(Body.kind).in_(list(PARTY_KINDS))
    )
    found = set((await uow.session.execute(party)).scalars())
    if places := [i for i, body_id in enumerate(payload.supervised_body_ids) if body_id in found]:
        raise Invalid(*(fault(f"/supervised_body_ids/{i}", "regime_mismatch") for i in places), code="regime_mismatch")


async def _name_bodies(uow: UnitOfWork, it: PlanItem, payload: Any, names: set[str]) -> None:
    for field, model in (("supervised_body_ids", PlanItemSupervised), ("partner_body_ids", PlanItemPartner)):
        if field not in names:
            continue
        await uow.session.execute(delete(model).where(col(model.item_id) == it.id))
        uow.add(*(model(item_id=it.id, body_id=body_id) for body_id in dict.fromkeys(getattr(payload, field))))
    await uow.session.flush()


async def drop_item(uow: UnitOfWork, item_id: UUID, expected: int | None) -> None:
    """An item in force stays so until the next edition is issued; one that never was goes at once."""
    plan, it = await _our_item(uow, item_id)
    steps.check_version(it, expected)
    require_draft(plan)
    await _refuse_carried_out(uow, it)
    if it.issued is not None:
        it.dropped_on = uow.today
        await uow.session.flush()
    else:
        for model in (PlanItemSupervised, PlanItemPartner):
            await uow.session.execute(delete(model).where(col(model.item_id) == it.id))
        await uow.session.delete(it)
    uow.record("plan_item.delete", it, lead_body_id=plan.body_id)
    await changed(uow, plan, "plan.update", item_id=str(it.id))


async def _refuse_carried_out(uow: UnitOfWork, it: PlanItem) -> None:
    named = unscoped(Campaign, reason=SYSTEM).where(col(Campaign.plan_item_id) == it.id)
    rows = await uow.session.execute(named.with_only_columns(col(Campaign.state)))
    if any(state != "cancelled" for state in rows.scalars()):
        raise Conflict("item_carried_out")
