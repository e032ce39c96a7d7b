"""Webhooks of a body (Standard Webhooks, with CloudEvents 1.0 bodies) and the log of their deliveries."""

from datetime import datetime
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.webhook import WebhookDeliveryState, WebhookState
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, instant, json_column, words


class Webhook(Entity, table=True):
    """After a rotation both secrets sign until `previous_until`. `failing_since`: nothing has arrived since then."""

    body_id: UUID = Field(foreign_key="body.id", index=True)
    url: str = Field(max_length=2000)
    description: str | None = Field(default=None, max_length=500)
    event_types: list[str] = Field(default_factory=list, sa_column=json_column())
    state: WebhookState = Field(default=WebhookState.ACTIVE, sa_type=words(WebhookState, "state"))
    secret: str = Field(max_length=100)
    previous_secret: str | None = Field(default=None, max_length=100)
    previous_until: datetime | None = Field(default=None, sa_type=instant())
    failing_since: datetime | None = Field(default=None, sa_type=instant())


class WebhookDelivery(Row, table=True):
    """One message for one webhook; its id is the `webhook-id`, and its body the same at every try."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "outbox_message_id"),
        Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_waiting", "next_try_at", postgresql_where=text("state = 'waiting'")),
    )

    webhook_id: UUID = Field(foreign_key="webhook.id", ondelete="CASCADE")
    outbox_message_id: UUID | None = Field(default=None, foreign_key="outbox_message.id")
    type: str = Field(max_length=64)
    content: str
    state: WebhookDeliveryState = Field(
        default=WebhookDeliveryState.WAITING, sa_type=words(WebhookDeliveryState, "state")
    )
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=instant())
    tried_at: datetime | None = Field(default=None, sa_type=instant())
    delivered_at: datetime | None = Field(default=None, sa_type=instant())
    status: int | None = None
    failure: str | None = Field(default=None, max_length=32)


EventType = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z_]+\.(\*|[a-z_]+)$")]


def callable_url(value: str | None) -> str | None:
    """An absolute http(s) address without a password or a fragment; whether it may be called is asked at each call."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or "@" in parts.netloc or parts.fragment or not value.isascii() or " " in value:
        raise PydanticCustomError("webhook_url", "Must be an http(s) address")
    return value


URL_EXAMPLE = {"examples": ["https://vanban.quangdien.example.vn/giamsat"]}


class WebhookCreate(Payload):
    url: str = Field(max_length=2000, schema_extra=URL_EXAMPLE)
    description: str | None = Field(default=None, min_length=1, max_length=500)
    event_types: list[EventType] = Field(
        default_factory=list,
        max_length=100,
        description="Rỗng: mọi sự kiện · Empty: every event",
        schema_extra={"examples": [["recommendation.*", "report.issue"]]},
    )

    _url = field_validator("url")(callable_url)


class WebhookUpdate(Payload):
    url: str | None = Field(default=None, max_length=2000, schema_extra=URL_EXAMPLE)
    description: str | None = Field(default=None, min_length=1, max_length=500)
    event_types: list[EventType] | None = Field(default=None, max_length=100)
    active: bool | None = Field(default=None, description="false: tạm dừng · false pauses, true starts again")

    _url = field_validator("url")(callable_url)


class SecretRotation(Payload):
    overlap_hours: int = Field(
        default=24, ge=0, le=168, description="Ký bằng cả hai khóa trong bao lâu · For how long both secrets sign"
    )


class WebhookReplay(Payload):
    """One delivery, or all of a period."""

    delivery_id: UUID | None = None
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None

    @model_validator(mode="after")
    def one_or_period(self) -> Self:
        if (self.delivery_id is None) == (self.from_ is None):
            raise PydanticCustomError("one_or_period", "Either delivery_id or from")
        return self


class WebhookDeliveryFilter(ListQuery):
    state: list[WebhookDeliveryState] = Field(default_factory=list)


class WebhookRead(SQLModel):
    id: UUID
    version: int
    created_at: datetime
    body_id: UUID
    body: BodyRef
    url: str
    description: str | None
    event_types: list[str]
    state: WebhookState
    previous_until: datetime | None
    failing_since: datetime | None


class WebhookSecretShown(WebhookRead):
    """The secret is shown in this answer alone."""

    secret: str | None = Field(default=None, schema_extra={"examples": ["whsec_…"]})


class WebhookDeliveryRead(SQLModel):
    """`content` is the CloudEvent as it was, or will be, sent; `status` what the last try was answered."""

    id: UUID
    created_at: datetime
    type: str
    content: dict[str, Any]
    state: WebhookDeliveryState
    attempts: int
    next_try_at: datetime | None
    tried_at: datetime | None
    delivered_at: datetime | None
    status: int | None
    failure: str | None


class Replayed(SQLModel):
    count: int
