"""The way into a stream of events: a ticket, because a browser's EventSource sends no header."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import Payload, Row, instant


class EventTicket(Row, table=True):
    """Good once and for a minute; the stream it opens ends with the access token it was asked with."""

    __tablename__ = "event_ticket"

    token_digest: str = Field(max_length=64, unique=True)
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    family_id: UUID = Field(foreign_key="session_family.id")
    ends_at: datetime = Field(sa_type=instant())
    expires_at: datetime = Field(sa_type=instant(), index=True)


class EventTicketRead(SQLModel):
    ticket: str = Field(description="Dùng một lần · Good once: GET /v1/events?ticket=…")
    expires_at: datetime
    ends_at: datetime = Field(description="Luồng kết thúc lúc này · When the stream ends, with the token")


class EventQuery(Payload):
    ticket: str | None = Field(default=None, max_length=100)
    last_event_id: str | None = Field(
        default=None,
        max_length=1000,
        description="Như Last-Event-ID, khi trình duyệt mở lại luồng · As Last-Event-ID, where no header can be sent",
    )
