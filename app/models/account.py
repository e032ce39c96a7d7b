"""People: an account is a person, a membership ties it to a body with dated duties; tokens live in families."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core import passwords
from app.core.principal import Duty
from app.domain.duties import Tenure
from app.models.base import BodyRef, Entity, ListQuery, Payload, PersonRef, Row, instant, json_column, words


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


Login = Annotated[
    str, StringConstraints(min_length=3, max_length=120, to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._%+@-]*$")
]
NewPassword = Annotated[
    str,
    StringConstraints(min_length=passwords.MINIMUM_LENGTH, max_length=passwords.MAXIMUM_LENGTH, strip_whitespace=False),
]
MembershipState = Literal["pending", "active", "ended"]
InvitationState = Literal["open", "used", "expired"]


class DutySpan(Payload):
    """A duty from its first to its last day; without `to` it is open-ended."""

    duty: Duty
    from_: date = Field(alias="from", schema_extra={"examples": ["2024-01-01"]})
    to: date | None = Field(default=None, schema_extra={"examples": ["2025-12-31"]})

    @field_validator("to")
    @classmethod
    def not_reversed(cls, value: date | None, info: ValidationInfo) -> date | None:
        if value is not None and "from_" in info.data and value < info.data["from_"]:
            raise PydanticCustomError("period_reversed", "The end must not be before the start")
        return value

    @property
    def tenure(self) -> Tenure:
        return Tenure(self.duty, self.from_, self.to)


Duties = Annotated[list[DutySpan], Field(min_length=1, max_length=20)]


class InvitationCreate(Payload):
    login: Login = Field(schema_extra={"examples": ["lan.tran@quangdien.example.vn"]})
    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Trần Thị Lan"]})
    duties: Duties


class MembershipCreate(Payload):
    """`body_id` is for the registrar who names the first administrator; others add to their own body."""

    login: Login = Field(schema_extra={"examples": ["lan.tran@quangdien.example.vn"]})
    duties: Duties
    body_id: UUID | None = None


class MembershipUpdate(Payload):
    """`duties` replaces the whole list; `ended_on` is the first day without the membership."""

    duties: Duties | None = None
    ended_on: date | None = None


class MembershipFilter(ListQuery):
    account_id: list[UUID] = Field(default_factory=list)
    duty: list[Duty] = Field(default_factory=list, description="Đang giữ hôm nay · Held today")
    state: list[MembershipState] = Field(default_factory=list)


class AccountFilter(ListQuery):
    duty: list[Duty] = Field(default_factory=list, description="Đang giữ hôm nay · Held today")
    q: str | None = Field(default=None, min_length=1, max_length=200, description="Tên · Name")


class PasswordSet(Payload):
    """What opens an account, by invitation or by reset."""

    password: NewPassword


class PasswordChange(Payload):
    current_password: Annotated[str, StringConstraints(max_length=1000, strip_whitespace=False)]
    new_password: NewPassword


class PasswordResetCreate(Payload):
    """Of one account of the caller's body, by id or by login."""

    account_id: UUID | None = None
    login: Login | None = None

    @model_validator(mode="after")
    def one_account(self) -> Self:
        if (self.account_id is None) == (self.login is None):
            raise PydanticCustomError("one_account", "Either account_id or login")
        return self


class DutyRead(SQLModel):
    duty: Duty
    from_: date = Field(alias="from")
    to: date | None


class MembershipOwn(SQLModel):
    id: UUID
    version: int
    body_id: UUID
    body: BodyRef
    duties: list[DutyRead]
    state: MembershipState
    accepted_at: datetime | None
    ended_on: date | None


class MembershipRead(MembershipOwn):
    """Of somebody who has not accepted yet an administrator learns no more than the login it gave."""

    created_at: datetime
    account_id: UUID
    login: str
    account: PersonRef | None


class AccountRead(SQLModel):
    """`memberships` are those that the caller may see: its own body's, or all of its own."""

    id: UUID
    version: int
    created_at: datetime
    login: str
    name: str
    locked_until: datetime | None
    memberships: list[MembershipOwn]


class MeRead(SQLModel):
    """`duties` are today's in `body`; `acts_for` are the organs that act through it."""

    account_id: UUID
    login: str
    name: str
    body: BodyRef
    duties: list[Duty]
    acts_for: list[BodyRef]
    memberships: list[MembershipOwn]


class SessionRead(SQLModel):
    id: UUID
    body_id: UUID
    body: BodyRef
    user_agent: str | None
    current: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class InvitationRead(SQLModel):
    id: UUID
    created_at: datetime
    body_id: UUID
    body: BodyRef
    login: str
    name: str
    duties: list[DutyRead]
    state: InvitationState
    invited_by: PersonRef | None
    expires_at: datetime
    used_at: datetime | None


class InvitationIssued(InvitationRead):
    """The link is shown in this answer alone; a retry does not show it again, a new invitation replaces it."""

    link: str | None = Field(default=None, schema_extra={"examples": ["https://…/v1/auth/invitations/k3J…"]})


class InvitationOpened(SQLModel):
    """What whoever holds the link sees."""

    body: BodyRef
    login: str
    name: str
    duties: list[DutyRead]
    expires_at: datetime


class InvitationAccepted(SQLModel):
    account_id: UUID
    login: str
    body: BodyRef


class PasswordResetOpened(SQLModel):
    login: str
    expires_at: datetime


class PasswordResetIssued(SQLModel):
    id: UUID
    account_id: UUID
    expires_at: datetime
    link: str
