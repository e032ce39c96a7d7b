"""Tables of yearly plans: the plan, its items, the agreement of each counterpart, the papers that went before it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.campaign import CampaignForm, CampaignKind, Ground, Regime
from app.domain.plan import ApprovalStep, PlanState
from app.models.base import Entity, Row, json_column, search_expression, words
from app.models.campaign import ConcurrenceColumns


class Plan(Entity, table=True):
    """One for each body and year; `edition` counts its versions, `issued_edition` is the one in force."""

    __table_args__ = (UniqueConstraint("body_id", "year"),)

    year: int = Field(index=True)
    body_id: UUID = Field(foreign_key="body.id")
    title: str = Field(max_length=500)
    edition: int = 1
    state: PlanState = Field(default=PlanState.DRAFT, sa_type=words(PlanState, "plan_state"))
    issued_edition: int | None = None
    issued_on: date | None = None
    document_id: UUID | None = Field(default=None, foreign_key="document.id")


ISSUED_SEARCH = "to_tsvector('simple'::regconfig, fold(coalesce(issued ->> 'content', '')))"
"""What full text search looks at for those who read the edition in force."""


class PlanItem(Entity, table=True):
    """`issued` is the item as the edition in force has it: what others read while the next one is drafted.

    `dropped_on`: the next edition goes without it; it is in force until that one is issued.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        Index("ix_plan_item_search", text(search_expression("content")), postgresql_using="gin"),
        Index("ix_plan_item_issued_search", text(ISSUED_SEARCH), postgresql_using="gin"),
    )

    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    kind: CampaignKind = Field(sa_type=words(CampaignKind, "kind"))
    regime: Regime = Field(sa_type=words(Regime, "regime"))
    form: CampaignForm = Field(sa_type=words(CampaignForm, "form"))
    ground: Ground | None = Field(default=None, sa_type=words(Ground, "ground"))
    content: str = Field(max_length=1000)
    time_from: date | None = None
    time_to: date | None = None
    subject: str | None = Field(default=None, max_length=1000)
    object: str | None = Field(default=None, max_length=1000)
    issued: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    dropped_on: date | None = None


class PlanItemSupervised(SQLModel, table=True):
    """A body that the item means to supervise, or whose draft it means to criticise."""

    __tablename__ = "plan_item_supervised"

    item_id: UUID = Field(foreign_key="plan_item.id", primary_key=True)
    body_id: UUID = Field(foreign_key="body.id", primary_key=True, index=True)


class PlanItemPartner(SQLModel, table=True):
    """A body with which the plan's body means to do it."""

    __tablename__ = "plan_item_partner"

    item_id: UUID = Field(foreign_key="plan_item.id", primary_key=True)
    body_id: UUID = Field(foreign_key="body.id", primary_key=True, index=True)


class PlanConcurrence(Row, ConcurrenceColumns, table=True):
    """A counterpart asked about one edition, with its answer; those asked about earlier editions are kept."""

    __tablename__ = "plan_concurrence"
    __table_args__ = (UniqueConstraint("plan_id", "edition", "body_id"),)

    plan_id: UUID = Field(foreign_key="plan.id")
    edition: int
    body_id: UUID = Field(foreign_key="body.id", index=True)
    asked_on: date
    due_on: date


class PlanApproval(Row, table=True):
    """A paper on the way to the plan: proposal, the Party committee's approval, the notice of it."""

    __tablename__ = "plan_approval"
    __table_args__ = (UniqueConstraint("plan_id", "edition", "step"),)

    plan_id: UUID = Field(foreign_key="plan.id")
    edition: int
    step: ApprovalStep = Field(sa_type=words(ApprovalStep, "step"))
    document_id: UUID = Field(foreign_key="document.id")
    on_date: date
    note: str | None = Field(default=None, max_length=2000)
