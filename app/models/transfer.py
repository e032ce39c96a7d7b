"""A transfer of a role from an ended body to its successors: its table, moves and read model."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field as PydanticField
from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import ARRAY, Column, Index, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from app.domain.transfer import ClockPolicy, TransferRole, TransferSide, TransferState
from app.models.base import BodyRef, Entity, ListQuery, Row, words
from app.models.moves import Move

Reason = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
Successors = Annotated[list[UUID], PydanticField(min_length=1, max_length=50)]


class Transfer(Entity, table=True):
    """`lead_body_id` is the present lead of the work; `told` is false while only its side knows of the record."""

    __table_args__ = (
        UniqueConstraint("event_id", "subject_type", "subject_id", "from_body_id"),
        Index("ix_transfer_from_body_id_state", "from_body_id", "state"),
        Index("ix_transfer_subject_id", "subject_id"),
        Index("ix_transfer_lead_body_id_id", "lead_body_id", "id"),
        Index("ix_transfer_state_id", "state", "id"),
    )

    event_id: UUID = Field(foreign_key="lineage_event.id")
    subject_type: TransferRole = Field(sa_type=words(TransferRole, "subject_type"))
    subject_id: UUID
    from_body_id: UUID = Field(foreign_key="body.id")
    lead_body_id: UUID = Field(foreign_key="body.id")
    effective_on: date
    two_sided: bool
    told: bool = True
    state: TransferState = Field(default=TransferState.PROPOSED, sa_type=words(TransferState, "state"))
    confirmed_on: date | None = None


class TransferCandidate(SQLModel, table=True):
    """A body that may receive the role."""

    __tablename__ = "transfer_candidate"

    transfer_id: UUID = Field(foreign_key="transfer.id", primary_key=True)
    body_id: UUID = Field(foreign_key="body.id", primary_key=True, index=True)
    chosen: bool = Field(default=False, description="Received it, by a confirmed transfer")


class TransferConfirmation(Row, table=True):
    """One side's word; a redirection takes all of them back."""

    __tablename__ = "transfer_confirmation"
    __table_args__ = (UniqueConstraint("transfer_id", "side"),)

    transfer_id: UUID = Field(foreign_key="transfer.id")
    side: TransferSide = Field(sa_type=words(TransferSide, "side"))
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    to_body_ids: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    decided_by_document_id: UUID = Field(foreign_key="document.id")
    clock: ClockPolicy = Field(sa_type=words(ClockPolicy, "clock"))
    due_on: date | None = None
    confirmed_on: date


class Confirm(Move):
    """Several successors divide a recommendation; every other role passes to one."""

    action: Literal["confirm"]
    to_body_ids: Successors
    decided_by_document_id: UUID
    clock: ClockPolicy
    due_on: date | None = Field(default=None, description="Hạn hoàn thành mới, khi tính lại · With `restart` only")

    @model_validator(mode="after")
    def due_only_when_restarted(self) -> Self:
        if self.due_on is not None and self.clock == ClockPolicy.KEEP:
            raise PydanticCustomError("due_on_kept", "A new date is given only with clock restart")
        return self


class Redirect(Move):
    """Names other candidates; what was confirmed for the former ones is void."""

    action: Literal["redirect"]
    to_body_ids: Successors
    reason: Reason


class RejectTransfer(Move):
    """Nobody takes it over; the record stays with the ended body until it is redirected, settled or withdrawn."""

    action: Literal["reject"]
    reason: Reason


TransferMove = Annotated[Confirm | Redirect | RejectTransfer, PydanticField(discriminator="action")]


class ConfirmationRead(SQLModel):
    side: TransferSide
    body_id: UUID
    body: BodyRef
    account_id: UUID
    to_body_ids: list[UUID]
    decided_by_document_id: UUID
    clock: ClockPolicy
    due_on: date | None
    on: date


class TransferRead(SQLModel):
    """`missing` names the sides whose word is still needed; `candidates` the bodies that may receive the role."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    event_id: UUID
    effective_on: date
    subject_type: TransferRole
    subject_id: UUID = Field(description="Cuộc giám sát, lần làm việc hoặc kiến nghị · Its campaign, engagement, …")
    from_body_id: UUID
    from_body: BodyRef
    lead_body_id: UUID
    lead_body: BodyRef
    candidates: list[BodyRef]
    candidate_ids: list[UUID]
    state: TransferState
    confirmed_by: list[ConfirmationRead]
    missing: list[TransferSide]
    to_body_ids: list[UUID]
    confirmed_on: date | None
    actions: list[str] | None = None


class TransferFilter(ListQuery):
    state: list[TransferState] = Field(default_factory=list, max_length=10)
    subject_type: list[TransferRole] = Field(default_factory=list, max_length=10)
    subject_id: list[UUID] = Field(default_factory=list, max_length=50)
    from_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    candidate_id: list[UUID] = Field(default_factory=list, max_length=50)
    to_body_id: list[UUID] = Field(
        default_factory=list, max_length=50, description="Nơi nhận đã được nêu · Named by a side as its receiver"
    )
    event_id: list[UUID] = Field(default_factory=list, max_length=50)
