"""What goes out to the supervised party in one package: the files of plan, decision and outline with their digests."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import col

from app.adapters.archive import Entry
from app.core.errors import Conflict
from app.core.text import file_name, slug
from app.models.document import Attachment, AttachmentState, Document
from app.models.engagement import Engagement
from app.policies.relations import among
from app.policies.visibility import scoped
from app.services import steps
from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    index: bytes
    entries: list[Entry]


async def of(uow: UnitOfWork, engagement_id: UUID) -> Package:
    it = await steps.find(uow, Engagement, engagement_id)
    if it.document_ids is None:
        raise Conflict("engagement_not_notified")
    papers = await _papers(uow, it.document_ids)
    files = await _files(uow, [paper.id for _, paper in papers])
    listed, entries = [], []
    for place, (part, paper) in enumerate(papers, start=1):
        packed = [_packed(f"{place}-{part}", number, one) for number, one in enumerate(files[paper.id], start=1)]
        entries += [entry for entry, _ in packed]
        listed.append({**_described(part, paper), "files": [described for _, described in packed]})
    index = {"engagement_id": it.id, "notified_on": it.notified_on, "documents": listed}
    return Package(f"ho-so-{it.id}.zip", orjson.dumps(index, default=str, option=orjson.OPT_INDENT_2), entries)


async def _papers(uow: UnitOfWork, ids: dict[str, Any]) -> list[tuple[str, Document]]:
    """In the order of the package; a paper that serves twice is listed for each part."""
    wanted = {part: UUID(ids[part]) for part in ("plan", "decision", "outline")}
    carried = scoped(Document, uow.who).where(among(Document.id, set(wanted.values())))
    found = {paper.id: paper for paper in (await uow.session.execute(carried)).scalars()}
    return [(part, found[one]) for part, one in wanted.items() if one in found]


async def _files(uow: UnitOfWork, papers: list[UUID]) -> dict[UUID, list[Attachment]]:
    """The stored files of each paper, in the order in which they came."""
    kept = scoped(Attachment, uow.who).where(
        among(Attachment.document_id, papers), col(Attachment.state) == AttachmentState.STORED
    )
    files: dict[UUID, list[Attachment]] = {paper: [] for paper in papers}
    for one in (await uow.session.execute(kept.order_by(col(Attachment.id)))).scalars():
        assert one.document_id is not None
        files[one.document_id].append(one)
    return files


def _packed(folder: str, number: int, it: Attachment) -> tuple[Entry, dict[str, Any]]:
    """Under a name that every system can unpack, beside the name that its sender gave it."""
    assert it.sha256 is not None
    name = PurePath(it.file_name)
    path = f"{folder}/{number:02d}-{file_name(name.stem, slug(name.suffix) or 'bin')}"
    described = {
        "path": path,
        "file_name": it.file_name,
        "media_type": it.media_type,
        "size": it.size,
        "sha256": it.sha256,
    }
    return Entry(path, it.sha256, it.size), described


def _described(part: str, paper: Document) -> dict[str, Any]:
    return {
        "part": part,
        "id": paper.id,
        "kind": paper.kind,
        "symbol": paper.symbol,
        "issued_on": paper.issued_on,
        "abstract": paper.abstract,
    }
