"""A delegation (đoàn giám sát) and its members from one or several bodies."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.clock import today
from app.domain.delegation import DelegationDuty, DelegationState
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, json_column, words
from app.models.moves import Move
from app.models.parts import not_before


class Delegation(Entity, table=True):
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    name: str = Field(max_length=300)
    decision: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    decided_on: date | None = None
    state: DelegationState = Field(default=DelegationState.FORMING, sa_type=words(DelegationState, "state"))


class DelegationMember(Row, table=True):
    """An account or a named person; access ends with the period, authorship stays."""

    __tablename__ = "delegation_member"
    __table_args__ = (Index("ix_delegation_member_account_id_delegation_id", "account_id", "delegation_id"),)

    delegation_id: UUID = Field(foreign_key="delegation.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    person_name: str = Field(max_length=200)
    person_title: str | None = Field(default=None, max_length=300)
    body_id: UUID = Field(foreign_key="body.id", index=True)
    duty: DelegationDuty = Field(sa_type=words(DelegationDuty, "duty"))
    team: str | None = Field(default=None, max_length=100)
    valid_from: date
    valid_to: date | None = None
    replaces_id: UUID | None = Field(default=None, foreign_key="delegation_member.id")
    reason: str | None = Field(default=None, max_length=2000)
    recused: bool = False


class Decision(Payload):
    """The decision (quyết định) that sets the delegation up."""

    symbol: str = Field(min_length=1, max_length=80, schema_extra={"examples": ["133-QĐ/BDVTU"]})
    issued_on: date = Field(schema_extra={"examples": ["2024-02-20"]})
    issuer_body_id: UUID
    document_id: UUID | None = None


class DelegationCreate(Payload):
    campaign_id: UUID
    name: str = Field(min_length=1, max_length=300, schema_extra={"examples": ["Đoàn giám sát 133"]})


class DelegationUpdate(Payload):
    name: str = Field(min_length=1, max_length=300)


class Decide(Move):
    """The delegation exists from the day on which its decision was issued."""

    action: Literal["decide"]
    decision: Decision

    @property
    def issued_on(self) -> date:
        return self.decision.issued_on


class Dissolve(Move):
    action: Literal["dissolve"]
    reason: str = Field(min_length=1, max_length=5000)


DelegationMove = Annotated[Decide | Dissolve, Field(discriminator="action")]


class DelegationFilter(ListQuery):
    campaign_id: list[UUID] = Field(default_factory=list)
    state: list[DelegationState] = Field(default_factory=list)


class NamedPerson(Payload):
    """Somebody without an account."""

    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Nguyễn Xuân Dương"]})
    title: str = Field(min_length=1, max_length=300, schema_extra={"examples": ["Phó Trưởng ban"]})


class MemberCreate(Payload):
    """An account by its id or its login, or a named person; exactly one of the three."""

    account_id: UUID | None = None
    login: str | None = Field(default=None, min_length=1, max_length=120)
    person: NamedPerson | None = None
    body_id: UUID
    duty: DelegationDuty
    team: str | None = Field(default=None, min_length=1, max_length=100)
    from_: date = Field(
        alias="from",
        default_factory=today,
        description="Mặc định hôm nay · Today by default",
        schema_extra={"examples": ["2024-02-20"]},
    )
    to: Annotated[date | None, not_before("from_")] = None
    replaces_id: UUID | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=2000)
    recused: bool = False

    @model_validator(mode="after")
    def one_person(self) -> Self:
        if sum(it is not None for it in (self.account_id, self.login, self.person)) != 1:
            raise PydanticCustomError("one_person", "Exactly one of account_id, login and person")
        return self


class MemberUpdate(Payload):
    """Ends a membership (`to`, its last day, with the reason), or corrects team and recusal."""

    to: date | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=2000)
    team: str | None = Field(default=None, min_length=1, max_length=100)
    recused: bool | None = None


class DecisionRead(SQLModel):
    symbol: str
    issued_on: date
    issuer_body_id: UUID
    document_id: UUID | None = None


class DelegationParty(SQLModel):
    """Seen by the deciding body from the start, the lead's superior from `planned`, the supervised from `notified`."""

    id: UUID
    view: Literal["party"]
    version: int
    campaign_id: UUID
    campaign_title: str
    lead_body_id: UUID
    lead_body: BodyRef
    name: str
    state: DelegationState
    decision: DecisionRead | None
    decision_body: BodyRef | None
    decided_on: date | None
    actions: list[str] | None = None


class DelegationRead(DelegationParty):
    view: Literal["full"]  # type: ignore[assignment]
    created_at: datetime


DelegationSeen = DelegationRead | DelegationParty


class MemberParty(SQLModel):
    id: UUID
    view: Literal["party"]
    name: str
    title: str | None
    body_id: UUID
    body: BodyRef
    duty: DelegationDuty
    team: str | None
    from_: date = Field(alias="from")
    to: date | None


class MemberRead(MemberParty):
    view: Literal["full"]  # type: ignore[assignment]
    delegation_id: UUID
    account_id: UUID | None
    replaces_id: UUID | None
    reason: str | None
    recused: bool


MemberSeen = MemberRead | MemberParty
