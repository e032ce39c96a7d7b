"""Editing a finding: merged field by field with what others did meanwhile, or kept for a person to settle."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, Stale, Unversioned
from app.domain.finding import PENDING_EDIT, FindingState, Merge, PendingEditState, changed_in, merge
from app.domain.lifecycle import Actor
from app.models.finding import EDITABLE, Finding, FindingUpdate, PendingEdit, as_stored
from app.policies.visibility import unscoped
from app.services import carriage, steps
from app.services.findings.setting import Setting, check_references, check_rules, setting_around
from app.services.reading import actors_of
from app.services.unit_of_work import UnitOfWork

EDITORS = frozenset({Actor.AUTHOR, Actor.SECRETARY_HEAD})


@dataclass(frozen=True, slots=True)
class Edited:
    """`pending_edit_id` says that nothing was applied; `merged_from` that an older version was the base."""

    id: UUID
    version: int
    merged_from: int | None = None
    pending_edit_id: UUID | None = None


async def update(uow: UnitOfWork, finding_id: UUID, payload: FindingUpdate, expected: int | None) -> Edited:
    """By the author, the secretary or the head."""
    where = await setting_around(uow, finding_id)
    it = await steps.find(uow, Finding, finding_id, lock=True)
    if not await actors_of(uow, it) & EDITORS:
        raise Forbidden
    base = _base(it, expected)
    _refuse_fixed(it, where)
    names = EDITABLE & payload.model_fields_set
    merged = _merge(it, as_stored(payload, names), base)
    older = base if base < it.version else None
    if not merged.changes:
        return Edited(it.id, it.version, older)
    await _check(uow, where, it, merged.changes)
    await carriage.carry_evidence(uow, it, payload.evidence if "evidence" in merged.changes else [])
    if merged.colliding or it.state == FindingState.ACCEPTED:
        kept = payload.model_dump(mode="json", include=set(names))
        return Edited(it.id, it.version, pending_edit_id=await _keep(uow, where, it, kept, merged.colliding, base))
    await _apply(uow, where, it, merged.changes, merged_from=older)
    return Edited(it.id, it.version, older)


def _base(it: Finding, expected: int | None) -> int:
    """The version that the edit was made on: an older one is welcome, one that never was is not."""
    if expected is None:
        raise Unversioned
    if expected > it.version:
        raise Stale(current=it.version)
    return expected


def _refuse_fixed(it: Finding, where: Setting) -> None:
    """What was withdrawn stays as it was said, and so does everything once the engagement has ended."""
    if it.state == FindingState.WITHDRAWN:
        raise Conflict("immutable")
    where.refuse_ended()


def _merge(it: Finding, edit: Mapping[str, Any], base: int) -> Merge:
    return merge(it.model_dump(include=set(EDITABLE)), edit, it.field_versions, base)


async def _check(uow: UnitOfWork, where: Setting, it: Finding, changes: Mapping[str, Any]) -> None:
    after = {**it.model_dump(include=set(EDITABLE)), **changes}
    await check_references(uow, where, it.id, after, changes.keys())
    check_rules(where, after, changes.keys(), uow.today)


async def _apply(
    uow: UnitOfWork, where: Setting, it: Finding, changes: Mapping[str, Any], *, merged_from: int | None = None
) -> None:
    for name, value in changes.items():
        setattr(it, name, value)
    it.field_versions = changed_in(it.field_versions, changes, it.version + 1)
    await uow.session.flush()
    details = {"fields": sorted(changes), "version": it.version, "merged_from": merged_from}
    uow.record("finding.edit", it, was=it.state, became=it.state, lead_body_id=where.lead_body_id, **details)


async def _keep(
    uow: UnitOfWork, where: Setting, it: Finding, fields: dict[str, Any], colliding: Collection[str], base: int
) -> UUID:
    """The whole edit, once however often it is sent."""
    if (waiting := await _same_waiting(uow, it.id, fields, base)) is not None:
        return waiting
    edit = PendingEdit(
        finding_id=it.id,
        account_id=uow.who.account_id,
        body_id=where.seat_body_id or uow.who.body_id,
        base_version=base,
        fields=fields,
        colliding=list(colliding),
    )
    uow.add(edit)
    await uow.session.flush()
    await steps.write_transition(uow, edit, "create", was=None, became=edit.state, on=uow.today, move=None, case=None)
    uow.record("pending_edit.create", edit, became=edit.state, lead_body_id=where.lead_body_id, finding_id=str(it.id))
    return edit.id


async def _same_waiting(uow: UnitOfWork, finding_id: UUID, fields: dict[str, Any], base: int) -> UUID | None:
    same = select(col(PendingEdit.id)).where(
        col(PendingEdit.finding_id) == finding_id,
        col(PendingEdit.account_id) == uow.who.account_id,
        col(PendingEdit.base_version) == base,
        col(PendingEdit.fields) == fields,
        col(PendingEdit.state) == PendingEditState.PENDING,
    )
    return (await uow.session.execute(same.execution_options(scope="the caller's own edits"))).scalars().first()


async def settle(uow: UnitOfWork, finding_id: UUID, edit_id: UUID, move: Any, expected: int | None) -> UUID:
    """Take the waiting edit as it is, drop it, or combine it by hand into other fields."""
    where = await setting_around(uow, finding_id)
    it = await steps.find(uow, Finding, finding_id, lock=True)
    edit = await find_edit(uow, finding_id, edit_id, lock=True)
    effects: dict[str, steps.Effect] = {"take": partial(_take, it, where), "combine": partial(_combine, it, where)}
    case = steps.Case(edit, PENDING_EDIT, lead_body_id=where.lead_body_id, facts=_no_facts, effects=effects)
    await steps.advance(uow, case, move, expected)
    return edit.id


async def find_edit(uow: UnitOfWork, finding_id: UUID, edit_id: UUID, *, lock: bool = False) -> PendingEdit:
    edit = await steps.find(uow, PendingEdit, edit_id, lock=lock)
    if edit.finding_id != finding_id:
        raise NotVisible
    return edit


async def _no_facts(uow: UnitOfWork, it: Any, move: Any) -> None:
    """Nothing is needed to settle an edit."""


async def _take(it: Finding, where: Setting, uow: UnitOfWork, edit: PendingEdit, move: Any, on: date) -> None:
    """What the edit names was checked for its author, who may see what the settler does not."""
    _refuse_fixed(it, where)
    changes = _laid_over(it, FindingUpdate.model_validate(edit.fields))
    check_rules(where, {**it.model_dump(include=set(EDITABLE)), **changes}, changes.keys(), uow.today)
    if changes:
        await _apply(uow, where, it, changes, merged_from=edit.base_version)


async def _combine(it: Finding, where: Setting, uow: UnitOfWork, edit: PendingEdit, move: Any, on: date) -> None:
    _refuse_fixed(it, where)
    fields: FindingUpdate = move.fields
    changes = _laid_over(it, fields)
    await _check(uow, where, it, changes)
    await carriage.carry_evidence(uow, it, fields.evidence if "evidence" in changes else [])
    if changes:
        await _apply(uow, where, it, changes, merged_from=edit.base_version)


def _laid_over(it: Finding, fields: FindingUpdate) -> Mapping[str, Any]:
    """A person has decided: whatever differs changes."""
    return _merge(it, as_stored(fields, EDITABLE & fields.model_fields_set), it.version).changes


async def refuse_waiting(uow: UnitOfWork, finding_id: UUID) -> None:
    """A finding is not accepted while somebody's edit of it waits."""
    waiting = unscoped(PendingEdit, reason="an edit waits whoever made it").where(
        col(PendingEdit.finding_id) == finding_id, col(PendingEdit.state) == PendingEditState.PENDING
    )
    if (await uow.session.execute(waiting.limit(1))).first() is not None:
        raise Conflict("edit_pending")
