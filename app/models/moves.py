"""What every move of a lifecycle may say; the payloads of the moves themselves stand beside their aggregates."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from app.models.base import Payload


class Move(Payload):
    """A subclass names its `action` as a Literal, and makes required what its table needs."""

    action: str
    on: date | None = Field(
        default=None, description="Ngày xảy ra, mặc định hôm nay · When it happened, today by default"
    )
    reason: str | None = Field(default=None, min_length=1, max_length=5000)
    document_id: UUID | None = None


class OnBehalf(Payload):
    """The paper by which a body without an account acted."""

    document_id: UUID
    received_on: date


class RepresentedMove(Move):
    """A move of a side whose acts the lead's side may record from a paper (api.md, section 1, rule 4)."""

    on_behalf: OnBehalf | None = None
