"""Machine clients: the document systems and gateways of a body, with their public keys (RFC 7523)."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import ARRAY, Column, Index, String
from sqlmodel import Field, SQLModel

from app.core.assertions import AssertionKey
from app.domain.edxml import ClientScope
from app.models.base import BodyRef, Entity, ListQuery, Payload, Row, instant, json_column
from app.models.organ_alias import OrganId


class MachineClient(Entity, table=True):
    """Acts in the audit as its own account, which nobody can sign in to; never sees more than its body."""

    __tablename__ = "machine_client"
    __table_args__ = (Index("ix_machine_client_body_id_id", "body_id", "id"),)

    body_id: UUID = Field(foreign_key="body.id")
    account_id: UUID = Field(foreign_key="account.id", unique=True)
    name: str = Field(max_length=200)
    keys: list[dict[str, Any]] = Field(sa_column=json_column())
    scopes: list[str] = Field(sa_column=Column(ARRAY(String(32)), nullable=False))
    organ_ids: list[str] = Field(sa_column=Column(ARRAY(String(35)), nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_type=instant())


class ClientAssertion(Row, table=True):
    """The id of an assertion that was used: each is good once, until it expires and is forgotten."""

    __tablename__ = "client_assertion"

    token_digest: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=instant(), index=True)


class KeySetGiven(Payload):
    """RFC 7517, public keys alone: EC P-256 (ES256) or RSA of 2048 bits and more (RS256)."""

    keys: list[dict[str, Any]] = Field(min_length=1, max_length=5)

    @field_validator("keys")
    @classmethod
    def usable(cls, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        keys = [AssertionKey.of(it).public for it in value]
        if len({it["kid"] for it in keys}) < len(keys):
            raise ValueError("two keys of one kid: which one signs could not be told")
        return keys


class MachineClientCreate(Payload):
    name: str = Field(min_length=2, max_length=200, schema_extra={"examples": ["Hệ thống QLVB Tỉnh ủy"]})
    jwks: KeySetGiven
    scopes: list[ClientScope] = Field(min_length=1, max_length=5)
    organ_ids: list[OrganId] = Field(
        default_factory=list,
        max_length=500,
        description=(
            "Mã định danh mà ứng dụng được gửi thay; bỏ trống: nhận của mọi nơi gửi, chỉ cho cơ quan mình. · "
            "Organ ids (senders) it may deliver for; empty: any known sender, but for its own body alone."
        ),
    )


class MachineClientUpdate(Payload):
    """What is not named stays."""

    name: str = Field(default=None, min_length=2, max_length=200)
    jwks: KeySetGiven = Field(default=None)
    scopes: list[ClientScope] = Field(default=None, min_length=1, max_length=5)
    organ_ids: list[OrganId] = Field(default=None, max_length=500)


class MachineClientFilter(ListQuery):
    revoked: bool | None = None


class MachineClientRead(SQLModel):
    """`client_id` is what assertions carry as `iss` and `sub`."""

    id: UUID
    client_id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    body_id: UUID
    body: BodyRef
    name: str
    jwks: dict[str, Any]
    scopes: list[ClientScope]
    organ_ids: list[str]
    revoked_at: datetime | None
