"""People: an account is a person, a membership ties it to a body with dated duties; tokens live in families."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.core.principal import Duty
from app.models.base import Entity, Row, instant, json_column, words


class Account(Entity, table=True):
    login: str = Field(max_length=120, unique=True)
    name: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, max_length=300)
    failed_attempts: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=instant())


class Membership(Entity, table=True):
    """A person in a body; it counts once accepted and until ended."""

    __table_args__ = (
        Index(
            "uq_membership_account_id_body_id",
            "account_id",
            "body_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id", index=True)
    accepted_at: datetime | None = Field(default=None, sa_type=instant())
    ended_on: date | None = None


class MembershipDuty(Row, table=True):
    """A duty from–to; `valid_to` is the last day."""

    __tablename__ = "membership_duty"

    membership_id: UUID = Field(foreign_key="membership.id", index=True)
    duty: Duty = Field(sa_type=words(Duty, "duty"))
    valid_from: date
    valid_to: date | None = None


class Invitation(Row, table=True):
    """A single-use link, valid for 72 hours; only the digest of its token is kept."""

    token_digest: str = Field(max_length=64, unique=True)
    body_id: UUID = Field(foreign_key="body.id", index=True)
    invited_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    login: str = Field(max_length=120)
    name: str = Field(max_length=200)
    duties: list[dict[str, Any]] = Field(sa_column=json_column())
    expires_at: datetime = Field(sa_type=instant())
    used_at: datetime | None = Field(default=None, sa_type=instant())


class PasswordReset(Row, table=True):
    __tablename__ = "password_reset"

    token_digest: str = Field(max_length=64, unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    requested_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    expires_at: datetime = Field(sa_type=instant())
    used_at: datetime | None = Field(default=None, sa_type=instant())


class SessionFamily(Row, table=True):
    """One sign-in: every access and refresh token that descends from it ends with it."""

    __tablename__ = "session_family"

    account_id: UUID = Field(foreign_key="account.id", index=True)
    body_id: UUID = Field(foreign_key="body.id")
    user_agent: str | None = Field(default=None, max_length=300)
    last_used_at: datetime = Field(sa_type=instant())
    expires_at: datetime = Field(sa_type=instant())
    revoked_at: datetime | None = Field(default=None, sa_type=instant())


class RefreshToken(Row, table=True):
    """Rotated at each use; using a spent one revokes its family."""

    __tablename__ = "refresh_token"

    family_id: UUID = Field(foreign_key="session_family.id", index=True)
    token_digest: str = Field(max_length=64, unique=True)
    spent_at: datetime | None = Field(default=None, sa_type=instant())
