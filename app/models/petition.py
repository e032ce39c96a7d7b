"""A petition, its way from body to body, and, in a table of its own, who sent it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.petition import PetitionChannel, PetitionKind, PetitionState
from app.models.base import BodyRef, Entity, ListQuery, Payload, PersonRef, Row, search_expression, words
from app.models.moves import Move, RepresentedMove


class Petition(Entity, table=True):
    """`lead_body_id` received it, `holder_body_id` is the one that has it now. `title` names nobody."""

    __table_args__ = (
        Index("ix_petition_search", text(search_expression("title")), postgresql_using="gin"),
        Index("ix_petition_lead_body_id_received_on", "lead_body_id", "received_on"),
    )

    lead_body_id: UUID = Field(foreign_key="body.id")
    holder_body_id: UUID = Field(foreign_key="body.id", index=True)
    about_body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    title: str = Field(max_length=500)
    content: str | None = Field(default=None, max_length=50_000)
    topic: str | None = Field(default=None, max_length=200)
    channel: PetitionChannel = Field(default=PetitionChannel.PAPER, sa_type=words(PetitionChannel, "channel"))
    kind: PetitionKind | None = Field(default=None, sa_type=words(PetitionKind, "kind"))
    received_on: date
    answer: str | None = Field(default=None, max_length=20_000)
    answered_on: date | None = None
    informed_on: date | None = None
    merged_into_id: UUID | None = Field(default=None, foreign_key="petition.id", index=True)
    state: PetitionState = Field(default=PetitionState.RECEIVED, sa_type=words(PetitionState, "state"), index=True)


class PetitionIdentity(SQLModel, table=True):
    """Who sent it; read by its key alone, and only by a disclosure."""

    __tablename__ = "petition_identity"

    petition_id: UUID = Field(foreign_key="petition.id", primary_key=True)
    name: str = Field(max_length=200)
    address: str | None = Field(default=None, max_length=500)
    phone: str | None = Field(default=None, max_length=50)
    email: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, max_length=2000)


class PetitionForward(Row, table=True):
    """One hop; `with_identity` opens the full text and the disclosure of the sender to the next body."""

    __tablename__ = "petition_forward"
    __table_args__ = (Index("ix_petition_forward_from_body_id_forwarded_on", "from_body_id", "forwarded_on"),)

    petition_id: UUID = Field(foreign_key="petition.id", index=True)
    from_body_id: UUID = Field(foreign_key="body.id")
    to_body_id: UUID = Field(foreign_key="body.id", index=True)
    forwarded_on: date
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    with_identity: bool = False
    identity_reason: str | None = Field(default=None, max_length=2000)
    received_on: date | None = None
    receipt_document_id: UUID | None = Field(default=None, foreign_key="document.id")


class IdentityDisclosure(Row, table=True):
    """Who asked for the sender's name, and why; append-only."""

    __tablename__ = "identity_disclosure"

    petition_id: UUID = Field(foreign_key="petition.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    reason: str = Field(max_length=2000)


class Petitioner(Payload):
    name: str = Field(min_length=1, max_length=200)
    address: str | None = Field(default=None, min_length=1, max_length=500)
    phone: str | None = Field(default=None, min_length=1, max_length=50)
    email: str | None = Field(default=None, min_length=1, max_length=200)
    note: str | None = Field(default=None, min_length=1, max_length=2000)


class PetitionFields(Payload):
    """`title` and `topic` go with every forward, so they name nobody; `content` is the letter as it came."""

    content: str | None = Field(default=None, min_length=1, max_length=50_000)
    topic: str | None = Field(default=None, min_length=1, max_length=200, schema_extra={"examples": ["Đất đai"]})
    about_body_id: UUID | None = Field(default=None, description="Cơ quan được nói đến · The body it is about")


class PetitionCreate(PetitionFields):
    """Received by the caller's body; without `petitioner` it is anonymous."""

    title: str = Field(min_length=1, max_length=500, schema_extra={"examples": ["Chậm cấp giấy chứng nhận đất ở"]})
    channel: PetitionChannel = PetitionChannel.PAPER
    received_on: date | None = Field(default=None, description="Mặc định hôm nay · Today by default")
    lead_body_id: UUID | None = Field(default=None, description="Cơ quan tiếp nhận · The body that received it")
    petitioner: Petitioner | None = None


class PetitionUpdate(PetitionFields):
    """By the body that received it, until it is answered."""

    title: str = Field(default=None, min_length=1, max_length=500)


class PetitionFilter(ListQuery):
    state: list[PetitionState] = Field(default_factory=list)
    lead_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    holder_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    about_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    topic: list[str] = Field(default_factory=list, max_length=20)
    received_from: date | None = None
    received_to: date | None = None
    q: str | None = Field(default=None, min_length=1, max_length=200)


class Classify(Move):
    action: Literal["classify"]
    kind: PetitionKind
    topic: str | None = Field(default=None, min_length=1, max_length=200)
    about_body_id: UUID | None = None


class Forward(Move):
    """Redacted unless `with_identity` and a reason for it."""

    action: Literal["forward"]
    to_body_id: UUID
    document_id: UUID
    with_identity: bool = False
    identity_reason: str | None = Field(default=None, min_length=1, max_length=2000)


class Answer(RepresentedMove):
    """By the body that holds it, or from its paper by the body that received it."""

    action: Literal["answer"]
    text: str = Field(min_length=1, max_length=20_000)


class Inform(Move):
    """The citizen was told."""

    action: Literal["inform"]


class ClosePetition(Move):
    action: Literal["close"]


class Merge(Move):
    action: Literal["merge"]
    into_id: UUID


class SetAside(Move):
    """It cannot be dealt with, or nobody answers."""

    action: Literal["set_aside"]
    reason: str = Field(min_length=1, max_length=5000)


PetitionMove = Annotated[
    Classify | Forward | Answer | Inform | ClosePetition | Merge | SetAside, Field(discriminator="action")
]


class ReceiptCreate(Payload):
    received_on: date | None = Field(default=None, description="Mặc định hôm nay · Today by default")
    document_id: UUID | None = None


class DisclosureCreate(Payload):
    reason: str = Field(min_length=5, max_length=2000, schema_extra={"examples": ["Mời công dân đến đối thoại"]})


class ForwardRead(SQLModel):
    id: UUID
    from_body_id: UUID
    from_body: BodyRef
    to_body_id: UUID
    to_body: BodyRef
    forwarded_on: date
    document_id: UUID | None
    with_identity: bool
    received_on: date | None


class PetitionParty(SQLModel):
    """For the bodies on its path to which it was forwarded redacted: nothing that tells who sent it."""

    id: UUID
    view: Literal["party"]
    version: int
    created_at: datetime
    lead_body_id: UUID
    lead_body: BodyRef
    holder_body_id: UUID
    holder_body: BodyRef
    about_body_id: UUID | None
    about_body: BodyRef | None
    title: str
    topic: str | None
    channel: PetitionChannel
    kind: PetitionKind | None
    received_on: date
    forwards: list[ForwardRead]
    answer: str | None
    answered_on: date | None
    informed_on: date | None
    merged_into_id: UUID | None
    state: PetitionState
    actions: list[str] | None = None


class PetitionRead(PetitionParty):
    """For the body that received it, and those to which it was forwarded with identity; the sender is not in it."""

    view: Literal["full"]  # type: ignore[assignment]
    content: str | None
    has_identity: bool


PetitionSeen = PetitionRead | PetitionParty


class IdentityRead(SQLModel):
    name: str
    address: str | None
    phone: str | None
    email: str | None
    note: str | None


class DisclosureLine(SQLModel):
    """Who asked, and why."""

    id: UUID
    view: Literal["full"]
    petition_id: UUID
    account: PersonRef
    body_id: UUID
    body: BodyRef
    reason: str
    created_at: datetime


class DisclosureRead(DisclosureLine):
    """`identity` is shown in this answer alone."""

    identity: IdentityRead


class FiguresQuery(Payload):
    from_: date = Field(alias="from", schema_extra={"examples": ["2011-01-01"]})
    to: date = Field(schema_extra={"examples": ["2015-12-31"]})
    body_id: list[UUID] = Field(default_factory=list, max_length=50, description="Cơ quan chuyển · Forwarding body")


class FiguresRead(SQLModel):
    """Of one forwarding body; null hides a figure under 5 from whoever is not on the path."""

    body_id: UUID
    body: BodyRef
    received: int | None
    forwarded: int | None
    settled: int | None


class PetitionFigures(SQLModel):
    """A petition forwarded twice counts once, one that was merged into another not at all."""

    from_: date = Field(alias="from")
    to: date
    items: list[FiguresRead]


class SuggestionRead(SQLModel):
    """What open petitions on the caller's desk suggest to supervise."""

    about_body_id: UUID
    about_body: BodyRef
    topic: str | None
    petitions: int
    oldest_received_on: date
    petition_ids: list[UUID]


class PetitionSuggestions(SQLModel):
    items: list[SuggestionRead]
