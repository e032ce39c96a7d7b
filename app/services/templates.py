"""A body's own templates: uploaded, examined, dated; a paper bears the form that its body had on the paper's day."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, case, delete, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.adapters import docx_apart
from app.adapters.storage import Storage
from app.core.errors import Conflict, Forbidden, Invalid, invalid
from app.core.principal import Principal
from app.domain.paper import LAYOUTS, PaperForm, PaperKind
from app.domain.paper_samples import everything, sample
from app.models.document import Attachment, Carriage
from app.models.paper import PaperFormat
from app.models.template import PaperTemplate, TemplateCreate, TemplateFilter, TemplateRead
from app.policies.visibility import scoped, unscoped
from app.services import attachments, bodies
from app.services.carriage import carry
from app.services.papers.files import PaperFile, to_file
from app.services.papers.letterheads import letterhead
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.steps import check_version, find
from app.services.unit_of_work import UnitOfWork

T = PaperTemplate
LARGEST = 5 * 1024 * 1024
"""Bytes of a file."""


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    later = aliased(T)
    after = tuple_(col(later.valid_from), col(later.id)) > tuple_(col(T.valid_from), col(T.id))
    same = col(later.body_id) == col(T.body_id), col(later.kind) == col(T.kind)
    replaced = select(func.min(col(later.valid_from))).where(*same, after).correlate(T).scalar_subquery()
    names = ("id", "file_name", "media_type", "size", "caption")
    described = func.json_build_object(*(part for it in names for part in (it, getattr(Attachment, it))))
    file = select(described).where(col(Attachment.id) == col(T.attachment_id)).correlate(T).scalar_subquery()
    chosen: ColumnElement[Any] = _newest(who.today, later).correlate(T).scalar_subquery()
    return {
        "body": body_ref(col(T.body_id), col(T.valid_from), who.today),
        "standard": col(T.attachment_id).is_(None),
        "replaced_on": replaced,
        "in_force": func.coalesce(chosen == col(T.id), False),
        "attachment": case((col(T.attachment_id).is_not(None), file)),
    }


def _newest(on: date, its: Any = T, of: Any = T) -> Select[Any]:
    """Which version of its body and kind holds on a day: of two that begin on one day, the later one."""
    begun = select(col(its.id)).where(col(its.body_id) == col(of.body_id), col(its.kind) == col(of.kind))
    return begun.where(col(its.valid_from) <= on).order_by(col(its.valid_from).desc(), col(its.id).desc()).limit(1)


TEMPLATE = Projection(model=T, reads={"full": TemplateRead}, columns=_columns)


async def listing(uow: UnitOfWork, query: TemplateFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.kind:
        where.append(col(T.kind).in_(query.kind))
    if query.body_id is not None:
        where.append(col(T.body_id) == query.body_id)
    if query.on is not None:
        where.append(col(T.id) == _newest(query.on, aliased(T)).correlate(T).scalar_subquery())
    return await read_page(uow, TEMPLATE, Page.of(query), where=where, filters=query.filters())


async def kinds(uow: UnitOfWork, body_id: UUID | None) -> bytes:
    """Every kind of paper in the form of the body, and what a template may name."""
    head = await letterhead(uow, body_id or uow.who.body_id, uow.today)
    in_force = scoped(T, uow.who).where(col(T.body_id) == head.body_id, col(T.valid_from) <= uow.today)
    versions = (await uow.session.execute(in_force.order_by(col(T.valid_from), col(T.id)))).scalars()
    own = {it.kind: it.id if it.attachment_id else None for it in versions}
    items = [
        {"kind": it, "form": head.form, "layout": LAYOUTS.get(it, "named"), "template_id": own.get(it)}
        for it in PaperKind
    ]
    return orjson.dumps({"items": items, "next_cursor": None, "placeholders": placeholders()}, default=str)


def placeholders() -> list[dict[str, Any]]:
    named = []
    for name, value in everything().items():
        inner = value[0] if isinstance(value, list) else value
        members = sorted(inner) if isinstance(inner, dict) else []
        named.append({"name": name, "repeated": isinstance(value, list), "members": members})
    return named


async def examine(uow: UnitOfWork, storage: Storage, payload: TemplateCreate) -> list[str]:
    """The placeholders of the file; outside of any transaction when it is looked at."""
    await _whose(uow, payload.body_id)
    if payload.attachment_id is None:
        await uow.session.close()
        return []
    it = await attachments.opened(uow, payload.attachment_id)
    assert it.sha256 is not None
    if it.size > LARGEST:
        raise invalid("/attachment_id", "template_too_large", megabytes=LARGEST // 1024**2, parts=300)
    file = it.sha256, it.size
    await uow.session.close()
    samples = [sample(payload.kind, form).content() for form in PaperForm]
    found = await docx_apart.examine(await storage.whole(*file), everything(), samples)
    if found.faults:
        raise Invalid(*found.faults)
    return found.uses


async def _whose(uow: UnitOfWork, body_id: UUID | None) -> UUID:
    """Officers and leaders decide how the papers of their body look."""
    if not uow.who.acts:
        raise Forbidden
    body_id = body_id or uow.who.body_id
    await bodies.check_known(uow, [body_id])
    if body_id not in uow.who.acts:
        raise Forbidden
    return body_id


async def create(uow: UnitOfWork, payload: TemplateCreate, uses: list[str]) -> UUID:
    body_id = await _whose(uow, payload.body_id)
    if (made := await uow.claim()) is not None:
        return made
    it = T(
        body_id=body_id,
        kind=payload.kind,
        valid_from=payload.valid_from or uow.today,
        attachment_id=payload.attachment_id,
        uses=uses,
    )
    uow.add(it)
    await uow.session.flush()
    await carry(uow, it, attachments=[payload.attachment_id])
    uow.record("paper_template.create", it, lead_body_id=body_id, kind=it.kind, valid_from=it.valid_from.isoformat())
    return it.id


async def remove(uow: UnitOfWork, template_id: UUID, expected: int | None) -> None:
    """A version that has not begun; what papers have looked like is not forgotten."""
    it = await find(uow, T, template_id, lock=True)
    if it.body_id not in uow.who.acts:
        raise Forbidden
    check_version(it, expected)
    if it.valid_from <= uow.today:
        raise Conflict("template_begun", params={"from": it.valid_from.isoformat()})
    await uow.session.execute(delete(Carriage).where(col(Carriage.subject_id) == it.id))
    uow.record("paper_template.delete", it, lead_body_id=it.body_id)
    await uow.session.delete(it)


async def dressed(uow: UnitOfWork, storage: Storage, paper: PaperFile) -> PaperFile:
    """The same paper in the form that its body has chosen, whoever reads it. DOCX only; a PDF has the standard form."""
    if paper.format != PaperFormat.DOCX:
        return paper
    own = select(col(T.attachment_id)).where(
        col(T.body_id) == UUID(paper.content["body_id"]),
        col(T.kind) == paper.content["kind"],
        col(T.valid_from) <= date.fromisoformat(paper.content["day"]),
    )
    newest = own.order_by(col(T.valid_from).desc(), col(T.id).desc()).limit(1).scalar_subquery()
    chosen = unscoped(Attachment, reason="a paper looks the same to everybody who may read it")
    found = await uow.session.execute(chosen.where(col(Attachment.id) == newest))
    it = found.scalar_one_or_none()
    if it is None or it.sha256 is None:
        return paper
    file = it.sha256, it.size
    await uow.session.close()
    return replace(paper, template=await storage.whole(*file), own=True)


async def preview(uow: UnitOfWork, storage: Storage, template_id: UUID) -> PaperFile:
    """A version, filled in with a sample in the form of its body."""
    it = await find(uow, T, template_id)
    head = await letterhead(uow, it.body_id, uow.today)
    paper = to_file(sample(PaperKind(it.kind), head.form), PaperFormat.DOCX)
    if it.attachment_id is None:
        return paper
    file = await attachments.opened(uow, it.attachment_id)
    assert file.sha256 is not None
    stored = file.sha256, file.size
    await uow.session.close()
    return replace(paper, template=await storage.whole(*stored), own=True)
