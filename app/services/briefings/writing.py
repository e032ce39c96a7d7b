"""Briefings as the chair calls them, and what it concludes there."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.domain.briefing import BriefingState
from app.domain.recommendation import Origin
from app.models.briefing import (
    Briefing,
    BriefingConclusion,
    BriefingCreate,
    BriefingFields,
    BriefingParticipant,
    BriefingUpdate,
    ConclusionCreate,
    Participant,
)
from app.models.follow_up import FollowUp
from app.services import carriage, steps
from app.services.briefings import proposing
from app.services.naming import require_bodies
from app.services.recommendations import writing as recommendations
from app.services.unit_of_work import UnitOfWork

OPEN = frozenset({BriefingState.SCHEDULED, BriefingState.HELD})


async def create(uow: UnitOfWork, payload: BriefingCreate) -> UUID:
    chair = payload.chair_body_id or uow.who.body_id
    if chair not in uow.who.acts:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    it = Briefing(kind=payload.kind, chair_body_id=chair, scheduled_on=payload.scheduled_on or uow.today)
    uow.record("briefing.create", it, became=it.state, lead_body_id=chair)
    _write(it, payload, set(BriefingFields.model_fields))
    uow.add(it)
    await uow.session.flush()
    await carriage.carry(uow, it, documents=[payload.report_document_id])
    await _seat(uow, it, payload.participants)
    for proposal in payload.proposals:
        await proposing.put(uow, it, proposal)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return it.id


def _write(it: Briefing, payload: BriefingFields, names: Iterable[str]) -> None:
    for name in set(names) & {"title", "place", "report_document_id", "agenda", "scheduled_on"}:
        setattr(it, name, getattr(payload, name))
    if "period" in names:
        it.period_from, it.period_to = (payload.period.from_, payload.period.to) if payload.period else (None, None)


async def _seat(uow: UnitOfWork, it: Briefing, participants: list[Participant]) -> None:
    """In place of those named before."""
    await require_bodies(uow, {f"/participants/{i}/body_id": named.body_id for i, named in enumerate(participants)})
    await uow.session.execute(delete(BriefingParticipant).where(col(BriefingParticipant.briefing_id) == it.id))
    uow.add(*(BriefingParticipant(briefing_id=it.id, **named.model_dump()) for named in participants))
    await uow.session.flush()


async def of_the_chair(uow: UnitOfWork, briefing_id: UUID) -> Briefing:
    """The briefing, locked, for an officer or leader of its chair."""
    it = await steps.find(uow, Briefing, briefing_id, lock=True)
    if it.chair_body_id not in uow.who.acts:
        raise Forbidden
    return it


async def update(uow: UnitOfWork, briefing_id: UUID, payload: BriefingUpdate, expected: int | None) -> None:
    it = await of_the_chair(uow, briefing_id)
    steps.check_version(it, expected)
    if it.state not in OPEN:
        raise Conflict("not_editable", params={"state": it.state})
    names = payload.model_fields_set
    _write(it, payload, names)
    if "report_document_id" in names:
        await carriage.carry(uow, it, documents=[payload.report_document_id])
    if "participants" in names:
        await _seat(uow, it, payload.participants)
    await _changed(uow, it)
    uow.record("briefing.update", it, lead_body_id=it.chair_body_id, fields=sorted(names))


async def _changed(uow: UnitOfWork, it: Briefing) -> None:
    steps.touch(it)
    await uow.session.flush()


async def add_conclusion(uow: UnitOfWork, briefing_id: UUID, payload: ConclusionCreate) -> UUID:
    """By the chair, from the day the briefing is held until it is closed."""
    it = await of_the_chair(uow, briefing_id)
    if (made := await uow.claim()) is not None:
        return made
    if it.state not in (BriefingState.HELD, BriefingState.CONCLUDED):
        raise Conflict("briefing_not_at_work", params={"state": it.state})
    await require_bodies(uow, {"/to_body_id": payload.to_body_id})
    conclusion = BriefingConclusion(briefing_id=it.id, **payload.model_dump())
    uow.add(conclusion)
    await _changed(uow, it)
    uow.record("briefing.add_conclusion", conclusion, lead_body_id=it.chair_body_id, briefing_id=str(it.id))
    return conclusion.id


async def follow_up(uow: UnitOfWork, briefing_id: UUID, conclusion_id: UUID, payload: FollowUp) -> UUID:
    """A draft recommendation of what was concluded, once; its leader issues it."""
    it = await of_the_chair(uow, briefing_id)
    conclusion = await steps.find(uow, BriefingConclusion, conclusion_id, lock=True)
    if conclusion.briefing_id != it.id:
        raise NotVisible
    if (made := await uow.claim()) is not None:
        return made
    if conclusion.recommendation_id is not None:
        raise Conflict("already_followed_up", extra={"recommendation_id": str(conclusion.recommendation_id)})
    stated: dict[str, Any] = {"addressee_id": conclusion.to_body_id, "due_on": conclusion.due_on}
    draft = payload.draft(Origin.BRIEFING, it.id, conclusion.text, **stated)
    conclusion.recommendation_id = await recommendations.draft(uow, draft, issuer=it.chair_body_id)
    await _changed(uow, it)
    return conclusion.recommendation_id
