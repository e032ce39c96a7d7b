"""Agreements as they are read: projection, filters, pages, and those that end before anybody drafts the next."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, literal, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.agreement import AGREEMENT, NOTICE, RUNNING
from app.models.agreement import (
    Agreement,
    AgreementFilter,
    AgreementParty,
    AgreementRead,
    AgreementReview,
    Commitment,
    CommitmentRead,
    ReviewRead,
)
from app.models.base import search_expression
from app.policies.relations import Condition, among
from app.policies.visibility import visible
from app.policies.visibility.agreements import bound
from app.services import steps
from app.services.reading import Page, Projection, body_ref, civil_date, json_list, matching, read_page
from app.services.unit_of_work import UnitOfWork

A = Agreement
OLDER = Agreement.__table__.alias("older")  # type: ignore[attr-defined]


def expiring(who: Principal) -> Condition:
    """Its term ends within the notice, or has ended, while nobody has begun a successor."""
    last_day = literal(who.today, Date) + NOTICE.days
    return and_(col(A.state).in_(RUNNING), col(A.successor_id).is_(None), col(A.term_to) <= last_day)


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = func.coalesce(col(A.signed_on), col(A.term_from), civil_date(A.created_at))
    seen = select(col(A.id)).where(visible(A, who)).correlate(None)
    before = select(OLDER.c.id).where(OLDER.c.successor_id == col(A.id), OLDER.c.id.in_(seen)).limit(1)
    return {
        "lead_body": body_ref(col(A.lead_body_id), on, who.today),
        "focal_body": body_ref(col(A.focal_body_id), on, who.today),
        "parties": _parties(who, on),
        "term": case((col(A.term_from).is_not(None), _period(A.term_from, A.term_to))),
        "commitments": _commitments(who, on),
        "reviews": _reviews(),
        "predecessor_id": before.correlate(A).scalar_subquery(),
        "expiring": func.coalesce(expiring(who), literal(False)),
    }


def _period(start: Any, end: Any) -> ColumnElement[Any]:
    return func.json_build_object("from", col(start), "to", col(end))


def _parties(who: Principal, on: Any) -> ColumnElement[Any]:
    signer = func.json_build_object("name", col(AgreementParty.signer_name), "title", col(AgreementParty.signer_title))
    rows: Select[Any] = select(
        col(AgreementParty.body_id),
        body_ref(col(AgreementParty.body_id), on, who.today).label("body"),
        case((col(AgreementParty.signer_name).is_not(None), signer)).label("signer"),
    ).where(col(AgreementParty.agreement_id) == col(A.id))
    return json_list(rows.correlate(A), order=[col(AgreementParty.id)])


def _commitments(who: Principal, on: Any) -> ColumnElement[Any]:
    names = ("id", "body_id", "text", "due_on", "recommendation_id")
    rows: Select[Any] = select(
        *(col(getattr(Commitment, name)) for name in names),
        body_ref(col(Commitment.body_id), on, who.today).label("body"),
    ).where(col(Commitment.agreement_id) == col(A.id))
    return json_list(rows.correlate(A), order=[col(Commitment.id)])


def _reviews() -> ColumnElement[Any]:
    names = ("id", "indicators", "summary", "document_id", "reviewed_on")
    rows: Select[Any] = select(
        *(col(getattr(AgreementReview, name)) for name in names),
        _period(AgreementReview.period_from, AgreementReview.period_to).label("period"),
    ).where(col(AgreementReview.agreement_id) == col(A.id))
    return json_list(rows.correlate(A), order=[col(AgreementReview.id)])


AGREEMENTS = Projection(
    model=Agreement, reads={"full": AgreementRead}, columns=_columns, lifecycle=lambda kind: AGREEMENT
)

SEARCHED = search_expression("title")


async def page(uow: UnitOfWork, asked: AgreementFilter) -> bytes:
    return await read_page(uow, AGREEMENTS, Page.of(asked), where=_conditions(uow, asked), filters=asked.filters())


def _conditions(uow: UnitOfWork, asked: AgreementFilter) -> list[Condition]:
    found: list[Condition] = []
    if asked.state:
        found.append(col(A.state).in_(asked.state))
    if asked.party_body_id:
        found.append(bound(A.id, asked.party_body_id))
    if asked.focal_body_id:
        found.append(among(A.focal_body_id, asked.focal_body_id))
    if asked.expiring is not None:
        due = func.coalesce(expiring(uow.who), literal(False))
        found.append(due if asked.expiring else ~due)
    if asked.q is not None:
        found.append(matching(SEARCHED, asked.q))
    return found


def _commitment_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"body": body_ref(col(Commitment.body_id), civil_date(Commitment.created_at), who.today)}


def _review_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"period": _period(AgreementReview.period_from, AgreementReview.period_to)}


COMMITMENTS = Projection(model=Commitment, reads={"full": CommitmentRead}, columns=_commitment_columns)
REVIEWS = Projection(model=AgreementReview, reads={"full": ReviewRead}, columns=_review_columns)


async def parts_page(uow: UnitOfWork, projection: Projection, agreement_id: UUID, page: Page) -> bytes:
    """Commitments or reviews of one agreement."""
    await steps.find(uow, Agreement, agreement_id)
    model: Any = projection.model
    where = [col(model.agreement_id) == agreement_id]
    return await read_page(uow, projection, page, where=where, filters={"agreement_id": agreement_id})
