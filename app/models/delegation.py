"""A delegation (đoàn giám sát) and its members from one or several bodies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.domain.delegation import DelegationDuty, DelegationState
from app.models.base import Entity, Row, json_column, words


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
