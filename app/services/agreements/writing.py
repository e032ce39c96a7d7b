"""Agreements as their parties draft them; afterwards only the focal body and the successor are named."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain.agreement import AGREEMENT, RUNNING, AgreementState
from app.domain.lifecycle import Actor
from app.domain.recommendation import Origin
from app.models.agreement import (
    Agreement,
    AgreementCreate,
    AgreementFields,
    AgreementParty,
    AgreementReview,
    AgreementUpdate,
    Commitment,
    CommitmentCreate,
    Party,
    ReviewCreate,
)
from app.models.follow_up import FollowUp
from app.services import carriage, steps
from app.services.naming import require_bodies
from app.services.reading import actors_of
from app.services.recommendations import writing as recommendations
from app.services.unit_of_work import UnitOfWork

SYSTEM = "rule over one agreement"
AFTER_SIGNING = frozenset({"focal_body_id", "successor_id"})


async def create(uow: UnitOfWork, payload: AgreementCreate) -> UUID:
    """A draft of the caller's body, which is a party though it does not name itself."""
    ours = [it.body_id for it in payload.parties if it.body_id in uow.who.acts] or [uow.who.body_id]
    if ours[0] not in uow.who.acts:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    it = Agreement(title=payload.title, lead_body_id=ours[0])
    uow.record("agreement.create", it, became=it.state, lead_body_id=it.lead_body_id)
    await _write(uow, it, payload, set(AgreementFields.model_fields))
    uow.add(it)
    await uow.session.flush()
    await carriage.carry(uow, it, documents=[payload.document_id])
    named = {party.body_id for party in payload.parties}
    await _bind(uow, it, [*payload.parties, *(Party(body_id=body_id) for body_id in ours if body_id not in named)])
    for number, commitment in enumerate(payload.commitments):
        await _undertake(uow, it, commitment, f"/commitments/{number}")
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return it.id


async def _write(uow: UnitOfWork, it: Agreement, payload: AgreementFields, names: Iterable[str]) -> None:
    plain = {"title", "content_groups", "content_groups_stated", "focal_body_id", "document_id"}
    if "focal_body_id" in names:
        await require_bodies(uow, {"/focal_body_id": payload.focal_body_id})
    for name in set(names) & plain:
        setattr(it, name, getattr(payload, name))
    if "term" in names:
        it.term_from, it.term_to = (payload.term.from_, payload.term.to) if payload.term else (None, None)


async def _bind(uow: UnitOfWork, it: Agreement, parties: list[Party]) -> None:
    """In place of those named before; a body is a party once."""
    await require_bodies(uow, {f"/parties/{i}/body_id": party.body_id for i, party in enumerate(parties)})
    await uow.session.execute(delete(AgreementParty).where(col(AgreementParty.agreement_id) == it.id))
    for party in {party.body_id: party for party in parties}.values():
        row = AgreementParty(agreement_id=it.id, body_id=party.body_id)
        if party.signer is not None:
            row.signer_name, row.signer_title = party.signer.name, party.signer.title
        uow.add(row)
    await uow.session.flush()


async def of_the_parties(uow: UnitOfWork, agreement_id: UUID) -> Agreement:
    """The agreement, locked, for an officer or leader of a party or of its focal body."""
    it = await steps.find(uow, Agreement, agreement_id, lock=True)
    if Actor.LEAD not in await actors_of(uow, it):
        raise Forbidden
    return it


async def update(uow: UnitOfWork, agreement_id: UUID, payload: AgreementUpdate, expected: int | None) -> None:
    it = await of_the_parties(uow, agreement_id)
    steps.check_version(it, expected)
    names = set(payload.model_fields_set)
    if it.state in AGREEMENT.final or (it.state != AgreementState.DRAFTING and names - AFTER_SIGNING):
        raise Conflict("not_editable", params={"state": it.state})
    await _write(uow, it, payload, names)
    if "document_id" in names:
        await carriage.carry(uow, it, documents=[payload.document_id])
    if "parties" in names:
        await _rebind(uow, it, payload.parties)
    if "successor_id" in names:
        it.successor_id = await successor(uow, it, payload.successor_id)
    await _changed(uow, it)
    uow.record("agreement.update", it, lead_body_id=it.lead_body_id, fields=sorted(names))


async def _rebind(uow: UnitOfWork, it: Agreement, parties: list[Party]) -> None:
    """The keeper stays a party, so that nobody is left with an agreement of others."""
    if it.lead_body_id not in {party.body_id for party in parties}:
        raise invalid("/parties", "keeper_is_party")
    await _bind(uow, it, parties)


