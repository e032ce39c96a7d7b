"""The absorb-and-explain matrix before everybody: published by the lead's leader, without what is held back."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import col

from app.core.clock import civil
from app.core.errors import Conflict, Forbidden, NeedsUnmet, NotVisible, fault
from app.core.principal import Principal
from app.models.base import search_expression
from app.models.campaign import Campaign
from app.models.document import Classification, Document
from app.models.draft import Draft, MatrixPublication
from app.models.opinion import Opinion, PublicMatrix, PublicMatrixEntry, PublicMatrixFilter
from app.policies.relations import among, led
from app.policies.visibility import unscoped
from app.policies.visibility.criticism import published_matrices
from app.services import steps
from app.services.criticism import drafts, opinions
from app.services.leads import lead_of
from app.services.reading import Page, Projection, body_ref, matching, read_one, read_page
from app.services.unit_of_work import UnitOfWork

PUBLISHED = "the published matrix"


async def publish(uow: UnitOfWork, draft_id: UUID, payload: MatrixPublication, expected: int | None) -> None:
    """Show the matrix to everybody from a moment on; until then nobody outside knows of it."""
    it, lead = await _found(uow, draft_id, expected)
    if it.document_issued_on is None:
        raise Conflict("document_not_issued")
    await _refuse_classified(uow, it)
    if payload.redacted_opinion_ids is not None:
        await _redact(uow, it, set(payload.redacted_opinion_ids))
    if payload.on or payload.publish_at or it.published_on is None:
        it.publish_at = payload.publish_at
        it.published_on = payload.on or civil(payload.publish_at or uow.now)
    steps.touch(it)
    await uow.session.flush()
    uow.record("draft.publish", it, lead_body_id=lead)


async def withdraw(uow: UnitOfWork, draft_id: UUID, expected: int | None) -> None:
    it, lead = await _found(uow, draft_id, expected)
    it.published_on = it.publish_at = None
    await uow.session.flush()
    uow.record("draft.unpublish", it, lead_body_id=lead)


async def _found(uow: UnitOfWork, draft_id: UUID, expected: int | None) -> tuple[Draft, UUID]:
    it = await steps.find(uow, Draft, draft_id, lock=True)
    lead = await lead_of(uow, it.campaign_id)
    if lead not in uow.who.leads:
        raise Forbidden
    steps.check_version(it, expected)
    return it, lead


async def _refuse_classified(uow: UnitOfWork, it: Draft) -> None:
    papers = [it.document_id, it.criticism_document_id, it.reply_document_id, it.final_document_id]
    secret = unscoped(Document, reason="is a paper of the criticism classified?").where(
        col(Document.id).in_([paper for paper in papers if paper]),
        col(Document.classification) != Classification.NORMAL,
    )
    if (await uow.session.execute(secret.limit(1))).first() is not None:
        raise NeedsUnmet(action="publish", unmet=[fault("", "document_unclassified")])


async def _redact(uow: UnitOfWork, it: Draft, held_back: set[UUID]) -> None:
    """These and no others; one of another draft is as unknown as one that does not exist."""
    of_draft = select(func.count()).where(col(Opinion.draft_id) == it.id, among(Opinion.id, held_back))
    known = (await uow.session.execute(of_draft.execution_options(scope=PUBLISHED))).scalar_one()
    if known != len(held_back):
        raise NotVisible
    marked = update(Opinion).where(col(Opinion.draft_id) == it.id)
    await uow.session.execute(
        marked.values(redacted=among(Opinion.id, held_back)).execution_options(synchronize_session=False)
    )


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    led_by = select(col(Campaign.lead_body_id)).where(col(Campaign.id) == col(Draft.campaign_id))
    lead = led_by.correlate(Draft).scalar_subquery()
    paper = func.json_build_object("symbol", col(Document.symbol), "issued_on", col(Document.issued_on))
    on = col(Draft.document_issued_on)
    return {
        "lead_body_id": lead,
        "lead_body": body_ref(lead, on, who.today),
        "drafting_body": body_ref(col(Draft.drafting_body_id), on, who.today),
        "issuing_authority": _authority(on, who.today),
        "document": select(paper)
        .where(col(Document.id) == col(Draft.criticism_document_id))
        .correlate(Draft)
        .scalar_subquery(),
    }


def _authority(on: Any, today: date) -> ColumnElement[Any]:
    """The name alone, whether it is on the register of bodies or not."""
    registered = body_ref(col(Draft.issuing_body_id), on, today)
    return func.coalesce(col(Draft.issuing_authority), registered.op("->>")("name"))


ENTRIES = Projection(Draft, reads={"public": PublicMatrixEntry}, columns=_columns, policy=published_matrices)


async def page(uow: UnitOfWork, asked: PublicMatrixFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if asked.lead_body_id:
        where.append(led(Draft.campaign_id, asked.lead_body_id))
    if asked.drafting_body_id:
        where.append(among(Draft.drafting_body_id, asked.drafting_body_id))
    if asked.published_from:
        where.append(col(Draft.published_on) >= asked.published_from)
    if asked.published_to:
        where.append(col(Draft.published_on) <= asked.published_to)
    if asked.q:
        where.append(matching(search_expression("title"), asked.q))
    return await read_page(uow, ENTRIES, Page.of(asked), where=where, filters=asked.filters())


async def matrix(uow: UnitOfWork, draft_id: UUID) -> bytes:
    """Opinions and answers without anybody's name, and without what was held back."""
    entry, _ = await read_one(uow, ENTRIES, draft_id)
    draft = (await uow.session.execute(unscoped(Draft, reason=PUBLISHED).where(col(Draft.id) == draft_id))).scalar_one()
    told = unscoped(Opinion, reason=PUBLISHED).where(col(Opinion.draft_id) == draft_id, ~col(Opinion.redacted))
    said = list((await uow.session.execute(told.order_by(col(Opinion.id)))).scalars())
    table = opinions.table(draft, await drafts.newest(uow, draft_id), said)
    shown = PublicMatrix.model_validate({**table, **orjson.loads(entry)})
    return orjson.dumps(shown.model_dump(mode="json"))
