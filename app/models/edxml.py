"""Electronic documents that came in or went out: the message as it was, what became of it, and for whom it is.

The raw bytes lie in the store of files under `sha256` and never change. What a person puts right stands in the
receipt of the replay.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.dispatch import DispatchChannel
from app.domain.edxml import (
    ON_RECALL,
    REPORTABLE,
    LinkKind,
    MessageChannel,
    MessageDirection,
    MessageKind,
    MessageOutcome,
    MessageState,
    PurgeOutcome,
    ReceiptKind,
    Rule,
    SignatureState,
    StatusCode,
)
from app.models.base import Entity, ListQuery, Payload, Row, instant, json_column, words


class EdxmlMessage(Entity, table=True):
    """`exchange_id` is the DocumentId of the protocol, unique only with its sender; `trace_stamp` is part of the key
    of recalls, updates and replacements, which repeat the id of what they change. `header` is what was read of it."""

    __tablename__ = "edxml_message"
    __table_args__ = (
        Index(
            "uq_edxml_message_key",
            "direction",
            "from_organ",
            "exchange_id",
            "business_type",
            "trace_stamp",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("kind = 'edoc' AND state IN ('accepted', 'sent')"),
        ),
        Index("ix_edxml_message_exchange_id", "exchange_id"),
        Index("ix_edxml_message_symbol_key_promulgated", "symbol_key", "promulgated"),
        Index("ix_edxml_message_sha256", "sha256"),
        Index("ix_edxml_message_brought_by_body_id_id", "brought_by_body_id", "id"),
        Index("ix_edxml_message_desk_body_id_id", "desk_body_id", "id"),
        Index("ix_edxml_message_quarantined", "id", postgresql_where=text("state = 'quarantined'")),
        Index("ix_edxml_message_waiting", "try_at", postgresql_where=text("try_at IS NOT NULL")),
        Index(
            "ix_edxml_message_unpurged",
            "created_at",
            postgresql_where=text("purged_at IS NULL AND (state = 'rejected' OR restricted)"),
        ),
    )

    direction: MessageDirection = Field(sa_type=words(MessageDirection, "direction"))
    kind: MessageKind = Field(default=MessageKind.UNKNOWN, sa_type=words(MessageKind, "kind"))
    state: MessageState = Field(sa_type=words(MessageState, "state"))
    code: str = Field(default=Rule.OK, max_length=32)
    warnings: list[str] = Field(default_factory=list, sa_column=json_column())
    channel: str = Field(default=MessageChannel.PUSH, max_length=32)
    sha256: str = Field(max_length=64)
    size: int
    brought_by_body_id: UUID = Field(foreign_key="body.id")
    account_id: UUID = Field(foreign_key="account.id")
    for_anybody: bool = Field(default=False, description="Brought by a client that may deliver for this sender")
    from_organ: str | None = Field(default=None, max_length=64)
    from_name: str | None = Field(default=None, max_length=300)
    exchange_id: str | None = Field(default=None, max_length=300)
    business_type: int | None = None
    trace_stamp: str | None = Field(default=None, max_length=32)
    symbol: str | None = Field(default=None, max_length=120)
    symbol_key: str | None = Field(default=None, max_length=120)
    promulgated: date | None = None
    subject: str | None = Field(default=None, max_length=4000)
    fingerprint: str | None = Field(default=None, max_length=64)
    header: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    answers_message_id: UUID | None = Field(default=None, foreign_key="edxml_message.id", index=True)
    answers_document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    answers_how: LinkKind | None = Field(default=None, sa_type=words(LinkKind, "answers_how"))
    linked_recommendation_ids: list[str] = Field(default_factory=list, sa_column=json_column())
    changes_message_id: UUID | None = Field(default=None, foreign_key="edxml_message.id", index=True)
    signature: SignatureState = Field(default=SignatureState.ABSENT, sa_type=words(SignatureState, "signature"))
    restricted: bool = False
    desk_body_id: UUID | None = Field(
        default=None, foreign_key="body.id", description="To which it passed when its receiver had ended"
    )
    needs_person: bool = Field(default=False, description="A recall, a removal from the receivers, a link to confirm")
    tries: int = Field(default=0, description="Of a status that we send ourselves; `try_at` is the next one")
    try_at: datetime | None = Field(default=None, sa_type=instant())
    purge_asked_at: datetime | None = Field(default=None, sa_type=instant())
    purge_asked_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    purge_asked_body_id: UUID | None = Field(default=None, foreign_key="body.id")
    purge_reason: str | None = Field(default=None, max_length=2000)
    purged_at: datetime | None = Field(default=None, sa_type=instant(), description="Since then its bytes are gone")


class EdxmlDelivery(Row, table=True):
    """One receiving body of ours: two bodies that are addressed get a document each."""

    __tablename__ = "edxml_delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "body_id"),
        Index("ix_edxml_delivery_body_id_message_id", "body_id", "message_id"),
    )

    message_id: UUID = Field(foreign_key="edxml_message.id")
    body_id: UUID = Field(foreign_key="body.id")
    organ_id: str = Field(max_length=64)
    document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    recall_asked_at: datetime | None = Field(default=None, sa_type=instant())


class EdxmlReceipt(Row, table=True):
    """One look at a message: every delivery, also a repeated one, and every replay with what a person put right."""

    __tablename__ = "edxml_receipt"

    message_id: UUID = Field(foreign_key="edxml_message.id", index=True)
    kind: ReceiptKind = Field(default=ReceiptKind.DELIVERY, sa_type=words(ReceiptKind, "kind"))
    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    outcome: MessageOutcome = Field(sa_type=words(MessageOutcome, "outcome"))
    code: str = Field(max_length=32)
    sha256: str = Field(max_length=64)
    overrides: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    reason: str | None = Field(default=None, max_length=2000)


class EdxmlStatus(Row, table=True):
    """What an addressee reported of a document; appended only. `applied` unless something later was known."""

    __tablename__ = "edxml_status"
    __table_args__ = (UniqueConstraint("about_message_id", "organ_id", "status", "reported_at"),)

    about_message_id: UUID = Field(foreign_key="edxml_message.id")
    message_id: UUID = Field(foreign_key="edxml_message.id", index=True)
    organ_id: str = Field(max_length=64)
    status: StatusCode = Field(sa_type=words(StatusCode, "status"))
    reported_at: datetime = Field(sa_type=instant())
    note: str = Field(default="", max_length=4000)
    staff: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    applied: bool


MOST_REPLAYED = 100
"""In one request; a large archive of files ends it earlier."""

Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
HeaderPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,40}(/[A-Za-z]{1,40}){0,3}$")]
HeaderText = Annotated[str, StringConstraints(max_length=500)]


class MessageReplay(Payload):
    """`overrides` puts texts of the header right, by path below MessageHeader; the bytes stay as they came."""

    reason: Reason = Field(schema_extra={"examples": ["Đã gọi điện cho nơi gửi: đúng ngày là 29/02/2024"]})
    overrides: dict[HeaderPath, HeaderText] = Field(
        default_factory=dict,
        max_length=20,
        schema_extra={"examples": [{"PromulgationInfo/PromulgationDate": "2024/02/29"}]},
    )


class ReplayFilter(Payload):
    """Which waiting messages are read again: the oldest first."""

    code: list[Rule] = Field(default_factory=list, max_length=50, schema_extra={"examples": [["E-TO-NOT-US"]]})
    from_organ: list[str] = Field(default_factory=list, max_length=20)
    since: date | None = Field(default=None, description="Nhận từ ngày · Received on or after")


class BulkReplay(Payload):
    """Many waiting messages by today's rules: those named, or those of a filter."""

    reason: Reason = Field(schema_extra={"examples": ["Đã bổ sung mã định danh của Huyện ủy"]})
    ids: list[UUID] | None = Field(default=None, min_length=1, max_length=MOST_REPLAYED)
    filter: ReplayFilter | None = None

    @model_validator(mode="after")
    def either(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise PydanticCustomError("ids_or_filter", "Either ids or a filter")
        return self


class ReplayResult(SQLModel):
    """`status` is what the single call would have answered; `outcome` and `rule` tell how the message was judged."""

    id: UUID
    status: int
    outcome: MessageOutcome | None = None
    rule: str | None = None
    message_id: UUID | None = Field(default=None, description="Of the message that it repeats, or its own")
    code: str | None = None
    problem: dict[str, Any] | None = None


class ReplayResults(SQLModel):
    """`remaining` is how many the filter still finds, or how many of `ids` were left for another call."""

    results: list[ReplayResult]
    remaining: int


class MessageLink(Payload):
    """Which recommendations the paper answers, as a person says."""

    recommendation_ids: list[UUID] = Field(min_length=1, max_length=50)
    reason: Reason


class MessageDiscard(Payload):
    reason: Reason


class MessagePurge(Payload):
    """Why its bytes are to be destroyed before their time."""

    reason: Reason = Field(schema_extra={"examples": ["Văn bản mật gửi nhầm qua trục, đã lập biên bản"]})


class PurgeDecision(Payload):
    """Of another person of the body; a refusal may say why."""

    outcome: PurgeOutcome = Field(schema_extra={"examples": [PurgeOutcome.CONFIRMED]})
    reason: Reason | None = None


class StaffPayload(Payload):
    """The clerk whom the sender may call."""

    department: str | None = Field(default=None, max_length=200)
    name: str | None = Field(default=None, max_length=100)
    mobile: str | None = Field(default=None, max_length=20)
    email: str | None = Field(default=None, max_length=100)


class StatusReport(Payload):
    """What became of a received document; `note` says why it is refused. `body_id` where several bodies got it."""

    status: StatusCode = Field(schema_extra={"examples": [StatusCode.ACCEPTED]})
    note: str | None = Field(default=None, min_length=1, max_length=500)
    body_id: UUID | None = None
    channel: DispatchChannel | None = Field(
        default=None, description="Mặc định: axis nếu có tài khoản, nếu không là file · axis with an account, else file"
    )
    staff: StaffPayload | None = None

    @field_validator("status")
    @classmethod
    def a_receivers(cls, status: StatusCode) -> StatusCode:
        """01 is told by itself, 13 is a sender's."""
        if status not in REPORTABLE | ON_RECALL:
            raise PydanticCustomError("not_reportable", "Not a receiver's to report")
        return status


class MessageFilter(ListQuery):
    state: list[MessageState] = Field(default_factory=list, max_length=10)
    code: list[Rule] = Field(default_factory=list, max_length=50)
    kind: list[MessageKind] = Field(default_factory=list, max_length=5)
    direction: list[MessageDirection] = Field(default_factory=list, max_length=2)
    channel: list[MessageChannel] = Field(default_factory=list, max_length=6)
    from_organ: list[str] = Field(default_factory=list, max_length=20)
    signature: list[SignatureState] = Field(default_factory=list, max_length=4)
    exchange_id: str | None = Field(default=None, max_length=300)
    needs_person: bool | None = None


class ReceiptRead(SQLModel):
    id: UUID
    kind: ReceiptKind
    at: datetime
    outcome: MessageOutcome
    code: str


class DeliveryRead(SQLModel):
    body_id: UUID
    organ_id: str
    document_id: UUID | None
    recall_asked_at: datetime | None


class StatusRead(SQLModel):
    organ_id: str
    status: StatusCode
    reported_at: datetime
    note: str
    applied: bool


class MessageRead(SQLModel):
    """Deliveries are those of the caller's bodies. `statuses` are what this message reports of another, `reported` is
    what was reported of this one: by the caller's bodies, and to its sender by everybody."""

    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    direction: MessageDirection
    kind: MessageKind
    state: MessageState
    code: str
    warnings: list[str]
    channel: str
    sha256: str
    size: int
    from_organ: str | None
    from_name: str | None
    exchange_id: str | None
    business_type: int | None
    symbol: str | None
    promulgated: date | None
    subject: str | None
    header: dict[str, Any]
    answers_message_id: UUID | None
    answers_document_id: UUID | None
    answers_how: LinkKind | None
    linked_recommendation_ids: list[UUID]
    changes_message_id: UUID | None
    signature: SignatureState = Field(description="Của cả gói tin; `header.signature` nói rõ · Over the whole message")
    restricted: bool
    desk_body_id: UUID | None = Field(description="Nơi nhận đã kết thúc · To whose desk it passed")
    needs_person: bool
    purge_asked_at: datetime | None
    purge_asked_by_id: UUID | None
    purge_reason: str | None
    purged_at: datetime | None
    deliveries: list[DeliveryRead]
    statuses: list[StatusRead]
    reported: list[StatusRead]
    receipts: list[ReceiptRead]


class Links(SQLModel):
    self: str


class ReceiptAnswer(SQLModel):
    """What a push is answered: the same for every repeated delivery, with one more receipt."""

    message_id: UUID
    outcome: MessageOutcome
    code: str | None = Field(description="Null khi không nói cho nơi gửi biết · Null when the sender is not told")
    warnings: list[str]
    detail: str | None
    document_id: UUID | None = None
    document_ids: list[UUID]
    receipt_id: UUID
    receipts: list[ReceiptRead]
    links: Links


class RuleRead(SQLModel):
    code: str
    outcome: MessageOutcome
    vi: str
    en: str


class RuleList(SQLModel):
    items: list[RuleRead]
