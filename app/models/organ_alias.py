"""Which body an organ id of the axes stood for, and when: two generations of ids are in use, and bodies merge."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core import certificates
from app.domain.edxml import ORGAN_ID, OrganScheme
from app.models.base import BodyRef, Entity, ListQuery, Payload, json_column, words

OrganId = Annotated[str, StringConstraints(min_length=3, max_length=35, pattern=f"^{ORGAN_ID.pattern}$", to_upper=True)]


class OrganAlias(Entity, table=True):
    """`valid_to` is the last day; an id stands for one body on any day. `certificates` are those with which its body
    signs messages under this id, as `CertificateRead`."""

    __tablename__ = "organ_alias"
    __table_args__ = (Index("ix_organ_alias_organ_id_valid_from", "organ_id", "valid_from"),)

    organ_id: str = Field(max_length=35)
    scheme: OrganScheme = Field(sa_type=words(OrganScheme, "scheme"))
    body_id: UUID = Field(foreign_key="body.id", index=True)
    valid_from: date
    valid_to: date | None = None
    name_on_axis: str | None = Field(default=None, max_length=300)
    source: str | None = Field(default=None, max_length=300)
    certificates: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    signature_required: bool = False


def _certificate(pem: str) -> str:
    try:
        certificates.of_pem(pem)
    except certificates.Unusable:
        raise PydanticCustomError("not_a_certificate", "One X.509 certificate in PEM form, with a strong key") from None
    return pem


CertificatePem = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_certificate)]
CERTIFICATES = "X.509 (PEM), dùng ký gói tin; hai chứng thư khi đổi khóa · With which it signs; two while keys change"
REQUIRED = "Gói tin không có chữ ký hợp lệ thì chờ xem xét · Without a valid signature its messages wait"


class OrganAliasCreate(Payload):
    organ_id: OrganId = Field(schema_extra={"examples": ["000.00.05.A57"]})
    scheme: OrganScheme = OrganScheme.QCVN102
    body_id: UUID
    valid_from: date = Field(default=date(2016, 1, 1), schema_extra={"examples": ["2020-01-01"]})
    valid_to: date | None = Field(default=None, description="Ngày cuối còn hiệu lực · The last valid day")
    name_on_axis: str | None = Field(default=None, max_length=300)
    source: str | None = Field(default=None, max_length=300)
    certificates: list[CertificatePem] = Field(default_factory=list, max_length=5, description=CERTIFICATES)
    signature_required: bool = Field(default=False, description=REQUIRED)

    @model_validator(mode="after")
    def not_reversed(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise PydanticCustomError("period_reversed", "The end must not be before the start")
        return self


class OrganAliasUpdate(Payload):
    valid_to: date | None = None
    name_on_axis: str | None = Field(default=None, max_length=300)
    source: str | None = Field(default=None, max_length=300)
    certificates: list[CertificatePem] = Field(default=None, max_length=5, description=CERTIFICATES)
    signature_required: bool = Field(default=None, description=REQUIRED)


class OrganAliasFilter(ListQuery):
    organ_id: list[OrganId] = Field(default_factory=list, max_length=50)
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    on: date | None = Field(default=None, description="Còn hiệu lực trong ngày này · Valid on this day")


class CertificateRead(SQLModel):
    """`sha256` is the digest of its DER form, which people compare by telephone."""

    sha256: str
    subject: str
    valid_from: datetime
    valid_to: datetime
    pem: str


class OrganAliasRead(SQLModel):
    id: UUID
    view: Literal["full"]
    version: int
    created_at: datetime
    organ_id: str
    scheme: OrganScheme
    body_id: UUID
    body: BodyRef
    valid_from: date
    valid_to: date | None
    name_on_axis: str | None
    source: str | None
    certificates: list[CertificateRead]
    signature_required: bool