async def successor(uow: UnitOfWork, it: Agreement, successor_id: UUID | None) -> UUID | None:
    """Seen by the caller, the successor of no other, and not one that this agreement succeeds itself."""
    if successor_id is None:
        return None
    await steps.find(uow, Agreement, successor_id)
    chain = select(col(Agreement.id), col(Agreement.successor_id)).where(col(Agreement.id) == successor_id)
    line = chain.cte("line", recursive=True)
    onward = select(col(Agreement.id), col(Agreement.successor_id)).where(col(Agreement.id) == line.c.successor_id)
    line = line.union(onward)
    ahead = set((await uow.session.execute(select(line.c.id).execution_options(scope=SYSTEM))).scalars())
    taken = select(col(Agreement.id)).where(col(Agreement.successor_id) == successor_id, col(Agreement.id) != it.id)
    if it.id in ahead or (await uow.session.execute(taken.execution_options(scope=SYSTEM))).first() is not None:
        raise invalid("/successor_id", "not_a_successor")
    return successor_id


async def _changed(uow: UnitOfWork, it: Agreement) -> None:
    steps.touch(it)
    await uow.session.flush()


async def _undertake(uow: UnitOfWork, it: Agreement, payload: CommitmentCreate, pointer: str) -> Commitment:
    parties = select(col(AgreementParty.body_id)).where(col(AgreementParty.agreement_id) == it.id)
    if payload.body_id not in set((await uow.session.execute(parties.execution_options(scope=SYSTEM))).scalars()):
        raise invalid(f"{pointer}/body_id", "not_party")
    commitment = Commitment(agreement_id=it.id, **payload.model_dump())
    uow.add(commitment)
    await uow.session.flush()
    return commitment


async def add_commitment(uow: UnitOfWork, agreement_id: UUID, payload: CommitmentCreate) -> UUID:
    """While it is drafted, and while it runs: yearly programmes add to what was signed."""
    it = await of_the_parties(uow, agreement_id)
    if (made := await uow.claim()) is not None:
        return made
    _refuse_ended(it)
    commitment = await _undertake(uow, it, payload, "")
    await _changed(uow, it)
    uow.record("agreement.add_commitment", commitment, lead_body_id=it.lead_body_id, agreement_id=str(it.id))
    return commitment.id


def _refuse_ended(it: Agreement) -> None:
    if it.state in AGREEMENT.final:
        raise Conflict("not_editable", params={"state": it.state})


async def add_review(uow: UnitOfWork, agreement_id: UUID, payload: ReviewCreate) -> UUID:
    it = await of_the_parties(uow, agreement_id)
    if (made := await uow.claim()) is not None:
        return made
    if it.state not in RUNNING:
        raise Conflict("agreement_not_running", params={"state": it.state})
    review = AgreementReview(
        agreement_id=it.id,
        period_from=payload.period.from_,
        period_to=payload.period.to,
        indicators=[one.model_dump(mode="json") for one in payload.indicators],
        summary=payload.summary,
        document_id=payload.document_id,
        reviewed_on=await steps.event_date(uow, it, payload.on),
    )
    await carriage.carry(uow, it, documents=[payload.document_id])
    uow.add(review)
    await _changed(uow, it)
    uow.record("agreement.add_review", review, lead_body_id=it.lead_body_id, agreement_id=str(it.id))
    return review.id


async def follow_up(uow: UnitOfWork, agreement_id: UUID, commitment_id: UUID, payload: FollowUp) -> UUID:
    """A draft recommendation of what a party undertook, by another party, once the agreement is signed."""
    it = await of_the_parties(uow, agreement_id)
    commitment = await steps.find(uow, Commitment, commitment_id, lock=True)
    if commitment.agreement_id != it.id:
        raise NotVisible
    if uow.who.body_id == commitment.body_id:
        raise Forbidden("own_commitment")
    if (made := await uow.claim()) is not None:
        return made
    if commitment.recommendation_id is not None:
        raise Conflict("already_followed_up", extra={"recommendation_id": str(commitment.recommendation_id)})
    if it.state not in RUNNING:
        raise Conflict("agreement_not_running", params={"state": it.state})
    stated: dict[str, Any] = {"addressee_id": commitment.body_id, "due_on": commitment.due_on}
    draft = payload.draft(Origin.AGREEMENT, it.id, commitment.text, **stated)
    commitment.recommendation_id = await recommendations.draft(uow, draft, issuer=uow.who.body_id)
    await _changed(uow, it)
    return commitment.recommendation_id
