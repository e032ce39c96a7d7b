"""Findings and waiting edits as their readers see them."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Uuid, case, cast, func, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.finding import PENDING_EDIT, PendingEditState, offered_to
from app.models.base import ListQuery, search_expression
from app.models.body import Place
from app.models.engagement import Engagement
from app.models.finding import Finding, FindingFilter, FindingRead, PendingEdit, PendingEditRead
from app.services import steps
from app.services.reading import Page, Projection, body_ref, civil_date, matching, person_ref, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = civil_date(Finding.created_at)
    supervised = (
        select(col(Engagement.supervised_body_id))
        .where(col(Engagement.id) == col(Finding.engagement_id))
        .correlate_except(Engagement)
        .scalar_subquery()
    )
    return {
        "supervised_body_id": supervised,
        "supervised_body": body_ref(supervised, on, who.today),
        "author": person_ref(col(Finding.author_account_id)),
        "author_body": body_ref(col(Finding.author_body_id), on, who.today),
        "place": _place(),
        "referral": _referral(who),
        "pending_edits": _waiting(),
    }


def _place() -> ColumnElement[Any]:
    return (
        select(func.json_build_object("code", col(Place.code), "name", col(Place.full_name)))
        .where(col(Place.code) == col(Finding.place_code))
        .correlate_except(Place)
        .scalar_subquery()
    )


def _referral(who: Principal) -> ColumnElement[Any]:
    """Stored as it was sent, shown with the body by the name of that day."""
    stored = col(Finding.referral)
    to_body_id = cast(stored["to_body_id"].astext, Uuid)
    on = cast(stored["on"].astext, Date)
    shown = func.json_build_object(
        "to_body_id",
        to_body_id,
        "to_body",
        body_ref(to_body_id, on, who.today),
        "document_id",
        stored["document_id"].astext,
        "on",
        on,
    )
    return case((stored.is_not(None), shown))


def _waiting() -> ColumnElement[Any]:
    return (
        select(func.count())
        .select_from(PendingEdit)
        .where(
            col(PendingEdit.finding_id) == col(Finding.id),
            col(PendingEdit.state) == PendingEditState.PENDING,
        )
        .correlate_except(PendingEdit)
        .scalar_subquery()
    )


FINDINGS = Projection(model=Finding, reads={"full": FindingRead}, columns=_columns, lifecycle=offered_to, kind="kind")


def _edit_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "author": person_ref(col(PendingEdit.account_id)),
        "author_body_id": col(PendingEdit.body_id).label("author_body_id"),
        "author_body": body_ref(col(PendingEdit.body_id), civil_date(PendingEdit.created_at), who.today),
    }


PENDING_EDITS = Projection(
    model=PendingEdit,
    reads={"full": PendingEditRead},
    columns=_edit_columns,
    lifecycle=lambda kind: PENDING_EDIT,
)


async def page(uow: UnitOfWork, query: FindingFilter) -> bytes:
    return await read_page(uow, FINDINGS, Page.of(query), where=conditions(query), filters=query.filters())


def conditions(query: FindingFilter) -> list[ColumnElement[bool]]:
    equal: dict[Any, list[Any]] = {
        Finding.campaign_id: query.campaign_id,
        Finding.engagement_id: query.engagement_id,
        Finding.kind: query.kind,
        Finding.state: query.state,
        Finding.severity: query.severity,
        Finding.author_account_id: query.author,
        Finding.clause: query.clause,
    }
    where: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in equal.items() if values]
    if query.q is not None:
        where.append(matching(search_expression("content"), query.q))
    return where


async def page_of_edits(uow: UnitOfWork, finding_id: Any, query: ListQuery) -> bytes:
    await steps.find(uow, Finding, finding_id)
    where = [col(PendingEdit.finding_id) == finding_id]
    filters = {"finding_id": finding_id, **query.filters()}
    return await read_page(uow, PENDING_EDITS, Page.of(query), where=where, filters=filters)
