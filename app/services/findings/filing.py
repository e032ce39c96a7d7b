"""Filing a finding: by a member of a decided delegation, once, however often a phone on a bad network sends it."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain.delegation import DelegationState
from app.domain.finding import FindingState
from app.models.finding import EDITABLE, Finding, FindingCreate, as_stored
from app.policies.visibility import visible
from app.services import carriage, steps
from app.services.findings.setting import Setting, check_references, check_rules, setting_of
from app.services.unit_of_work import UnitOfWork, subject

Settings = dict[UUID, Setting]
ROWS: Any = Finding.__table__  # type: ignore[attr-defined]
INSERTED = insert(ROWS).on_conflict_do_nothing(index_elements=["id"]).returning(ROWS.c.id)


@dataclass(frozen=True, slots=True)
class Filed:
    id: UUID
    version: int = 1
    resent: bool = False


async def create(uow: UnitOfWork, payload: FindingCreate, settings: Settings | None = None) -> Filed:
    """`settings` are those that earlier items of a batch have looked up."""
    where = await _seen(uow, payload.engagement_id, {} if settings is None else settings)
    if (seat_body_id := where.seat_body_id) is None:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return Filed(made)
    digest = _digest(uow, payload)
    if payload.id is not None and (earlier := await _earlier(uow, payload.id, digest)) is not None:
        return earlier
    _check_open(where, payload)
    it = _finding(uow, payload, where, seat_body_id, digest)
    await check_references(uow, where, it.id, it.model_dump(), EDITABLE)
    check_rules(where, it.model_dump(), EDITABLE, uow.today)
    if not await _insert(uow, it):
        return await _lost_race(uow, it)
    await carriage.carry_evidence(uow, it, payload.evidence)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    uow.record("finding.create", it, became=it.state, lead_body_id=where.lead_body_id)
    return Filed(it.id)


async def _seen(uow: UnitOfWork, engagement_id: UUID, settings: Settings) -> Setting:
    where = settings.get(engagement_id) or await setting_of(uow, engagement_id)
    if not where.seen:
        raise NotVisible
    settings[engagement_id] = where
    return where


def _check_open(where: Setting, payload: FindingCreate) -> None:
    where.refuse_ended()
    if where.delegation_state != DelegationState.DECIDED:
        raise Conflict("delegation_not_decided", params={"state": where.delegation_state})
    if payload.campaign_id not in (None, where.campaign_id):
        raise invalid("/campaign_id", "other_campaign")


def _digest(uow: UnitOfWork, payload: FindingCreate) -> str:
    """Of who said what: leaving an optional field out and sending its default are the same content."""
    said = payload.model_dump(mode="json", include=set(FindingCreate.model_fields) - {"campaign_id"})
    author = {"account_id": str(uow.who.account_id)}
    return hashlib.sha256(orjson.dumps({**said, **author}, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def _earlier(uow: UnitOfWork, finding_id: UUID, digest: str) -> Filed | None:
    """What bears this id already, when it is this very content; an id taken otherwise tells nothing of its record."""
    taken = (
        select(col(Finding.version), col(Finding.first_digest), visible(Finding, uow.who).label("seen"))
        .where(col(Finding.id) == finding_id)
        .execution_options(scope="an id may be taken by a record that the caller does not see")
    )
    row = (await uow.session.execute(taken)).first()
    if row is None:
        return None
    if not row.seen or row.first_digest != digest:
        raise Conflict("id_reused")
    uow.stand_for(subject(Finding), finding_id)
    return Filed(finding_id, row.version, resent=True)


def _finding(uow: UnitOfWork, payload: FindingCreate, where: Setting, seat_body_id: UUID, digest: str) -> Finding:
    named: dict[str, Any] = {} if payload.id is None else {"id": payload.id}
    return Finding(
        **named,
        **as_stored(payload, EDITABLE),
        campaign_id=where.campaign_id,
        engagement_id=where.engagement_id,
        author_account_id=uow.who.account_id,
        author_body_id=seat_body_id,
        recorded_at_device=payload.recorded_at_device,
        state=FindingState.DRAFT,
        first_digest=digest,
        created_at=uow.now,
    )


async def _insert(uow: UnitOfWork, it: Finding) -> bool:
    """False when somebody with the same id was first; we waited for their commit and nothing is broken."""
    return (await uow.session.execute(INSERTED, it.model_dump())).first() is not None


async def _lost_race(uow: UnitOfWork, it: Finding) -> Filed:
    earlier = await _earlier(uow, it.id, it.first_digest)
    if earlier is None:
        raise Conflict("lost_race")
    return earlier
