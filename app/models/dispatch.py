"""Dispatches of papers, a copy for each addressee, and the accounts that bodies have on the axes."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AnyHttpUrl, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.dispatch import AxisDialect, AxisState, DeliveryState, DispatchChannel, HashFileStyle
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, instant, json_column, words
from app.models.organ_alias import OrganId


class Dispatch(Entity, table=True):
    """A paper that goes out; a recall, an update or a replacement of one names what it changes."""

    __table_args__ = (Index("ix_dispatch_sender_body_id_id", "sender_body_id", "id"),)

    sender_body_id: UUID = Field(foreign_key="body.id")
    document_id: UUID = Field(foreign_key="document.id", index=True)
    channel: DispatchChannel = Field(sa_type=words(DispatchChannel, "channel"))
    message_id: UUID | None = Field(default=None, foreign_key="edxml_message.id", index=True)
    changes_dispatch_id: UUID | None = Field(default=None, foreign_key="dispatch.id")
    business_type: int = 0
    reason: str | None = Field(default=None, max_length=2000)
    due_on: date | None = None
    account_id: UUID = Field(foreign_key="account.id")


class DispatchCopy(Entity, table=True):
    """What became of the copy of one addressee; `tries` and `try_at` are of our own sending."""

    __tablename__ = "dispatch_copy"
    __table_args__ = (
        UniqueConstraint("dispatch_id", "body_id"),
        Index("ix_dispatch_copy_body_id_id", "body_id", "id"),
        Index("ix_dispatch_copy_waiting", "try_at", postgresql_where=text("try_at IS NOT NULL")),
        Index("ix_dispatch_copy_recommendation_ids", "recommendation_ids", postgresql_using="gin"),
    )

    dispatch_id: UUID = Field(foreign_key="dispatch.id")
    body_id: UUID = Field(foreign_key="body.id")
    organ_id: str | None = Field(default=None, max_length=64)
    state: DeliveryState = Field(default=DeliveryState.PENDING, sa_type=words(DeliveryState, "state"))
    before_recall: DeliveryState | None = Field(default=None, sa_type=words(DeliveryState, "before_recall"))
    recommendation_ids: list[str] = Field(default_factory=list, sa_column=json_column())
    axis_document_id: str | None = Field(default=None, max_length=200)
    sent_at: datetime | None = Field(default=None, sa_type=instant())
    received_on: date | None = None
    note: str | None = Field(default=None, max_length=4000)
    tries: int = 0
    try_at: datetime | None = Field(default=None, sa_type=instant())


class AxisAccount(Entity, table=True):
    """The secret itself is in the environment of the worker, under `secret_name`."""

    __tablename__ = "axis_account"
    __table_args__ = (UniqueConstraint("body_id"),)

    body_id: UUID = Field(foreign_key="body.id")
    url: str = Field(max_length=500)
    dialect: AxisDialect = Field(default=AxisDialect.LGSP_REST, sa_type=words(AxisDialect, "dialect"))
    hash_file_style: HashFileStyle = Field(default=HashFileStyle.SDK, sa_type=words(HashFileStyle, "hash_file_style"))
    system_id: str = Field(max_length=100)
    secret_name: str = Field(max_length=100)
    organ_ids: list[str] = Field(sa_column=json_column())
    state: AxisState = Field(default=AxisState.ACTIVE, sa_type=words(AxisState, "state"))
    stopped_reason: str | None = Field(default=None, max_length=1000)
    polled_until: date | None = None
    account_id: UUID = Field(foreign_key="account.id")


class AxisItem(Row, table=True):
    """What an account has fetched: an axis lists by day and again, so each item is remembered."""

    __tablename__ = "axis_item"
    __table_args__ = (UniqueConstraint("axis_account_id", "axis_document_id"),)

    axis_account_id: UUID = Field(foreign_key="axis_account.id")
    axis_document_id: str = Field(max_length=200)
    message_id: UUID | None = Field(default=None, foreign_key="edxml_message.id")


class Addressee(Payload):
    body_id: UUID
    recommendation_ids: list[UUID] = Field(default_factory=list, max_length=50)


class DispatchCreate(Payload):
    """`recipients` as ids of bodies, or with the recommendations that the paper carries to each."""

    document_id: UUID
    recipients: list[UUID | Addressee] = Field(min_length=1, max_length=200)
    channel: DispatchChannel | None = Field(
        default=None, description="Mặc định: axis nếu có tài khoản, nếu không là file · axis with an account, else file"
    )
    due_on: date | None = None

    @property
    def addressees(self) -> list[Addressee]:
        return [it if isinstance(it, Addressee) else Addressee(body_id=it) for it in self.recipients]

    @model_validator(mode="after")
    def once_each(self) -> Self:
        ids = [it.body_id for it in self.addressees]
        if len(set(ids)) < len(ids):
            raise PydanticCustomError("recipient_twice", "Each recipient once")
        return self


class DispatchChange(Payload):
    """A recall or an update says why; a replacement names the new paper."""

    reason: str = Field(min_length=1, max_length=2000)


class DispatchReplacement(DispatchChange):
    document_id: UUID


class CopyReceipt(Payload):
    """The addressee has it, as it said on paper, by telephone or across the counter."""

    body_id: UUID | None = Field(default=None, description="Không cần khi chỉ có một nơi nhận · Needless for one copy")
    received_on: date
    note: str | None = Field(default=None, max_length=2000)
    document_id: UUID | None = None


class RelayConfirmation(Payload):
    """The document system has sent it: under which DocumentId, and what could not be delivered."""

    exchange_id: str | None = Field(default=None, min_length=1, max_length=300)
    sent_at: datetime | None = None
    body_ids: list[UUID] | None = Field(default=None, max_length=200)
    unreachable_body_ids: list[UUID] = Field(default_factory=list, max_length=200)
    note: str | None = Field(default=None, max_length=2000)


class DispatchFilter(ListQuery):
    document_id: list[UUID] = Field(default_factory=list, max_length=50)
    channel: list[DispatchChannel] = Field(default_factory=list, max_length=3)
    state: list[DeliveryState] = Field(default_factory=list, max_length=11, description="Có bản ở trạng thái này")
    recipient_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    recommendation_id: UUID | None = None


class CopyRead(SQLModel):
    id: UUID
    body_id: UUID
    body: BodyRef
    organ_id: str | None
    state: DeliveryState
    recommendation_ids: list[UUID]
    axis_document_id: str | None
    sent_at: datetime | None
    received_on: date | None
    note: str | None
    tries: int


class DispatchRead(SQLModel):
    """`view` party is a recipient's: its own copy alone."""

    id: UUID
    view: Literal["full", "party"]
    version: int
    created_at: datetime
    sender_body_id: UUID
    sender_body: BodyRef
    document_id: UUID
    symbol: str | None
    channel: DispatchChannel
    message_id: UUID | None
    exchange_id: str | None
    changes_dispatch_id: UUID | None
    business_type: int
    reason: str | None
    due_on: date | None
    copies: list[CopyRead]


