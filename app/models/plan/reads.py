"""Plans as they are read: in the making by their makers and those who are asked, in force by everybody."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.domain.campaign import CampaignForm, CampaignKind, Ground, Regime
from app.domain.plan import ApprovalStep, PlanState
from app.models.base import BodyRef
from app.models.campaign import ParticipantRead
from app.models.parts import Period


class ApprovalRead(SQLModel):
    id: UUID
    edition: int
    step: ApprovalStep
    document_id: UUID
    on: date
    note: str | None


class PlanRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    year: int
    body_id: UUID
    body: BodyRef
    title: str
    edition: int
    state: PlanState
    issued_edition: int | None
    issued_on: date | None
    document_id: UUID | None
    approvals: list[ApprovalRead]
    actions: list[str] | None = None


class PlanIssued(SQLModel):
    """The edition in force, whatever is drafted beside it."""

    id: UUID
    view: Literal["public"]
    version: int
    year: int
    body_id: UUID
    body: BodyRef
    title: str
    edition_in_force: int = Field(alias="edition")
    state_in_force: Literal["issued"] = Field(alias="state")
    issued_on: date
    document_id: UUID | None
    actions: list[str] | None = None


PlanSeen = PlanRead | PlanIssued


class PlanItemRead(SQLModel):
    """`campaign_ids` are those that carry it out, as far as the caller sees them."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    plan_id: UUID
    year: int
    body_id: UUID
    body: BodyRef
    kind: CampaignKind
    regime: Regime
    form: CampaignForm
    ground: Ground | None
    content: str
    time: Period | None
    subject: str | None
    object: str | None
    supervised_body_ids: list[UUID]
    supervised_bodies: list[BodyRef]
    partner_body_ids: list[UUID]
    partner_bodies: list[BodyRef]
    campaign_ids: list[UUID]
    in_force: bool
    dropped_on: date | None


class PlanItemIssued(SQLModel):
    """The item as the edition in force has it."""

    id: UUID
    view: Literal["public"]
    version: int
    plan_id: UUID
    year: int
    body_id: UUID
    body: BodyRef
    kind_in_force: CampaignKind = Field(alias="kind")
    regime: Regime
    form_in_force: CampaignForm = Field(alias="form")
    content_in_force: str = Field(alias="content")
    time_in_force: Period | None = Field(alias="time")
    subject_in_force: str | None = Field(alias="subject")
    object_in_force: str | None = Field(alias="object")
    supervised_in_force: list[BodyRef] = Field(alias="supervised_bodies")
    partners_in_force: list[BodyRef] = Field(alias="partner_bodies")


PlanItemSeen = PlanItemRead | PlanItemIssued


class PlanConcurrenceRead(ParticipantRead):
    plan_id: UUID
    edition: int
    asked_on: date
    due_on: date
