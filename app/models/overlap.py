"""What is asked and answered about overlap; no table: overlaps are derived from campaigns."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel

from app.domain.campaign import CampaignState, Regime
from app.models.base import BodyRef, Payload
from app.models.campaign import Window


class OverlapQuery(Payload):
    supervised_body_id: UUID
    from_: date = Field(alias="from", schema_extra={"examples": ["2024-03-01"]})
    to: date = Field(schema_extra={"examples": ["2024-06-30"]})
    topic: str | None = Field(default=None, min_length=1, max_length=1000)

    @field_validator("to")
    @classmethod
    def not_reversed(cls, value: date, info: ValidationInfo) -> date:
        if "from_" in info.data and value < info.data["from_"]:
            raise PydanticCustomError("period_reversed", "The end must not be before the start")
        return value


class OverlapCampaign(SQLModel):
    id: UUID
    title: str
    state: CampaignState
    regime: Regime
    window: Window


class Contact(SQLModel):
    body_id: UUID
    name: str


class Overlap(SQLModel):
    """`hidden`: a campaign that the caller may not see, so no words from it and no score."""

    view: Literal["full", "hidden"]
    quarters: list[str]
    supervised_body: BodyRef
    lead_body: BodyRef
    contact: Contact
    campaign: OverlapCampaign | None = None
    score: int | None = None
    reasons: list[str] | None = None
    suggestion: Literal["join", "shift", "proceed"] | None = None


class Load(SQLModel):
    body_id: UUID
    quarter: str
    campaigns: int


class OverlapReport(SQLModel):
    items: list[Overlap]
    load: list[Load]
