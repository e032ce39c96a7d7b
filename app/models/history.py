"""What happened: transitions of records, the audit, messages to the outside, notifications, answered retries."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Interval
from sqlalchemy import ARRAY, BigInteger, Column, Identity, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.clock import utcnow
from app.models.base import BodyRef, ListQuery, Payload, PersonRef, Row, instant, json_column
from app.models.moves import OnBehalf


class Transition(Row, table=True):
    """One step of a record's life: when it happened (`on_date`) and when it was recorded (`created_at`)."""

    __table_args__ = (Index("ix_transition_subject_id_id", "subject_id", "id"),)

    subject_type: str = Field(max_length=32)
    subject_id: UUID
    action: str = Field(max_length=32)
    from_state: str | None = Field(default=None, max_length=32)
    to_state: str = Field(max_length=32)
    on_date: date
    recorded_late: bool = False
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    body_id: UUID | None = Field(default=None, foreign_key="body.id")
    for_body_id: UUID | None = Field(default=None, foreign_key="body.id")
    on_behalf: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    reason: str | None = Field(default=None, max_length=5000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    details: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())


class ByRead(SQLModel):
    account_id: UUID | None
    body_id: UUID | None


class TransitionRead(SQLModel):
    """A line of history; what does not apply to it is absent."""

    action: str
    from_: str | None = Field(alias="from", description="null khi mới lập · null where the record begins")
    to: str
    on: date
    at: datetime
    recorded_late: bool
    by: ByRead
    for_body_id: UUID | None = None
    on_behalf: OnBehalf | None = None
    reason: str | None = None


class TimelineEntry(SQLModel):
    """A line of the whole campaign's story, told of any of its records."""

    on: date
    at: datetime
    recorded_late: bool
    type: str
    id: UUID
    action: str
    from_: str | None = Field(alias="from")
    to: str
    body: BodyRef | None


class AuditEvent(SQLModel, table=True):
    """Append-only, by privilege and by trigger; who did what to which record, without personal data."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_body_id_seq", "body_id", "seq"),
        Index("ix_audit_event_lead_body_id_seq", "lead_body_id", "seq"),
        Index("ix_audit_event_transaction_number_seq", "transaction_number", "seq"),
    )

    seq: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    at: datetime = Field(default_factory=utcnow, sa_type=instant())
    account_id: UUID | None = None
    body_id: UUID | None = None
    lead_body_id: UUID | None = None
    action: str = Field(max_length=64)
    subject_type: str = Field(max_length=32)
    subject_id: UUID
    was: str | None = Field(default=None, max_length=64)
    became: str | None = Field(default=None, max_length=64)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    request_id: str | None = Field(default=None, max_length=64)
    transaction_number: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"), nullable=False),
    )


class AuditSeal(SQLModel, table=True):
    """A batch of audit lines, in the order of their transactions, under a hash that covers the seal before it.

    It reaches to the line `until_seq` of `until_transaction`. `seqs` are its lines, `marks` eight bytes of the hash of
    each, so that a line that was altered later is found and not only its batch.
    """

    __tablename__ = "audit_seal"

    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    sealed_at: datetime = Field(default_factory=utcnow, sa_type=instant())
    until_transaction: int = Field(sa_type=BigInteger)
    until_seq: int = Field(sa_type=BigInteger)
    seqs: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    marks: bytes
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditFilter(ListQuery):
    action: list[str] = Field(default_factory=list, max_length=50, schema_extra={"examples": [["campaign.plan"]]})
    subject_type: list[str] = Field(default_factory=list, max_length=50)
    subject_id: list[UUID] = Field(default_factory=list, max_length=50)
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    at_from: date | None = Field(default=None, description="Từ ngày · From this day on")
    at_to: date | None = Field(default=None, description="Đến hết ngày · To the end of this day")


class AuditParty(SQLModel):
    """What another body did to a record that the auditor's body leads: the body, not the person."""

    seq: int
    at: datetime
    body: BodyRef | None
    action: str
    subject_type: str
    subject_id: UUID
    was: str | None
    became: str | None
    view: Literal["full", "party"]


class AuditRead(AuditParty):
    """An act of the auditor's own body; `account` is null for what nobody signed in for."""

    account: PersonRef | None
    details: dict[str, Any]
    request_id: str | None


class OutboxMessage(Row, table=True):
    """What must be told; `sent_at IS NULL` is the record of truth for the worker. `account_id` did it."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_unsent", "id", postgresql_where=text("sent_at IS NULL")),)

    account_id: UUID | None = None
    type: str = Field(max_length=64)
    subject_type: str = Field(max_length=32)
    subject_id: UUID
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    sent_at: datetime | None = Field(default=None, sa_type=instant())
    attempts: int = 0
    last_error: str | None = Field(default=None, max_length=500)


class Notification(Row, table=True):
    """Told to one person in one body; the text is rendered at reading from `type` and `payload`."""

    __table_args__ = (
        UniqueConstraint("outbox_message_id", "account_id"),
        Index("ix_notification_account_id_body_id_id", "account_id", "body_id", "id"),
    )

    account_id: UUID = Field(foreign_key="account.id")
    body_id: UUID = Field(foreign_key="body.id")
    outbox_message_id: UUID = Field(foreign_key="outbox_message.id")
    type: str = Field(max_length=64)
    subject_type: str = Field(max_length=32)
    subject_id: UUID
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    read_at: datetime | None = Field(default=None, sa_type=instant())


class NotificationFilter(ListQuery):
    unread: bool | None = Field(default=None, description="Chưa đọc · Unread only")


class RecordRef(SQLModel):
    """`title` is null when the record can no longer be seen, or has none of its own."""

    type: str
    id: UUID
    title: str | None


class DigestCounts(SQLModel):
    """How many recommendations fall due soon, are overdue, and were passed to the next rung that night."""

    upcoming: int
    overdue: int
    escalated: int


class NotificationRow(SQLModel):
    """`digest` is there when a night is told of rather than a record."""

    id: UUID
    at: datetime
    type: str
    record: RecordRef
    was: str | None
    became: str | None
    by_body: BodyRef | None
    digest: DigestCounts | None
    read_at: datetime | None


class NotificationRead(NotificationRow):
    text: str = Field(description="Câu thông báo, theo Accept-Language · In words, by Accept-Language")


class DemoClockSet(Payload):
    """Far enough on both sides for every rule, and no farther than a calendar can count; null: the real day."""

    today: Annotated[date, Interval(ge=date(2000, 1, 1), le=date(2100, 12, 31))] | None = Field(
        schema_extra={"examples": ["2024-04-12"]}
    )


class IdempotencyRecord(SQLModel, table=True):
    """A retried POST: its request hash and what it made; kept seven days."""

    __tablename__ = "idempotency_record"

    key: str = Field(primary_key=True, max_length=64, description="Digest of account, body, method, path and key")
    request_digest: str = Field(max_length=64)
    status: int | None = None
    subject_type: str | None = Field(default=None, max_length=32)
    subject_id: UUID | None = None
    created_at: datetime = Field(default_factory=utcnow, sa_type=instant(), index=True)


class DemoClock(SQLModel, table=True):
    """The day on which the demo believes to be; one row at most, read by api and worker alike."""

    __tablename__ = "demo_clock"

    id: int = Field(default=1, primary_key=True)
    today: date
