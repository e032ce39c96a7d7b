"""What goes out to the supervised party in one package: the files of plan, decision and outline with their digests."""

from typing import Any
from uuid import UUID

from app.core.errors import Conflict
from app.models.document import Document
from app.models.engagement import Engagement
from app.policies.relations import among
from app.policies.visibility import scoped
from app.services import packing, steps
from app.services.packing import Package
from app.services.unit_of_work import UnitOfWork


async def of(uow: UnitOfWork, engagement_id: UUID) -> Package:
    it = await steps.find(uow, Engagement, engagement_id)
    if it.document_ids is None:
        raise Conflict("engagement_not_notified")
    papers = await _papers(uow, it.document_ids)
    kept = await packing.files(uow, [paper.id for _, paper in papers])
    listed, entries = [], []
    for place, (part, paper) in enumerate(papers, start=1):
        packed, described = packing.packed(f"{place}-{part}", [one for one in kept if one.document_id == paper.id])
        entries += packed
        listed.append({**_described(part, paper), "files": described})
    index = {"engagement_id": it.id, "notified_on": it.notified_on, "documents": listed}
    return Package(f"ho-so-{it.id}.zip", packing.written(index), entries)


async def _papers(uow: UnitOfWork, ids: dict[str, Any]) -> list[tuple[str, Document]]:
    """In the order of the package; a paper that serves twice is listed for each part."""
    wanted = {part: UUID(ids[part]) for part in ("plan", "decision", "outline")}
    carried = scoped(Document, uow.who).where(among(Document.id, set(wanted.values())))
    found = {paper.id: paper for paper in (await uow.session.execute(carried)).scalars()}
    return [(part, found[one]) for part, one in wanted.items() if one in found]


def _described(part: str, paper: Document) -> dict[str, Any]:
    return {
        "part": part,
        "id": paper.id,
        "kind": paper.kind,
        "symbol": paper.symbol,
        "issued_on": paper.issued_on,
        "abstract": paper.abstract,
    }
