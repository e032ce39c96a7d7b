"""Reports as they are read: whole for those who work on them, without what was held back for everybody else."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, case, func, literal_column, select, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.core.principal import Principal
from app.domain.report import lifecycle_of
from app.models.base import search_expression
from app.models.document import Document
from app.models.report import (
    CommentFilter,
    CommentRead,
    PublicEntry,
    PublicFilter,
    PublicReport,
    Report,
    ReportComment,
    ReportEntry,
    ReportFilter,
    ReportRead,
    ReportSignature,
    SignatureEntry,
    SignatureRead,
)
from app.policies.visibility import VIEWS
from app.policies.visibility.supervision import published_reports
from app.services.reading import EMPTY_LIST, Page, Projection, body_ref, civil_date, matching, read_page
from app.services.unit_of_work import UnitOfWork


def _named_on() -> ColumnElement[Any]:
    """Bodies bear the name of the day on which the report went out."""
    return func.coalesce(
        col(Report.issued_on), col(Report.adopted_on), col(Report.circulated_on), civil_date(Report.created_at)
    )


def _entry(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "version": type_coerce(col(Report.number), Integer),
        "author_body": body_ref(col(Report.author_body_id), _named_on(), who.today),
    }


def _whole(who: Principal) -> dict[str, ColumnElement[Any]]:
    """A stranger's view of a published report has no redacted section; its fields are otherwise fewer."""
    full = dict(VIEWS[Report](who))["full"]
    return {
        **_entry(who),
        "document": _paper(),
        "sections": case((full, col(Report.sections)), else_=_public_sections()),
        "signatures": _signatures(who),
    }


def _published(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {**_entry(who), "document": _paper(), "sections": _public_sections()}


def _paper() -> ColumnElement[Any]:
    shown = func.json_build_object("symbol", col(Document.symbol), "issued_on", col(Document.issued_on))
    return select(shown).where(col(Document.id) == col(Report.document_id)).correlate(Report).scalar_subquery()


def _public_sections() -> ColumnElement[Any]:
    parts = func.jsonb_array_elements(col(Report.sections))
    section = parts.table_valued("value", with_ordinality="place").render_derived()
    value = section.c.value
    names = ("key", "title", "content", "clause")
    shown = func.jsonb_build_object(*(part for name in names for part in (name, value.op("->")(name))))
    listed = select(func.jsonb_agg(aggregate_order_by(shown, section.c.place))).select_from(section)
    kept = listed.where(func.coalesce(value.op("->>")("redacted"), "false") != "true").correlate(Report)
    return func.coalesce(kept.scalar_subquery(), literal_column("'[]'::jsonb"))


def _signatures(who: Principal) -> ColumnElement[Any]:
    it = ReportSignature
    body = body_ref(col(it.body_id), col(it.signed_on), who.today)
    columns = {name: getattr(it, name) for name in SignatureEntry.model_fields if name != "body"} | {"body": body}
    signed = func.json_build_object(*(part for pair in columns.items() for part in pair))
    listed = select(func.json_agg(aggregate_order_by(signed, col(it.id)))).where(col(it.report_id) == col(Report.id))
    return func.coalesce(listed.correlate(Report).scalar_subquery(), EMPTY_LIST)


REPORTS = Projection(
    model=Report,
    reads={"full": ReportRead, "public": PublicReport},
    columns=_whole,
    lifecycle=lifecycle_of,
    kind="kind",
)
LISTED = Projection(model=Report, reads={"full": ReportEntry, "public": PublicEntry}, columns=_entry)
PUBLISHED = Projection(model=Report, reads={"public": PublicReport}, columns=_published, policy=published_reports)
PUBLISHED_LISTED = Projection(model=Report, reads={"public": PublicEntry}, columns=_entry, policy=published_reports)

SEARCH = search_expression("title")
Conditions = list[ColumnElement[bool]]


async def page(uow: UnitOfWork, asked: ReportFilter) -> bytes:
    return await read_page(uow, LISTED, Page.of(asked), where=conditions(uow.who, asked), filters=asked.filters())


def conditions(who: Principal, asked: ReportFilter) -> Conditions:
    """Which campaign a published report belongs to is no part of its public view, so it cannot be found by it."""
    found: Conditions = [
        col(getattr(Report, name)).in_(values) for name in ("kind", "state") if (values := getattr(asked, name))
    ]
    full = dict(VIEWS[Report](who))["full"]
    for name in ("campaign_id", "engagement_id"):
        if values := getattr(asked, name):
            found.append(and_(col(getattr(Report, name)).in_(values), full))
    if asked.q:
        found.append(matching(SEARCH, asked.q))
    return found


async def published_page(uow: UnitOfWork, asked: PublicFilter) -> bytes:
    names = ("author_body_id", "kind")
    found: Conditions = [col(getattr(Report, name)).in_(values) for name in names if (values := getattr(asked, name))]
    if asked.issued_from:
        found.append(col(Report.issued_on) >= asked.issued_from)
    if asked.issued_to:
        found.append(col(Report.issued_on) <= asked.issued_to)
    if asked.q:
        found.append(matching(SEARCH, asked.q))
    return await read_page(uow, PUBLISHED_LISTED, Page.of(asked), where=found, filters=asked.filters())


def _comment(who: Principal) -> dict[str, ColumnElement[Any]]:
    it = ReportComment
    answer = func.json_build_object(
        "kind",
        col(it.answer_kind),
        "text",
        col(it.answer_text),
        "on",
        col(it.answered_on),
        "account_id",
        col(it.answered_by_id),
    )
    return {
        "on": type_coerce(col(it.commented_on), Date),
        "body": body_ref(col(it.body_id), col(it.commented_on), who.today),
        "answer": case((col(it.answer_kind).is_not(None), answer)),
    }


def _signature(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"body": body_ref(col(ReportSignature.body_id), col(ReportSignature.signed_on), who.today)}


COMMENTS = Projection(model=ReportComment, reads={"full": CommentRead}, columns=_comment)
SIGNATURES = Projection(model=ReportSignature, reads={"full": SignatureRead}, columns=_signature)


def asked_comments(asked: CommentFilter) -> Conditions:
    found: Conditions = [col(ReportComment.section_key).in_(asked.section_key)] if asked.section_key else []
    if asked.answered is not None:
        found.append(col(ReportComment.answer_kind).is_not(None) == asked.answered)
    return found
