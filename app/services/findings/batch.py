"""Many findings in one request, from a phone that was offline: each item a savepoint, idempotent by its id."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from app.core.errors import AppError, Invalid
from app.core.faults import faults_of
from app.models.finding import BatchCreate, BatchEdit, BatchItem, BatchSubmit, FindingSubmit
from app.services.findings import editing, filing, moves
from app.services.findings.filing import Settings
from app.services.findings.setting import lock
from app.services.unit_of_work import UnitOfWork

ITEM: TypeAdapter[BatchCreate | BatchEdit | BatchSubmit] = TypeAdapter(BatchItem)
OPERATIONS = ("create", "edit", "submit")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the single call would have answered."""

    id: UUID | None
    op: str | None
    status: int
    version: int | None = None
    merged_from: int | None = None
    pending_edit_id: UUID | None = None
    refusal: AppError | None = None


async def run(uow: UnitOfWork, items: list[Any]) -> list[Outcome]:
    """In order, one outcome for each item. An Idempotency-Key adds nothing here: the ids do its work."""
    uow.retry = None
    read = [_read(it) for it in items]
    known = [it for it in read if not isinstance(it, Outcome)]
    await lock(uow, [it.engagement_id for it in known if isinstance(it, BatchCreate)], [it.id for it in known])
    settings: Settings = {}
    return [it if isinstance(it, Outcome) else await _one(uow, it, settings) for it in read]


def _read(item: Any) -> BatchCreate | BatchEdit | BatchSubmit | Outcome:
    try:
        return ITEM.validate_python(item)
    except ValidationError as error:
        errors = [{**it, "loc": ("body", *it["loc"])} for it in error.errors()]
        return Outcome(*_named(item), Invalid.status, refusal=Invalid(*faults_of(errors, item)))


def _named(item: Any) -> tuple[UUID | None, str | None]:
    """Which item was meant, as far as it can be told."""
    sent = item if isinstance(item, dict) else {}
    op = sent.get("op")
    try:
        identifier = UUID(str(sent.get("id")))
    except ValueError:
        identifier = None
    return identifier, op if op in OPERATIONS else None


async def _one(uow: UnitOfWork, item: BatchCreate | BatchEdit | BatchSubmit, settings: Settings) -> Outcome:
    try:
        async with uow.attempt():
            return await _do(uow, item, settings)
    except AppError as refusal:
        return Outcome(item.id, item.op, refusal.status, refusal=refusal)


async def _do(uow: UnitOfWork, item: BatchCreate | BatchEdit | BatchSubmit, settings: Settings) -> Outcome:
    if isinstance(item, BatchCreate):
        filed = await filing.create(uow, item, settings)
        return Outcome(filed.id, item.op, 200 if filed.resent else 201, filed.version)
    if isinstance(item, BatchEdit):
        edited = await editing.update(uow, item.id, item, item.version)
        status = 200 if edited.pending_edit_id is None else 202
        return Outcome(item.id, item.op, status, edited.version, edited.merged_from, edited.pending_edit_id)
    submitted = await moves.submit_once(uow, item.id, FindingSubmit(action="submit", on=item.on))
    return Outcome(item.id, item.op, 200, submitted.version)
