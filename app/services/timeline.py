"""The story of a campaign in the order in which it happened: every line of history that this caller may read."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlmodel import col

from app.models.base import ListQuery
from app.models.campaign import Campaign
from app.models.delegation import Delegation
from app.models.engagement import Engagement
from app.models.finding import Finding
from app.models.history import Transition
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.policies.histories import lines_in
from app.services import steps
from app.services.reading import body_ref
from app.services.unit_of_work import UnitOfWork

TOLD: tuple[Any, ...] = (Campaign, Delegation, Engagement, Finding, Report, Recommendation)


async def of(uow: UnitOfWork, campaign_id: UUID, query: ListQuery) -> bytes:
    """A page of the lines that are told."""
    await steps.find(uow, Campaign, campaign_id)
    scope = f"timeline|{campaign_id}"
    page = told(uow, campaign_id)
    if query.cursor is not None:
        on, identifier = uow.cursors.open(query.cursor, scope)
        page = page.where(_after(date.fromisoformat(on), UUID(identifier)))
    rows = (await uow.session.execute(page.limit(query.limit + 1))).all()
    following = uow.cursors.seal(list(rows[query.limit - 1][:2]), scope) if len(rows) > query.limit else None
    items = ",".join(row[2] for row in rows[: query.limit])
    return f'{{"items":[{items}],"next_cursor":{orjson.dumps(following).decode()}}}'.encode()


def told(uow: UnitOfWork, campaign_id: UUID) -> Select[date, UUID, str]:
    """Steps, oldest first, by the civil date of the event and then by its recording; each as date, id and JSON.

    The entering of a record is left out: it may be years later than the steps that are told of it.
    """
    lines = select(col(Transition.on_date), col(Transition.id), cast(_line(uow), Text))
    seen = or_(*(lines_in(model, uow.who, campaign_id) for model in TOLD))
    return lines.where(col(Transition.action) != "create", seen).order_by(col(Transition.on_date), col(Transition.id))


def _after(on: date, identifier: UUID) -> ColumnElement[bool]:
    same_day = and_(col(Transition.on_date) == on, col(Transition.id) > identifier)
    return or_(col(Transition.on_date) > on, same_day)


def _line(uow: UnitOfWork) -> ColumnElement[Any]:
    body = func.coalesce(col(Transition.for_body_id), col(Transition.body_id))
    return func.json_build_object(
        "on",
        col(Transition.on_date),
        "at",
        col(Transition.created_at),
        "recorded_late",
        col(Transition.recorded_late),
        "type",
        col(Transition.subject_type),
        "id",
        col(Transition.subject_id),
        "action",
        col(Transition.action),
        "from",
        col(Transition.from_state),
        "to",
        col(Transition.to_state),
        "body",
        body_ref(body, col(Transition.on_date), uow.today),
    )
