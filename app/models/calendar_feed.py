"""The secret address from which calendar programs, which send no header, fetch a person's dates."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Payload, Row


class CalendarFeed(Row, table=True):
    """One for each person in each body; a new one takes the old one's place."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("account_id", "body_id"),)

    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    token_digest: str = Field(max_length=64, unique=True)


class CalendarFeedIssued(SQLModel):
    """Shown in this answer alone."""

    url: str = Field(schema_extra={"examples": ["https://…/v1/me/calendar.ics?token=k3J…"]})


class CalendarQuery(Payload):
    token: str | None = Field(default=None, min_length=1, max_length=100)
