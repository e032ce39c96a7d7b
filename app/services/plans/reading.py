"""Plans and their items as they are read: what is in the making, or the edition in force."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, func, literal, literal_column, not_, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.core.principal import Principal
from app.domain.plan import PLAN, PlanState
from app.models.base import search_expression
from app.models.campaign import Campaign
from app.models.plan import (
    ISSUED_SEARCH,
    Plan,
    PlanApproval,
    PlanFilter,
    PlanIssued,
    PlanItem,
    PlanItemFilter,
    PlanItemIssued,
    PlanItemPartner,
    PlanItemRead,
    PlanItemSupervised,
    PlanRead,
)
from app.policies.relations import Condition
from app.policies.visibility import VIEWS, visible
from app.services.reading import (
    EMPTY_LIST,
    Page,
    Projection,
    body_ref,
    body_refs,
    civil_date,
    json_list,
    matching,
    read_page,
)
from app.services.unit_of_work import UnitOfWork


def _plan_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = func.coalesce(col(Plan.issued_on), civil_date(Plan.created_at))
    papers: tuple[Any, ...] = (PlanApproval.id, PlanApproval.edition, PlanApproval.step, PlanApproval.document_id)
    approvals = select(*papers, col(PlanApproval.on_date).label("on"), col(PlanApproval.note))
    return {
        "body": body_ref(col(Plan.body_id), on, who.today),
        "approvals": json_list(
            approvals.where(col(PlanApproval.plan_id) == col(Plan.id)).correlate(Plan),
            order=(col(PlanApproval.on_date), col(PlanApproval.id)),
        ),
        "edition_in_force": func.coalesce(Plan.issued_edition),
        "state_in_force": literal_column(f"'{PlanState.ISSUED}'"),
    }


PLANS = Projection(Plan, {"full": PlanRead, "public": PlanIssued}, _plan_columns, lifecycle=lambda kind: PLAN)


def _item_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = civil_date(PlanItem.created_at)
    issued = cast(col(PlanItem.issued), JSONB)
    period = func.json_build_object("from", col(PlanItem.time_from), "to", col(PlanItem.time_to))
    texts = {f"{name}_in_force": issued[name].astext for name in ("kind", "form", "content", "subject", "object")}
    return {
        "year": _of_plan(Plan.year),
        "body_id": _of_plan(Plan.body_id),
        "body": body_ref(_of_plan(Plan.body_id), on, who.today),
        "time": case((col(PlanItem.time_from).is_not(None), period)),
        "supervised_body_ids": _ids(PlanItemSupervised),
        "supervised_bodies": _refs(PlanItemSupervised, on, who),
        "partner_body_ids": _ids(PlanItemPartner),
        "partner_bodies": _refs(PlanItemPartner, on, who),
        "campaign_ids": _campaigns(who),
        "in_force": col(PlanItem.issued).is_not(None),
        **texts,
        "time_in_force": issued["time"],
        "supervised_in_force": body_refs(issued["supervised_body_ids"], on, who.today),
        "partners_in_force": body_refs(issued["partner_body_ids"], on, who.today),
    }


def _of_plan(column: Any) -> ColumnElement[Any]:
    return select(col(column)).where(col(Plan.id) == col(PlanItem.plan_id)).correlate_except(Plan).scalar_subquery()


def _ids(model: Any) -> ColumnElement[Any]:
    ids = select(func.json_agg(col(model.body_id))).where(col(model.item_id) == col(PlanItem.id))
    return func.coalesce(ids.correlate_except(model).scalar_subquery(), EMPTY_LIST)


def _refs(model: Any, on: Any, who: Principal) -> ColumnElement[Any]:
    refs = select(func.json_agg(body_ref(col(model.body_id), on, who.today))).where(
        col(model.item_id) == col(PlanItem.id)
    )
    return func.coalesce(refs.correlate_except(model).scalar_subquery(), EMPTY_LIST)


def _campaigns(who: Principal) -> ColumnElement[Any]:
    ids = select(func.json_agg(col(Campaign.id))).where(
        col(Campaign.plan_item_id) == col(PlanItem.id), visible(Campaign, who)
    )
    return func.coalesce(ids.correlate_except(Campaign).scalar_subquery(), EMPTY_LIST)


ITEMS = Projection(PlanItem, {"full": PlanItemRead, "public": PlanItemIssued}, _item_columns)

SEARCH = search_expression("content")


async def page(uow: UnitOfWork, asked: PlanFilter) -> bytes:
    where: list[Condition] = []
    if asked.year:
        where.append(col(Plan.year).in_(asked.year))
    if asked.body_id:
        where.append(col(Plan.body_id).in_(asked.body_id))
    return await read_page(uow, PLANS, Page.of(asked), where=where, filters=asked.filters())


async def items_page(uow: UnitOfWork, asked: PlanItemFilter) -> bytes:
    return await read_page(uow, ITEMS, Page.of(asked), where=_item_conditions(uow.who, asked), filters=asked.filters())


def _item_conditions(who: Principal, asked: PlanItemFilter) -> list[Condition]:
    """What is in the making is found by its makers alone; everybody else finds the edition in force."""
    found: list[Condition] = []
    if asked.plan_id:
        found.append(col(PlanItem.plan_id).in_(asked.plan_id))
    for column, values in ((Plan.body_id, asked.body_id), (Plan.year, asked.year)):
        if values:
            found.append(col(PlanItem.plan_id).in_(select(col(Plan.id)).where(col(column).in_(values))))
    made, in_force = _matches(asked)
    if not made:
        return found
    full = VIEWS[PlanItem](who)[0][1]
    return [*found, or_(and_(full, *made), and_(not_(full), *in_force))]


def _matches(asked: PlanItemFilter) -> tuple[list[Condition], list[Condition]]:
    """The same question to the item in the making, and to the item in force."""
    issued = cast(col(PlanItem.issued), JSONB)
    made: list[Condition] = []
    in_force: list[Condition] = []
    if asked.form:
        made.append(col(PlanItem.form).in_(asked.form))
        in_force.append(issued["form"].astext.in_([str(it) for it in asked.form]))
    if asked.supervised_body_id:
        meant = select(col(PlanItemSupervised.item_id)).where(
            col(PlanItemSupervised.body_id).in_(asked.supervised_body_id)
        )
        made.append(col(PlanItem.id).in_(meant))
        named = [issued["supervised_body_ids"].op("?")(literal(str(it))) for it in asked.supervised_body_id]
        in_force.append(or_(*named))
    if asked.q:
        made.append(matching(SEARCH, asked.q))
        in_force.append(matching(ISSUED_SEARCH, asked.q))
    return made, in_force
