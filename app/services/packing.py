"""What leaves in a ZIP archive: an index of records as their reader sees them, and stored files under safe names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.adapters.archive import Entry
from app.core.text import file_name, slug
from app.models.document import Attachment, AttachmentState
from app.policies.relations import among
from app.policies.visibility import scoped
from app.services.reading import Projection, document
from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Package:
    """An archive before it is written: `index` becomes its `index.json`."""

    name: str
    index: bytes
    entries: list[Entry]


async def every(uow: UnitOfWork, projection: Projection, *where: ColumnElement[bool]) -> bytes:
    """Every row that the caller sees, oldest first, as JSON made by PostgreSQL."""
    model: Any = projection.model
    seen = or_(*(condition for _, condition in projection.views(uow.who)))
    rows = (
        select(document(projection, uow.who).label("shown"), projection.key.label("place"))
        .select_from(model)
        .where(seen, *where)
        .subquery("rows")
    )
    listed = select(cast(func.json_agg(aggregate_order_by(rows.c.shown, rows.c.place)), Text))
    found = (await uow.session.execute(listed.execution_options(scope="scoped"), {"now": uow.now})).scalar_one()
    return found.encode() if found else b"[]"


async def files(uow: UnitOfWork, papers: Iterable[UUID], loose: Iterable[UUID] = ()) -> list[Attachment]:
    """The stored files of these papers and these loose ones, in the order in which they came."""
    of_papers = or_(among(Attachment.document_id, papers), among(Attachment.id, loose))
    kept = scoped(Attachment, uow.who).where(of_papers, col(Attachment.state) == AttachmentState.STORED)
    return list((await uow.session.execute(kept.order_by(col(Attachment.id)))).scalars())


def packed(folder: str, kept: Sequence[Attachment]) -> tuple[list[Entry], list[dict[str, Any]]]:
    """Under names that every system can unpack, beside the names that their senders gave them."""
    entries, listed = [], []
    for number, it in enumerate(kept, start=1):
        assert it.sha256 is not None
        name = PurePath(it.file_name)
        path = f"{folder}/{number:02d}-{file_name(name.stem, slug(name.suffix) or 'bin')}"
        entries.append(Entry(path, it.sha256, it.size))
        described = it.model_dump(include={"file_name", "media_type", "size", "sha256"})
        listed.append({"path": path, **described})
    return entries, listed


def written(index: dict[str, Any]) -> bytes:
    return orjson.dumps(index, default=str, option=orjson.OPT_INDENT_2)
