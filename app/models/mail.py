"""E-mail to people: where to, whether they want it, and what was sent."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.base import Payload, Row, instant, words


class MailState(StrEnum):
    """`dead`: tried for three days, or no longer the person's to read."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class NotificationPreference(SQLModel, table=True):
    """What a person wants by e-mail, for all of its bodies; without a row nothing is sent."""

    __tablename__ = "notification_preference"

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    email: str | None = Field(default=None, max_length=254)
    digest: bool = True
    notices: bool = True


class Mail(Row, table=True):
    """One notification as an e-mail; its Message-ID comes from the notification, so a second copy is known as one."""

    __table_args__ = (Index("ix_mail_waiting", "next_try_at", postgresql_where=text("state = 'waiting'")),)

    notification_id: UUID = Field(foreign_key="notification.id", unique=True)
    state: MailState = Field(default=MailState.WAITING, sa_type=words(MailState, "state"))
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=instant())
    sent_at: datetime | None = Field(default=None, sa_type=instant())
    failure: str | None = Field(default=None, max_length=64)


Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
]


class PreferencesSet(Payload):
    """`digest`: the summary of the nightly clock; `notices`: each single notification."""

    email: Email | None = Field(schema_extra={"examples": ["lan.tran@quangdien.example.vn"]})
    digest: bool = True
    notices: bool = True


class PreferencesRead(SQLModel):
    email: str | None
    digest: bool
    notices: bool
