"""The moves of a petition's lifecycle: what each needs to know, and what it does beside changing the state."""

from datetime import date
from typing import Any
from uuid import UUID

from app.core.errors import invalid
from app.domain.petition import PETITION, PetitionFacts
from app.models.petition import Answer, Classify, Forward, Merge, Petition, PetitionForward, PetitionMove
from app.services import carriage, steps
from app.services.naming import require_bodies
from app.services.unit_of_work import UnitOfWork


async def advance(uow: UnitOfWork, petition_id: UUID, move: PetitionMove, expected: int | None) -> None:
    it = await steps.find(uow, Petition, petition_id, lock=True)
    if isinstance(move, Merge):
        await steps.find(uow, Petition, move.into_id)
    case = steps.Case(
        it, PETITION, lead_body_id=it.lead_body_id, facts=_facts, effects=EFFECTS, represented=it.holder_body_id
    )
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Petition, move: PetitionMove) -> PetitionFacts:
    """Merged into one that was merged itself, a petition would be counted nowhere."""
    if not isinstance(move, Merge):
        return PetitionFacts(it, move)
    target = await steps.find(uow, Petition, move.into_id)
    return PetitionFacts(it, move, target_open=target.id != it.id and target.merged_into_id is None)


async def _classify(uow: UnitOfWork, it: Petition, move: Classify, on: date) -> None:
    await require_bodies(uow, {"/about_body_id": move.about_body_id})
    await _carry(uow, it, move, on)
    it.kind, it.topic = move.kind, move.topic or it.topic
    it.about_body_id = move.about_body_id or it.about_body_id


async def _forward(uow: UnitOfWork, it: Petition, move: Forward, on: date) -> None:
    """Sent on by the body that holds it, or again by the one that received it; identity only by who knows it."""
    sender = it.holder_body_id if it.holder_body_id in uow.who.acts else it.lead_body_id
    if move.to_body_id == sender:
        raise invalid("/to_body_id", "forwarded_to_itself")
    await require_bodies(uow, {"/to_body_id": move.to_body_id})
    if move.with_identity and it.lead_body_id not in uow.who.acts:
        raise invalid("/with_identity", "identity_is_the_receiver_s")
    await _carry(uow, it, move, on)
    hop = PetitionForward(
        petition_id=it.id,
        from_body_id=sender,
        to_body_id=move.to_body_id,
        forwarded_on=on,
        **move.model_dump(include={"document_id", "with_identity", "identity_reason"}),
    )
    uow.add(hop)
    if move.with_identity:
        uow.note("petition.forward_identity", "petition", it.id, lead_body_id=it.lead_body_id, forward_id=str(hop.id))
    it.holder_body_id = move.to_body_id


async def _answer(uow: UnitOfWork, it: Petition, move: Answer, on: date) -> None:
    await _carry(uow, it, move, on)
    it.answer, it.answered_on = move.text, on


async def _inform(uow: UnitOfWork, it: Petition, move: Any, on: date) -> None:
    await _carry(uow, it, move, on)
    it.informed_on = on


async def _merge(uow: UnitOfWork, it: Petition, move: Merge, on: date) -> None:
    await _carry(uow, it, move, on)
    it.merged_into_id = move.into_id


async def _carry(uow: UnitOfWork, it: Petition, move: Any, on: date) -> None:
    """A covering letter is read along the path; the petition itself is no document of the register."""
    behalf = getattr(move, "on_behalf", None)
    papers = [move.document_id, behalf.document_id if behalf else None]
    await carriage.carry(uow, it, documents=papers, view="party")


EFFECTS: dict[str, steps.Effect] = {
    "classify": _classify,
    "forward": _forward,
    "answer": _answer,
    "inform": _inform,
    "close": _carry,
    "merge": _merge,
    "set_aside": _carry,
}
