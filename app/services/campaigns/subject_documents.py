"""The policies whose carrying-out a campaign examines, by their symbols."""

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from app.core.errors import Conflict, NotVisible
from app.domain.symbols import parse
from app.models.campaign import Campaign, SubjectDocument, SubjectDocumentCreate, SubjectDocumentRead
from app.policies.visibility import scoped
from app.services import steps
from app.services.campaigns.writing import ENDED, changed, editable, of_the_lead
from app.services.reading import Page, Projection, read_page
from app.services.unit_of_work import UnitOfWork

SUBJECT_DOCUMENTS = Projection(SubjectDocument, {"full": SubjectDocumentRead})


async def page(uow: UnitOfWork, campaign_id: UUID, page: Page) -> bytes:
    await steps.find(uow, Campaign, campaign_id)
    ours = [col(SubjectDocument.campaign_id) == campaign_id]
    return await read_page(uow, SUBJECT_DOCUMENTS, page, where=ours, filters={"campaign_id": campaign_id})


async def add(uow: UnitOfWork, campaign_id: UUID, payload: SubjectDocumentCreate, expected: int | None) -> UUID:
    """The symbol is kept as typed and, where its grammar is known, parsed and normalised."""
    it = await of_the_lead(uow, campaign_id)
    if (made := await uow.claim()) is not None:
        return made
    steps.check_version(it, expected)
    if it.state in ENDED:
        raise Conflict("not_editable", params={"state": it.state})
    symbol = parse(payload.symbol)
    row = SubjectDocument(campaign_id=it.id, **payload.model_dump())
    if symbol is not None:
        row.parsed = {"number": symbol.number, "type": symbol.type, "organ": symbol.organ}
        row.normalised = symbol.normalised
    uow.add(row)
    uow.record("subject_document.create", row, lead_body_id=it.lead_body_id)
    await changed(uow, it, "campaign.add_subject_document", symbol=row.normalised or row.symbol)
    return row.id


async def remove(uow: UnitOfWork, campaign_id: UUID, document_id: UUID, expected: int | None) -> None:
    it = await editable(uow, campaign_id, expected)
    mine = scoped(SubjectDocument, uow.who).where(
        col(SubjectDocument.id) == document_id, col(SubjectDocument.campaign_id) == it.id
    )
    row = (await uow.session.execute(mine)).scalars().first()
    if row is None:
        raise NotVisible
    if it.state in ENDED:
        raise Conflict("not_editable", params={"state": it.state})
    await uow.session.execute(delete(SubjectDocument).where(col(SubjectDocument.id) == row.id))
    await changed(uow, it, "campaign.remove_subject_document", symbol=row.symbol)
