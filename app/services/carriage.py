"""Which record carries which paper or file: whoever sees the record widely enough may open them.

Only what the caller may open itself can be carried; for an attachment that nobody carries yet that is its owner's body.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.core.errors import NotVisible
from app.models.base import Row
from app.models.document import Attachment, Carriage, Document
from app.models.engagement import WorkingSession
from app.models.parts import AttachmentEvidence, DocumentEvidence, Evidence, SessionEvidence
from app.policies.relations import among
from app.policies.visibility import CARRIERS, visible
from app.services.unit_of_work import UnitOfWork

CarriedView = Literal["full", "party"]


async def carry(
    uow: UnitOfWork,
    it: Row,
    *,
    documents: Iterable[UUID | None] = (),
    attachments: Iterable[UUID | None] = (),
    view: CarriedView = "full",
) -> None:
    """Let the record carry these; NotVisible when one is hidden from the caller. `party`: also its narrower views."""
    papers = await check_visible(uow, Document, documents)
    files = await check_visible(uow, Attachment, attachments)
    await attach(uow, it, documents=papers, attachments=files, view=view)


async def attach(
    uow: UnitOfWork,
    it: Row,
    *,
    documents: Sequence[UUID] = (),
    attachments: Sequence[UUID] = (),
    view: CarriedView = "full",
) -> None:
    """The same of papers and files that were admitted before."""
    if not documents and not attachments:
        return
    carried = {(row.document_id, row.attachment_id): row for row in await _carried_by(uow, it)}
    name = next(name for name, model in CARRIERS.items() if isinstance(it, model))
    for pair in [*((paper, None) for paper in documents), *((None, file) for file in attachments)]:
        if known := carried.get(pair):
            known.view = "party" if "party" in (view, known.view) else "full"
            continue
        uow.add(Carriage(document_id=pair[0], attachment_id=pair[1], subject_type=name, subject_id=it.id, view=view))


async def attach_to_each(uow: UnitOfWork, records: Sequence[Row], document_id: UUID) -> None:
    """One paper that was admitted before, carried by several records of one kind."""
    if not records:
        return
    known = select(col(Carriage.subject_id)).where(
        col(Carriage.document_id) == document_id, among(Carriage.subject_id, [it.id for it in records])
    )
    carrying = set((await uow.session.execute(known)).scalars())
    name = next(name for name, model in CARRIERS.items() if isinstance(records[0], model))
    uow.add(
        *(
            Carriage(document_id=document_id, subject_type=name, subject_id=it.id, view="full")
            for it in records
            if it.id not in carrying
        )
    )


async def carry_evidence(
    uow: UnitOfWork, it: Row, evidence: Sequence[Evidence], *, view: CarriedView = "full"
) -> list[dict[str, Any]]:
    """Check the evidence, let the record carry its papers and files, and give it back as it is stored."""
    stored = await check_evidence(uow, evidence)
    documents = [one.document_id for one in evidence if isinstance(one, DocumentEvidence)]
    attachments = [one.attachment_id for one in evidence if isinstance(one, AttachmentEvidence)]
    await carry(uow, it, documents=documents, attachments=attachments, view=view)
    return stored


async def check_evidence(uow: UnitOfWork, evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    """NotVisible when something that the evidence names is hidden from the caller."""
    for model, kind, field in NAMED:
        await check_visible(uow, model, [getattr(one, field) for one in evidence if isinstance(one, kind)])
    return [one.model_dump(mode="json", exclude_none=True) for one in evidence]


NAMED: tuple[tuple[type[SQLModel], type[SQLModel], str], ...] = (
    (Document, DocumentEvidence, "document_id"),
    (Attachment, AttachmentEvidence, "attachment_id"),
    (WorkingSession, SessionEvidence, "session_id"),
)


async def check_visible(uow: UnitOfWork, model: Any, ids: Iterable[UUID | None]) -> list[UUID]:
    """The ids that are given, each once; NotVisible unless the caller sees every one."""
    wanted = list(dict.fromkeys(one for one in ids if one is not None))
    if not wanted:
        return []
    seen = select(col(model.id)).where(visible(model, uow.who), among(model.id, wanted))
    found = set((await uow.session.execute(seen.execution_options(scope="scoped"))).scalars())
    if found != set(wanted):
        raise NotVisible
    return wanted


async def _carried_by(uow: UnitOfWork, it: Row) -> Iterable[Carriage]:
    rows = await uow.session.execute(select(Carriage).where(col(Carriage.subject_id) == it.id))
    return rows.scalars().all()
