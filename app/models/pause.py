"""Days that do not count against a recommendation, as they are recorded and read."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.pause import PauseReason, PauseState
from app.models.base import Entity, Payload, words
from app.models.moves import Move
from app.models.parts import not_before


class Pause(Entity, table=True):
    """Both days included; `to_on` is empty while nobody knows when the clocks run again."""

    __table_args__ = (
        Index("ix_pause_recommendation_id_id", "recommendation_id", "id"),
        Index("ix_pause_campaign_id", "campaign_id", postgresql_where=text("campaign_id IS NOT NULL")),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    campaign_id: UUID | None = Field(default=None, foreign_key="campaign.id")
    reason: PauseReason = Field(sa_type=words(PauseReason, "reason"))
    note: str | None = Field(default=None, max_length=5000)
    document_id: UUID = Field(foreign_key="document.id")
    from_on: date
    to_on: date | None = None
    account_id: UUID = Field(foreign_key="account.id")
    state: PauseState = Field(default=PauseState.RUNNING, sa_type=words(PauseState, "state"))


class PauseCreate(Payload):
    reason: PauseReason
    note: str | None = Field(default=None, min_length=1, max_length=5000)
    document_id: UUID
    from_: date | None = Field(
        default=None, alias="from", description="Ngày đầu, mặc định hôm nay · First day, today by default"
    )
    to: Annotated[date | None, not_before("from_")] = Field(
        default=None, description="Ngày cuối nếu đã biết · The last day, where it is known"
    )

    @field_validator("reason")
    @classmethod
    def by_hand(cls, reason: PauseReason) -> PauseReason:
        if reason == PauseReason.CAMPAIGN_SUSPENDED:
            raise PydanticCustomError("suspend_the_campaign", "Suspend the campaign itself")
        return reason


class Resume(Move):
    """`on` is the first day that counts again."""

    action: Literal["resume"]


class PauseRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    recommendation_id: UUID
    campaign_id: UUID | None
    reason: PauseReason
    note: str | None
    document_id: UUID
    from_: date = Field(alias="from")
    to: date | None
    state: PauseState
    actions: list[str] | None = None
