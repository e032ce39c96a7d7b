"""Petitions as they are received, the receipts of their forwards, and the one way to who sent them."""

from uuid import UUID

from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain.petition import PetitionState
from app.models.petition import (
    DisclosureCreate,
    IdentityDisclosure,
    IdentityRead,
    Petition,
    PetitionCreate,
    PetitionForward,
    PetitionIdentity,
    PetitionUpdate,
    ReceiptCreate,
)
from app.policies.visibility import unscoped
from app.policies.visibility.petitions import knows_the_sender
from app.services import carriage, steps
from app.services.naming import require_bodies
from app.services.unit_of_work import UnitOfWork

BEFORE_THE_ANSWER = frozenset({PetitionState.RECEIVED, PetitionState.CLASSIFIED, PetitionState.FORWARDED})


async def create(uow: UnitOfWork, payload: PetitionCreate) -> UUID:
    """Registered by whoever opens the letters; who sent it goes into a table of its own at once."""
    lead = payload.lead_body_id or uow.who.body_id
    if lead not in uow.who.records:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    received_on = payload.received_on or uow.today
    steps.not_in_the_future(uow, received_on, "/received_on")
    await require_bodies(uow, {"/about_body_id": payload.about_body_id})
    it = Petition(
        lead_body_id=lead,
        holder_body_id=lead,
        received_on=received_on,
        **payload.model_dump(include={"title", "content", "topic", "about_body_id", "channel"}),
    )
    uow.add(it)
    await uow.session.flush()
    if payload.petitioner is not None:
        uow.add(PetitionIdentity(petition_id=it.id, **payload.petitioner.model_dump()))
    uow.record("petition.create", it, became=it.state, lead_body_id=lead)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=uow.today, move=None, case=None)
    return it.id


async def update(uow: UnitOfWork, petition_id: UUID, payload: PetitionUpdate, expected: int | None) -> None:
    it = await steps.find(uow, Petition, petition_id, lock=True)
    if it.lead_body_id not in uow.who.acts:
        raise Forbidden
    steps.check_version(it, expected)
    if it.state not in BEFORE_THE_ANSWER:
        raise Conflict("not_editable", params={"state": it.state})
    await require_bodies(uow, {"/about_body_id": payload.about_body_id})
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(it, name, value)
    steps.touch(it)
    await uow.session.flush()
    uow.record("petition.update", it, lead_body_id=it.lead_body_id, fields=sorted(payload.model_fields_set))


async def acknowledge(uow: UnitOfWork, petition_id: UUID, forward_id: UUID, payload: ReceiptCreate) -> UUID:
    """By the body that got it, or from its receipt by the body that sent it on; once."""
    it = await steps.find(uow, Petition, petition_id, lock=True)
    hop = await steps.find(uow, PetitionForward, forward_id, lock=True)
    if hop.petition_id != it.id:
        raise NotVisible
    if not {hop.to_body_id, hop.from_body_id} & set(uow.who.records):
        raise Forbidden
    if await uow.claim() is not None:
        return it.id
    if hop.received_on is not None:
        raise Conflict("already_acknowledged")
    received_on = payload.received_on or uow.today
    steps.not_in_the_future(uow, received_on, "/received_on")
    if received_on < hop.forwarded_on:
        raise invalid("/received_on", "before_previous_step", not_before=hop.forwarded_on.isoformat())
    await carriage.carry(uow, it, documents=[payload.document_id], view="party")
    hop.received_on, hop.receipt_document_id = received_on, payload.document_id
    steps.touch(it)
    await uow.session.flush()
    uow.record("petition.acknowledge", it, lead_body_id=it.lead_body_id, forward_id=str(hop.id))
    return it.id


async def disclose(uow: UnitOfWork, petition_id: UUID, payload: DisclosureCreate) -> tuple[UUID, IdentityRead]:
    """Every reading leaves its audit line, a repeated one too; the reason is kept beside it, the name is not."""
    it = await steps.find(uow, Petition, petition_id)
    if not await _may_know_the_sender(uow, it):
        raise Forbidden
    made = await uow.claim()
    identity = await _identity(uow, it)
    if made is not None:
        uow.note("petition.disclose_identity", "petition", it.id, lead_body_id=it.lead_body_id, again=True)
        return made, identity
    disclosure = IdentityDisclosure(
        petition_id=it.id, account_id=uow.who.account_id, body_id=uow.who.body_id, reason=payload.reason
    )
    uow.add(disclosure)
    uow.stand_for("identity_disclosure", disclosure.id)
    uow.record("petition.disclose_identity", it, lead_body_id=it.lead_body_id, disclosure_id=str(disclosure.id))
    await uow.session.flush()
    return disclosure.id, identity


async def _may_know_the_sender(uow: UnitOfWork, it: Petition) -> bool:
    """Officers and leaders of the body that received it, or that got it with identity."""
    trusted = unscoped(Petition, reason="may the caller know the sender?").where(
        col(Petition.id) == it.id, knows_the_sender(uow.who.acts)
    )
    return (await uow.session.execute(trusted)).first() is not None


async def _identity(uow: UnitOfWork, it: Petition) -> IdentityRead:
    """By its key; an anonymous petition has none."""
    identity = await uow.session.get(PetitionIdentity, it.id)
    if identity is None:
        raise Conflict("anonymous_petition")
    return IdentityRead.model_validate(identity, from_attributes=True)
