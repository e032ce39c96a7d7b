"""The links of imported people: made when they are handed out, once, so that no secret waits anywhere meanwhile."""

from asyncio import to_thread
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict
from app.core.tokens import digest, new_secret
from app.core.words import heading, label
from app.domain.import_ import ImportFormat, ImportKind, ImportOutcome, ImportState
from app.models.account import Invitation
from app.models.import_ import Import, ImportRow
from app.policies.visibility import scoped
from app.services import steps
from app.services.imports.marking import WRITERS, Writer
from app.services.invitations import LIFETIME
from app.services.unit_of_work import UnitOfWork

COLUMNS = ("login", "name", "duties", "link")
MADE = (ImportOutcome.CREATED, ImportOutcome.UPDATED)


async def hand_out(uow: UnitOfWork, import_id: UUID, file_format: ImportFormat, address: str) -> tuple[str, bytes]:
    """Name and bytes of the file; whoever lost it invites again, as with a single invitation."""
    it = await steps.find(uow, Import, import_id, lock=True)
    if it.kind != ImportKind.ACCOUNTS or it.state != ImportState.DONE:
        raise Conflict("no_links")
    if it.links_shown_at is not None:
        raise Conflict("links_shown")
    rows = [_row(uow, one, address) for one in await _invitations(uow, it)]
    it.links_shown_at = uow.now
    await uow.session.flush()
    uow.record("import.links", it, number=len(rows))
    name = heading(uow.language, "import_links", "file")
    headers = [heading(uow.language, "import_links", one) for one in COLUMNS]
    return f"{name}.{file_format}", await to_thread(_written, WRITERS[file_format], name, headers, rows)


async def _invitations(uow: UnitOfWork, it: Import) -> list[Invitation]:
    """Those of this import that still wait for their person."""
    made = select(col(ImportRow.record_id)).where(col(ImportRow.import_id) == it.id, col(ImportRow.outcome).in_(MADE))
    waiting = scoped(Invitation, uow.who).where(col(Invitation.id).in_(made), col(Invitation.used_at).is_(None))
    waiting = waiting.where(col(Invitation.expires_at) > uow.now).order_by(col(Invitation.id))
    return list((await uow.session.execute(waiting.with_for_update(of=Invitation))).scalars())


def _row(uow: UnitOfWork, it: Invitation, address: str) -> list[str | None]:
    secret = new_secret()
    it.token_digest, it.expires_at = digest(secret), uow.now + LIFETIME
    duties = ", ".join(label(uow.language, "duty", one["duty"]) for one in it.duties)
    return [it.login, it.name, duties, f"{address}/{secret}"]


def _written(writer: Writer, name: str, headers: list[str], rows: list[list[str | None]]) -> bytes:
    with TemporaryDirectory(prefix="giamsat-import-") as folder:
        path = Path(folder) / "links"
        file = writer(path, name, headers)
        for row in rows:
            file.add(row, ())
        file.close()
        return path.read_bytes()