SecretName = Annotated[str, StringConstraints(pattern=r"^GIAMSAT_AXIS_[A-Z0-9_]{1,60}$")]


class AxisAccountCreate(Payload):
    url: AnyHttpUrl
    dialect: AxisDialect = Field(
        default=AxisDialect.LGSP_REST, description="lgsp_rest: trục tỉnh · vxp: trục quốc gia, ký đầu mục HMAC"
    )
    hash_file_style: HashFileStyle = Field(
        default=HashFileStyle.SDK, description="Chỉ với vxp · The digest of files as this axis checks it"
    )
    system_id: str = Field(min_length=1, max_length=100)
    secret_name: SecretName = Field(
        description="Tên biến môi trường chứa khóa bí mật · Name of the environment variable with the secret"
    )
    organ_ids: list[OrganId] = Field(min_length=1, max_length=50)


class AxisAccountUpdate(Payload):
    state: AxisState = Field(default=None)
    url: AnyHttpUrl = Field(default=None)
    dialect: AxisDialect = Field(default=None)
    hash_file_style: HashFileStyle = Field(default=None)


class AxisAccountRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    body_id: UUID
    body: BodyRef
    url: str
    dialect: AxisDialect
    hash_file_style: HashFileStyle
    system_id: str
    secret_name: str
    organ_ids: list[str]
    state: AxisState
    stopped_reason: str | None
    polled_until: date | None
